"""What a ruleset stands in here: the day, the directory, and what the caller knows of forms and addresses."""

from datetime import datetime

from sqlalchemy import Engine

from cases.store import directory
from cases.store.engine import reading
from rules.language.circumstances import Circumstances

Fields = tuple[tuple[str, tuple[str, ...]], ...]
"""Names of fields, each with the values it can have; none where it can have any."""

BESIDE_FORMS: Fields = (("form", ("staff", "dialogue", "api")), ("how", ()), ("logged_by", ()))
"""What submissions say that no form of the public site makes: what staff log, and further messages."""


def circumstances(
    record: Engine, now: datetime, *, fields: Fields = (), addresses: tuple[str, ...] = ()
) -> Circumstances:
    """What is around a ruleset. Without `fields` or `addresses`, nothing is said of what a rule asks of them."""
    with reading(record) as connection:
        people = directory.load(connection).people()
    return Circumstances(now, people, (*fields, *BESIDE_FORMS) if fields else (), addresses)
