"""The person's own words, per client and language, and every way in which quotes and footers surround them."""

# ruff: noqa: E501 - tables of mails, one a line

import pytest

from gateway.normalizer.words.new_text import find_new_text

OWN = {
    "en": "Hello,\n\nmy payslip for May is wrong. Could you check it, please?\n\nThanks\nAnna",
    "de": "Guten Tag,\n\nmeine Abrechnung für Mai stimmt nicht. Können Sie das bitte prüfen?\n\nViele Grüße\nAnna",
    "fr": "Bonjour,\n\nma fiche de paie de mai est fausse : pouvez-vous vérifier ?\n\nCordialement\nAnna",
    "es": "Hola:\n\nmi nómina de mayo está mal. ¿Podrían revisarla?\n\nUn saludo\nAnna",
    "it": "Buongiorno,\n\nla mia busta paga di maggio è sbagliata. Potete verificare?\n\nCordiali saluti\nAnna",
    "pt": "Bom dia,\n\no meu recibo de maio está errado. Podem verificar?\n\nObrigada\nAnna",
    "nl": "Goedemorgen,\n\nmijn loonstrook van mei klopt niet. Kunt u dat nakijken?\n\nMet vriendelijke groet\nAnna",
    "pl": "Dzień dobry,\n\nmój pasek płacowy za maj jest błędny. Czy mogą Państwo sprawdzić?\n\nPozdrawiam\nAnna",
    "sv": "Hej,\n\nmin lönespecifikation för maj stämmer inte. Kan ni kontrollera?\n\nMed vänliga hälsningar\nAnna",
    "da": "Hej,\n\nmin lønseddel for maj er forkert. Kan I tjekke den?\n\nMed venlig hilsen\nAnna",
    "no": "Hei,\n\nlønnsslippen min for mai er feil. Kan dere sjekke?\n\nVennlig hilsen\nAnna",
    "ja": "お世話になっております。\n\n5月の給与明細が間違っているようです。ご確認ください。\n\nよろしくお願いいたします。",
    "zh": "您好：\n\n我五月份的工资单有误，请帮忙核对一下。\n\n谢谢\n安娜",
}
EARLIER = ["Dear Anna,", "", "your payslip is ready.", "", "HR"]

