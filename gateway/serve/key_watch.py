"""Noticing rotated keys: which processes hold one, so that they are started anew."""

from cases.keys.files import HOLDERS, NAMES, KeyFiles


class KeyWatch:
    """Remembers each key's number as it was. A look costs one listing of a folder."""

    def __init__(self, files: KeyFiles) -> None:
        self._files = files
        self._seen = self._numbers()

    def changed(self) -> list[str]:
        """The processes that hold a key which was rotated since the last look."""
        now = self._numbers()
        fresh = [name for name in NAMES if now[name] != self._seen[name]]
        self._seen = now
        return list(dict.fromkeys(process for name in fresh for process in HOLDERS[name]))

    def _numbers(self) -> dict[str, int]:
        return self._files.numbers()
