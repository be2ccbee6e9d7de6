"""The key ring of one process: the keys it was granted, and nothing else."""

from dataclasses import dataclass, field

from cases.keys.sealing import KeyPair
from cases.keys.tokens import TokenKeys


@dataclass(frozen=True, slots=True)
class WorkerKeys:
    """What a worker holds (see the processes' table in ARCHITECTURE.md)."""

    triage: KeyPair = field(repr=False)
    service: KeyPair = field(repr=False)
    index: bytes = field(repr=False)
    tokens: TokenKeys = field(repr=False)
    anchor: bytes = field(repr=False)
    """The seed that signs anchors of the trail."""