ATTRIBUTIONS = {
    "en": [
        "On Mon, Mar 3, 2025 at 10:00 AM HR Team <hr@example.com> wrote:",
        "On Mon, 3 Mar 2025 at 10:00, HR Team <hr@example.com> wrote:",
        "On 3 Mar 2025, at 10:00, HR Team <hr@example.com> wrote:",
        "On Mar 3, 2025, at 10:00 AM, HR Team <hr@example.com> wrote:",
        "On 03/03/2025 10:00, HR Team wrote:",
        "On Monday, March 3, 2025, 10:00:00 AM GMT+1, HR Team <hr@example.com> wrote:",
        "HR Team <hr@example.com> wrote on Mon, 3 Mar 2025 at 10:00:",
        "HR Team wrote:",
        "Quoting HR Team <hr@example.com>:",
        "At 10:00 03.03.2025, HR Team wrote:",
    ],
    "de": [
        "Am Mo., 3. März 2025 um 10:00 Uhr schrieb HR Team <hr@example.com>:",
        "Am 03.03.2025 um 10:00 schrieb HR Team <hr@example.com>:",
        "Am 03.03.25 um 10:00 schrieb HR Team:",
        "HR Team <hr@example.com> schrieb am Mo., 3. März 2025, 10:00:",
        "HR Team <hr@example.com> hat am 03.03.2025 10:00 geschrieben:",
        "Zitat von HR Team <hr@example.com>:",
    ],
    "fr": [
        "Le lun. 3 mars 2025 à 10:00, HR Team <hr@example.com> a écrit :",
        "Le 3 mars 2025 à 10:00, HR Team <hr@example.com> a écrit :",
        "Le 03/03/2025 à 10:00, HR Team a écrit :",
        "Le lundi 3 mars 2025 à 10:00:00 UTC+1, HR Team <hr@example.com> a écrit :",
    ],
    "es": [
        "El lun, 3 mar 2025 a las 10:00, HR Team (<hr@example.com>) escribió:",
        "El 3 mar 2025, a las 10:00, HR Team <hr@example.com> escribió:",
        "El 03/03/2025 a las 10:00, HR Team escribió:",
    ],
    "it": [
        "Il giorno lun 3 mar 2025 alle ore 10:00 HR Team <hr@example.com> ha scritto:",
        "Il giorno 3 mar 2025, alle ore 10:00, HR Team <hr@example.com> ha scritto:",
        "Il 03/03/2025 10:00, HR Team ha scritto:",
    ],
    "pt": [
        "Em seg., 3 de mar. de 2025 às 10:00, HR Team <hr@example.com> escreveu:",
        "HR Team <hr@example.com> escreveu (segunda, 3/03/2025 à(s) 10:00):",
        "No dia 3 de mar. de 2025, às 10:00, HR Team <hr@example.com> escreveu:",
        "Em 03/03/2025 10:00, HR Team escreveu:",
    ],
    "nl": [
        "Op ma 3 mrt 2025 om 10:00 schreef HR Team <hr@example.com>:",
        "Op 3 mrt. 2025, om 10:00 heeft HR Team <hr@example.com> het volgende geschreven:",
        "Op 03-03-2025 om 10:00 schreef HR Team:",
    ],
    "pl": [
        "pon., 3 mar 2025 o 10:00 HR Team <hr@example.com> napisał(a):",
        "Wiadomość napisana przez HR Team <hr@example.com> w dniu 3 mar 2025, o godz. 10:00:",
        "W dniu 03.03.2025 o 10:00, HR Team pisze:",
    ],
    "sv": [
        "Den mån 3 mars 2025 kl 10:00 skrev HR Team <hr@example.com>:",
        "3 mars 2025 kl. 10:00 skrev HR Team <hr@example.com>:",
        "Den 2025-03-03 kl. 10:00, skrev HR Team:",
    ],
    "da": [
        "Den man. 3. mar. 2025 kl. 10.00 skrev HR Team <hr@example.com>:",
        "Den 3. mar. 2025 kl. 10.00 skrev HR Team <hr@example.com>:",
        "Den 03.03.2025 kl. 10.00 skrev HR Team:",
    ],
    "no": [
        "man. 3. mars 2025 kl. 10:00 skrev HR Team <hr@example.com>:",
        "3. mars 2025 kl. 10:00 skrev HR Team <hr@example.com>:",
        "Den 03.03.2025 10:00, skrev HR Team:",
    ],
    "ja": [
        "2025年3月3日(月) 10:00 HR Team <hr@example.com>:",
        "2025/03/03 10:00、HR Team <hr@example.com>のメール:",
        "On 2025/03/03 10:00, HR Team wrote:",
    ],
    "zh": [
        "HR Team <hr@example.com> 于2025年3月3日周一 10:00写道：",
        "2025年3月3日 上午10:00，HR Team <hr@example.com> 写道：",
        "在 2025/3/3 10:00, HR Team 写道:",
        "HR Team <hr@example.com> 於 2025年3月3日 週一 上午10:00寫道：",
    ],
}

