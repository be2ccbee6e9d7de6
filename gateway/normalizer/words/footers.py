"""What clients and companies append to a mail: mobile footers, disclaimers, banners, closings."""

# ruff: noqa: E501 - long tables of words

import re

# The beginning of a legal notice; it and all below it, to the end of the person's part, is not theirs.
DISCLAIMER = re.compile(
    r"[ \t*_\-=]{0,20}(?:"
    r"(?:confidentiality|privacy|legal|privileged|important|confidential) (?:notice|note|statement|disclaimer|"
    r"information)\b|disclaimer\b\s*[:.*_]|"
    r"(?:the )?contents? of (?:this|the) (?:e-?mail|message|communication)\b.{0,120}(?:confidential|privileged|intended)|"
    r"(?:(?:the|this) )?(?:information (?:contained )?in )?(?:this|the) (?:e-?mail|message|communication|"
    r"transmission)s?(?: message)?(?:,? (?:and|including|together with|with|or) (?:any|all|its|the)? ?"
    r"(?:files|attachments?|attached|documents|information|accompanying)[\w ,()/]{0,60})?,? (?:is|are|may be|"
    r"may contain|contains?|has been|was)\b.{0,120}"
    r"(?:confidential|privileged|intended|solely|virus|proprietary)|"
    r"(?:this|the) (?:e-?mail|message|communication)(?: message)? (?:and|or|including|contains|is|may|has been|was|"
    r"together).{0,160}(?:confidential|privileged|intended (?:only|solely|for)|sole use)|"
    r"if you (?:are not|have received|received|aren't) .{0,60}(?:intended recipient|in error|by mistake)|"
    r"(?:please )?(?:consider|think (?:about|of)|think before) (?:the environment|the planet|before printing).{0,80}|"
    r"please (?:consider|think).{0,40}(?:environment|print).{0,60}|p (?:please )?(?:save|consider).{0,20}(?:tree|"
    r"environment).{0,40}|"
    r"(?:wichtiger |rechtlicher )?(?:hinweis|vertraulichkeitshinweis|haftungsausschluss|disclaimer)\s*:|"
    r"diese (?:e-?mail|nachricht|mitteilung)\b.{0,120}(?:vertraulich|rechtlich geschützt|ausschließlich|bestimmt)|"
    r"(?:der inhalt|die informationen?) dieser e-?mail.{0,120}|bitte (?:denken sie an die umwelt|"
    r"prüfen sie.{0,60}ausdruck).{0,80}|"
    r"(?:ce (?:message|courriel|mail)|cet? e-?mail|les informations contenues dans ce)\b.{0,160}(?:confidentiel|"
    r"destin|exclusi)|"
    r"(?:este|la información contenida en este) (?:mensaje|correo|e-?mail)\b.{0,160}(?:confidencial|dirigid|"
    r"destinatari|exclusiv)|aviso (?:legal|de confidencialidad|importante)\b|"
    r"(?:questo messaggio|la presente|il presente messaggio|le informazioni contenute|questa e-?mail|"
    r"il contenuto di questa)\b.{0,160}(?:riservat|confidenzial|destinatari|esclusiv)|avviso di riservatezza|"
    r"(?:esta|este|a presente) (?:mensagem|e-?mail|correio)\b.{0,160}(?:confidencia|destinat|exclusiv)|"
    r"aviso de confidencialidade|"
    r"(?:dit|de informatie in dit|deze) (?:e-?mail|bericht|e-?mailbericht)\b.{0,160}(?:vertrouwelijk|bestemd|"
    r"uitsluitend)|"
    r"(?:niniejsza|ta|treść (?:tej|niniejszej)) (?:wiadomoś|korespondenc)\w*\b.{0,160}(?:poufn|przeznaczon|adresat)|"
    r"(?:detta|denna|dette|denne) (?:e-?post|meddelande|mejl|meddelelse|e-?mail|mail|epost|"
    r"melding)\w*\b.{0,160}(?:konfiden|fortroli|avsedd|sekretess|bestemt|tiltænkt|beregnet)|"
    r"本(?:邮件|郵件|電子郵件|电子邮件|メール|电邮).{0,80}(?:机密|機密|保密|秘密|仅供|僅供)|このメール(?:に|"
    r"は|の).{0,80}(?:機密|秘密|宛先以外)"
    r")",
    re.IGNORECASE,
)

