"""Who first wrote a forwarded mail."""

# ruff: noqa: E501 - tables of mails, one a line

from dataclasses import replace

import pytest

from cases.model.submission import Address, Submission
from cases.model.words import Channel
from gateway.normalizer import as_judged, find_forwarded
from gateway.normalizer.words.new_text import find_new_text

MARKS = [
    ("---------- Forwarded message ---------", "From", "Date", "Subject", "To"),
    ("Begin forwarded message:", "From", "Date", "Subject", "To"),
    ("-------- Weitergeleitete Nachricht --------", "Von", "Datum", "Betreff", "An"),
    ("Anfang der weitergeleiteten Nachricht:", "Von", "Datum", "Betreff", "An"),
    ("---------- Forwarded message ---------", "De", "Date", "Subject", "To"),
    ("Début du message réexpédié :", "De", "Date", "Objet", "À"),
    ("Inicio del mensaje reenviado:", "De", "Fecha", "Asunto", "Para"),
    ("-------- Messaggio inoltrato --------", "Mittente", "Data", "Oggetto", "A"),
    ("-------- Mensagem encaminhada --------", "De", "Data", "Assunto", "Para"),
    ("-------- Doorgestuurd bericht --------", "Van", "Datum", "Onderwerp", "Aan"),
    ("-------- Treść przekazanej wiadomości --------", "Od", "Data", "Temat", "Do"),
    ("-------- Vidarebefordrat meddelande --------", "Från", "Datum", "Ämne", "Till"),
    ("-------- Videresendt meddelelse --------", "Fra", "Dato", "Emne", "Til"),
    ("-------- 転送メッセージ --------", "差出人", "日付", "件名", "宛先"),
    ("---------- 转发的邮件 ----------", "发件人", "日期", "主题", "收件人"),
]


def mail(text, subject="x", new_text=""):
    return Submission(Channel.MAIL, subject=subject, text=text, new_text=new_text)


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark[0].strip("- ")[:20])
@pytest.mark.parametrize("prefix", ["", "> "])
def test_marked(mark, prefix):
    line, sender, date, subject, to = mark
    inner = [
        f"{sender}: Cy Ng <cy@x.example>",
        f"{date}: 1 Mar 2025 09:00",
        f"{subject}: My pay",
        f"{to}: bo@x.example",
        "",
        "Please fix my pay.",
    ]
    text = "\n".join(["FYI", "", line, "", *(prefix + each for each in inner)])
    found = find_forwarded(mail(text))
    assert found is not None
    assert found.sender == Address("Cy Ng", "cy@x.example")
    assert (found.date, found.subject, found.text) == ("1 Mar 2025 09:00", "My pay", "Please fix my pay.")


def test_outlook_forward_is_known_by_its_subject():
    text = "Please handle.\n\nVon: Cy Ng <cy@x.example>\nGesendet: Montag, 3. März 2025 10:00\nAn: Bo\nBetreff: Lohn\n\nBitte prüfen."
    assert find_forwarded(mail(text, "WG: Lohn")).sender == Address("Cy Ng", "cy@x.example")
    assert find_forwarded(mail(text, "AW: Lohn")) is None


def test_thunderbird_order_and_tabs():
    text = "-------- Forwarded Message --------\nSubject: \tMy pay\nDate: \t1 Mar 2025\nFrom: \tCy Ng <cy@x.example>\nTo: \tbo@x.example\n\nWords."
    assert find_forwarded(mail(text)).sender.address == "cy@x.example"


def test_exchange_writes_mailto_in_brackets():
    text = "From: Cy Ng [mailto:cy@x.example]\nSent: Monday, March 3, 2025 10:00\nTo: Bo\nSubject: Pay\n\nWords."
    assert find_forwarded(mail(text, "FW: Pay")).sender == Address("Cy Ng", "cy@x.example")


def test_ordinary_mail_forwards_nothing():
    assert find_forwarded(mail("Hello,\n\nwhere is my pay?")) is None
    assert find_forwarded(mail("")) is None


def judged(submission, *, first=True):
    found = as_judged(submission, first=first)
    return found.new_text, found.forwarded_text


