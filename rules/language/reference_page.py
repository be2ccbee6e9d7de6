"""docs/rules.md: the reference of the language, from the same shapes that read it. Every example on it is executed by a test."""

from collections.abc import Iterable, Mapping

from cases.model.wording import MAILS, NOTICES, PLACEHOLDERS
from rules.language.rulelines import RULE
from rules.language.schema import ABOUT
from rules.language.sections import ALIAS, CALENDAR_FIELDS, CATEGORY, PEOPLE, SETTINGS, STEP, TEAM
from rules.language.shapes import Field, Record
from rules.language.testlines import EXPECT, GIVEN
from rules.language.wordings import WORDING_FIELDS
from rules.registry import Definition, actions, conditions

OPENING = """\
# rules.yaml: the reference

<!-- Made by `heed rules docs`; edit the shapes in rules/, not this page. -->

`rules.yaml` says which cases there are, who handles them, by when, and what must happen when. It is YAML 1.2: names and
values with a colon between them, indented with spaces. `heed rules check` says what is wrong with it, with the place and
a suggestion; `heed rules test` runs the tests at its end. Nothing takes effect before a person publishes it.

## Day to day

| you want to | do this |
|---|---|
| begin | copy `rules.yaml`, edit the copy, and add a test for what you change at its end |
| know whether it is right | `heed rules check FILE` names every mistake with its line; `heed rules test FILE` runs the tests |
| know what it would change | `heed rules diff OLD NEW` |
| try it on what came in, weakened cases first | `heed rules try FILE --last 90d --as YOU` |
| put it in force | `heed rules publish FILE --reason "…" --by YOU`; the answer says whose open deadlines would be others |
| weaken a locked rule | the same with `--approver SOMEONE`; both give their own password |
| take it back | `heed rules history`, then `heed rules rollback VERSION --reason "…" --by YOU` |
| ask why a case was decided so | `heed rules explain REFERENCE --as YOU`, for ever: the decision keeps its reasons |

A rollback rewrites the home's `rules.yaml` and lists the cases decided meanwhile, with who has read them.
The console's Rules page does all of it in a browser. The `rules.yaml` in the home is watched and only proposes (`heed rules
proposed`): what was never published is checked and tested, and a person publishes it.

A new kind of case is five entries: a team (`teams:`), a category that names it (`categories:`), an SLA if none fits (`slas:`),
the rules that find it (`rules:`), and a test for each (`tests:`):

```yaml
teams:
  relocation: {members: [mia@acme.example, rob@acme.example], assign: least_open, calendar: office}
categories:
  relocation: {label: {en: Relocation}, team: relocation, risk: low, sla: moving, family: administrative}
slas:
  moving: {acknowledge: 24 hours, first_response: 2 working days of office, resolve: 10 working days of office}
rules:
  - id: relocation-words
    phase: classify
    when: {mentions: [relocate, relocation, "moving abroad"]}
    then: {category: relocation}
  - id: relocation-visa
    phase: assess
    when: {all: [{category: relocation}, {mentions: [visa, "work permit"]}]}
    then: {raise_risk_to: moderate, notify: team_lead, tag: visa}
tests:
  - name: who moves goes to relocation
    given: {text: "I need a visa for my relocation to Madrid."}
    expect: {category: relocation, team: relocation, risk: moderate, fired: [relocation-words, relocation-visa]}
```

## How a decision is made

1. **classify**: what is it? Rules may set the category; otherwise the model does, if it is sure enough (`unsure_below`);
   otherwise it is what the alias says that it was written to; otherwise it is `unsorted`, and a person looks.
2. **assess**: how bad is it, and who must know now? Rules see the category decided.
3. **route**: who handles it? Rules see what the assess phase decided.

Each phase sees a snapshot of what the earlier ones decided. Nothing is triggered twice.

| when several rules match | what counts |
|---|---|
| category, route, template, checklist, skill | a locked rule, then the higher `priority`, then the place in the file |
| the same in two phases | the later phase, but not over a locked rule |
| tags, notices, escalations, exclusions | all of them |
| risk | the highest; rules never lower it |
| access | the strictest: managed, restricted, sealed; rules never loosen it |
| deadlines | the earliest of each kind |

A person's decision stands above rules, and rules above the model. A reply in an existing case goes through assess and
route again; its category is only suggested, and nothing a person decided is undone except to raise it.

**Who is in conflict never sees the case**, whether a rule says so or not: whoever is named and whoever of the staff
reports to them, members of a team that a form names, staff in their own case. If nobody is left, the case goes to the
guardian who is not excluded; if both are, it is held, with an alarm. In a case of the lowest risk that its whole team may
see, only staff who are named step aside. Who is only greeted or thanked is not named.

**Unknown is neither yes nor no.** A sender who is not in the directory has no known grade, team or country: a test of it
does not hold, nor does its `none:`.
"""

