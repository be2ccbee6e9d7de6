"""Settings of the machine room: the two databases, the job queue, the workers."""

from pydantic import Field

from gateway.settings.section import Section


class InboxStore(Section):
    """Where envelopes are kept."""

    url: str = Field("", description="Database URL; empty: the SQLite file inbox.db in the home.")


class RecordStore(Section):
    """Where cases are kept."""

    url: str = Field("", description="Database URL; empty: the SQLite file record.db in the home.")


class Redis(Section):
    """The job queue. It keeps nothing on disk and may be emptied at any moment."""

    url: str = Field("", description="redis:// or unix:// URL; empty: an embedded server in the home.")


class Work(Section):
    """The workers."""

    workers: int = Field(2, ge=1, le=64, description="Worker processes on this machine.")
    batch: int = Field(50, ge=1, le=200, description="Most envelopes or effects in one job.")
    lease_seconds: float = Field(10.0, gt=0, description="After this long without an answer a job is given out again.")
    engine: str = Field(
        "auto", description="Rules engine: auto (durable-rules where it can be installed) or reference."
    )
