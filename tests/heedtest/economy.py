"""What makes some thousand tests cheap without making them untrue; processes that tests start know none of it."""

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from cases.keys import vault


class CompiledTemplates(BytecodeCache):
    """Jinja's compiled templates, in memory; Jinja itself compares the source with what was compiled."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def economise() -> None:
    """Each test makes applications of its own, from templates compiled once, and people whose passwords are no secrets."""
    Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}
    vault.TIME_COST, vault.MEMORY_KIB, vault.LANES = 1, 8, 1
