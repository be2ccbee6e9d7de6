"""Every role before every route, with cases that are theirs, their team's, foreign, kept from them, sealed and erased."""

import re
from dataclasses import dataclass

import pytest
from heedtest.offices import Browser, Office

from cases.access.policy import WORKS_ON_CASES, Relation, may_see
from cases.model.words import Access
from cases.store import people, tables
from cases.store.engine import reading, writing
from cases.store.sight import visible_to
from console.policy import policy_of

NO_SUCH = "HR-0000-0000"
MARK = "Marzipan-7"
KINDS = ("own", "team", "foreign", "excluded", "sealed", "erased")
ME = "pia@acme.example"
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')


@dataclass
class Cases:
    """One case of each kind, as one person sees it who is to be given a role; `team` is theirs."""

    office: Office
    references: dict[str, str]
    team: str

    def as_role(self, role: str) -> Browser:
        with writing(self.office.desk.record) as connection:
            mine = tables.person.update().where(tables.person.c.address == ME)
            connection.execute(mine.values(roles=role))
        return self.office.sign_in(ME)


@pytest.fixture
def cases(office: Office) -> Cases:
    team = next(name for name, members in office.viewer(ME).teams.items() if ME in members)
    found = {
        kind: office.mail(f"{kind}@acme.example", f"{MARK} {kind}", f"{MARK} of {kind}", ("plan.html", MARK.encode()))
        for kind in KINDS
        if kind != "sealed"
    }
    found["sealed"], _ = office.anonymous(f"{MARK} of sealed", ("plan.html", MARK.encode()))
    changes: dict[str, dict[str, object]] = {
        "own": {"owner": ME, "team": team},
        "team": {"owner": "", "team": team},
        "foreign": {"owner": "omar@acme.example", "team": "elsewhere", "access": "restricted"},
        "excluded": {"owner": ME, "team": team},
        "sealed": {"owner": ME, "team": team},
        "erased": {"owner": "", "team": "elsewhere"},
    }
    with writing(office.desk.record) as connection:
        for kind, values in changes.items():
            row = tables.case.update().where(tables.case.c.reference == found[kind])
            connection.execute(row.values(backup="", **values))
        excluded = office.row(found["excluded"]).id
        connection.execute(tables.exclusion.insert().values(case_id=excluded, person=ME, reason="named"))
        gone = office.row(found["erased"]).id
        connection.execute(tables.wrap.delete().where(tables.wrap.c.case_id == gone))
        connection.execute(
            tables.message.update().where(tables.message.c.case_id == gone).values(content=None, raw=None)
        )
    return Cases(office, found, team)


def allowed(cases: Cases, role: str, kind: str) -> bool:
    """What the policy says, from what was set up: the pages must say the same."""
    relation = Relation(
        address=ME,
        roles=frozenset({role}),
        in_team=kind in {"own", "team", "excluded", "sealed"},
        is_named=kind in {"own", "excluded", "sealed"},
        is_excluded=kind == "excluded",
        holds_wrap=False,
    )
    return may_see(relation, Access(cases.office.row(cases.references[kind]).access))


@pytest.mark.parametrize("role", people.ROLES)
def test_what_one_may_not_see_does_not_exist(cases: Cases, role: str) -> None:
    """Lists, counts, search, files, acts: the same answer as for a reference that nobody ever had."""
    browser, office = cases.as_role(role), cases.office
    token = browser.token()
    hidden = [kind for kind in KINDS if not allowed(cases, role, kind)]
    assert {"excluded", "sealed"} <= set(hidden)
    listed = "".join(browser.get(path).text for path in ("/", "/cases", "/cases?view=mine", "/cases?view=all", "/held"))
    for kind in KINDS:
        reference = cases.references[kind]
        assert (reference in listed) is (kind not in hidden and bool({role} & WORKS_ON_CASES)), (role, kind)
    for rule in office.app.url_map.iter_rules():
        if "<reference>" not in rule.rule:
            continue
        for kind in hidden:
            _same_as_none(browser, token, rule.rule, rule.methods or set(), cases.references[kind])
    with reading(office.desk.record) as connection:
        viewer = office.viewer(ME)
        seen = set(connection.execute(tables.case.select().where(visible_to(viewer))).scalars())
    ids = {office.row(cases.references[kind]).id for kind in hidden}
    assert not seen & ids
    for kind in hidden:
        assert "case.read" not in [verb for verb, actor, _ in office.events(cases.references[kind]) if actor == ME]


def _same_as_none(browser: Browser, token: str, rule: str, methods: set[str], reference: str) -> None:
    for method in sorted(methods & {"GET", "POST"}):
        answers = []
        for one in (reference, NO_SUCH):
            path = re.sub(r"<[^>]+>", "1", rule.replace("<reference>", one))
            answer = browser.get(path) if method == "GET" else browser.client.post(path, data={"csrf_token": token})
            said = TOKEN.sub("", answer.text.replace(one, ""))
            answers.append((answer.status_code, said, answer.headers.get("Location")))
        assert answers[0] == answers[1], (rule, method)
        assert answers[0][0] == 404, (rule, method)
        assert MARK not in answers[0][1]


@pytest.mark.parametrize("role", people.ROLES)
def test_a_page_opens_for_whom_its_duty_says_and_for_nobody_else(office: Office, role: str) -> None:
    from cases.access.policy import has_duty

    with writing(office.desk.record) as connection:
        mine = tables.person.update().where(tables.person.c.address == ME)
        connection.execute(mine.values(roles=role))
    browser = office.sign_in(ME)
    for rule in office.app.url_map.iter_rules():
        policy = policy_of(office.app, rule.endpoint)
        if policy is None or policy.duty is None or "<" in rule.rule or "GET" not in (rule.methods or set()):
            continue
        expected = has_duty(frozenset({role}), policy.duty)
        assert (browser.get(rule.rule).status_code != 404) is expected, (role, rule.rule)


def test_who_works_on_the_case_reads_it_and_its_files(cases: Cases) -> None:
    """The matrix can fail: what one may see is there."""
    browser = cases.as_role("handler")
    for kind in ("own", "team"):
        reference = cases.references[kind]
        assert f"{MARK} of {kind}" in browser.case(reference)
        assert browser.get(f"/cases/{reference}/files/1/0").data == MARK.encode()