def test_forwarded_text_counts_for_a_first_mail_only():
    text = "FYI\n\n---------- Forwarded message ---------\nFrom: Cy <cy@x.example>\nDate: 1 Mar\nSubject: Harassment\n\nHe shouts at me."
    submission = mail(text, new_text="FYI")
    assert judged(submission) == ("FYI", "Harassment\nHe shouts at me.")
    assert judged(submission, first=False) == ("FYI", "")


def test_a_mail_with_no_words_of_the_one_who_passes_it_on_has_none_of_their_own():
    text = "---------- Forwarded message ---------\nFrom: Cy <cy@x.example>\nDate: 1 Mar\nSubject: Harassment\n\nHe shouts at me."
    assert judged(mail(text, "Fwd: Harassment", new_text=text)) == ("", "Harassment\nHe shouts at me.")


def test_what_stands_below_a_mail_that_a_first_mail_shows_is_judged_even_where_it_was_left_out():
    text = "Please help.\n\nRegards\nAnna\n\nFrom: Max <max@x.example>\nSent: Sunday, March 2, 2025 11:40 PM\nTo: Anna\nSubject: you\n\nStay away.\n\nHe gropes me."
    submission = mail(text, "Help", new_text=find_new_text(text).text)
    assert submission.new_text == "Please help.\n\nRegards\nAnna"
    own, rest = judged(submission)
    assert own == submission.new_text
    assert rest.endswith("Stay away.\n\nHe gropes me.")
    assert judged(mail(text, "Re: Help", new_text=submission.new_text)) == (own, "")


def test_a_quote_in_a_first_mail_is_judged_too():
    text = "Please help.\n\nMax wrote:\n> I will touch you again."
    assert judged(mail(text, "Help", new_text="Please help."))[1] == "> I will touch you again."


def test_apple_mail_quotes_its_own_sentence_too():
    text = "FYI\n\n> Begin forwarded message:\n> \n> From: Cy Ng <cy@x.example>\n> Subject: Pay\n> Date: 3 March 2025\n> \n> Words."
    assert find_forwarded(mail(text, "Fwd: Pay")).sender.address == "cy@x.example"
    assert find_forwarded(mail(text, "Re: Pay")) is None


def test_notes_writes_a_name_and_a_date_without_labels():
    text = (
        "Look.\n\n---------------------- Forwarded by Bo/HQ/Acme on 03/05/2001 \n09:40 AM ---------------------------\n\n\n"
        '"Cy Ng" <cy@x.example> on 03/05/2001 08:00:00 AM\nTo: Bo/HQ/Acme@Acme\ncc: \nSubject: Pay\n\nWords.\n'
    )
    found = find_forwarded(mail(text))
    assert (found.sender.address, found.subject, found.text) == ("cy@x.example", "Pay", "Words.")


def test_a_reply_that_looks_like_a_forward_forwards_nothing():
    text = "Vou ver.\n\nDe: Cy Ng <cy@x.example>\nEnviada em: segunda-feira, 3 de março de 2025 09:12\nPara: Bo\nAssunto: Pagamento\n\nFalta."
    assert find_forwarded(mail(text, "RES: Pagamento")) is None
    assert find_forwarded(mail(text, "ENC: Pagamento")).sender.address == "cy@x.example"
    assert find_forwarded(mail(text, "VS: Pagamento")).sender.address == "cy@x.example"
    assert find_forwarded(replace(mail(text, "VS: Pagamento"), in_reply_to="1@x.example")) is None


def test_yahoo_runs_the_labels_together():
    text = (
        "See below.\n\n   ----- Forwarded Message ----- From: Cy Ng <cy@x.example>To: Bo <bo@x.example>"
        "Sent: Monday, March 3, 2025 at 09:12:00 AM GMT+1Subject: Pay\nMy pay is missing."
    )
    found = find_forwarded(mail(text, "Fw: Pay"))
    assert (found.sender.address, found.subject, found.text) == ("cy@x.example", "Pay", "My pay is missing.")
    assert find_new_text(text, is_forward=True).text == "See below."


def test_zoho_writes_its_separator_twice():
    mark = "============ Forwarded message ============"
    text = f"FYI\n\n{mark}\nFrom: Cy Ng <cy@x.example>\nTo: Bo\nSubject: Pay\n{mark}\n\nMy pay is missing."
    assert find_forwarded(mail(text, "Fwd: Pay")).text == "My pay is missing."
