"""How mail clients introduce what came before, in the languages of the clients we meet."""

import re

# Header labels that Outlook, Lotus Notes, Apple Mail and webmail write above quoted mail, by what they stand for.
_LABELS = {
    "from": "From|Von|De|Da|Van|Od|Från|Fra|Mittente|Remitente|Expéditeur|Absender|Afzender|Nadawca|Avsändare|"
    "Afsender|Avsender|"
    "差出人|送信者|発信者|发件人|寄件者|寄件人|發件人|보낸 사람|보낸사람|От|От кого|"
    "Lähettäjä|Kimden|Gönderen|Από|Від|Feladó|Odesílatel|De la",
    "date": "Sent|Date|Gesendet|Datum|Envoyé|Envoyé le|Enviado|Enviado el|Enviada em|Enviado em|Enviada|Fecha|Data|"
    "Inviato|"
    "Verzonden|Wysłano|Wysłane|Skickat|Skickad|Sendt|Dato|Date d'envoi|送信日時|送信|日時|日付|发送时间|"
    "发送日期|發送時間|寄件日期|"
    "傳送時間|日期|时间|時間|보낸 날짜|날짜|Отправлено|Дата|Lähetetty|Päivämäärä|Gönderildi|Gönderilme|Gönderme Tarihi|"
    "Tarih|Στάλθηκε|Ημερομηνία|Надіслано|Message du|Elküldve|"
    "Dátum|Odesláno|Trimis",
    "to": "To|An|À|A|Para|Aan|Do|Till|Til|Destinataire|Destinatario|Destinatário|Empfänger|Ontvanger|Adresat|"
    "Mottagare|Modtager|"
    "Mottaker|Pour|宛先|收件人|收件者|받는 사람|받는사람|Кому|Προς|Vastaanottaja|Kime|Címzett|Komu|Către",
    "cc": "Cc|CC|Kopie|Kopia|Kopi|Copie|Copie à|Copia|Cópia|CC:n|DW|UDW|Bcc|抄送|副本|참조|Копия|Kopio|Bilgi|Másolat",
    "subject": "Subject|Betreff|Objet|Asunto|Oggetto|Assunto|Onderwerp|Temat|Ämne|Emne|Sujet|件名|主题|主旨|"
    "標題|主題|제목|Тема|"
    "Aihe|Konu|Θέμα|Ogg|"
    "Tárgy|Předmět|Subiect|RE|Re",
    "other": "Reply-To|Antwort an|Antworten an|Répondre à|Responder a|Rispondi a|Attachments|Anlagen|Anhänge|Anlage|"
    "Pièces jointes|"
    "Datos adjuntos|Allegati|Anexos|Bijlagen|Bijlage|Załączniki|Bilagor|Bifogade filer|Vedhæftede filer|Vedlegg|"
    "添付ファイル|附件|"
    "Importance|Wichtigkeit|Importanza|Importancia|Prioridad|Priorität|Priority|Ważność|Belang|Organization|"
    "Message-ID|Categories|"
    "Kategorien|Sensitivity|重要度|重要性|Resent-From|Folder",
}
KIND_OF_LABEL = {label.casefold(): kind for kind, labels in _LABELS.items() for label in labels.split("|")}
# Date labels that people do not use of themselves, as they do `Date:`.
SENT_LABEL = re.compile(
    r"[ \t]*[*_]{0,2}(?:Sent|Gesendet|Envoyé(?: le)?|Enviado(?: el| em)?|Enviada(?: em)?|Inviato|Verzonden|Wysłan[oe]|Skickat|"
    r"Skickad|Sendt|送信日時|发送时间|發送時間|发送日期|寄件日期|傳送時間|"
    r"Отправлено|Lähetetty|Gönderil(?:di|me)|Στάλθηκε|Надіслано|Odesláno|보낸 날짜)[*_]{0,2}[ \xa0]?[:：]",
    re.IGNORECASE,
)
# `*From:*` is how Gmail and others write bold in plain text; a space before the colon is French; "：" is full width.
LABEL = re.compile(
    r"[ \t]*[*_]{0,2}([^\s:：*][^:：*_]{0,24}?)[*_]{0,2}[ \xa0\t\u3000]?[:：][*_]{0,2}[ \t\xa0\u3000]*(.*)"
)

