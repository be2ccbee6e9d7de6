"""Words without who sent them."""

from hypothesis import given
from hypothesis import strategies as st

from cases.model.decision import ConditionTrace
from cases.model.submission import Address, Attachment, Submission
from cases.model.veil import IN_PLACE, veiled, without_sender
from cases.model.words import Channel

SAM = Address("Sam Quill", "sam@acme.example")


def said(text: str, sender: Address = SAM, **more) -> Submission:
    return Submission(Channel.MAIL, sender=sender, new_text=text, text=text, **more)


@given(st.text(alphabet="ab .,\n", max_size=30), st.text(alphabet="ab .,\n", max_size=30))
def test_name_and_address_go_wherever_they_stand(before: str, after: str) -> None:
    kept = veiled(said(f"{before} Sam Quill <SAM@acme.example> {after}"))
    assert "Quill" not in kept.text
    assert "acme" not in kept.text.lower()
    assert kept.text.startswith(before)
    assert kept.text.endswith(after)
    assert kept.sender == Address()


def test_headers_and_file_names_go_too() -> None:
    file = Attachment("Sam Quill CV.pdf", "application/pdf", b"x")
    kept = veiled(
        said("x", reply_to=SAM, cc=(SAM, Address("", "b@x.example")), message_id="m@host", attachments=(file,))
    )
    assert "Quill" not in repr(kept)
    assert "host" not in repr(kept)
    assert [one.address for one in kept.cc] == ["b@x.example"]


def test_other_words_that_hold_a_short_name_stay() -> None:
    kept = veiled(said("The same samples, says Samantha.", Address("Sam", "sam@acme.example")))
    assert kept.text == "The same samples, says Samantha."


def test_earlier_names_of_the_same_person_go() -> None:
    assert veiled(said("S. Quill", Address()), Address("S. Quill", "")).text == IN_PLACE


def test_a_trace_loses_what_rules_found_of_the_sender() -> None:
    assert without_sender(ConditionTrace("c", True, ("department Vault",), "unverified sender"), [SAM]).evidence == ()
    assert without_sender(ConditionTrace("c", True, ("from sam@acme.example",), "text"), [SAM]).evidence == (
        f"from {IN_PLACE}",
    )
