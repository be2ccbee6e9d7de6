"""The store of published rulesets as `rules.publishing` wants it; a version that was overtaken meanwhile is refused."""

from sqlalchemy import Engine, select

from cases.errors import Refused
from cases.store import rulesets, tables
from cases.store.engine import reading, writing
from rules.publishing import Version


class StoredVersions:
    """Versions in the record. `add` refuses when another version came into force since `current` was asked."""

    def __init__(self, record: Engine) -> None:
        self._record = record

    def current(self) -> Version | None:
        """The version in force."""
        with reading(self._record) as connection:
            found = rulesets.history(connection)
            return self._version(found[0], rulesets.text_of(connection, found[0].ruleset)) if found else None

    def get(self, name: str) -> Version | None:
        """A version that was ever published, as it was published last."""
        with reading(self._record) as connection:
            found = next((one for one in rulesets.history(connection) if one.ruleset == name), None)
            return self._version(found, rulesets.text_of(connection, found.ruleset)) if found else None

    def add(self, version: Version) -> None:
        """Put a checked version in force, as an audited fact."""
        approved = f" (approved by {version.approver})" if version.approver else ""
        with writing(self._record) as connection:
            latest = rulesets.history(connection)
            if latest and latest[0].ruleset != version.replaces:
                raise Refused("somebody published another version meanwhile; look at it first")
            rulesets.publish(
                connection,
                version.hash,
                version.text,
                by=version.author,
                reason=(version.reason + approved)[:500],
                now=version.published,
            )

    def categories_in_use(self) -> tuple[str, ...]:
        """Categories that cases have."""
        with reading(self._record) as connection:
            return tuple(connection.execute(select(tables.case.c.category).distinct()).scalars())

    @staticmethod
    def _version(found: rulesets.Publication, text: str | None) -> Version:
        return Version(found.ruleset, text or "", found.by, found.reason, found.at)