# Separator lines that clients put above quoted or forwarded mail, without their dashes.
_REPLY_SEPARATORS = (
    "Reply Separator|Original Message|Original message|Reply Message|Replied message|Replied Message|Original mail|"
    "Original Appointment|"
    "Ursprüngliche Nachricht|Originalnachricht|Original-Nachricht|Ursprünglicher Termin|Original Nachricht|"
    "Urspr. Nachricht|"
    "Message d'origine|Message original|Message initial|Message transféré de|Courriel original|Mail original|"
    "Mensaje original|Messaggio originale|Messaggio Originale|Messaggio Originario|Mensagem original|Mensagem "
    "Original|"
    "Oorspronkelijk bericht|Origineel bericht|Oorspronkelijke bericht|Wiadomość oryginalna|Oryginalna wiadomość|"
    "Treść oryginalnej wiadomości|"
    "Ursprungligt meddelande|Originalmeddelande|Original meddelelse|Oprindelig meddelelse|Oprindelig besked|"
    "Original besked|Originalmeddelelse|"
    "Opprinnelig melding|"
    "Opprinnelig e-post|元のメッセージ|Original Message / 元のメッセージ|原始邮件|原邮件|原始郵件|原始信息|"
    "回复的原邮件|回复原邮件|邮件原件|답장 원본 메시지|원본 메시지|원본 메일|"
    "Исходное сообщение|Alkuperäinen viesti|Původní zpráva|Eredeti üzenet|Orijinal İleti|Mesaj original"
)
_FORWARD_SEPARATORS = (
    "Forwarded message|Forwarded Message|Forwarded mail|Forwarded by .{1,80}|Forwarded Message from .{1,80}|"
    "Weitergeleitete Nachricht|Weitergeleitete Mail|Weitergeleitet von .{1,80}|Message transféré|Message transmis|"
    "Courriel transféré|"
    "Mensaje reenviado|Mensaje Reenviado|Messaggio inoltrato|Messaggio Inoltrato|Mensagem encaminhada|"
    "Mensagem reencaminhada|"
    "Doorgestuurd bericht|Treść przekazanej wiadomości|Przekazana wiadomość|Wiadomość przekazana dalej|"
    "Vidarebefordrat meddelande|"
    "Vidarebefordrat brev|Videresendt meddelelse|Videresendt besked|Videresendt melding|Videresendt e-post|"
    "転送メッセージ|"
    "転送されたメッセージ|"
    "Forwarded message / 転送メッセージ|转发邮件|转发的邮件|转发邮件信息|轉寄郵件|轉寄的郵件|已转发邮件|"
    "전달된 메시지|Пересылаемое сообщение|"
    "Välitetty viesti|Přeposlaná zpráva|Továbbított üzenet|İletilmiş mesaj"
)
_DASHES = r"(?:[-_=*~>‐–—―─\s]|&nbsp;){2,80}"
REPLY_SEPARATOR = re.compile(
    rf"{_DASHES}\s?(?:{_REPLY_SEPARATORS})\s?:?\s?{_DASHES}$|(?:{_REPLY_SEPARATORS})\s?[-_=]{{3,80}}$|"
    rf"-{{6,}}\s?Original\s?-{{6,}}$"
)
FORWARD_SEPARATOR = re.compile(rf"{_DASHES}\s?(?:{_FORWARD_SEPARATORS})\s?:?\s?{_DASHES}$", re.IGNORECASE)
# Apple Mail's own sentences; they stand alone on a line.
FORWARD_SENTENCE = re.compile(
    r"(?:Begin forwarded message|Start of forwarded message|Anfang der weitergeleiteten (?:Nachricht|E-?Mail)|"
    r"Début du message (?:réexpédié|transféré)|"
    r"Inicio del mensaje reenviado|Inizio messaggio inoltrato|Inizia il messaggio inoltrato|"
    r"Início da mensagem (?:reencaminhada|encaminhada)|"
    r"Begin doorgestuurd bericht|Początek przekazywanej wiadomości|Vidarebefordrat brev|Vidarebefordrat mejl|"
    r"Start på videresendt (?:besked|meddelelse)|Videresendt (?:besked|melding)|Starten på videresendt melding|"
    r"転送されたメッセージ|"
    r"以下は、?転送されたメッセージです|下面是被转发的邮件|开始转发的邮件|開始轉寄郵件|"
    r"以下是轉寄的郵件)\s*[:：]?\s*$",
    re.IGNORECASE,
)
# What helpdesks write above everything they quote.
REPLY_ABOVE = re.compile(
    r"##- .{5,120} -##$|"
    r"[-#=_*\s]{0,40}(?:please )?(?:type|write|enter|reply|respond|add)\b.{0,40}\babove this line\b.{0,60}$|"
    r"[-#=_*\s]{0,40}(?:bitte (?:geben|schreiben|antworten)|antworten? sie).{0,60}(?:über|oberhalb).{0,20}(?:zeile|"
    r"linie).{0,60}$|"
    r"[-#=_*\s]{0,40}(?:veuillez|répondez|merci de répondre).{0,60}au-dessus de cette ligne.{0,60}$",
    re.IGNORECASE,
)

