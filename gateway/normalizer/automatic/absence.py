"""Tells an absence notice that a program wrote from a person's mail about an absence, by its subject and its words."""

import re

MOST_WORDS = 1500
"""Characters of the text looked at: notices are short, and say at the top when one is back."""

_BEGIN = r"[\s\[(<*【『「]*"
_ANSWERS = r"(?:re|aw|sv|vs|antw|rif|odp|rép|res)\s*[:：]"

# What programs call their answers. People use these words too, but go on after them: `Automatic reply of our hotline …`.
_PROGRAMS = re.compile(
    _BEGIN + r"(?:"
    r"(?:out[ -]of[ -](?:the )?office )?auto(?:matic|mated)?[- ]?(?:reply|response|answer|responder)|autoreply|"
    r"yahoo! auto response|vacation (?:reply|response|message)|"
    r"automatische[sn]? (?:antwort|abwesenheit\w*)|abwesenheits(?:notiz|assistent|benachrichtigung)|"
    r"réponse automatique(?: d['’]absence(?: du bureau)?)?|message (?:automatique )?d['’]absence|message automatique|"
    r"respuesta automática|risposta automatica|resposta automática|automatisch antwoord|afwezigheidsassistent|"
    r"automatyczna odpowiedź|odpowiedź automatyczna|autoodpowiedź|automatiskt svar|autosvar|automatisk svar|fraværsassistent|"
    r"自動応答|自動返信|不在通知|自动答复|自动回复|自動回覆|外出自动回复|"
    r"automaattinen vastaus|automatická odpov(?:ěď|eď)|automatikus válasz|"
    r"автоответ|автоматический ответ|"
    r"автоматична відповідь|automatski odgovor|samodejni odgovor|răspuns automat|resposta automàtica|"
    r"otomatik yanıt|αυτόματη απάντηση|автоматичен отговор|자동 ?(?:회신|응답|답장)|부재중 자동 ?(?:회신|응답)|"
    r"תשובה אוטומטית|מענה אוטומטי|رد تلقائي|الرد التلقائي|balasan otomatis|trả lời tự động|ตอบกลับอัตโนมัติ"
    r")\s*(?:$|[\])>:：】』」]|(?<=\s)[–—-]\s|" + _ANSWERS + r")",
    re.IGNORECASE,
)
_NAMED_PROGRAM = re.compile(r"[\s\[(<*]*AUTO: .*(?:out of|office|absent|abwesend|nicht|ufficio|oficina|bureau)")
# What people write about an absence as well, and programs alone only with a second sign.
_PHRASES = (
    r"out[ -]of[ -](?:the )?office|ooo|away from (?:my )?(?:mail|office|desk)|i am (?:currently )?out of (?:the )?office|"
    r"(?-i:[A-ZÄÖÜÉ]\S+(?: [A-ZÄÖÜÉ/]\S*){0,4}) (?:is (?:currently )?out of (?:the )?office|ist außer haus|"
    r"ist nicht im büro|est absente?|está ausente|è fuori (?:sede|ufficio)|is afwezig)|"
    r"abwesend|abwesenheit(?:snachricht|smeldung)?|nicht im büro|außer haus|"
    r"absence du bureau|absente? du bureau|notification d['’]absence|"
    r"fuera de (?:la )?oficina|ausencia de la oficina|fuori (?:sede|ufficio)|assenza(?: dall['’]ufficio)?|"
    r"fora do escritório|ausência (?:temporária|do escritório)|"
    r"niet op kantoor|afwezig(?:heids?(?:bericht|melding))?|poza biurem|nieobecność|"
    r"frånvaro(?:meddelande)?|ej på kontoret|ikke til stede|ikke på kontoret|fravær(?:s?(?:meddelelse|besked|melding)|ende)?|"
    r"frånvarande|"
    r"不在連絡|不在办公室|不在辦公室"
)
_ABSENCE = re.compile(
    rf"{_BEGIN}(?:{_PHRASES})(?:\W*$|\s*[(:：–—-]|\s+(?:until|till|from|bis|vom|jusqu|hasta|fino|até|tot|tem|t\.o\.m|til)\b)",
    re.IGNORECASE,
)
# `On annual leave Re: Your case`: some programs write what they are told before the subject they answer.
_BEFORE_ANSWERED = re.compile(
    rf"{_BEGIN}(?:{_PHRASES}|(?:i am )?(?:on )?(?:annual leave|vacation|holiday)|(?:ich bin )?im urlaub)\W*{_ANSWERS}",
    re.IGNORECASE,
)
# How a notice speaks: thanks for the mail, when one is back, whom to ask meanwhile.
_NOTICE = re.compile(
    r"\bthank(?:s| you) for (?:your|the) (?:e-?mail|mail|message|note|inquiry|enquiry)|\b(?:no|limited|little) access to|"
    r"\b(?:when|after|upon) (?:i am|i'm|my) (?:back|return)|\bi(?:'m| am| will be|'ll be)? (?:currently )?"
    r"(?:away|out of (?:the )?office|on (?:annual )?(?:leave|vacation|holiday))\b.{0,60}\b(?:until|till|through|return|back)|"
    r"\bI (?:will|shall) (?:answer|reply|respond|get back)|\b(?:urgent|emergency)\b.{0,60}\bcontact|"
    r"\bdanke für ihre (?:e-?mail|mail|nachricht)|\bnicht im (?:büro|hause)\b|\bwieder (?:im büro|erreichbar|für sie da)|"
    r"\bnach meiner (?:rückkehr|abwesenheit)|\bin dringenden fällen|\bim urlaub\b.{0,60}\b(?:bis|zurück)|"
    r"\b(?:vom|bis)\b.{2,40}\bim urlaub|"
    r"\bmerci (?:de|pour) votre (?:message|mail|courriel)|\bà mon retour|\bde retour (?:le|à partir)|\ben cas d['’]urgence|"
    r"\bgracias por su (?:mensaje|correo)|\ba mi (?:regreso|vuelta)|\ben caso (?:de urgencia|urgente)|"
    r"\bgrazie per (?:il suo|la sua|il tuo|avermi)|\bal mio (?:ritorno|rientro)|\bin caso di urgenz|"
    r"\bobrigad[oa] pel[oa] su?a? ?(?:mensagem|e-?mail|contacto)|\bno meu regresso|\bem caso de urgência|"
    r"\b(?:bedankt|dank) voor (?:uw|je) (?:e-?mail|mail|bericht)|\bbij terugkomst|\bin dringende gevallen|"
    r"\bdziękuję za (?:wiadomość|e-?mail)|\bpo powrocie|\bw pilnych sprawach|"
    r"\btack för (?:ditt|din) (?:mejl|mail|meddelande)|\bnär jag är (?:tillbaka|åter)|\bi brådskande|"
    r"\btakk? for (?:din|e-?posten)|\bnår jeg er (?:tilbage|tilbake)|\bved hastesager|"
    r"(?:返信|回答|ご連絡).{0,30}(?:休暇|不在)|休暇(?:中|をいただ)|不在にしており|(?:感谢|謝謝|谢谢)您的(?:来信|來信|邮件|郵件)|(?:回来|返回)后",
    re.IGNORECASE,
)  # fmt: skip
# Somebody who is ill tells HR so; a notice says only that one is away.
_ILL = re.compile(
    r"\b(?:sick|ill|illness|doctor|hospital|krank\w*|attest|malade|maladie|médecin|enferm[oa]|enfermedad|baja médica|"
    r"malat[oa]|malattia|"
    r"doente|doença|atestado|ziek\w*|chor[ay]|zwolnieni\w+|sjuk\w*|sygemeld\w*|syg|syk|sykemeld\w*)\b|病|体調",
    re.IGNORECASE,
)


def programs_subject(subject: str) -> bool:
    """Whether only a program writes this subject."""
    return _PROGRAMS.match(subject) is not None or _NAMED_PROGRAM.match(subject) is not None


def absence_subject(subject: str) -> bool:
    """Whether this subject may be that of an absence notice."""
    return _ABSENCE.match(subject) is not None or _BEFORE_ANSWERED.match(subject) is not None


def absence_notice(subject: str, text: str, *, names_parent: bool) -> bool:
    """Whether subject and text together are those of an absence notice that a program sent. In doubt a person wrote it.

    `names_parent`: it says which mail it answers. That is a second sign, and so is a text that speaks as notices do, unless
    it speaks of illness; a subject that goes on with `Re:` needs none.
    """
    if _BEFORE_ANSWERED.match(subject):
        return True
    words = text[:MOST_WORDS]
    if _ABSENCE.match(subject) is None or _ILL.search(subject) or _ILL.search(words):
        return False
    return names_parent or _NOTICE.search(words) is not None
