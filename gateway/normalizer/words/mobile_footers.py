"""The lines that phones and webmail write below a mail, in the languages of the clients we meet."""

# ruff: noqa: E501 - long tables of words

import re

MOST_FOOTER_WIDTH = 140

# What such a line names: a device, or an app that reads mail. `Gesendet von meiner Frau` names none, and is a person's.
_THING = (
    r"(?:i-?phone|ipad|ipod|android|blackberry|samsung|galaxy|nokia|huawei|xiaomi|redmi|poco|oppo|vivo|realme|honor|pixel|oneplus|"
    r"htc|sony|xperia|motorola|moto|fairphone|gigaset|doro|wiko|alcatel|zte|lenovo|surface|macbook|imac|chromebook|"
    r"windows(?: phone| mail)?|smart-?phone|handheld|tablette?|tableta|mobilger(?:ä|ae)t|mobiltelefon|handy|"
    r"téléphone|(?:mobile|portable) orange|móvil|movil|celular|teléfono|telefono cellulare|cellulare|telemóvel|telefone|"
    r"mobiele? (?:telefoon|apparaat)|telefoon|telefonu|komórki|urządzenia|mobiltelefon|mobilen|mobil(?:en)? enhet|"
    r"outlook|mailspring|yahoo!? mail|aol|gmail|gmx|web\.de|freenet|t-online|proton ?mail|protonmail|tutanota|tuta|superhuman|"
    r"mailbird|zoho|fastmail|airmail|edison|bluemail|aqua ?mail|my ?mail|k-9(?: mail)?|fairemail|thunderbird|apple mail|ios|"
    r"libero|virgilio|laposte|sfr mail|orange mail|wp poczta|onet poczta|interia|icloud|em client|spike|"
    r"t-mobile|verizon|at&t)"
)
# Words that are things only where a phone speaks: `Sent from my phone`, `Sent from Mail for Windows`.
_OWN_THING = r"(?:mobile|phone|mobile (?:device|phone)|device|tablet|lg|apple|nine|hey|spark|boxer|newton|proton|pc|mac|laptop|computer)"
_PLATFORM = r"(?:ios|android|mac|windows|i-?phone|ipad|mobil\w*|systemu|desktop|the web)"
_MAIL_APP = r"(?:outlook|bluemail|yahoo mail|gmail)"
_ASIAN_THING = (
    r"(?:i-?phone|ipad|android|安卓|outlook|galaxy|xperia|gmail|yahoo!?メール|スマートフォン|スマホ|携帯|タブレット|手机|手機|邮箱|郵箱|"
    r"大师|客户端|华为|華為|小米|荣耀|vivo|oppo|realme|honor|平板|foxmail|qq邮箱|mail)"
)

