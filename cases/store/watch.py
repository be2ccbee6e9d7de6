"""Noticing that somebody else has committed, for next to nothing: so that an idle relay idles."""

from sqlalchemy import Engine


class Watch:
    """Tells whether a database may have changed since it was last asked.

    On SQLite one connection asks `PRAGMA data_version`, which reads no page; elsewhere the answer is always yes.
    """

    def __init__(self, engine: Engine) -> None:
        self._sqlite = engine.dialect.name == "sqlite"
        self._connection = engine.raw_connection() if self._sqlite else None
        self._version: object = None

    def changed(self) -> bool:
        """True the first time, and whenever another connection has committed since the last call."""
        if self._connection is None:
            return True
        cursor = self._connection.cursor()
        try:
            cursor.execute("PRAGMA data_version")
            version = cursor.fetchone()
        finally:
            cursor.close()
        before, self._version = self._version, version
        return version != before

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
