"""The list of things repaired or given up while one delivery is read."""

ENCRYPTED = "the message is encrypted and cannot be read here; ask the sender to send it again unencrypted"
"""The one problem that makes triage hold a mail; see `gateway.normalizer.mail.is_encrypted`."""

MOST = 50
"""More problems than this are counted, not told."""


class Problems:
    """Collects sentences, each once, in the order they came up."""

    def __init__(self) -> None:
        self._sentences: dict[str, None] = {}
        self._untold = 0

    def add(self, sentence: str) -> None:
        """Note one problem; "" is ignored."""
        if not sentence or sentence in self._sentences:
            return
        if len(self._sentences) < MOST:
            self._sentences[sentence] = None
        else:
            self._untold += 1

    def told(self) -> tuple[str, ...]:
        """All sentences, with a count of those left out."""
        sentences = tuple(self._sentences)
        return (*sentences, f"{self._untold} more problems are not listed") if self._untold else sentences
