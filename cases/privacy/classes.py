"""The classes of personal data that Heed keeps apart, and which field of a form is of which."""

from enum import StrEnum


class DataClass(StrEnum):
    """What kind of personal data something is (GDPR, article 9, and what people lose most by)."""

    MEDICAL = "medical"
    PAY = "pay"
    IDENTIFIERS = "identifiers"
    CONTACT = "contact"


FIELDS: dict[str, DataClass] = {
    "email": DataClass.CONTACT,
    "new_address": DataClass.CONTACT,
    "change": DataClass.CONTACT,
    "iban": DataClass.IDENTIFIERS,
    "holder": DataClass.IDENTIFIERS,
    "new_name": DataClass.IDENTIFIERS,
    "due": DataClass.MEDICAL,
    "hurt": DataClass.MEDICAL,
    "care": DataClass.MEDICAL,
    "note": DataClass.MEDICAL,
    "expected": DataClass.PAY,
    "benefit": DataClass.PAY,
}
"""Fields of the public forms whose whole answer is of a class; what else is written is searched."""
