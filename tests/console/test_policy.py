"""Who gets where: every route declares its policy, and what is not theirs does not exist, whoever asks and however."""

import re
from itertools import product

import pytest
from flask import Flask
from heedtest.offices import PEOPLE, Browser, Office

from cases.access.policy import DUTIES, Action, Duty, has_duty, may, may_see
from cases.model.words import Access
from cases.store.engine import reading
from cases.store.queue import View, Wanted, count_views, list_cases
from cases.store.sight import find_case
from console.policy import ANYONE, Policy, allowed, enforce, policy_of, undeclared

OPEN_TO_ALL = {"/static/<name>", "/sign-in", "/sign-in/provider", "/sign-in/provider/back"}
BY_ROLE = {
    "/held": Duty.HELD_COUNT,
    "/rules": Duty.RULES,
    "/people": Duty.PEOPLE,
    "/approvals": Duty.APPROVE,
    "/identities": Duty.IDENTITIES,
    "/keys": Duty.KEYS,
    "/asked": Duty.KEYS,
    "/requests": Duty.SUBJECTS,
    "/reviews": Duty.REVIEWS,
    "/trail": Duty.TRAIL,
    "/retention": Duty.TRAIL,
    "/away": Duty.AWAY,
    "/log": Duty.LOG,
    "/cases": Duty.QUEUE,
}


def test_every_route_declares_a_policy(office: Office) -> None:
    assert undeclared(office.app) == []
    found = {rule.rule for rule in office.app.url_map.iter_rules() if policy_of(office.app, rule.endpoint) == ANYONE}
    assert found == OPEN_TO_ALL


def test_a_route_without_one_stops_the_start() -> None:
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/secret", "secret", lambda: "secret")
    with pytest.raises(RuntimeError, match="/secret"):
        enforce(app, None)  # type: ignore[arg-type]


def test_routes_that_name_a_case_declare_an_action(office: Office) -> None:
    for rule in office.app.url_map.iter_rules():
        if "<reference>" in rule.rule:
            policy = policy_of(office.app, rule.endpoint)
            assert policy is not None
            assert policy.action is not None, rule.rule


def test_the_decorator_leaves_the_view_as_it_is() -> None:
    def view() -> str:
        return "here"

    assert allowed(Policy())(view) is view


def test_signed_out_everything_leads_to_the_door(office: Office) -> None:
    browser = office.browser()
    for rule in office.app.url_map.iter_rules():
        if rule.rule in OPEN_TO_ALL:
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        answer = browser.get(path) if "GET" in (rule.methods or ()) else browser.client.post(path)
        assert answer.status_code == 303, path
        assert answer.location == "/sign-in", path


@pytest.mark.parametrize("address", PEOPLE)
def test_pages_by_role(office: Office, address: str) -> None:
    browser = office.sign_in(address)
    for path, duty in BY_ROLE.items():
        wanted = 200 if has_duty(frozenset(PEOPLE[address][1]), duty) else 404
        assert browser.get(path).status_code == wanted, (address, path)


def test_reading_a_list_is_written_down_once_an_hour(office: Office) -> None:
    dora = office.sign_in("dora@acme.example")
    for path in ("/requests", "/requests", "/retention"):
        assert dora.get(path).status_code == 200
    office.pass_time(minutes=10)
    dora.get("/requests")
    office.pass_time(minutes=25)
    dora.get("/requests")
    read = [
        data["list"] for verb, actor, data in office.events() if verb == "list.read" and actor == "dora@acme.example"
    ]
    assert read == ["requests", "retention", "requests"]
    assert office.sign_in("pia@acme.example").get("/requests").status_code == 404
    assert len([1 for verb, _, data in office.events() if verb == "list.read" and data["list"] == "requests"]) == 2


EVERY_CASE = ("own", "team", "foreign", "restricted", "excluded", "sealed")


@pytest.fixture
def scene(office: Office) -> dict[str, str]:
    """One case of each kind, seen from Erin (owner of one, excluded from another) and everybody else."""
    return {
        "own": office.mail(
            "sam@acme.example", "Question", "Where do I park?"
        ),  # frontdesk: fay owns, noor is in the team
        "team": office.mail("kim@acme.example", "My payslip", "The overtime is missing"),  # payroll: pia owns
        "restricted": office.mail("ben@acme.example", "Please help", "They harass me"),  # er: erin owns
        "excluded": office.mail(
            "tom@acme.example", "Please help", "I was bullied, they harass me, Erin does"
        ),  # er: eli
        "sealed": office.anonymous("Something is wrong in the accounts")[0],
    }