WORDS = """\
## Words

An entry of a list, or of `mentions: […]`:

| written | matches |
|---|---|
| `harass` | the word with any ending in each language of the settings; case and accents do not matter |
| `"hostile environment"` | these words side by side, in one sentence |
| `belästig*` | any word that begins so (three letters at least) |
| `=sue` | exactly this word |
| `re:/ord(er\\|re)s?/` | a pattern (RE2: linear time), upper and lower case alike |

A list may be split by language, `{en: [...], de: [...]}`: then each word takes the endings of its own language only, in
texts of that language or of one that could not be told; in other texts it matches as it is written.

## Times

`24 hours`, `7 days`, `3 months`, `2 working days of office`, `4 working hours of office`, `next cutoff of payroll`, and
`3 months after acknowledge` (from the acknowledgement where one goes out at once, else from its deadline). Working days:
the day of receipt does not count, and the deadline is the end of the last shift of the n-th working day after it.
"""

TEMPLATES = """\
Words for each language, as a text or as `{subject: …, text: …}`. Where there is none of these names the mail has words of its
own: MAILS. These go out for what they are about, and no category chooses them: NOTICES. Whoever writes in another language
gets the first one given. `vary:` replaces words by country, site or organisation.
"""
for _name, _mails in (("MAILS", MAILS), ("NOTICES", NOTICES)):
    TEMPLATES = TEMPLATES.replace(_name, "; ".join(f"`{name}` ({about})" for name, about in _mails.items()))


def page() -> str:
    """The whole page as Markdown."""
    parts = [OPENING, WORDS, "## Sections\n", _table((f"`{name}`", about) for name, about in ABOUT.items())]
    for title, record in (("settings", SETTINGS), ("a team", TEAM), ("a group of people", PEOPLE),
                          ("an alias", ALIAS), ("a category", CATEGORY), ("a step of a ladder", STEP)):  # fmt: skip
        parts += [f"### {title[0].upper()}{title[1:]}\n", _fields(record.fields)]
    parts += ["### A calendar\n", _fields(CALENDAR_FIELDS)]
    parts += ["### A template\n", TEMPLATES, _fields(WORDING_FIELDS)]
    parts += [_table((f"`${name}`", f"{about}") for name, about in PLACEHOLDERS.items())]
    parts += ["### A rule\n", _fields(RULE.fields)]
    parts += ["## Conditions\n", "Joined with `all: […]`, `any: […]`, `none: […]`, or named under `conditions:`.\n"]
    parts += [_condition(definition) for definition in conditions().values()]
    parts += ["## Actions\n"]
    parts += [_action(definition) for definition in actions().values()]
    parts += ["## Tests\n", "`given:` is the submission and the world around it.\n", _fields(GIVEN.fields)]
    parts += [
        "`expect:` is what must come of it; what is not named is not looked at.\n",
        _fields(EXPECT.fields),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _table(rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join(["| name | meaning |", "|---|---|", *(f"| {name} | {about} |" for name, about in rows), ""])


def _fields(fields: Mapping[str, Field]) -> str:
    return _table(
        (f"`{name}`{' (required)' if field.required else ''}", _cell(field.about)) for name, field in fields.items()
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _condition(definition: Definition) -> str:
    example = definition.example
    lines = [f"### {definition.name}\n", f"{definition.about}\n", _takes(definition)]
    if definition.options:
        lines.append(_fields(definition.options))
    elif isinstance(definition.shape, Record):
        lines.append(_fields(definition.shape.fields))
    lines += [
        "```yaml",
        f"when: {example.yaml}",
        f"# holds for:     {example.given}",
        f"# not for:       {example.otherwise}",
        "```\n",
    ]
    return "\n".join(lines)


def _takes(definition: Definition) -> str:
    if isinstance(definition.shape, Record):
        return "Takes one or several of these:\n"
    return f"Takes {_cell(definition.shape.words())}.\n"


def _action(definition: Definition) -> str:
    example = definition.example
    lines = [f"### {definition.name}\n", f"{definition.about}\n", _takes(definition)]
    return "\n".join([*lines, "```yaml", f"then: {example.yaml}", f"# gives: {example.expect}", "```\n"])