_FOOTER = re.compile(
    r"[ \t*_>\-–—]{0,6}(?:"
    rf"sent (?:from|via|with|using|by) (?:my |the |a )?(?:[\w.+'’()® /-]{{0,24}}\b)?{_THING}\b.{{0,80}}|"
    rf"sent (?:from|via|with|using) my (?:[\w.+'’()-]{{1,20}} ){{0,3}}{_OWN_THING}\b.{{0,60}}|"
    r"sent (?:from|with) mail(?: for windows.{0,20})?|gesendet von mail<[^<>]{1,80}> für windows.{0,10}|"
    r"<?https?://www\.(?:avast|avg)\.com/sig-email\S{0,120}>?|<#dab4fad8[-0-9a-f]{20,40}>|"
    r"sent (?:with|from|via|using) \[?(?:proton(?: ?mail)?|mail|outlook|spark|superhuman|shortwave|missive|polymail|front|hey)"
    r"\]?\s?[(<\[].{0,160}|sent (?:with|from|via|using) (?:spark|superhuman|shortwave|missive|hey|nine|boxer|newton)\.?|"
    rf"(?:get|download) (?:the )?{_MAIL_APP} (?:app\b|for {_PLATFORM}).{{0,80}}|"
    r"(?:please )?(?:excuse|forgive|pardon) (?:my |the |any )?(?:brevity|typos|typing errors|spelling).{0,80}|"
    r"yahoo mail: search, organize, conquer.{0,40}|virus-free\.? ?(?:www\.(?:avast|avg)\.com)?.{0,60}|"
    rf"(?:von|mit) (?:meine[mrn]?(?:/meiner)?|mein|dem|der|einem) (?:.{{0,30}}\b)?{_THING}.{{0,40}}"
    r"(?:gesendet|verschickt|geschrieben)\.?|"
    rf"von .{{0,30}}{_THING}.{{0,40}} gesendet\.?|"
    rf"gesendet (?:von|mit|über|per|aus|vom) (?:.{{0,40}}\b)?{_THING}\b.{{0,60}}|"
    rf"diese nachricht wurde (?:von|mit) (?:.{{0,40}}\b)?{_THING}\b.{{0,60}}|"
    rf"outlook (?:für|for|pour|para|per|voor|för|til|dla) {_PLATFORM}.{{0,60}}|"
    rf"holen sie sich outlook für {_PLATFORM}.{{0,30}}|"
    rf"(?:envoyée?|envoye) (?:de|depuis|à partir de|avec|via|par|du) (?:.{{0,40}}\b)?(?:{_THING}|mobile|portable)\b.{{0,60}}|"
    r"provenance : .{0,20}(?:courrier|windows|outlook).{0,20}|"
    rf"(?:obtenez|obtenir|télécharger?) outlook pour {_PLATFORM}.{{0,40}}|"
    rf"enviad[oa] (?:desde|de|do|da|a partir d[eo]|pelo|com|mediante|por|via) (?:.{{0,40}}\b)?{_THING}\b.{{0,60}}|"
    rf"(?:obtener|obtén|obtenga|descargar?|consigue|obter(?: o)?|baixe o|obtenha o) outlook (?:para|for) {_PLATFORM}.{{0,40}}|"
    rf"inviat[oa] (?:da|dal|dallo|dalla|con|tramite|mediante) (?:.{{0,40}}\b)?(?:{_THING}|telefono)\b.{{0,60}}|"
    rf"(?:ottieni|scarica) outlook per {_PLATFORM}.{{0,40}}|"
    rf"(?:verzonden|verstuurd|gestuurd) (?:vanaf|vanuit|met|via|door|van|vanop) (?:.{{0,40}}\b)?(?:{_THING}|mobiel|e-?mail voor windows)"
    rf"\b.{{0,60}}|outlook voor {_PLATFORM}.{{0,30}}downloaden|download outlook voor {_PLATFORM}.{{0,40}}|"
    rf"wysłan[eoya] (?:z|ze|za pomocą|przez|od|w) (?:.{{0,40}}\b)?{_THING}.{{0,60}}|"
    rf"(?:pobierz|uzyskaj) (?:aplikację )?outlook (?:dla|na) {_PLATFORM}.{{0,60}}|"
    rf"(?:skickat|skickades|skickad) (?:från|via|med|av) (?:.{{0,40}}\b)?{_THING}\b.{{0,60}}|"
    rf"(?:hämta|skaffa) outlook för {_PLATFORM}.{{0,40}}|"
    rf"(?:sendt|sent) (?:fra|via|med) (?:.{{0,40}}\b)?(?:{_THING}|mobil)\b.{{0,60}}|"
    rf"(?:hent|få|skaff(?: deg)?) outlook (?:til|for) {_PLATFORM}.{{0,40}}|"
    rf"(?:.{{0,12}}){_ASIAN_THING}.{{0,30}}から(?:送信|送信しました|送信されました).{{0,10}}|"
    rf"{_PLATFORM} 用 outlook.{{0,40}}を?の?(?:入手|取得).{{0,20}}|"
    rf"outlook for {_PLATFORM}.{{0,40}}を(?:入手|取得).{{0,20}}|"
    rf"(?:发|發|寄|发送|傳送|發送|來|来)自 ?(?:我的)? ?.{{0,12}}{_ASIAN_THING}[^的，。]{{0,20}}|"
    rf"[從从]我的 ?.{{0,20}}{_ASIAN_THING}.{{0,10}}(?:傳送|寄出|發送|发送)|"
    rf"(?:获取|獲取|取得|下载|下載) ?outlook (?:for )?{_PLATFORM}.{{0,40}}|"
    rf"나의 .{{0,12}}{_THING}.{{0,8}}에서 보냄|отправлено с .{{0,30}}(?:{_THING}|телефона|айфона)\b.{{0,30}}|"
    rf"lähetetty .{{0,20}}(?:{_THING}|puhelime).{{0,20}}"
    r")\s*$",
    re.IGNORECASE,
)
# A day, a date or a further clause makes it something that a person says: `Gesendet mit Outlook am Montag, bitte bestätigen`.
_SAID = re.compile(
    r",\s+(?!an? |ein |enjoy)[^\W\d_]\w*\s+\w|\b\d{1,2}[./]\d{1,2}\b|\b\d{1,2}\.? (?:de )?"
    r"(?:jan|feb|fév|mar|mär|mrt|maart|apr|avr|abr|kwi|ma[iyj]|mag|giu|lug|jun|juin|jul|juil|aug|août|ago|sep|set|sie|okt|oct|ott|out|nov|"
    r"de[czs]|dic|gru|st[yu]|lut|cze|lip|wrz|paź|lis)\w*|"
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:yesterday|gestern|hier soir|ayer|ieri|ontem|gisteren|wczoraj|igår|i går)\b|"
    r"\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|lundi|mardi|mercredi|jeudi|vendredi|lunes|martes|miércoles|jueves|viernes|"
    r"lunedì|martedì|mercoledì|giovedì|venerdì|maandag|dinsdag|woensdag|donderdag|vrijdag|måndag|tisdag|onsdag|torsdag|fredag|mandag|"
    r"tirsdag)\b",
    re.IGNORECASE,
)


def is_footer(line: str) -> bool:
    """Whether a line is what a phone or webmail writes below a mail, and nothing that a person says of what was sent."""
    return len(line) <= MOST_FOOTER_WIDTH and _FOOTER.match(line) is not None and _SAID.search(line) is None
