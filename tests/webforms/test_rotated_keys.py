"""A receipt that was shown before its pepper was rotated opens its case; a form that was open then is still taken."""

from datetime import UTC, datetime

from heedtest.sites import changed

from cases.keys.links import receipt_reader
from webforms.app import create_app
from webforms.tokens import FormTokens

OLD, NEW = b"o" * 32, b"n" * 32
NOW = datetime(2027, 3, 4, 12, tzinfo=UTC)


def tokens(key: bytes, *older: bytes) -> FormTokens:
    return FormTokens(key, lambda: NOW, lambda bits: (1 << bits) - 7, older)


def test_an_open_form_is_taken_after_the_rotation_and_gives_the_same_receipt_and_envelope() -> None:
    text = tokens(OLD).issue("anonymous")
    before, after = tokens(OLD).read("anonymous", text), tokens(NEW, OLD).read("anonymous", text)
    assert before is not None
    assert after is not None
    assert tokens(OLD).receipt(before) == tokens(NEW, OLD).receipt(after)
    lookup = receipt_reader(tokens(OLD).receipt(before), b"p" * 32).lookup
    assert tokens(OLD).envelope_id(before, b"x", lookup) == tokens(NEW, OLD).envelope_id(after, b"x", lookup)
    assert tokens(OLD).prefixes(lookup)[0] in tokens(NEW, OLD).prefixes(lookup)
    assert tokens(NEW).read("anonymous", text) is None


def test_a_receipt_from_before_the_rotation_opens_its_case_and_the_pending_one(world, person, helpers):
    opened, waiting = helpers.receipt(person.report("Mine.")), None
    world.triage_all()
    waiting = helpers.receipt(person.report("Still on its way."))
    rotated = changed(
        world, pepper=NEW, form_key=NEW, older_peppers=(world.site.pepper,), older_form_keys=(world.site.form_key,)
    )
    after = helpers.person(create_app(rotated).test_client())
    assert "Mine." in after.open(opened).text
    assert "It is stored" in helpers.words(after.open(waiting))
    assert after.open("0" * 21).status_code == 403
