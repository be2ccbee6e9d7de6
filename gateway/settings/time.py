"""Settings of what happens by itself in time: quiet hours, chat, reminders."""

from typing import Literal

from pydantic import Field

from cases.privacy.classes import DataClass
from gateway.settings.section import Section


class Notices(Section):
    """When colleagues are told things that are not urgent, and where beside their mail."""

    quiet: str = Field(
        "",
        pattern=r"^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$",
        description="Hours of the ruleset's time zone without routine notices, such as 19:00-07:30; then one mail brings all.",
    )
    redact: tuple[DataClass, ...] = Field(
        (DataClass.MEDICAL, DataClass.PAY, DataClass.IDENTIFIERS),
        description="Classes of data taken out of words that a notice quotes: medical, pay, identifiers, contact.",
    )
    chat_url: str = Field(
        "",
        pattern=r"^(https?://.+)?$",
        repr=False,
        description="Webhook that hears of escalations and overdue deadlines: Slack, Teams, or any that takes JSON.",
    )
    chat_kind: Literal["slack", "teams", "webhook"] = Field(
        "webhook", description="What the webhook takes: slack and teams their own message, webhook plain JSON."
    )
    chat_details: bool = Field(
        default=False, description="Also say category and risk in chat; otherwise the reference only."
    )


class Reminders(Section):
    """What is looked after by itself. 0 days or minutes switch a thing off."""

    owner_hours: int = Field(24, ge=0, le=720, description="Hours before a deadline at which its owner is reminded.")
    progress_days: int = Field(
        7, ge=0, le=90, description="Days without a word after which an employee hears how things stand."
    )
    waiting_days: int = Field(
        5, ge=0, le=90, description="Days of waiting for an employee after which they are asked again."
    )
    close_days: int = Field(
        10,
        ge=0,
        le=180,
        description="Days after that until a case that waits is closed; they are warned three days before.",
    )
    unowned_minutes: int = Field(
        60, ge=0, le=10080, description="Minutes after which a case without owner is brought up."
    )
    look_minutes: int = Field(
        120, ge=0, le=10080, description="Minutes after which a case that a triager should look at is brought up."
    )
    survey_days: int = Field(
        1, ge=0, le=30, description="Days after closing at which the reporter is asked how it went."
    )
    review_days: int = Field(
        30,
        ge=0,
        le=366,
        description="Days from one review of the case load to the next; it is to be signed within a week.",
    )
    mailbox_minutes: int = Field(
        60, ge=0, le=10080, description="Minutes after which a mailbox that was not fetched is brought up."
    )
