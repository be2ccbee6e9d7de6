"""Mails as people write them to HR: about 2 KB, each with its own sender, Message-ID and text, by seed."""

from dataclasses import dataclass
from random import Random

FIRST = (
    "Amira",
    "Ben",
    "Carla",
    "Dinh",
    "Elif",
    "Farid",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Kemi",
    "Lena",
    "Marek",
    "Nadia",
)
LAST = (
    "Abbas",
    "Berg",
    "Costa",
    "Duarte",
    "Eriksen",
    "Fischer",
    "Greco",
    "Haddad",
    "Ito",
    "Jansen",
    "Kowalski",
    "Lund",
)

TOPICS: dict[str, tuple[str, ...]] = {
    "Question about my payslip": (
        "My payslip for last month shows a lower net amount than the month before, and I cannot see why.",
        "The overtime of the second week seems to be missing, although my lead approved it in time.",
        "The tax class on the slip is still the old one; I handed in the form in the spring.",
        "Could somebody look at the deductions line by line with me, I do not need anything in writing.",
        "The bonus that we agreed on was to be paid together with the salary, and it is not there.",
    ),
    "Parental leave dates": (
        "We are expecting our second child in early March and I would like to take parental leave from the birth on.",
        "I plan to be away for four months full time and then come back on three days a week.",
        "Please tell me which form you need, by when, and who covers my projects in the meantime.",
        "My remaining vacation should be carried over, if that is possible, so that it is not lost.",
        "I have told my team already, but nothing is signed so far.",
    ),
    "Address and bank details changed": (
        "I have moved to another flat at the beginning of the month and my bank account has changed as well.",
        "Please use the new details for the next salary run; the old account will be closed by then.",
        "The certificate for the tax office should carry the new address too.",
        "If you need a copy of the registration I can bring it to the office on Thursday.",
        "I have updated the entry in the phone list myself.",
    ),
    "Certificate of employment": (
        "The landlord of our new flat asks for a certificate that says that my contract is permanent.",
        "It should be on letterhead and signed, a scan is enough for now.",
        "I would need it by the end of next week at the latest.",
        "Last year I received the same document within two days, many thanks again for that.",
        "Please leave out the date of birth if the template allows it.",
    ),
    "Remote work from abroad": (
        "I would like to work from my parents' house for three weeks in the summer, which is in another country.",
        "My lead agrees, as long as I am reachable during the core hours.",
        "I do not know what this means for social insurance and tax, and whether a form is needed in advance.",
        "The laptop is encrypted and I would use the VPN only.",
        "If three weeks are too long I could also do with two.",
    ),
    "Sick note and return to work": (
        "I have been ill since last Wednesday and enclosed nothing here because the insurance sends the note directly.",
        "My doctor suggests that I come back with reduced hours for the first two weeks.",
        "How does the gradual return work here, and whom do I have to speak to before the first day?",
        "The training that was planned for next Monday has to be moved, I am sorry for the trouble.",
        "I am reachable by phone in the mornings.",
    ),
    "Something that happened in my team": (
        "For some weeks a colleague has made remarks about my accent in front of everybody, and it is getting worse.",
        "I have asked him to stop, twice, and he laughed about it in the next meeting.",
        "Others have noticed it and told me that I should write to you.",
        "I do not want to make this bigger than it is, but I no longer like to come to the office.",
        "Please tell me what would happen if I described it in detail, and who would read that.",
    ),
}

FILLERS = (
    "Thank you for taking the time to read this.",
    "I know that you are busy at this time of the year, so there is no great hurry.",
    "If there is an article in the handbook that answers this, a link is enough.",
    "I have looked through the intranet and found two pages that contradict each other.",
    "The colleagues at the front desk could not help me and sent me here.",
    "My working hours are from eight to half past four, except on Fridays.",
    "Please answer to this address, as I do not read the other one every day.",
    "My personnel number is known to you, I hope; I do not have it at hand.",
)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail on the wire: lines end in CRLF, and none begins with a dot."""

    message_id: str
    sender: str
    raw: bytes


def make_mail(run: str, number: int, *, size: int = 2048, to: str = "hr@acme.example") -> Mail:
    """The `number`th mail of `run`; the same arguments give the same bytes, so that a retry is a true duplicate."""
    random = Random(f"{run}/{number}")
    name = (random.choice(FIRST), random.choice(LAST))
    sender = f"{name[0]}.{name[1]}.{number}.{run}@people.example".lower()
    message_id = f"<{run}.{number}@people.example>"
    subject = random.choice(list(TOPICS))
    head = (
        f"From: {name[0]} {name[1]} <{sender}>\r\nTo: HR <{to}>\r\nSubject: {subject}\r\n"
        f"Date: Mon, 12 Jan 2026 {number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02} +0100\r\n"
        f"Message-ID: {message_id}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\nUser-Agent: Mozilla Thunderbird\r\n\r\n"
    )
    body = _body(random, subject, f"{name[0]} {name[1]}", number, size - len(head))
    return Mail(message_id, sender, (head + body).encode())


def _body(random: Random, subject: str, name: str, number: int, room: int) -> str:
    lines = ["Dear HR team,", ""]
    sentences = list(TOPICS[subject])
    random.shuffle(sentences)
    fillers = list(FILLERS)
    random.shuffle(fillers)
    ending = ["", "Kind regards", name, f"Extension {1000 + number % 9000}", ""]
    used = sum(len(line) + 2 for line in (*lines, *ending))
    for place, sentence in enumerate((*sentences, *fillers, *sentences, *fillers)):
        if used + len(sentence) + 4 > room:
            break
        lines += [sentence, ""] if place % 3 == 2 else [sentence]
        used += len(sentence) + 4
    return "\r\n".join(lines + ending)