# From, sent, to, subject, as Outlook writes them on the desktop and on the web.
OUTLOOK = {
    "en": ("From", "Sent", "To", "Subject", "Monday, March 3, 2025 10:00 AM"),
    "de": ("Von", "Gesendet", "An", "Betreff", "Montag, 3. März 2025 10:00"),
    "fr": ("De", "Envoyé", "À", "Objet", "lundi 3 mars 2025 10:00"),
    "es": ("De", "Enviado el", "Para", "Asunto", "lunes, 3 de marzo de 2025 10:00"),
    "it": ("Da", "Inviato", "A", "Oggetto", "lunedì 3 marzo 2025 10:00"),
    "pt": ("De", "Enviada em", "Para", "Assunto", "segunda-feira, 3 de março de 2025 10:00"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp", "maandag 3 maart 2025 10:00"),
    "pl": ("Od", "Wysłano", "Do", "Temat", "poniedziałek, 3 marca 2025 10:00"),
    "sv": ("Från", "Skickat", "Till", "Ämne", "den 3 mars 2025 10:00"),
    "da": ("Fra", "Sendt", "Til", "Emne", "3. marts 2025 10:00"),
    "no": ("Fra", "Sendt", "Til", "Emne", "mandag 3. mars 2025 10:00"),
    "ja": ("差出人", "送信日時", "宛先", "件名", "2025年3月3日 10:00"),
    "zh": ("发件人", "发送时间", "收件人", "主题", "2025年3月3日 10:00"),
}

FOOTERS = {
    "en": ["Sent from my iPhone", "Get Outlook for iOS", "Sent from Yahoo Mail on Android", "Sent via the Samsung Galaxy S21",
           "Sent from Mail for Windows", "Get Outlook for Android <https://aka.ms/AAb9ysg>", "Sent with Proton Mail secure email."],
    "de": ["Von meinem iPhone gesendet", "Gesendet von Mail für Windows", "Von meinem Samsung Galaxy Smartphone gesendet.",
           "Holen Sie sich Outlook für Android", "Outlook für iOS beziehen", "Diese Nachricht wurde von meinem Android-Gerät mit GMX Mail gesendet."],
    "fr": ["Envoyé de mon iPhone", "Envoyé depuis mon smartphone Samsung Galaxy.", "Obtenez Outlook pour iOS", "Télécharger Outlook pour Android",
           "Envoyé à partir de Outlook pour iOS"],
    "es": ["Enviado desde mi iPhone", "Obtener Outlook para Android", "Enviado desde Outlook para iOS"],
    "it": ["Inviato da iPhone", "Inviato dal mio iPhone", "Ottieni Outlook per iOS"],
    "pt": ["Enviado do meu iPhone", "Enviado a partir do meu smartphone Samsung Galaxy.", "Obter o Outlook para iOS"],
    "nl": ["Verstuurd vanaf mijn iPhone", "Verzonden vanaf Outlook voor Android", "Download Outlook voor iOS"],
    "pl": ["Wysłane z iPhone'a", "Wysłano z telefonu Samsung", "Pobierz aplikację Outlook dla systemu iOS"],
    "sv": ["Skickat från min iPhone", "Hämta Outlook för iOS"],
    "da": ["Sendt fra min iPhone", "Hent Outlook til iOS"],
    "no": ["Sendt fra min iPhone", "Skaff deg Outlook for iOS"],
    "ja": ["iPhoneから送信", "Outlook for iOS を入手"],
    "zh": ["发自我的iPhone", "從我的 iPhone 傳送", "获取 Outlook for iOS"],
}  # fmt: skip


def quoted(lines):
    return "\n".join(f"> {line}".rstrip() for line in lines)


def each(table):
    return [
        pytest.param(language, entry, id=f"{language}-{number}")
        for language, entries in table.items()
        for number, entry in enumerate(entries)
    ]


@pytest.mark.parametrize(("language", "attribution"), each(ATTRIBUTIONS))
def test_answer_above_a_quote(language, attribution):
    text = f"{OWN[language]}\n\n{attribution}\n\n{quoted(EARLIER)}\n"
    assert find_new_text(text, is_reply=True).text == OWN[language]


@pytest.mark.parametrize(("language", "attribution"), each(ATTRIBUTIONS))
def test_answer_below_a_quote(language, attribution):
    text = f"{attribution}\n{quoted(EARLIER)}\n\n{OWN[language]}\n"
    assert find_new_text(text, is_reply=True).text == OWN[language]


@pytest.mark.parametrize(
    ("language", "attribution"),
    [case for case in each(ATTRIBUTIONS) if "@" in case.values[1] and "2025" in case.values[1]],
)
def test_answer_above_a_quote_without_marks(language, attribution):
    text = f"{OWN[language]}\n\n{attribution}\n\n" + "\n".join(EARLIER)
    assert find_new_text(text, is_reply=True).text == OWN[language]


@pytest.mark.parametrize(
    ("language", "attribution"),
    [case for case in each(ATTRIBUTIONS) if "@" in case.values[1] and " " in case.values[1]],
)
def test_wrapped_attribution(language, attribution):
    cut = (
        attribution.rindex(" ", 0, max(30, attribution.index("@")))
        if " " in attribution[: attribution.index("@")]
        else 0
    )
    wrapped = f"{attribution[:cut].rstrip()}\n{attribution[cut:].lstrip()}"
    text = f"{OWN[language]}\n\n{wrapped}\n\n{quoted(EARLIER)}\n"
    assert find_new_text(text, is_reply=True).text == OWN[language]


@pytest.mark.parametrize(
    "rule", ["", "_" * 32 + "\n", "-----Original Message-----\n", "________________________________\n\n"]
)
@pytest.mark.parametrize("bold", ["", "*"])
@pytest.mark.parametrize("language", OUTLOOK)
def test_outlook_header_block(language, bold, rule):
    sender, sent, to, subject, date = OUTLOOK[language]
    colon = "：" if language == "zh" and not bold else " :" if language == "fr" else ":"
    labels = "\n".join(
        f"{bold}{label}{colon}{bold} {value}"
        for label, value in (
            (sender, "HR Team <hr@example.com>"),
            (sent, date),
            (to, "Anna Berg"),
            (subject, "Payslip"),
        )
    )
    text = f"{OWN[language]}\n\n{rule}{labels}\n\n" + "\n".join(EARLIER)
    assert find_new_text(text).text == OWN[language]


@pytest.mark.parametrize(("language", "footer"), each(FOOTERS))
def test_mobile_footer(language, footer):
    assert find_new_text(f"{OWN[language]}\n\n{footer}\n").text == OWN[language]
    attribution = ATTRIBUTIONS[language][0]
    text = f"{OWN[language]}\n\n{footer}\n\n{attribution}\n\n{quoted(EARLIER)}"
    assert find_new_text(text, is_reply=True).text == OWN[language]


@pytest.mark.parametrize("language", OWN)
def test_a_mail_without_anything_else_stays_whole(language):
    assert find_new_text(OWN[language]).text == OWN[language]


SEPARATORS = ["-----Original Message-----", "----- Original Message -----", "-------- Original Message --------",
              "-----Ursprüngliche Nachricht-----", "-------- Ursprüngliche Nachricht --------", "-----Message d'origine-----",
              "-------- Message original --------", "-----Mensaje original-----", "-----Messaggio originale-----",
              "-----Mensagem original-----", "-----Oorspronkelijk bericht-----", "-----Original Appointment-----",
              "-----Ursprungligt meddelande-----", "-----Oprindelig meddelelse-----", "-----Opprinnelig melding-----",
              "------------------ 原始邮件 ------------------", "------------------ Original ------------------",
              "-----邮件原件-----", "-----元のメッセージ-----", "## Please type your reply above this line ##"]  # fmt: skip


@pytest.mark.parametrize("separator", SEPARATORS)
def test_separator_lines(separator):
    text = f"{OWN['en']}\n\n{separator}\nYour payslip is ready.\nHR"
    assert find_new_text(text).text == OWN["en"]


FORWARD_MARKS = ["---------- Forwarded message ---------", "---------- Forwarded message ----------", "Begin forwarded message:",
                 "-------- Weitergeleitete Nachricht --------", "Anfang der weitergeleiteten Nachricht:",
                 "---------- Message transféré ----------", "Début du message réexpédié :", "-------- Mensaje reenviado --------",
                 "Inicio del mensaje reenviado:", "-------- Messaggio inoltrato --------", "Inizio messaggio inoltrato:",
                 "-------- Mensagem encaminhada --------", "-------- Doorgestuurd bericht --------", "Begin doorgestuurd bericht:",
                 "-------- Treść przekazanej wiadomości --------", "Początek przekazywanej wiadomości:",
                 "-------- Vidarebefordrat meddelande --------", "-------- Videresendt meddelelse --------",
                 "---------- 转发的邮件 ----------", "-------- 転送メッセージ --------", "Videresendt melding:"]  # fmt: skip


@pytest.mark.parametrize("mark", FORWARD_MARKS)
def test_forwarded_text_is_not_the_senders_own(mark):
    found = find_new_text(
        f"Please see below.\n\n{mark}\nFrom: X <x@example.com>\nDate: Mon, 3 Mar 2025\nSubject: Y\n\nOld words."
    )
    assert found.text == "Please see below."
    assert found.is_forward


@pytest.mark.parametrize("mark", FORWARD_MARKS)
def test_forwarded_text_stays_when_there_is_nothing_else(mark):
    text = f"{mark}\nFrom: X <x@example.com>\nDate: Mon, 3 Mar 2025\nSubject: Y\n\nOld words."
    assert find_new_text(text).text == text


# (name, text, expected new text)
CASES = [
    ("between quotes", "On 3 Mar 2025, at 10:00, HR <hr@x.com> wrote:\n> When?\n\nTomorrow.\n\n> Where?\n\nIn Berlin.\n", "Tomorrow.\n\nIn Berlin."),
    ("between quotes, tight", "HR <hr@x.com> wrote on 2025-03-03:\n> When?\nTomorrow.\n> Where?\nIn Berlin.\n", "Tomorrow.\n\nIn Berlin."),
    ("above and below", "Short: yes.\n\nOn 3 Mar 2025, at 10:00, HR <hr@x.com> wrote:\n> When?\n\nTomorrow.\n", "Short: yes.\n\nTomorrow."),
    ("nested quotes", "Yes.\n\nOn 3 Mar 2025, at 10:00, A <a@x.com> wrote:\n> B wrote:\n>> Hm?\n> No.\n", "Yes."),
    ("quote without attribution", "> Are you coming?\n\nYes, I am.\n", "Yes, I am."),
    ("wrapped quote leaves a crumb", "> this is a rather long line of quoted text that a client wrapped so that it\nends here\n> and goes on\n\nMine.", "Mine."),
    ("short answer between is no crumb", "> Do you come?\nyes\n> And Peter?\nno", "yes\n\nno"),
    ("signature delimiter", "Hello there.\n\n-- \nAnna Berg\nPayroll\nTel. 123", "Hello there."),
    ("signature delimiter without space", "Hello there.\n\n--\nAnna Berg\nPayroll", "Hello there."),
    ("em dash delimiter", "Hello there.\n\n—\nAnna Berg", "Hello there."),
    ("signature then quote", "Yes.\n\n-- \nAnna\n\nOn 3 Mar 2025, at 10:00, HR <hr@x.com> wrote:\n> When?", "Yes."),
    ("dashes inside the text stay", "First.\n\n--\n\n" + "A long paragraph that goes on and on, much longer than any signature would ever be. " * 3, None),
    ("a list with dashes stays", "I need:\n- a chair\n- a desk\n-- really", None),
    ("closing and name stay", "Please help.\n\nBest regards,\nAnna Berg", None),
    ("business card below a closing", "Please help.\n\nBest regards,\nAnna Berg\nSenior Accountant\nExample Ltd\nTel: +44 20 1234567\nwww.example.com", "Please help.\n\nBest regards,\nAnna Berg"),
    ("business card, German", "Bitte helfen Sie.\n\nMit freundlichen Grüßen\n\nAnna Berg\nBuchhaltung\nTelefon: +49 30 1234567\nanna@example.com", "Bitte helfen Sie.\n\nMit freundlichen Grüßen\n\nAnna Berg"),
    ("a new phone number is no signature", "My new details are:\n\nAnna Berg\nMain Street 5\nTel: +44 20 1234567", None),
    ("phone number in the last sentence", "Please call me.\n\nThanks\nAnna\n\nP.S. My number is +44 20 1234567, I am there from Monday to Friday between nine and five, thank you so much for all.", None),
    ("legal notice", "Please help.\n\nThis e-mail and any attachments are confidential and intended solely for the addressee. If you are not the intended recipient, please delete it and notify the sender.", "Please help."),
    ("legal notice, German", "Bitte helfen Sie.\n\nDiese E-Mail enthält vertrauliche und rechtlich geschützte Informationen. Wenn Sie nicht der richtige Empfänger sind, informieren Sie bitte den Absender und vernichten Sie diese Mail.", "Bitte helfen Sie."),
    ("legal notice, French", "Aidez-moi.\n\nCe message et ses pièces jointes sont confidentiels et destinés exclusivement à leur destinataire. Si vous l'avez reçu par erreur, merci de le détruire.", "Aidez-moi."),
    ("legal notice, Spanish", "Ayuda.\n\nEste mensaje y sus adjuntos son confidenciales y van dirigidos exclusivamente a su destinatario. Si lo ha recibido por error, elimínelo.", "Ayuda."),
    ("a person's own plea for confidence stays", "I was insulted.\n\nThis e-mail is confidential, please don't show it to my manager.", None),
    ("a person's own hint stays", "Hallo\n\nHinweis: ab Montag bin ich im Urlaub.", None),
    ("printing", "Please help.\n\nPlease consider the environment before printing this e-mail", "Please help."),
    ("banner", "CAUTION: This email originated from outside of the organization. Do not click links.\n\nPlease help.", "Please help."),
    ("banner in brackets", "[EXTERNAL]\n\nPlease help.", "Please help."),
    ("banner, German", "ACHTUNG: Diese E-Mail kommt von einem externen Absender.\n\nBitte helfen.", "Bitte helfen."),
    ("own header-like lines stay", "Leave request\nFrom: Monday 3 March\nTo: Friday 7 March\nSubject: holiday\nThanks", None),
    ("own form stays", "Name: Anna\nDate: 3 March 2025\nTo: HR\nReason: holiday", None),
    ("what someone said stays", "I complain. On 3 March 2025 at 10:15 Peter Smith wrote:\n\"You are an idiot.\"\nI will not take that.", None),
    ("as you wrote", "As you wrote:\n\nI need a form. Where is it?", None),
    ("sent from a place stays", "I am ill.\n\nSent from home because I cannot come to the office today, sorry for the short notice to everybody.", None),
    ("from Shanghai stays", "您好，\n\n来自上海的同事明天到。", None),
    ("escaped From", "Look:\n>From today on I work from home.", None),
    ("list footer", "Hello all.\n\n_______________________________________________\nstaff mailing list -- staff@example.com\nTo leave send mail", "Hello all."),
    ("only a quote", "> Old words.\n", "Old words."),
    ("Outlook with quote marks", "Yes.\n\n-----Original Message-----\n> From: HR\n> Old.\n\nAnd this too.", "Yes.\n\nAnd this too."),
    ("Thunderbird forward block", "Look.\n\n-------- Forwarded Message --------\nSubject: \tX\nDate: \tMon, 3 Mar 2025\nFrom: \tA <a@x.com>\n\nOld.", "Look."),
    ("Outlook mobile", "Yes.\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: HR <hr@x.com>\nSent: Monday, March 3, 2025 10:00:00 AM\nTo: A <a@x.com>\nSubject: X\n\nOld.", "Yes."),
    ("empty", "", ""),
    ("white space", " \n\t\n", ""),
    ("many blank lines become one", "One.\n\n\n\n\nTwo.", "One.\n\nTwo."),
]  # fmt: skip


REPLIES = [
    ("Lotus Notes", "Yes.\n\nFrom:   HR/Example\nTo:     Anna Berg/Example@Example\nDate:   03.03.2025 10:00\nSubject:        Payslip\n\nOld.", "Yes."),
    ("To wrapped over lines", "Yes.\n\nFrom: HR <hr@x.com>\nSent: Monday, March 3, 2025 10:00\nTo: A <a@x.com>; B <b@x.com>;\n C <c@x.com>\nCc: D <d@x.com>\nSubject: X\n\nOld.", "Yes."),
    ("blank lines between labels", "Yes.\n\nFrom: HR <hr@x.com>\n\nSent: Monday, March 3, 2025 10:00\n\nTo: A <a@x.com>\n\nSubject: X\n\nOld.", "Yes."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [pytest.param(text, text if wanted is None else wanted, id=name) for name, text, wanted in CASES],
)
def test_cases(text, expected):
    assert find_new_text(text).text == expected.strip()


@pytest.mark.parametrize(("text", "expected"), [pytest.param(text, wanted, id=name) for name, text, wanted in REPLIES])
def test_replies_above_an_earlier_mail(text, expected):
    assert find_new_text(text, is_reply=True).text == expected


def test_unmarked_history_needs_a_reply_or_an_address():
    text = "Yes.\n\nOn 3 March 2025 at 10:15 Peter Smith wrote:\n\nOld words."
    assert find_new_text(text, is_reply=True).text == "Yes."
    assert find_new_text(text, is_reply=False).text == text


SHOWN = [
    ("attribution", "Dear HR,\n\nmy lead wrote to me last night.\n\nOn Mon, Mar 3, 2025 at 9:12 AM Max Mole <max@x.example> wrote:\nYou are of no use here.\n\nHe follows me to the car park. I am afraid.\n\nAnna"),
    ("headers", "Hello,\n\nthis came on Sunday\n\nFrom: Max Mole <max@x.example>\nSent: Sunday, March 2, 2025 11:40 PM\nTo: Anna\nSubject: you\n\nDo not come in.\n\nI want to talk to somebody."),
    ("headers below a rule", "Hello,\n\nthis came on Sunday\n\n______________\nFrom: Max Mole <max@x.example>\nSent: Sunday, March 2, 2025 11:40 PM\nTo: Anna\nSubject: you\n\nDo not come in.\n\nI want to talk to somebody."),
    ("separator that a colon announces", "Hello,\n\nthis came on Sunday:\n\n-----Original Message-----\nFrom: Max Mole <max@x.example>\n\nDo not come in.\n\nI want to talk to somebody."),
    ("quote that a colon announces", "Hallo,\n\ndas kam am Sonntag:\n\nAm 03.03.2025 um 10:00 schrieb Max Mole <max@x.example>:\n> Bleib weg.\n\nIch will mit jemandem reden."),
]  # fmt: skip


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in SHOWN])
def test_a_first_mail_that_shows_another_keeps_what_is_written_below_it(text):
    assert find_new_text(text).text == text


def test_a_reply_that_announces_what_it_shows_keeps_what_is_written_below_it():
    text = SHOWN[1][1].replace("Sunday\n\nFrom", "Sunday:\n\nFrom")
    assert find_new_text(text, is_reply=True).text == text
    assert find_new_text(SHOWN[1][1], is_reply=True).text == "Hello,\n\nthis came on Sunday"


def test_signature_marked_by_the_html_part():
    text = "Please help.\n\nAnna Berg\nExample Ltd"
    assert find_new_text(text, signature=("Anna Berg", "Example Ltd")).text == "Please help."
    assert (
        find_new_text("Anna Berg\nExample Ltd", signature=("Anna Berg", "Example Ltd")).text == "Anna Berg\nExample Ltd"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Hello\n\nThis message was scanned by our office but payroll@x.example never answered.\n\nAnna",
        "To unsubscribe, I clicked https://x.example but mail still comes.",
        "See\n____________________________________________\nmy site https://x.example is the portfolio",
        "I said:\n: one\n: two\n\nok",
    ],
)
def test_words_that_only_look_like_an_advertisement_stay(text):
    assert find_new_text(text, is_reply=True).text == text
