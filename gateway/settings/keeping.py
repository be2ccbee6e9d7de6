"""Settings of what is kept, for how long, and how the record proves itself: retention, backups, anchors."""

from pydantic import Field

from gateway.settings.section import Section


class Keeping(Section):
    """How long things are kept, and what is kept elsewhere. How long a case is kept, its category in rules.yaml says."""

    erase: bool = Field(default=True, description="Erase closed cases when their category's `keep` is over.")
    warn_days: int = Field(
        30, ge=1, le=365, description="Days before a case is erased at which its team's lead is told; never shortened."
    )
    backup_days: int = Field(
        30, ge=1, le=3660, description="Days that a backup is kept; `heed backup` destroys older ones in its folder."
    )
    backup_expected: bool = Field(
        default=False, description="Let `heed doctor` be red without a backup, even on a Heed for this machine only."
    )
    anchor_to: str = Field(
        "",
        pattern=r"^([^\s@<>]+@[^\s@<>]+)?$",
        description="Address outside of your own systems to which a signed head of the audit trail is mailed once a day.",
    )
