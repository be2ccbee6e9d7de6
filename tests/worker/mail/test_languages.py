"""Every notice speaks every language: templates and phrases are found where they lie, and where the code names them."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from cases.model import demands
from cases.model.wording import LANGUAGES, NOTICES, PLACEHOLDERS, phrase
from worker.mail import templates
from worker.mail.phrases import FALLBACK, Speech, book, called, recognised
from worker.staff.orders import Order, folded

ROOT = Path(__file__).parents[3]
SHIPPED = {path.name: path for path in (ROOT / "worker" / "notices").iterdir()}
NAMES = sorted({name.partition(".")[0] for name in SHIPPED})
SOURCES = {path: ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "worker").rglob("*.py"))}


@pytest.mark.parametrize("name", NAMES)
def test_each_mail_is_there_in_every_language_and_says_the_same(name: str) -> None:
    written = {one.removesuffix(".txt").partition(".")[2] for one in SHIPPED if one.partition(".")[0] == name}
    assert written == set(LANGUAGES)
    english = templates.template(name, FALLBACK)
    for language in LANGUAGES:
        read = templates.template(name, language)
        assert read.names == english.names
        assert [needs for _, needs in read.paragraphs] == [needs for _, needs in english.paragraphs]


def test_each_notice_that_hr_ops_may_write_is_shipped() -> None:
    assert set(NOTICES) <= set(NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_phrase_is_there_in_every_language_and_says_the_same(language: str) -> None:
    mine, english = book(language), book(FALLBACK)
    assert mine.keys() == english.keys()
    for name, words in mine.items():
        assert set(words.get_identifiers()) == set(english[name].get_identifiers()), name


def test_each_phrase_that_the_code_names_is_written() -> None:
    """By its place: what is handed to `phrase`, `Phrase` or `known` anywhere in the worker; `{…}` stands for any of a group."""
    named = set[str]()
    for tree in SOURCES.values():
        for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)):
            if call.func.id in {"phrase", "Phrase", "known"} and call.args:
                named |= {
                    one for part in _choices(call.args[0]) for one in [part + ".other" * (call.func.id == "known")]
                }
    assert len(named) > 40
    for pattern in named:
        assert any(re.fullmatch(pattern, known) for known in (*book(FALLBACK), *_groups())), pattern


def test_what_colleagues_are_told_by_mail_is_never_written_in_code() -> None:
    """Facts of notices are names, days and codes; words come from templates and phrases."""
    for path, tree in SOURCES.items():
        for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
            if getattr(call.func, "attr", "") in {"tell", "chat"} and len(call.args) >= 1:
                line = call.args[2] if call.func.attr == "tell" else call.args[0]
                assert not isinstance(line, ast.Constant | ast.JoinedStr), f"{path}:{call.lineno}"


def test_each_refusal_that_a_mail_may_meet_is_said_in_every_language() -> None:
    """Where `worker.staff.acting` and its neighbours get their refusals from: every module that they import."""
    mine = [ROOT / "worker" / "mail" / f"{name}.py" for name in ("transport", "batch", "enclosure")]
    met = {*(ROOT / "worker" / "staff").glob("*.py"), ROOT / "worker/jobs/mail.py", *mine}
    direct = _imported(ROOT / "worker/staff/acting.py")
    met |= direct.union(*(_imported(path) for path in direct if path.parent.name == "handling"))
    met -= {ROOT / "cases/store/people.py"}  # it is asked who works here; nobody is hired by mail
    refusals = {words for path in met for words in _refusals(path)}
    assert len(refusals) > 30
    assert [words for words in sorted(refusals) if recognised(words).name == "as_is"] == []


def test_what_a_case_lacks_is_said_in_every_language() -> None:
    for words in demands.IN_WORDS.values():
        assert recognised(words, "need").name != "as_is", words


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_command_that_a_mail_mentions_is_one_and_in_its_language(language: str) -> None:
    words = [words.template for words in book(language).values()]
    words += [path.read_text("utf-8") for name, path in SHIPPED.items() if name.endswith(f".{language}.txt")]
    mentioned = {one for text in words for one in re.findall(r"#(\w+)", text)}
    mine = {book(language)[f"order.{order.value}"].template for order in Order}
    assert mentioned == mine
    assert {folded(one) for one in mine} <= {folded(one) for order in Order for one in called("order", order.value)}


def test_days_and_numbers_are_said_as_each_language_says_them() -> None:
    at = "2026-12-01T17:00:00+00:00"
    said = {one: Speech(one).say(phrase("deadline.soon", clock="first_response", moment=at)) for one in LANGUAGES}
    assert said == {
        "en": "first response, due by Tuesday, 1 December 2026, 17:00",
        "de": "erste Antwort, fällig bis Dienstag, 1. Dezember 2026, 17:00 Uhr",
        "fr": "première réponse, au plus tard le mardi 1er décembre 2026 à 17:00",
        "es": "primera respuesta, a más tardar el martes, 1 de diciembre de 2026, 17:00 h",
    }
    assert Speech("fr").say(phrase("waiting", count="1")) == "Dans Heed, 1 chose vous attend"
    assert Speech("fr").say(phrase("waiting", count="21")) == "Dans Heed, 21 choses vous attendent"


def test_the_names_of_hr_ops_own_stand_as_they_wrote_them() -> None:
    assert Speech("de").say(phrase("done.risk", level="very_grave")) == "das Risiko ist very grave"
    assert recognised("something new").name == "as_is"
    assert set(PLACEHOLDERS) >= {"waiting", "due", "kept_inside"}


def _groups() -> set[str]:
    """The groups of phrases that are counted, and those that have an `other`."""
    return {name.rpartition(".")[0] for name in book(FALLBACK) if name.endswith((".one", ".other"))}


def _choices(node: ast.expr) -> list[str]:
    """The names that an expression can give, as patterns."""
    if isinstance(node, ast.Constant):
        return [re.escape(str(node.value))]
    if isinstance(node, ast.IfExp):
        return [*_choices(node.body), *_choices(node.orelse)]
    if isinstance(node, ast.JoinedStr):
        return ["".join(re.escape(str(one.value)) if isinstance(one, ast.Constant) else ".+" for one in node.values)]
    return []


def _imported(path: Path) -> set[Path]:
    """The modules of the record that a module calls: it imports them, or a function of theirs, not only a type."""
    imports = [one for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.ImportFrom)]
    called_from = [one.module for one in imports if any(name.name.islower() for name in one.names)]
    called_from += [f"{one.module}.{name.name}" for one in imports for name in one.names if name.name.islower()]
    wanted = [
        name for name in called_from if name and name.startswith(("cases.handling", "cases.model", "cases.store"))
    ]
    return {found for name in wanted if (found := ROOT / (name.replace(".", "/") + ".py")).exists()}


def _refusals(path: Path) -> set[str]:
    """The words of what a module refuses or puts off, with something in each gap."""
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found = set[str]()
    for call in (one for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.Call)):
        if getattr(call.func, "id", "") in {"Refused", "TryLater", "Unverified"} and call.args:
            match call.args[0]:
                case ast.Constant(value=str(words)):
                    found.add(words)
                case ast.Name(id=name) if hasattr(module, name):
                    found.add(getattr(module, name))
                case ast.JoinedStr(values=parts):
                    found.add("".join(_filled(one) for one in parts))
    return found


def _filled(part: ast.expr) -> str:
    """What a part of a sentence reads like: its words, or something in a gap (a mail is “it” where forms name a field)."""
    if isinstance(part, ast.Constant):
        return str(part.value)
    return "it" if isinstance(part, ast.FormattedValue) and ast.unparse(part.value) == "what" else "7"
