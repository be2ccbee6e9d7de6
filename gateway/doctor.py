"""What `heed doctor` looks at: keys, databases, backups, rules, engine, queue, held mail, blocked effects."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cases.errors import HeedError
from gateway.settings import Everything, load, must_exist
from gateway.settings.doors import on_loopback

if TYPE_CHECKING:
    from gateway.inbox.mailboxes import MailboxState
    from rules.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `green`, `yellow` (good to know) or `red` (needs a person)."""

    check: str
    state: str
    words: str


def examine(home: Path) -> Iterator[Finding]:
    """Every finding, in a fixed order; a check that cannot be made is red, and the rest goes on."""
    settings = load(Everything, must_exist(home))
    for check in (_keys, _engine, _model, _inbox, _mailboxes, _answers, _record, _backup, _rules, _people, _queue):
        try:
            yield from check(settings)
        except HeedError as error:
            yield Finding(check.__name__.strip("_"), "red", str(error))


def _keys(settings: Everything) -> Iterator[Finding]:
    from cases.keys.files import PAIRS, SECRETS, KeyFiles

    files = KeyFiles(settings.keys_folder)
    for name in PAIRS:
        files.pair(name)
        files.public(name)
    for name in SECRETS:
        files.secret(name)
    loose = [path.name for path in settings.keys_folder.iterdir() if path.stat().st_mode & 0o077]
    if loose:
        yield Finding("keys", "red", f"others can read {', '.join(loose)}; chmod 600 them")
    else:
        yield Finding("keys", "green", "all there, readable by their owner only")


def _engine(settings: Everything) -> Iterator[Finding]:
    from rules.engine.installed import available

    if settings.work.engine == "reference":
        yield Finding("engine", "yellow", "the reference evaluator decides, as work.engine says")
    elif available():
        yield Finding("engine", "green", "durable-rules decides, in its guarded child")
    else:
        yield Finding(
            "engine",
            "yellow",
            "the reference evaluator decides: durable-rules needs a C compiler and Python 3.11 or 3.12",
        )


def _model(settings: Everything) -> Iterator[Finding]:
    from classifier.store import current

    current(settings.home)
    yield Finding("model", "green", "loads, and its checksums agree")


def _inbox(settings: Everything) -> Iterator[Finding]:
    from cases.store.engine import open_database, reading
    from gateway.inbox import states

    with reading(open_database(settings.inbox_url, schema="heed_inbox")) as connection:
        counts = states.counts(connection)
    held, new = counts.get("held", 0), counts.get("new", 0)
    yield Finding("inbox", "green", f"{counts.get('triaged', 0)} triaged, {new} waiting")
    if held:
        yield Finding("held", "red", f"{held} held: see `heed held list`, then `heed held retry`")


def _mailboxes(settings: Everything) -> Iterator[Finding]:
    from cases.store.engine import open_database, reading
    from gateway.inbox import mailboxes

    with reading(open_database(settings.inbox_url, schema="heed_inbox")) as connection:
        known = {one.name: one for one in mailboxes.known(connection)}
    for name, configured in settings.imap.mailboxes.items():
        yield _mailbox(name, known.get(name), datetime.now(UTC))
        if name in known and known[name].set_aside:
            count = known[name].set_aside
            words = f"{count} that could not be fetched lie in its folder {configured.held}: see the log, then refetch"
            yield Finding(f"mailbox {name}", "red", words)


def _mailbox(name: str, state: "MailboxState | None", now: datetime) -> Finding:
    from gateway.inbox.mailboxes import RED_AFTER_MINUTES

    if state is None or state.good_at is None:
        words = f"was never read; {state.trouble if state and state.trouble else 'is heed imap running?'}"
        return Finding(f"mailbox {name}", "red", words)
    words = f"last read {state.good_at:%Y-%m-%d %H:%M} UTC" + (f"; {state.trouble}" if state.trouble else "")
    if state.stale(now, RED_AFTER_MINUTES):
        return Finding(f"mailbox {name}", "red", words)
    return Finding(f"mailbox {name}", "yellow" if state.trouble else "green", words)


def _answers(settings: Everything) -> Iterator[Finding]:
    """Whether anything can tell that a colleague's answer by mail is theirs."""
    mail = settings.mail
    if mail.authserv_id or mail.verify != "no":
        return
    if mail.staff_unproven == "send":
        words = "nothing checks who sent a mail, and mail.staff_unproven = send: whoever has a notice can answer as its reader"
    else:
        words = (
            "nothing checks who sent a mail, so that colleagues' answers by mail are kept as notes and not sent: set "
            "mail.authserv_id to the name that your mail server writes into Authentication-Results, or mail.verify"
        )
    yield Finding("answers by mail", "yellow", words)


def _record(settings: Everything) -> Iterator[Finding]:
    from cases.store import outbox, owning, people
    from cases.store.directory import last_import
    from cases.store.engine import open_database, reading

    with reading(open_database(settings.record_url, schema="heed_record")) as connection:
        effects, guarded = outbox.counts(connection), people.guardians_ready(connection)
        waiting, why = outbox.put_back(connection)
        imported, unowned = last_import(connection), owning.unowned(connection, datetime.now(UTC), timedelta(hours=1))
    blocked = effects.get("blocked", 0)
    if blocked:
        yield Finding("effects", "red", f"{blocked} blocked")
    if waiting:
        yield Finding("effects", "yellow", f"{waiting} to be tried again: {why}")
    yield Finding("effects", "green", f"{effects.get('done', 0)} done, {effects.get('pending', 0)} pending")
    yield _guardians(settings, guarded=guarded)
    yield _directory(imported.at if imported else None, settings.organisation.directory_days)
    if unowned:
        yield Finding("owners", "red", f"{len(unowned)} open cases have nobody who looks after them")