SEES = {
    "fay@acme.example": {"own", "sealed"},  # frontdesk's first member owns the sealed one
    "noor@acme.example": {"own", "sealed"},  # its backup
    "pia@acme.example": {"team"},
    "omar@acme.example": {"team"},
    "erin@acme.example": {"restricted"},
    "eli@acme.example": {"restricted", "excluded"},
    "tria@acme.example": {"own", "team"},
    "lena@acme.example": {"own", "team", "restricted", "excluded"},
    "gus@acme.example": {"sealed", "excluded"},  # the guardian stands in where the backup is kept away
    "ada@acme.example": set(),
    "hana@acme.example": set(),
    "aud@acme.example": set(),
    "cus@acme.example": set(),
}


@pytest.mark.parametrize("address", SEES)
def test_who_sees_which_case(office: Office, scene: dict[str, str], address: str) -> None:
    viewer = office.viewer(address)
    with reading(office.desk.record) as connection:
        found = {name for name, ref in scene.items() if find_case(connection, ref, viewer)}
        listed = {line.reference for line in list_cases(connection, viewer, Wanted(), office.clock[0]).lines}
        counted = count_views(connection, viewer, office.clock[0])[View.OPEN]
    holders = {name for name in SEES[address] if name != "sealed" or _holds(office, scene["sealed"], address)}
    assert found == holders
    assert listed == {scene[name] for name in holders}
    assert counted == len(holders)


def _holds(office: Office, reference: str, address: str) -> bool:
    """Whether triage wrapped the sealed case to this person."""
    with reading(office.desk.record) as connection:
        rows = connection.exec_driver_sql(
            "SELECT w.reader FROM wrap w JOIN case_file c ON c.id = w.case_id WHERE c.reference = ?", (reference,)
        ).all()
    return office.ids[address] in {row[0] for row in rows}


def every_way(browser: Browser, reference: str) -> list[tuple[str, int, str]]:
    """What every route that names a case answers, without what differs on every page."""
    data = {"csrf_token": browser.token(), "text": "x", "status": "resolved"}
    answers = []
    for rule in sorted(browser.office.app.url_map.iter_rules(), key=lambda one: one.rule):
        if "<reference>" in rule.rule:
            path = re.sub(r"<[^>]+>", "1", rule.rule.replace("<reference>", reference))
            one = browser.client.post(path, data=data) if "POST" in (rule.methods or ()) else browser.get(path)
            answers.append((rule.rule, one.status_code, re.sub(r'value="[^"]+"', "", one.text)))
    return answers


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("pia@acme.example", "own"),
        ("pia@acme.example", "restricted"),
        ("erin@acme.example", "excluded"),
        ("lena@acme.example", "sealed"),
        ("ada@acme.example", "own"),
        ("hana@acme.example", "team"),
        ("aud@acme.example", "restricted"),
    ],
)
def test_foreign_and_nonexistent_answer_alike_by_every_way(
    office: Office, scene: dict[str, str], address: str, kind: str
) -> None:
    browser = office.sign_in(address)
    before = office.events(scene[kind])
    foreign = every_way(browser, scene[kind])
    assert foreign == every_way(browser, "HR-0000-0000")
    assert {code for _, code, _ in foreign} == {404}
    assert len(foreign) > 20
    assert office.events(scene[kind]) == before


def test_an_excluded_person_finds_no_trace(office: Office, scene: dict[str, str]) -> None:
    browser = office.sign_in("erin@acme.example")
    reference = scene["excluded"]
    pages = [f"/cases?view={view.value}" for view in View] + ["/held", "/log", "/cases?category=harassment"]
    for path in pages:
        assert reference not in browser.get(path).text, path
    listed = browser.get("/cases?category=harassment").text
    assert "1 case" in listed
    assert scene["restricted"] in listed


def test_roles_and_teams_count_as_they_are_now(office: Office, scene: dict[str, str]) -> None:
    browser = office.sign_in("pia@acme.example")
    with office.desk.record.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET active = 0 WHERE address = 'pia@acme.example'")
    assert browser.get(f"/cases/{scene['team']}").location == "/sign-in"


def test_the_condition_in_sql_says_what_the_policy_says(office: Office, scene: dict[str, str]) -> None:
    for address, reference in product(SEES, scene.values()):
        viewer = office.viewer(address)
        with reading(office.desk.record) as connection:
            everybody = office.viewer("lena@acme.example")
            seen = find_case(connection, reference, viewer)
            row = office.row(reference)
            if seen is not None:
                assert may_see(seen.relation, Access(row.access))
            elif row.access != Access.SEALED and (known := find_case(connection, reference, everybody)):
                from cases.store.sight import relation_of

                relation = relation_of(connection, known, viewer.person, viewer.teams)
                assert not may_see(relation, Access(row.access))


def test_no_action_without_sight() -> None:
    from cases.access.policy import Relation

    for access, action, excluded in product(Access, Action, (True, False)):
        stranger = Relation("x", frozenset({"handler", "custodian"}), False, False, excluded, False)
        assert not may(stranger, access, action)
        excluded_lead = Relation("x", frozenset(DUTIES[Duty.QUEUE]), True, True, True, True)
        assert not may(excluded_lead, access, action)
