"""The closed sets that the corpus and the model speak in: categories, risks, kinds of message, languages."""

from typing import Final

CLASSES: Final = (
    "leave",
    "payroll",
    "benefits",
    "employment_verification",
    "data_update",
    "policy_question",
    "remote_work",
    "expenses",
    "workplace_conflict",
    "manager_complaint",
    "harassment_discrimination",
    "misconduct",
    "accommodation",
    "regulatory_complaint",
    "safety_incident",
    "whistleblower",
    "resignation_exit",
    "recruitment",
    "training",
    "legal_threat",
    "spam",
    "other",
)

# Whose reports are high-risk as a rule. Risk is still judged message by message, never looked up from the category.
HIGH_RISK_CLASSES: Final = frozenset(
    {"harassment_discrimination", "misconduct", "regulatory_complaint", "whistleblower", "legal_threat"}
)

RISKS: Final = ("low", "moderate", "high", "critical")
HIGH_RISKS: Final = frozenset({"high", "critical"})

KINDS: Final = (
    "report",
    "question",
    "request",
    "near_miss",
    "idiom",
    "business",
    "news",
    "spam",
    "joke",
    "other",
)

# Kinds that look like a report and are none: what false alarms are counted on.
HARMLESS_KINDS: Final = frozenset({"near_miss", "idiom", "business", "news", "spam", "joke"})

LANGUAGES: Final = ("en", "de", "fr", "es")