# Warnings that a mail server puts above or below a mail from outside: how they begin, and what they must say.
BANNER_START = re.compile(
    r"[\W_]{0,20}(?:caution|warning|attention|notice|alert|external|achtung|vorsicht|warnung|hinweis|extern|"
    r"avertissement|attention|"
    r"precaución|atención|advertencia|attenzione|avviso|atenção|aviso|let op|waarschuwing|uwaga|obs|varning|advarsel|"
    r"this (?:e-?mail|message)|you don['’]t often get|some people who received|diese (?:e-?mail|nachricht)|"
    r"sie erhalten nicht|"
    r"vous n['’]obtenez pas|cet? (?:e-?mail|message|courriel)|este (?:mensaje|correo)|questa e-?mail|esta mensagem|"
    r"deze e-?mail)\b",
    re.IGNORECASE,
)
BANNER_SAYS = re.compile(
    r"originat\w+ (?:from )?(?:an )?(?:outside|external)|"
    r"(?:from|by|via) (?:an )?(?:outside|external) (?:sender|source|e-?mail|address|party|account|organi[sz]ation|domain|system)|"
    r"(?:mail|message|sender|this)\b.{0,40}\b(?:sent|comes?|came|received|is|was|arrived)\b.{0,30}\boutside (?:of )?"
    r"(?:the |your |our |this )?(?:[\w&.-]+ ){0,2}(?:org|company|network|domain|university|firm)|"
    r"\A[\W_]*(?:(?:caution|warning|attention|notice|alert)\b[\W_]*)?(?:this is an )?external (?:sender|source|e-?mail|message|mail)\b"
    r"(?! (?:from|of|by|about|to|is about|was about|accounts?|part))|"
    r"learn why this is important|"
    r"often get e-?mail from|(?:von|aus) (?:einem |einer )?extern\w* (?:absender|e-?mail|quelle|mail|nachricht)|"
    r"(?:mail|nachricht|absender)\b.{0,40}(?:von|ist) außerhalb|"
    r"\A[\W_]*(?:(?:achtung|vorsicht|warnung|hinweis)\b[\W_]*)?extern\w* (?:absender|e-?mail|nachricht)\b|"
    r"nicht (?:oft|häufig) (?:eine )?e-?mails? von|"
    r"(?:expéditeur|source|adresse) extern|(?:extérieur|en dehors) (?:de|à) (?:l['’]|votre|notre)|remitente externo|"
    r"fuera de (?:la|su|nuestra) organizaci|"
    r"mittente esterno|esterno all['’]organizz|remetente externo|fora da (?:organiza|empresa)|externe afzender|"
    r"buiten (?:de|uw|onze) organisatie|"
    r"zewnętrzn\w+ nadawc|spoza (?:organizacji|firmy)|extern avsändare|utanför (?:organisationen|företaget)|"
    r"ekstern afsender|ekstern avsender|"
    r"uden for organisationen|utenfor organisasjonen",
    re.IGNORECASE,
)
# What such a warning asks of its reader, sentence by sentence.
BANNER_ASKS = re.compile(
    r"click|\blinks?\b|attachment|recogni[sz]e|trust|verify|\bsafe\b|report|phish|suspicious|respond|reply|forward|caution|careful|"
    r"klick|öffnen|anhäng|anhang|absender|vorsicht|vertrau|prüfen|melden|cliquez|ouvr|pièce|expéditeur|prudence|vérif|clic|abr[ai]|"
    r"adjunt|remitente|precauc|allegat|mittente|attenzione|anexo|cuidado|klik|bijlage|afzender|voorzichtig|załącz|nadawc|klicka|bifog|"
    r"avsändare|vedhæft|afsender|vedlegg|avsender",
    re.IGNORECASE,
)
BANNER_TAG = re.compile(
    r"[\s*]*\[(?:external|extern|ext|externe)(?: e-?mail| sender| message)?\][\s*.:!-]*$", re.IGNORECASE
)

