"""The package for the person: what is given, what the directory says of them, and a list of what is not given and why."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.exporting.case import zipped
from cases.exporting.cells import table
from cases.handling.hand import Hand
from cases.store import tables
from cases.subjects.deciding import answers, items, undecided
from cases.subjects.requests import SubjectRequest

WHY = {
    "open_investigation": "An investigation is open; giving it now would harm it.",
    "reporter_identity": "It would show who reported in confidence (Directive (EU) 2019/1937, article 16).",
    "other_person": "It would harm the rights of another person (GDPR, article 15(4)).",
    "legal_advice": "It is legal advice.",
    "not_about_them": "It is not about you.",
}
"""Each reason as the person reads it."""
_SECRET = frozenset({"vault_public", "vault_wrapped"})


def pack(connection: Connection, request: SubjectRequest, hand: Hand) -> bytes:
    """A zip of plain text and tables; raises `Refused` while something is undecided. Commit before giving it away."""
    found = items(connection, request, hand.address, hand.service)
    replies = answers(connection, request, hand.service)
    if request.state == "searching" or undecided(found) or any(one.state == "asked" for one in replies):
        raise Refused("something is still searched for or undecided: the package would not be whole")
    parts = {"about-you.json": json.dumps(_entries(connection, request), indent=1, ensure_ascii=False).encode()}
    for number, one in enumerate((one for one in found if one.state in {"given", "redacted"}), 1):
        note = "\n\n[Some words are left out: " + WHY[one.reason] + "]" if one.state == "redacted" else ""
        heading = f"Case {one.reference}, {one.at:%Y-%m-%d}\n\n"
        parts[f"messages/{number:03}-{one.reference}.txt"] = (heading + one.text + note + "\n").encode()
    for number, reply in enumerate((one for one in replies if one.state == "given"), 1):
        parts[f"confidential/{number:03}.txt"] = (reply.words + "\n").encode()
    withheld = [(f"{one.at:%Y-%m}", WHY[one.reason]) for one in found if one.state == "withheld"]
    withheld += [("", WHY[one.reason]) for one in replies if one.state == "withheld"]
    parts["not-given.csv"] = table(("month", "why"), withheld)
    parts["README.txt"] = _readme(hand.now, len(withheld)).encode()
    data: dict[str, Any] = {"request": request.id, "person": hand.viewer.person.id, "items": len(found)}
    append(connection, [NewEvent(DEPLOYMENT, "subject.packed", hand.address, hand.now, data)])
    return zipped(parts, "about-you/")


def _entries(connection: Connection, request: SubjectRequest) -> dict[str, list[dict[str, str]]]:
    """What the directory, the list of staff and the absences say of them."""
    addresses, employee, person, absence = list(request.about.addresses), tables.employee, tables.person, tables.absence
    aliases = [employee.c.aliases.contains(one, autoescape=True) for one in addresses]
    wanted = {
        "directory": select(employee).where(or_(employee.c.address.in_(addresses), *aliases)),
        "staff": select(person).where(person.c.address.in_(addresses)),
        "absences": select(absence).where(absence.c.person.in_(addresses)),
    }
    return {
        name: [
            {column: str(value) for column, value in row.items() if column not in _SECRET and value not in ("", None)}
            for row in connection.execute(query).mappings()
        ]
        for name, query in wanted.items()
    }


def _readme(now: datetime, withheld: int) -> str:
    lines = [
        f"What is known about you, as of {now:%Y-%m-%d}.",
        "",
        "about-you.json   what the directory of employees and the HR desk have on file about you",
        "messages/        what you wrote to HR, and what was written to or about you",
        "confidential/    the same, of cases that only named people can read; there only if there is any",
        "not-given.csv    what is not given, and why: "
        + (f"{withheld} entries" if withheld else "nothing is held back"),
        "",
        "You may ask for what is wrong to be put right or erased, or complain to your data protection authority.",
    ]
    return "\n".join(lines) + "\n"