def _backup(settings: Everything) -> Iterator[Finding]:
    """Red when the last backup is over a day old, or when there is none of a Heed that people reach from elsewhere."""
    from cases.backup import known
    from cases.store.engine import open_database, reading

    with reading(open_database(settings.record_url, schema="heed_record")) as connection:
        last = known.last(connection)
    if last is None:
        needed = settings.keeping.backup_expected or not on_loopback(settings.web, settings.organisation.public_url)
        yield Finding(
            "backup", "red" if needed else "yellow", "there is none; `heed backup FOLDER` once a day makes them"
        )
    elif datetime.now(UTC) - last > timedelta(days=1, hours=1):
        yield Finding(
            "backup", "red", f"the last one is of {last:%Y-%m-%d %H:%M} UTC, over a day old; `heed backup FOLDER`"
        )
    else:
        yield Finding("backup", "green", f"last made {last:%Y-%m-%d %H:%M} UTC")


def _rules(settings: Everything) -> Iterator[Finding]:
    from cases.store.engine import open_database
    from gateway.rulesets.around import circumstances
    from gateway.rulesets.files import State, look_at
    from gateway.versions import StoredVersions
    from rules import load as load_rules
    from rules.language.problems import RulesetInvalid

    record = open_database(settings.record_url, schema="heed_record")
    versions = StoredVersions(record)
    current = versions.current()
    if current is None:
        yield Finding("rules", "red", "no ruleset is published: start `heed serve` once")
        return
    try:
        load_rules(current.text)
    except RulesetInvalid as error:
        words = f"version {current.hash} was published, and this release cannot load it: {error.problems[0].message}"
        yield Finding("rules", "red", f"{words}; workers keep the one before. Publish a mended one")
        return
    yield Finding("rules", "green", f"version {current.hash} is in force")
    found = look_at(settings.home / "rules.yaml", versions, circumstances(record, datetime.now(UTC)))
    if found.state is not State.IN_FORCE:
        yield Finding("rules", "yellow", found.words)


def _people(settings: Everything) -> Iterator[Finding]:
    from cases.store.engine import open_database
    from gateway.versions import StoredVersions
    from rules import load as load_rules
    from rules.language.problems import RulesetInvalid

    current = StoredVersions(open_database(settings.record_url, schema="heed_record")).current()
    try:
        unknown = _nobody_signs_in_with(settings, load_rules(current.text)) if current else []
    except RulesetInvalid:
        return  # said by the rules' own check
    if unknown:
        words = (
            f"nobody signs in with {', '.join(unknown)}, whom the ruleset names: `heed staff add`, or mend the address"
        )
        yield Finding("people", "yellow", words)


def _nobody_signs_in_with(settings: Everything, ruleset: "Ruleset") -> list[str]:
    """Addresses of the ruleset's teams and people that are no colleague's, nor an alias of one; quiet before anybody is."""
    from cases.store import people
    from cases.store.directory import DirectoryKeeper
    from cases.store.engine import open_database, reading

    with reading(open_database(settings.record_url, schema="heed_record")) as connection:
        staff = people.everyone(connection)
        world = DirectoryKeeper().look(connection, staff, datetime.now(UTC))
    known = set(world.staff)
    for one in world.staff:
        person = world.directory.find(one)
        known |= {address.casefold() for address in (person.address, *person.aliases)} if person else set()
    teams, groups = ruleset.teams.values(), ruleset.people.values()
    named = [one for team in teams for one in (*team.members, team.backup, team.lead)]
    named += [one for group in groups for one in (*group.members, group.backup)]
    return sorted({one.casefold() for one in named if "@" in one} - known) if staff else []


def _guardians(settings: Everything, *, guarded: bool) -> Finding:
    if guarded:
        return Finding("guardians", "green", "two guardians in different reporting lines hold vault keys")
    outside = not on_loopback(settings.web, settings.organisation.public_url)
    words = (
        "the anonymous form stays shut: it needs two guardians in different reporting lines, neither an administrator; "
        "`heed staff add ADDRESS --role guardian --reports-to MANAGER`"
    )
    if outside:
        return Finding("guardians", "red", words)
    return Finding("guardians", "yellow", f"off this machine {words}")


def _directory(imported_at: datetime | None, most_days: int) -> Finding:
    if imported_at is None:
        words = "nobody is known: rules about grade, country or manager never hold; `heed directory import people.csv`"
        return Finding("directory", "yellow", words)
    days = (datetime.now(UTC) - imported_at).days
    if days >= most_days:
        words = f"imported {days} days ago: who joined, left or moved since is not known; import it anew"
        return Finding("directory", "yellow", words)
    return Finding("directory", "green", f"imported {imported_at:%Y-%m-%d}")


def _queue(settings: Everything) -> Iterator[Finding]:
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        Redis.from_url(settings.redis_url, socket_connect_timeout=2).ping()
    except RedisError as error:
        yield Finding("queue", "yellow", f"Redis does not answer ({type(error).__name__}); is heed serve running?")
    else:
        yield Finding("queue", "green", "Redis answers")