# A closing: whole line, at most a few words. Only used to see where a signature with contact details may begin.
CLOSING = re.compile(
    r"\s*(?:(?:with |many |kind(?:est)? |best |warm(?:est)? |my |sincere )*(?:regards|wishes|greetings)|best|cheers|"
    r"thanks?(?: you)?(?: and .{1,20}| so much| very much| in advance| again)?|many thanks|"
    r"sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|respectfully|cordially|take care|all the best|br|"
    r"rgds|kr|thx|tia|"
    r"mit (?:freundlichen|besten|herzlichen|lieben|kollegialen|freundlichem) gr(?:ü|ue)(?:ß|ss)(?:en)?|(?:viele|"
    r"liebe|beste|freundliche|herzliche|schöne) grüße|"
    r"(?:viele|liebe|beste|freundliche|herzliche) gruesse|(?:mit )?(?:freundliche[mn]?|besten?|viele[n]?|"
    r"liebe[n]?) gr[uü](?:ß|ss)(?:en?)?|gruß|grüße|mfg|lg|vg|hochachtungsvoll|danke|vielen dank|besten dank|"
    r"(?:bien |très )?(?:cordialement|sincèrement|amicalement|respectueusement)|(?:meilleures |"
    r"sincères )?salutations(?: distinguées)?|bien à (?:vous|toi)|merci(?: d['’]avance| beaucoup)?|bonne (?:journée|"
    r"soirée)|cdlt|"
    r"(?:un )?(?:cordial |atento )?saludos?(?: cordiales)?|atentamente|cordialmente|muchas gracias|gracias|"
    r"(?:cordiali |distinti |un |i migliori )?saluti|cordialità|grazie(?: mille)?|"
    r"(?:com os )?(?:melhores |cordiais )?cumprimentos|atenciosamente|obrigad[oa]|abraços?|att|"
    r"(?:met )?(?:vriendelijke|hartelijke|beste) groet(?:en)?|(?:hartelijk )?(?:dank|bedankt)|mvg|groet(?:en|jes)?|"
    r"(?:z (?:poważaniem|wyrazami szacunku)|pozdrawiam(?: serdecznie)?|(?:serdecznie )?pozdrawiam|dziękuję|"
    r"z góry dziękuję)|"
    r"(?:med )?(?:vänliga?|bästa|varma) hälsning(?:ar)?|hälsningar|mvh|tack(?: på förhand)?|"
    r"(?:med )?(?:venlig|vennlig|bedste|beste|kærlig) hils(?:en|ener)|hilsen|dbh|(?:på forhånd )?tak|takk|"
    r"よろしくお願い(?:いた|致)?します。?|以上|敬具|此致|敬礼|祝好|谢谢|謝謝)[\s,.!;，。！…]*$",
    re.IGNORECASE,
)

