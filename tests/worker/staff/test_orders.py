"""Commands at the top of an answer."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import Refused
from worker.mail.phrases import Speech, called
from worker.staff.orders import Order, Orders, folded, meant, read_day, read_orders


def test_commands_stand_above_the_text() -> None:
    read = read_orders("#close answered\n#Assign: Lena Vogt\n\nDear Sam,\n#not a command any more")
    assert read.asked == ((Order.CLOSE, "answered"), (Order.ASSIGN, "Lena Vogt"))
    assert read.text == "Dear Sam,\n#not a command any more"
    assert list(read.problems()) == []


@pytest.mark.parametrize("words", ["#1 is done", "# Heading", "Dear Sam", "Nr. #note", "#"])
def test_what_is_no_command_is_text(words: str) -> None:
    assert read_orders(words).text == words


@pytest.mark.parametrize(
    "words", ["＃note\nInternal.", "#NOTE\nInternal.", "\u200b#note:\n\nInternal.", "> #note\nInternal."]
)
def test_however_a_keyboard_writes_it(words: str) -> None:
    read = read_orders(words)
    assert (read.asked, read.text) == (((Order.NOTE, ""),), "Internal.")


def test_what_is_wrong_is_said_in_words() -> None:
    problems = read_orders("#colse answered\n#assign\nHello").problems()
    assert [Speech("en").say(one) for one in problems] == [
        "“#colse” is not a command",
        "#assign needs a name",
    ]


@pytest.mark.parametrize("words", ["until 2027-01-07", "bis 7.1.2027", "2027-1-7", "Until 7. 1. 2027."])
def test_days(words: str) -> None:
    assert read_day(words) == date(2027, 1, 7)


@pytest.mark.parametrize("words", ["", "until Monday", "1/7/2027", "2027-13-01", "until further notice"])
def test_what_could_be_two_days_is_asked_back(words: str) -> None:
    with pytest.raises(Refused, match="no day"):
        read_day(words)


@given(st.text())
def test_no_word_is_lost_below_the_commands(words: str) -> None:
    read = read_orders(words)
    assert words.strip().endswith(read.text)


@pytest.mark.parametrize(("words", "order"), [("#Schließen erledigt", Order.CLOSE), ("#SCHLIESSEN erledigt", Order.CLOSE),
                                              ("#categorie paie", Order.CATEGORY), ("#cate\u0301gorie paie", Order.CATEGORY),
                                              ("#nota", Order.NOTE)])  # fmt: skip
def test_each_language_has_words_of_its_own_with_accents_or_without(words: str, order: Order) -> None:
    assert [one for one, _ in read_orders(words).asked] == [order]


def test_a_level_or_outcome_may_be_written_in_any_language() -> None:
    assert meant("outcome", "sans suite", ["answered", "no_action"]) == "no_action"
    assert meant("outcome", "no action", ["answered", "no_action"]) == "no_action"
    assert meant("level", "Hoch", ["low", "high"]) == "high"
    assert meant("level", "very", ["low", "high"]) == "very"


def test_no_word_means_two_commands() -> None:
    words = {(folded(word), order) for order in Order for word in (order.value, *called("order", order.value))}
    assert len({word for word, _ in words}) == len(words)


@pytest.mark.parametrize("line", ["# close answered", "##close answered", "**#close answered**", "“#close answered”"])
def test_a_command_is_one_however_a_client_dresses_it(line: str) -> None:
    assert read_orders(f"{line}\nDone.").asked == ((Order.CLOSE, "answered"),)


@pytest.mark.parametrize(
    "text", ["Hi,\n#note he exaggerates\nRegards", "All done.\n\n#close answered", "Hallo,\n#notiz nein"]
)
def test_a_command_within_the_text_is_a_mistake_that_is_told(text: str) -> None:
    read = read_orders(text)
    assert read.asked == ()
    assert [one.name for one in read.problems()] == ["problem.below"]


@pytest.mark.parametrize(
    "text", ["See\n#1 in the list", "Hi\n# Note\nof thanks", "As you wrote:\n> #note x\nYes.", "Hi\n#payslip"]
)
def test_words_after_a_sign_that_are_no_commands_stay_in_the_text(text: str) -> None:
    assert read_orders(text) == Orders((), (), text)