# The verb of an attribution line ("On ... wrote:").
WROTE = re.compile(
    r"\b(?:wrote|writes|wrotes|said|schrieb|schrieben|geschrieben|a écrit|écrit|a écrit\s|ecrit|escribió|escribio|"
    r"escribe|ha scritto|scrive|typed the following|disait|dijo|disse|"
    r"escreveu|escribiu|schreef|geschreven|napisał|napisała|napisał\(a\)|napisał\(-a\)|pisze|napisana przez|skrev|"
    r"kirjoitti|napsal|"
    r"írta|yazdı|a scris|пишет|написал|написала)\b|写道|寫道|さんは書きました|は書きました|のメール|"
    r"さんのメッセージ|作成|작성",
    re.IGNORECASE,
)
QUOTING = re.compile(
    r"in a message dated .{6,200} you write:$|"
    r"(?:Quoting|Zitat von|Citando(?: a)?|Citation de|Citeren|Citerar|Citerer|Cytowanie)\s.{2,120}[:：]$",
    re.IGNORECASE,
)
# A date as attribution lines hold it: a year or numeric date, or a time of day.
DATE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{4}年|\b\d{1,2}[:.h]\d\d(?:[ap]m)?\b")
TIME = re.compile(r"\b\d{1,2}[:.h]\d\d(?:[ap]m)?\b|\d{1,2}時\d{1,2}分")
TIME_OF_DAY = re.compile(rf"{TIME.pattern}|\d[时点點]")
# A person who tells of a message begins in the middle of a sentence, or names nobody: "on 3 March my manager wrote:".
TOLD = re.compile(
    r"^(?:on|at|in|am|le|el|il|em|op|den|w|dnia) |\bI (?:wrote|said) ?:$|\bj['’]ai écrit|[他她我](?:写道|寫道)|"
    r"\b[a-zß-ÿąęłńóśźż]\w* (?:wrote|writes|said|a écrit|disait|escribió|dijo|ha scritto|escreveu|disse|napisał\w?|skrev) ?:$|"
    r"\b(?:schrieb|schreef|skrev)(?:en)? [a-zß-ÿ]+[ :]"
)
MAIL_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]+\.[^\s<>()\[\]\"',;:]+")
# Japanese attributions have no verb: `2025年3月3日(月) 10:00 Name <a@b>:`.
# So are Yandex's and Tutanota's: `03.03.2025, 09:12, "Name" <a@b>:`, `3. März 2025, 09:12 von a@b:`.
DATE_NAME_ADDRESS = re.compile(
    r"\d{4}[年/.-]\d{1,2}[月/.-]\d{1,2}日?.{0,40}\d{1,2}[:時]\d{2}.{0,120}<\s?[^<>\s]+@[^<>\s]+>\s*[:：]$|"
    r"^\d{1,2}[./]\d{1,2}[./]\d{2,4},? .{0,40}\d{1,2}[:.]\d\d.{0,120}<[^<>\s]+@[^<>\s]+>\s*[:：]$|"
    r"^(?:\d{1,2}\.? [^\W\d]{3,10}\.?|[^\W\d]{3,10}\.? \d{1,2},) \d{4},? .{0,4}\d{1,2}[:.h]\d\d .{0,4}"
    r"(?:by|von|par|por|da|de|door|van|od|av|af|fra) [^\s<>]+@[^\s<>]+:$"
)
# `2017-02-05 13:29 GMT+02:00 Name <a@b>:`, `2011/3/5 Name <a@b>`, `Mar 5, 2022, 9:40 AM by a@b:`; quotes must follow.
DATE_FIRST = re.compile(
    r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}\b.{0,160}<\s*[^<>\s]+@[^<>\s]+\s*>\s*[:：]?$|"
    r".{0,60}\d{1,2}[:.h]\d\d.{0,20} (?:by|von|par|por|da|de) \S+@\S+:$"
)
# `* Name <a@b> [2025-03-03 10:00]:`, `Name [03/03/25 10:00 +0100]:`, `Quoth Name on Monday:`; quotes must follow.
NAMED_AND_DATED = re.compile(
    rf"[^<]{{2,200}}<[^<>\s]+@[^<>\s]+>.{{0,100}}(?:{DATE.pattern}).{{0,60}}[:：]$|"
    rf".{{2,120}}\[[^\[\]]{{0,40}}(?:{DATE.pattern})[^\[\]]{{0,40}}\][:：]$|(?:Quoth|Also sprach|Thus spake) .{{2,120}}:$|"
    r".{2,160} wrote in message\s*(?:<?news:|<)\S{3,200}$"
)
YOUR_MESSAGE = re.compile(
    r"(?:>>\s*)?(?:in (?:reply|response) to )?your (?:message|mail) (?:of|dated|on):?\s.{6,200}$|"
    r"in (?:reply|response) to .{2,80}'s message.{0,120}$|"
    r"in your (?:message|mail) (?:of|dated) .{6,200} you (?:write|wrote|said):$|"
    r"in a message dated .{6,200} writes:$",
    re.IGNORECASE,
)
# GroupWise: `>>> Name <a@b> 3/5/2001 9:40 AM >>>`; what is below carries no mark.
GROUPWISE = re.compile(r">>> .{2,160}\d{1,4}[./-]\d{1,2}[./-]\d{2,4}.{0,30}>>>$")
# Its newer form, whose second line is the end of an attribution: `>>> On 3/3/2025 at 9:12 AM, in message`, `<id>, Name wrote:`.
GROUPWISE_WRAPPED = re.compile(r">>> .{2,200}\d.{0,60}\bin(?: message| Nachricht)?\s*$")
# Zoho, between dashes: `---- On Mon, 03 Mar 2025 10:00:00 +0100 Name <a@b> wrote ----`.
DASHED_ATTRIBUTION = re.compile(rf"-{{2,20}}\s?[^-].{{10,240}}(?:{WROTE.pattern}).{{0,160}}\s-{{2,20}}$", re.IGNORECASE)
FORWARDED_BY = re.compile(r"-{4,80} ?Forwarded by .{1,120}-{4,80}$")
# Lines that begin as quotes do but are the end of a wrapped attribution, or one of GroupWise's.
NO_QUOTE = re.compile(
    r">\s*(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev)\s?:\s*$|>>> .{2,160}\d.{0,40}>>>\s*$|"
    + GROUPWISE_WRAPPED.pattern
)
# How an attribution that was wrapped begins, to find its first line.
OPENING = re.compile(
    r"(?:[ \t]*|>>> )(?:On|At|In|Am|Le|El|En|Il|Em|No dia|A|À|Op|W dniu|Dnia|Den|Dne|På|Il giorno|Wiadomość|Date|在|于|於)[\s:]|"
    r"[ \t]*(?:19|20)\d\d[年/.-]|"
    r"[ \t]*\d{1,2}[./]\d{1,2}[./]\d{2,4}|[ \t]*[a-zà-žA-Z]{2,10}\.?,? \d{1,2}\.? "
)
# What is left of an attribution that was wrapped before its address: `<a@b> wrote:`, `a@b>:`; and the name above it.
ADDRESS_FIRST = re.compile(r"[ \t]*<?[^\s<>]{1,100}@[^\s<>]{1,200}>")
NAME_ALONE = re.compile(r"[\"'(]?(?:[^\W\d_a-zß-ÿ][\w.'’()/-]*[\"')]?(?:, ?| |$)){1,6}$")
# "John Smith wrote:" without a date, but no sentence like "As you wrote:".
NAME_WROTE = re.compile(
    r"[ \t]*(?!(?:as|you|i|he|she|they|we|what|when|it|who|this|like|since|wie|sie|du|ich|er|was|wenn|comme|vous|tu|"
    r"il|elle|como|come|"
    r"zoals|jak|som)\b)[^\W\d_][\w .,'\"()<>@/-]{0,80}?\s(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|"
    r"escreveu|schreef|"
    r"napisał\(?a?\)?|skrev)\s?:$|(?-i:[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){0,3}|\S+@\S+) said\s?:$",
    re.IGNORECASE,
)
# What people write above who answer within an earlier mail that carries no quote marks.
ANSWERS_WITHIN = re.compile(
    r"\b(?:answers?|answered|comments?|commented|repl(?:y|ies|ied)|responses?|responded|remarks?|notes|changes)\b.{0,30}"
    r"\b(?:in-? ?line|below|within|in (?:red|blue|green|bold|colou?r|the text|your (?:e-?)?mail)|(?:red|blue|green))\b|"
    r"\b(?:siehe|see|voir|voyez|ver|véase|vedi|vedere|zie|patrz|se)\b.{0,40}\b(?:red|blue|green|rot|blau|grün|rouge|bleu|vert|"
    r"rojo|azul|verde|rosso|blu|vermelho|rood|blauw|groen|czerwon\w{1,4}|niebiesk\w{1,4}|rött|blått|grönt|rødt|blåt|grønt)\b|"
    r"\b(?:see|look) in-? ?line\b|\bin-?line (?:answers|comments|replies)|"
    r"\b(?:antworte?n?|kommentare?|anmerkungen|beantwortet)\b.{0,40}"
    r"\b(?:unten|im text|inline|direkt|rot|blau|grün|darunter|ihrer mail)\b|"
    r"\b(?:réponses?|commentaires?|répondu|remarques)\b.{0,40}(?:ci-dessous|en (?:rouge|bleu|vert)|dans (?:le texte|votre))|"
    r"\b(?:respuestas?|comentarios?|respondo)\b.{0,40}\b(?:abajo|en (?:rojo|azul|verde)|en el texto|debajo|a continuación)\b|"
    r"\b(?:risposte?|rispondo|commenti)\b.{0,40}\b(?:sotto|in (?:rosso|blu)|nel testo)\b|"
    r"\b(?:respostas?|comentários)\b.{0,40}\b(?:abaixo|a vermelho|em (?:vermelho|azul)|no texto)\b|"
    r"\b(?:antwoord(?:en)?|opmerkingen)\b.{0,40}\b(?:hieronder|onder|in (?:het )?(?:rood|blauw)|in de tekst)\b|"
    r"\b(?:odpowied\w+|uwagi)\b.{0,40}(?:poniżej|na czerwono|w tekście)|"
    r"\b(?:svar|kommentar\w*)\b.{0,40}\b(?:nedan|nedenfor|under|i (?:rött|rødt|blått|blåt|teksten|texten))\b|"
    r"(?:回答|回复|回復|返信).{0,10}(?:以下|下記|文中|赤字|红色|紅色)|(?:以下|下記|文中|赤字|红字|红色).{0,10}(?:回答|回复|回復|返信|お答え)",
    re.IGNORECASE,
)
