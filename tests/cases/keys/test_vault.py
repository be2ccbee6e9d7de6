"""A staff member's vault: it opens for its own person and password, and guessing is dear."""

import json
from importlib.util import find_spec, module_from_spec

import pytest

from cases.keys.sealing import KeyPair
from cases.keys.vault import WrongPassword, unwrap_private, wrap_private

KEYS = KeyPair.generate()
WRAPPED = wrap_private(KEYS, "correct horse", "ada")


def test_it_opens_with_its_password() -> None:
    assert unwrap_private(WRAPPED, "correct horse", "ada").public == KEYS.public


@pytest.mark.parametrize(("password", "person"), [("correct house", "ada"), ("", "ada"), ("correct horse", "eve")])
def test_it_opens_with_no_other_and_for_nobody_else(password: str, person: str) -> None:
    with pytest.raises(WrongPassword):
        unwrap_private(WRAPPED, password, person)


def test_an_altered_vault_does_not_open() -> None:
    altered = {**json.loads(WRAPPED), "salt": json.loads(wrap_private(KEYS, "correct horse", "ada"))["salt"]}
    with pytest.raises(WrongPassword):
        unwrap_private(json.dumps(altered), "correct horse", "ada")


def test_guessing_costs_what_rfc_9106_recommends() -> None:
    """Section 4, second option. Read from the module anew, since tests lower the cost."""
    spec = find_spec("cases.keys.vault")
    assert spec is not None
    assert spec.loader is not None
    shipped = module_from_spec(spec)
    spec.loader.exec_module(shipped)
    assert (shipped.TIME_COST, shipped.MEMORY_KIB, shipped.LANES) == (3, 64 * 1024, 4)
