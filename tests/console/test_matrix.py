"""Every role before every route, with cases that are theirs, their team's, foreign, kept from them, sealed and erased."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from heedtest.clockwork import Clockwork
from heedtest.offices import Browser, Office, open_office
from sqlalchemy import event

from cases.access.policy import WORKS_ON_CASES, Duty, Relation, has_duty, may, may_see
from cases.model.words import ROLES, Access
from cases.retention.erasing import erase
from cases.store import tables
from cases.store.engine import reading, writing
from cases.store.queue import View
from cases.store.sight import visible_to
from console.policy import policy_of

RULES = (Path(__file__).parent / "rules.yaml").read_text(encoding="utf-8")

NO_SUCH = "HR-0000-0000"
MARK = "Marzipan-7"
WAYS = (
    ("GET", "/cases/<reference>"),
    ("GET", "/cases/<reference>/files/1/0"),
    ("POST", "/cases/<reference>/export"),
    ("GET", "/cases/<reference>/identity"),
)
"""Where the work that is done is counted."""
KINDS = ("own", "team", "foreign", "excluded", "sealed", "erased")
ME = "pia@acme.example"
TOKEN = re.compile(r'name="(?:csrf_token|once)" value="[^"]*"')


@dataclass
class Cases:
    """One case of each kind, as one person sees it who is to be given a role; `team` is theirs."""

    office: Office
    references: dict[str, str]
    team: str
    browser: Browser
    token: str
    none: dict[tuple[str, str], tuple[int, str, str | None]] = field(default_factory=dict)

    def as_role(self, role: str) -> Browser:
        """The same person at the same browser, with one role: it counts from the next request."""
        with writing(self.office.desk.record) as connection:
            mine = tables.person.update().where(tables.person.c.address == ME)
            connection.execute(mine.values(roles=role))
        self.none.clear()
        return self.browser

    def answer(self, method: str, rule: str, reference: str) -> tuple[int, str, str | None]:
        """What a route says about a case, without what differs on every page."""
        path = re.sub(r"<[^>]+>", "1", rule.replace("<reference>", reference))
        client = self.browser.client
        answer = client.get(path) if method == "GET" else client.post(path, data={"csrf_token": self.token})
        return answer.status_code, TOKEN.sub("", answer.text.replace(reference, "")), answer.headers.get("Location")

    def of_none(self, method: str, rule: str) -> tuple[int, str, str | None]:
        """What it says about a reference that nobody ever had."""
        if (method, rule) not in self.none:
            self.none[method, rule] = self.answer(method, rule, NO_SUCH)
        return self.none[method, rule]


def set_up(office: Office) -> tuple[dict[str, str], str]:
    """One case of each kind, and the team that is mine."""
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
        connection.execute(exclusion(office, found["excluded"]))
        closed = tables.case.update().where(tables.case.c.reference == found["erased"])
        connection.execute(closed.values(status="closed", closed_at=office.clock[0]))
        erase(connection, office.row(found["erased"]).id, because="retention", by="test", now=office.clock[0])
    return found, team


def exclusion(office: Office, reference: str) -> Any:
    return tables.exclusion.insert().values(case_id=office.row(reference).id, person=ME, reason="named")


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cases]:
    """One office for all roles; nothing here changes a case."""
    home = tmp_path_factory.mktemp("office")
    with open_office(home, RULES) as office:
        references, team = set_up(office)
        browser = office.sign_in(ME)
        yield Cases(office, references, team, browser, browser.token())


def relation(role: str, kind: str) -> Relation:
    """What I am to a case of this kind, as it was set up."""
    return Relation(
        address=ME,
        roles=frozenset({role}),
        in_team=kind in {"own", "team", "excluded", "sealed"},
        is_named=kind in {"own", "excluded", "sealed"},
        is_excluded=kind == "excluded",
        holds_wrap=False,
    )


def access(cases: Cases, kind: str) -> Access:
    return Access(cases.office.row(cases.references[kind]).access)


def hidden(cases: Cases, role: str) -> list[str]:
    """The kinds of case that are not there for a role, by what the policy says: pages, SQL and mails must say the same."""
    return [kind for kind in KINDS if not there(relation(role, kind), kind, access(cases, kind))]


def there(mine: Relation, kind: str, access: Access) -> bool:
    """Whether such a case is there for me: an erased one is for nobody."""
    return kind != "erased" and may_see(mine, access)


@pytest.mark.parametrize("role", ROLES)
def test_what_one_may_not_see_does_not_exist(cases: Cases, role: str) -> None:
    """Pages, files, exports, acts: the same answer as for a reference that nobody ever had; so is an act that is not theirs."""
    cases.as_role(role)
    away = hidden(cases, role)
    assert {"excluded", "sealed", "erased"} <= set(away)
    seen, before = 0, [cases.office.events(cases.references[kind]) for kind in away]
    for rule in cases.office.app.url_map.iter_rules():
        if "<reference>" not in rule.rule:
            continue
        policy = policy_of(cases.office.app, rule.endpoint)
        assert policy is not None
        assert policy.action is not None
        for kind in KINDS:
            reference = cases.references[kind]
            if may(relation(role, kind), access(cases, kind), policy.action):
                if rule.methods and "GET" in rule.methods and rule.rule.count("<") == 1 and kind != "erased":
                    assert cases.answer("GET", rule.rule, reference)[0] == 200, (role, rule.rule, kind)
                    seen += 1
                continue
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                answer = cases.answer(method, rule.rule, reference)
                assert answer == cases.of_none(method, rule.rule), (role, rule.rule, kind)
                assert answer[0] == 404
                assert MARK not in answer[1]
    assert bool(seen) is (role in WORKS_ON_CASES)
    assert [cases.office.events(cases.references[kind]) for kind in away] == before, "it was not even tried"


@pytest.mark.parametrize("role", ROLES)
def test_lists_and_counts_hold_what_one_may_see(cases: Cases, role: str) -> None:
    browser, away = cases.as_role(role), hidden(cases, role)
    listed = "".join(browser.get(path).text for path in ("/", *(f"/cases?view={view}" for view in View), "/held"))
    in_queue = has_duty(frozenset({role}), Duty.QUEUE)
    for kind in KINDS:
        assert (cases.references[kind] in listed) is (kind not in away and in_queue), (role, kind)
    with reading(cases.office.desk.record) as connection:
        viewer = cases.office.viewer(ME)
        seen = set(connection.execute(tables.case.select().where(visible_to(viewer))).scalars())
    assert not seen & {cases.office.row(cases.references[kind]).id for kind in away}


@pytest.mark.parametrize("role", ROLES)
def test_a_case_that_is_kept_away_changes_no_page(cases: Cases, role: str) -> None:
    """No list, count, filter or figure tells that it came: every page is the same before and after, letter by letter."""
    browser, office = cases.as_role(role), cases.office
    before = every_page(browser)
    kept = office.mail(f"{role}@else.example", f"{MARK} payslip", "My overtime is missing on the payslip, urgent")
    came = [kept]
    with writing(office.desk.record) as connection:
        connection.execute(exclusion(office, kept))
        connection.execute(
            tables.case.update().where(tables.case.c.reference == kept).values(owner=ME, team=cases.team)
        )
    if role != "guardian" and not has_duty(
        frozenset({role}), Duty.TRAIL
    ):  # guardians get a key, the trail has references
        came.append(office.anonymous(f"{MARK} again, for {role}")[0])
    after = every_page(browser)
    assert {path for path in after if after[path] != before[path]} <= {"/trail"}, (
        "the trail shows that it was looked at"
    )
    for reference in came:
        row = office.row(reference)
        assert not [path for path, text in after.items() if reference in text or row.id in text], (role, reference)


def every_page(browser: Browser) -> dict[str, str]:
    """Every page that names nothing in its path, and the list by every view and filter."""
    rules = browser.office.app.url_map.iter_rules()
    plain = [
        one.rule for one in rules if "<" not in one.rule and "GET" in (one.methods or ()) and "sign-in" not in one.rule
    ]
    lists = [f"/cases?view={view}" for view in View] + ["/cases?category=payroll", "/cases?status=assigned"]
    return {path: TOKEN.sub("", browser.get(path).text) for path in (*plain, *lists)}


@pytest.mark.parametrize("role", ROLES)
def test_not_there_and_not_yours_take_the_same_work(cases: Cases, role: str) -> None:
    """The same statements, and every function of ours as often, opening of keys included: so nothing to be timed."""
    cases.as_role(role)
    away = [cases.references[kind] for kind in hidden(cases, role)]
    for method, way in WAYS:
        cases.answer(method, way, NO_SUCH)  # what is done once is done
        wanted = work(cases, method, way, NO_SUCH)
        for reference in away:
            assert work(cases, method, way, reference) == wanted, (role, reference, way)


def test_the_work_that_is_counted_differs_where_a_page_is_shown(cases: Cases) -> None:
    """The measure can fail: a case that is there takes more statements, and opens keys."""
    cases.as_role("handler")
    more = work(cases, *WAYS[0], cases.references["own"]) - work(cases, *WAYS[0], NO_SUCH)
    assert any("SELECT" in one for one in more)
    assert any("Opener.unseal" in one for one in more)


def work(cases: Cases, method: str, way: str, reference: str) -> Counter[str]:
    """How often each statement was sent to the record, and each function of ours was called."""
    done: Counter[str] = Counter()
    ours = tuple(f"/{room}/" for room in ("cases", "console", "rules", "gateway"))

    def called(frame: FrameType, kind: str, _argument: object) -> None:
        code = frame.f_code
        if (
            kind == "call"
            and "site-packages" not in code.co_filename
            and any(room in code.co_filename for room in ours)
        ):
            done[f"{code.co_filename}:{code.co_qualname}"] += 1

    def sent(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        done[statement] += 1

    event.listen(cases.office.desk.record, "before_cursor_execute", sent)
    sys.setprofile(called)
    try:
        cases.answer(method, way, reference)
    finally:
        sys.setprofile(None)
        event.remove(cases.office.desk.record, "before_cursor_execute", sent)
    return done


@pytest.mark.parametrize("role", ROLES)
def test_a_page_opens_for_whom_its_duty_says_and_for_nobody_else(cases: Cases, role: str) -> None:
    browser = cases.as_role(role)
    for rule in cases.office.app.url_map.iter_rules():
        policy = policy_of(cases.office.app, rule.endpoint)
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


def test_no_notice_of_what_one_may_not_see(office: Office) -> None:
    """Whatever happens to the cases for weeks: replies, deadlines, ladders, digests. By mail only what they may see is named."""
    references, _ = set_up(office)
    for kind in ("own", "excluded"):
        office.mail(f"{kind}@acme.example", f"Re: [{references[kind]}] {MARK} {kind}", "and one thing more")
    clockwork, named = Clockwork(office.shop), []
    for _ in range(16):
        office.pass_time(hours=21)
        named += [mail for mail in clockwork.run() if mail.to == ME]
    told = {kind for kind in KINDS if any(references[kind] in mail.content.decode() for mail in named)}
    assert "own" in told
    assert not told & set(hidden_from_handler(office, references))


def hidden_from_handler(office: Office, references: dict[str, str]) -> list[str]:
    kept = {kind: Access(office.row(references[kind]).access) for kind in KINDS}
    return [kind for kind in KINDS if not there(relation("handler", kind), kind, kept[kind])]
