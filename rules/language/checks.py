"""What is readable and still wrong or suspicious in a ruleset as a whole. Each finding has its line and a suggestion."""

from collections.abc import Iterable
from datetime import UTC, datetime

from cases.errors import Refused
from cases.model.calendars import due
from cases.model.runs import words_of
from cases.model.wording import MAILS, NOTICES
from cases.model.words import Access, ClockKind
from rules.language.logic import shadowed, teams_of, verdict
from rules.language.problems import did_you_mean
from rules.language.reader import NAMED, Reader
from rules.language.tree import Node
from rules.ruleset import GUARDIAN, UNSORTED, Category, Rule, Ruleset, Team
from rules.text.words import fold

SAMPLE = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""Any moment: a promise that can be kept from here can be kept."""

Sections = dict[str, Node]


def check_ruleset(ruleset: Ruleset, sections: Sections, reader: Reader) -> None:
    """Notes every problem of a ruleset as a whole. With errors before, `ruleset` holds what could be read."""
    _check_required(sections, reader)
    for name, category in ruleset.categories.items():
        _check_category(category, _entry(sections, "categories", name), ruleset, reader)
    for name, team in ruleset.teams.items():
        _check_team(team, _entry(sections, "teams", name), ruleset, reader)
    _check_people(ruleset, sections, reader)
    _check_slas(ruleset, sections, reader)
    _check_ladders(ruleset, sections, reader)
    _check_rules(ruleset, sections, reader)
    _check_tests(ruleset, sections, reader)
    _check_languages(ruleset, sections, reader)
    _check_names_in_lists(ruleset, sections, reader)
    if not reader.failed:  # of what could not be read nobody knows what it would have used
        _check_unused(sections, reader)


def _entry(sections: Sections, section: str, name: str) -> Node:
    """The value of a named entry."""
    node = sections[section].get(name)
    assert node is not None  # noqa: S101 - it was read from there
    return node


def _key(sections: Sections, section: str, name: str) -> Node:
    return next(key for key, _ in sections[section].pairs if str(key.value) == name)


def _check_required(sections: Sections, reader: Reader) -> None:
    categories, people = sections.get("categories"), sections.get("people")
    if categories is not None and UNSORTED not in reader.names.get("categories", {}):
        reader.error(categories, 'the category "unsorted" is missing', "it takes what nobody could classify")
    if people is not None and GUARDIAN not in reader.names.get("people", {}):
        reader.error(people, 'the people "guardian" are missing',
                     "they take what nobody else may see: two people of two reporting lines")  # fmt: skip


def _check_category(category: Category, node: Node, ruleset: Ruleset, reader: Reader) -> None:
    reader.where = f"category {category.name}"
    if category.renamed_to:
        if category.name == UNSORTED or ruleset.current_name(category.name) == UNSORTED != category.renamed_to:
            reader.error(node.get("renamed_to") or node, "this category is renamed in a circle or cannot be renamed")
    else:
        for field in ("team", "risk", "sla"):
            if not getattr(category, field):
                reader.error(node, f'"{field}" is missing', f"give it {field}: …, or renamed_to: … if it was removed")
    for one in category.model:
        other = next((name for name, found in ruleset.categories.items() if one in found.model), category.name)
        if other != category.name:
            reader.error(node.get("model") or node, f'the model class "{one}" belongs to category {other} already')
    for name in dict.fromkeys((category.team, *(dict(one.values).get("team", "") for one in category.vary))):
        team = ruleset.teams.get(name)
        if team is not None and team.organisation:
            _check_outside_category(category, team, node.get("team") or node, reader)
    reader.where = ""


def _check_outside_category(category: Category, team: Team, node: Node, reader: Reader) -> None:
    """A category handled by a team of another organisation."""
    if not team.lists(category):
        entry = category.name if category.name == UNSORTED or not category.family else category.family
        reader.error(node, f'team "{team.name}" of {team.organisation} may not take this family',
                     f"add {entry} to its families, or choose another team")  # fmt: skip
    elif category.access is not Access.MANAGED:
        reader.error(node, f'team "{team.name}" of {team.organisation} never sees {category.access} cases',
                     "choose a team of your own")  # fmt: skip


def _check_team(team: Team, node: Node, ruleset: Ruleset, reader: Reader) -> None:
    reader.where = f"team {team.name}"
    for field in ("skills", "load"):
        for entry in getattr(team, field):
            for address in entry[1] if field == "skills" else (entry[0],):
                if address not in team.members:
                    reader.error(node.get(field) or node, f'"{address}" is no member',
                                 did_you_mean(address, team.members))  # fmt: skip
    if team.assign == "on_call" and team.on_call_from is None:
        reader.error(node.get("assign") or node, "on_call needs the day on which the turns began",
                     "add on_call_from: 2026-01-05")  # fmt: skip
    if len(team.members) == 1 and not team.backup:
        reader.warn(node.get("members") or node, "one member and no backup: when away, cases wait",
                    "add backup: or a second member")  # fmt: skip
    if team.organisation:
        _check_outsiders(team, node, ruleset, reader)
    reader.where = ""


def _check_outsiders(team: Team, node: Node, ruleset: Ruleset, reader: Reader) -> None:
    """A team of another organisation."""
    inside, hurt = ruleset.teams.get(team.hand_over), reader.names.get("teams", {}).keys() - ruleset.teams.keys()
    if (inside is None and team.hand_over not in hurt) or (inside is not None and inside.organisation):
        reader.error(node.get("hand_over") or node, "a team of another organisation hands over to one of your own",
                     "add hand_over: with a team that has no organisation")  # fmt: skip
    if not team.families:
        reader.error(node.get("organisation") or node, "a team of another organisation says what it may take",
                     "add families: with the families of categories it handles; unsorted only if you list it")  # fmt: skip
    known = (*ruleset.families, *reader.names.get("categories", ()))
    for family in team.families:
        if family not in known:
            reader.error(node.get("families") or node, f'unknown family "{family}"', did_you_mean(family, known))


def _check_people(ruleset: Ruleset, sections: Sections, reader: Reader) -> None:
    for name, group in ruleset.people.items():
        node = _entry(sections, "people", name)
        reader.where = f"people {name}"
        if name == GUARDIAN and len(set(group.members)) < 2:
            reader.warn(node.get("members") or node, "only one guardian: a report about them would be held",
                        "name a second person of another reporting line")  # fmt: skip
        elif name != GUARDIAN and len(group.members) == 1 and not group.backup:
            reader.warn(node.get("members") or node, "one person and no backup: when away or in conflict, nobody is told",
                        "add backup: with an address or another group")  # fmt: skip
    reader.where = ""


def _check_slas(ruleset: Ruleset, sections: Sections, reader: Reader) -> None:
    for name, sla in ruleset.slas.items():
        node = _entry(sections, "slas", name)
        reader.where = f"SLA {name}"
        kinds = dict(sla.commitments)
        for kind, commitment in sla.commitments:
            place = node.get(kind) or node
            near = did_you_mean(kind, ClockKind) if kind not in set(ClockKind) else ""
            if near:
                reader.warn(place, f'the clock "{kind}" is one of your own', near)
            promise = commitment.promise
            if promise.after and (
                promise.after not in kinds or promise.after == kind or kinds[promise.after].promise.after
            ):
                reader.error(place, f'"after {promise.after}" needs a clock of this SLA that counts from receipt',
                             did_you_mean(promise.after, kinds))  # fmt: skip
            try:
                due(promise.span, SAMPLE, ruleset.calendars)
            except Refused as refused:
                if "there is no calendar" not in str(refused):
                    reader.error(place, str(refused))
        if "acknowledge" not in kinds:
            reader.warn(node, "nothing says by when it is acknowledged", "add acknowledge: 24 hours")
    reader.where = ""


def _check_ladders(ruleset: Ruleset, sections: Sections, reader: Reader) -> None:
    for name, steps in ruleset.escalation.items():
        sla = ruleset.slas.get(name)
        node = _entry(sections, "escalation", name)
        if sla is None or not steps:
            continue
        reader.where = f"escalation {name}"
        kinds = dict(sla.commitments)
        for step, place in zip(steps, node.items or (node,), strict=False):
            if step.of and step.of not in kinds:
                reader.error(
                    place.get("of") or place, f'SLA {name} has no clock "{step.of}"', did_you_mean(step.of, kinds)
                )
            if not step.notify and not step.escalate_to:
                reader.error(place, "this step tells nobody", "add notify: or escalate_to:")
        for kind in sorted({step.of for step in steps}):
            last = max(step.at for step in steps if step.of in {kind, ""})
            if last[0] < 100:
                clock = f"the clock {kind}" if kind else "a clock"
                reader.warn(node, f"{clock} runs longer than its escalation: the last step is at {last[0]:g}%",
                            "add a step at 100% for when the deadline is missed")  # fmt: skip
    reader.where = ""


def _check_rules(ruleset: Ruleset, sections: Sections, reader: Reader) -> None:
    nodes = {str(name.value): node for node in _items(sections, "rules") if (name := node.get("id")) is not None}
    hidden = shadowed(ruleset)
    for rule in ruleset.rules:
        node = nodes[rule.id]
        reader.where = f"rule {rule.id}"
        when = node.get("when") or node
        found = verdict(rule.when, rule.phase, ruleset.risk_levels)
        if rule.active_from and rule.active_until and rule.active_until < rule.active_from:
            reader.error(node.get("active") or node, "this rule can never match: it ends before it begins")
        elif found is False:
            early = "the category, risk, team and tags are only decided after the classify phase"
            reader.error(when, "this rule can never match",
                         early if rule.phase == "classify" else "its conditions contradict one another")  # fmt: skip
        elif found is True:
            reader.warn(
                when, "this rule always matches", "is that meant? then put it into the category or the settings"
            )
        other = hidden.get(rule.id)
        if other is not None:
            reader.warn(node.get("id") or node, f"rule {other.id} (line {other.line}) matches whenever this does and leaves "
                        "it nothing to do", "remove it, give it a priority, or make the other one narrower")  # fmt: skip
        _check_then(rule, node.get("then"), ruleset, reader)
    reader.where = ""
    tags = {str(tag.value) for node in nodes.values() if (then := node.get("then")) and (given := then.get("tag"))
            for tag in (given.items or (given,))}  # fmt: skip
    for tag, node in reader.tags_asked:
        if tag not in tags and not reader.failed:
            reader.warn(node, f'no rule gives the tag "{tag}"', did_you_mean(tag, tags))


def _check_then(rule: Rule, then: Node | None, ruleset: Ruleset, reader: Reader) -> None:
    category = then.get("category") if then else None
    found = ruleset.categories.get(str(category.value)) if category else None
    if category is not None and found is not None and found.renamed_to:
        reader.error(category, f'category "{found.name}" was removed', f'write "{found.renamed_to}", its new name')
    skill = then.get("assign_to_skill") if then else None
    if skill is None or skill.value == "language" or reader.failed:
        return
    routed = then.get("route_to") if then else None
    where = {str(routed.value)} if routed else teams_of(rule.when, ruleset)
    teams = [team for name, team in ruleset.teams.items() if not where or name in where]
    skills = {name for team in teams for name, _ in team.skills}
    if teams and skill.value not in skills:
        who = f"nobody of {' or '.join(team.name for team in teams)}" if where else "nobody"
        others = [team.name for team in ruleset.teams.values() if skill.value in dict(team.skills)]
        meant = f"{' and '.join(others)} would have them" if others else did_you_mean(str(skill.value), skills)
        reader.warn(skill, f'{who} has the skill "{skill.value}"', meant)


def _check_tests(ruleset: Ruleset, sections: Sections, reader: Reader) -> None:
    for node in _items(sections, "tests"):
        expect, given = node.get("expect"), node.get("given")
        team = expect.get("team") if expect else None
        known = (*reader.names.get("teams", ()), *reader.names.get("people", ()))  # those with mistakes too
        if team is not None and str(team.value) not in known:
            reader.error(team, f'unknown team "{team.value}"', did_you_mean(str(team.value), known))
        model = given.get("model") if given else None
        classes = {one for name, model in reader.model_classes.items() for one in (name, *model)}  # with mistakes too
        for name, _ in model.pairs if model else ():
            if str(name.value) not in classes:
                reader.error(name, f'unknown category "{name.value}"', did_you_mean(str(name.value), classes))


def _check_languages(ruleset: Ruleset, sections: Sections, reader: Reader) -> None:
    wanted = ruleset.settings.languages
    for name, template in ruleset.templates.items():
        missing = [language for language in wanted if language not in dict(template.wordings)]
        if missing:
            reader.warn(_key(sections, "templates", name), f"template {name} has no wording in {', '.join(missing)}",
                        "people who write in it are answered in the first language given")  # fmt: skip
    for name, category in ruleset.categories.items():
        missing = [language for language in wanted if category.label and language not in dict(category.label)]
        if missing and "" not in dict(category.label):
            reader.warn(_entry(sections, "categories", name).get("label") or _key(sections, "categories", name),
                        f"category {name} has no label in {', '.join(missing)}", "add it to label:")  # fmt: skip


def _check_names_in_lists(ruleset: Ruleset, sections: Sections, reader: Reader) -> None:
    """A word that is a colleague's name would match every mail they sign; staff are known by their addresses."""
    names = {fold(part) for address in ruleset.staff for part in _name_parts(address)}
    for key, value in _pairs(sections, "lists"):
        reader.where = f"list {key.value}"
        for node in _words(value):
            words = words_of(str(node.value))
            if len(words) == 1 and not str(node.value).startswith("re:"):
                reader.ask("word", node)
                if fold(words[0]) in names:
                    reader.warn(node, f'"{node.value}" is also the name of a colleague', "use a phrase around it")
    reader.where = ""


def _name_parts(address: str) -> Iterable[str]:
    parts = address.partition("@")[0].replace("_", ".").replace("-", ".").split(".")
    return parts if len(parts) > 1 else ()


def _words(node: Node) -> Iterable[Node]:
    if node.kind == "map":
        for _, value in node.pairs:
            yield from _words(value)
    else:
        yield from node.items or (node,)


def _check_unused(sections: Sections, reader: Reader) -> None:
    for section in ("lists", "conditions", "checklists", "templates", "slas", "calendars", "teams"):
        for name, node in reader.names.get(section, {}).items():
            if name not in reader.used[section] and not (section == "templates" and name in MAILS | NOTICES):
                reader.warn(node, f'{NAMED[section]} "{name}" is used nowhere', "remove it, or use it in a rule")


def _items(sections: Sections, section: str) -> tuple[Node, ...]:
    return sections[section].items if section in sections else ()


def _pairs(sections: Sections, section: str) -> tuple[tuple[Node, Node], ...]:
    return sections[section].pairs if section in sections else ()