# Strong signs that a line belongs to a business card, not to a letter.
CONTACT = re.compile(
    r"(?:\b(?:tel|telefon|phone|téléphone|teléfono|telefono|telefone|mobil|mobile|cell|handy|fax|direct|office|"
    r"durchwahl|portable|móvil|gsm|mob|tlf|電話|电话|電話番号|手机)\b[\s.:()]{0,4}|"
    r"\b[tmfpdo]\s?[:.|]\s?)[+(]?\d|(?:^|\s)\+\d{1,3}[\s()./-]?\(?\d|\bwww\.[a-z0-9-]+\.|\bhttps?://|"
    r"[^\s<>@]+@[^\s<>@]+\.[a-z]{2,}|\b\d{3}[-.\s]\d{3}[-.\s]\d{4}\b|\(\d{3}\)\s?\d{3}-\d{4}|"
    r"\b(?:gmbh|ag|ltd|llc|inc|s\.?p\.?a|s\.?r\.?l|b\.?v|sp\. z o\.o|s\.a\.s?|corp|co\., ltd)\b\.?",
    re.IGNORECASE,
)
# Words that legal notices are made of. Two different ones are needed before anything is taken for a notice, because
# people also write that their mail is confidential.
LEGAL = re.compile(
    r"(intended|recipient|addressee|disclos|dissemin|distribut|unauthori|prohibited|privileged|delete|destroy|"
    r"notify|in error|virus|liab|"
    r"proprietary|copying|vertraulich|empfänger|unbefugt|irrtümlich|vernichten|löschen|informieren|weitergabe|"
    r"gestattet|haft|rechtlich|"
    r"confidentiel|destinataire|erreur|détruire|supprimer|divulg|interdit|usage exclusif|confidencial|destinatari|"
    r"error|elimin|borrar|"
    r"prohibid|notifi|legal|riservat|esclusiv|errore|vietat|distrugg|cancell|diffusion|confidencia|destinatár|erro|"
    r"apagar|proibid|"
    r"vertrouwelijk|geadresseerde|bestemd|vernietig|verwijder|onbevoegd|abusievelijk|poufn|adresat|usun|zniszcz|"
    r"przeznaczon|zabronion|"
    r"konfiden|mottagare|radera|förstör|obehörig|fortroli|modtager|mottaker|slet|slett|uvedkommende|ved en fejl|"
    r"ved en feil|"
    r"机密|機密|保密|收件人|收件者|删除|刪除|披露|秘密|宛先|削除|破棄|開示)", re.IGNORECASE,
)  # fmt: skip
# Whom a notice is meant for, or who got it by mistake; every one of them says so in some way.
ADDRESSEE = re.compile(
    r"intended|recipient|addressee|addressed|in error|by mistake|sole use|solely|empfänger|adressat|irrtümlich|versehentlich|bestimmt|"
    r"destin|erreur|dirigid|por error|por engano|per errore|esclusiv|exclusiv|geadresseerde|bestemd|abusievelijk|vergissing|adresat|"
    r"przeznaczon|omyłk|mottagare|avsedd|misstag|modtager|tiltænkt|beregnet|mottaker|ved en fe|收件人|收件者|仅供|僅供|宛先|誤っ|误收|誤收",
    re.IGNORECASE,
)
# Openings that people use too, of what they find important.
GENERIC_OPENING = re.compile(
    r"[ \t*_\-=]{0,20}(?:(?:important|legal|confidential|wichtiger|rechtlicher|aviso|avviso)\b|hinweis\b|disclaimer\b)",
    re.IGNORECASE,
)
PRINTING = re.compile(
    r"[ \t*_P-]{0,6}(?:(?:please )?(?:consider|think (?:about|of)|think before|save) .{0,30}(?:environment|planet|"
    r"print|tree|paper)|"
    r"bitte (?:denken sie|prüfen sie|berücksichtigen sie).{0,40}(?:umwelt|ausdruck|drucken)|"
    r"(?:avant d['’]imprimer|pensez à l['’]environnement|antes de imprimir|prima di stampare|denk aan het milieu|"
    r"tänk på miljön))",
    re.IGNORECASE,
)
# The first line of what free webmail, virus scanners and list servers put below; it goes, with all below it.
ADVERTISEMENT = re.compile(
    r"[ \t*_-]{0,40}(?:do you yahoo!?|yahoo! groups sponsor|this sf\.net email is sponsored|"
    r"(?:join|get|need|want|send|protect|find|play|chat|use|express|see|try|discover|add|stay|share|help|like|reveal|search|"
    r"it['’]s|hotmail|windows live|msn|fsn|cheap|free)\b.{0,80}\b(?:msn|hotmail|windows live|yahoo!|juno|netzero|gmx|web\.de)\b|"
    r"get internet access from juno|reply to this e-?mail directly or|you are receiving this because|"
    r"to unsubscribe(?: from this (?:group|list)|,|:)|your use of yahoo! groups)",
    re.IGNORECASE,
)
# What virus scanners add, also without a rule above.
SCANNED = re.compile(
    r"[ \t*_-]{0,40}(?:(?:this|your) (?:e-?mail|message) (?:has been|was|is) (?:(?:checked|scanned)\b.{0,40}virus|virus)|"
    r"diese e-?mail wurde (?:von|auf) .{0,40}viren|l['’]absence de virus dans ce courrier|"
    r"este (?:correo|mensaje).{0,30} (?:ha sido|fue) (?:comprobado|analizado)|questa e-?mail è stata (?:controllata|esaminata)|"
    r"(?:outgoing|incoming) mail is certified virus|no virus found in this|checked by avg|virus-free\b)",
    re.IGNORECASE,
)
UNDERSCORES = re.compile(r"_{40,}\s*$")
LINKS = ("://", "www.", "@")
DELIMITER = re.compile(r"(?:--|—|–{1,2}|__)\s?$")
RULE = re.compile(r"[ \t]*[-_=*~—–─]{3,}[ \t]*$")
LONG_RULE = re.compile(r"[ \t]*[-_=*~+#]{20,}[ \t]*$")
LIST_FOOTER = re.compile(
    r"(?:.{1,80} mailing list\s*(?:-- .{1,80})?$|you received this message because you are subscribed to|"
    r"reply to this e-?mail directly|"
    r"to unsubscribe from this (?:group|list)|"
    r"sie (?:erhalten|haben) diese nachricht, weil sie.{0,40}(?:abonniert|gruppe))",
    re.IGNORECASE,
)
# Words in which a person speaks of themselves. Notices, banners and cards never do (but for "my own" opinions).
PERSONAL = re.compile(
    r"\bI(?:['’](?:m|ve|d|ll))?\b(?!\.)|\b[Mm]y\b(?! own\b)|\b[Ii]ch\b|\b[Mm]ein(?:e[mnrs]?)?\b|\b[Jj]e\b|"
    r"\b[Jj]['’](?=[aeéhêiouy])|\b(?:[Mm]on|[Mm]es|[Yy]o|[Mm]is?|[Ii]o|[Mm]i[aeo]|[Mm]iei|[Ee]u|[Mm]eus?|[Mm]inhas?|[Ii]k|[Mm]ijn|[Jj]estem|[Mm]oj[aeąęi]\w{0,3}|[Mm]ój|"
    r"[Jj]ag|[Jj]eg|[Mm]in[ae]?|[Mm]itt?)\b|私(?!達|たち)|我(?!们|們|司)"
)
# Somebody in particular is spoken of: `Herrn Schmidt`, `he`; "he or she" is how notices speak.
SOMEBODY = re.compile(
    r"\b(?:Herrn?|Frau|Mrs?|Ms|Mme|Madame|Monsieur|Señora?|Sra?|Signora?|Senhora?|Mevrouw|Meneer|Pan[aią]?)\b\.? [A-ZÀ-Ž]|"
    r"(?<!or )(?<!/)\b(?:he|she|him)\b(?! or\b|/)"
)
# What a mail server's warning is about: this mail, who sent it, what is in it.
BANNER_ABOUT = re.compile(
    r"mail|message|sender|attachment|\blinks?\b|click|nachricht|absender|anhang|anhäng|courriel|expéditeur|pièce|\blien|correo|"
    r"mensaje|remitente|adjunt|enlace|messaggio|mittente|allegat|mensagem|anexo|bericht|afzender|bijlage|wiadomo|nadawc|"
    r"załącz|avsänd|meddelande|afsend|avsend|besked|melding|epost|e-post|メール|邮件|郵件|电邮",
    re.IGNORECASE,
)
# A postscript, which people write below their signature.
POSTSCRIPT = re.compile(
    r"[ \t]*(?:P\.? ?S\.?|N\.? ?B\.?|PD|Posdata|Nachtrag|追伸|附注|附註)\s?[:：.-]\s?\S|[ \t]*P\.?S\.? \S"
)
LONG_SENTENCE = re.compile(r"(?:[^\W\d_][\w'’-]*[,;:]?\s+){3}(?:\S+\s+){3,}\S*\w[.?!]\s*$")
SENTENCE = re.compile(r"(?:[^\W\d_][\w'’-]*[,;:]?\s+){3,}.*\w[.?!]\s*$|.*[\u3040-\u9fff]{6,}.*[。！？]\s*$")
QUOTATION = re.compile(r"\s*[\"'“”„«»‘’*_]")
# What is new about a person, or asked for, below a closing: "New phone: …", "please call me".
NEWS = re.compile(
    r"\s*(?:new|neue[rs]?|nouve(?:au|lle)|nuev[ao]|nuov[ao]|nov[ao]|nieuwe?|now[aey]|nya|nytt|nye?)\b[^:]{0,40}:|新.{0,10}[:：]|"
    r"\s*IBAN\b|"
    r"\s*(?:please|bitte|merci de|veuillez|por favor|per favore|alsjeblieft|graag|proszę|vänligen|venligst|vennligst)\s+\w",
    re.IGNORECASE,
)
