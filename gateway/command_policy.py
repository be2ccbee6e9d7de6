"""Who may use which command, each named once; the suite fails for one that is not. Policy of pages is declared at each route."""

from enum import StrEnum


class Needs(StrEnum):
    """What a command asks of whoever runs it."""

    NOTHING = "nothing"
    """Touches no home: files and texts given to it."""
    HOME = "home"
    """The home folder, which is its owner's alone (mode 0700): settings, rules, people, metadata; no words of anybody."""
    PERSON = "person"
    """Beside the home, for content: a member of staff's password, then the same policy as in the console; audited."""
    PROCESS = "process"
    """Runs one of our processes, with that process's keys and settings."""
    RECOVERY_KEY = "recovery key"
    """The offline recovery key, typed in."""


POLICY: dict[Needs, frozenset[str]] = {
    Needs.NOTHING: frozenset({"parse", "rules docs", "rules schema", "rules dates"}),
    Needs.PROCESS: frozenset({"serve", "smtp", "imap", "web", "console", "relay", "worker"}),
    Needs.PERSON: frozenset({
        "cases show", "cases export", "rules explain", "rules try",
        "subject open", "subject list", "subject search", "subject show", "subject read", "subject decide", "subject package",
        "subject close",
    }),
    Needs.RECOVERY_KEY: frozenset({"keys recover"}),
    Needs.HOME: frozenset({
        "imap refetch", "decide", "ingest", "cases list", "held list", "held retry", "held show", "testmail",
        "audit verify", "audit anchor", "audit key", "audit show", "retention list", "retention run", "backup", "restore",
        "staff add", "staff deactivate", "staff language", "staff list", "staff reactivate", "staff reset", "staff roles",
        "staff training", "keys forget", "keys list", "keys recovery", "keys rewrap", "keys rotate",
        "directory import", "directory status",
        "rules check", "rules diff", "rules history", "rules proposed", "rules publish", "rules rollback", "rules test",
        "classifier evaluate", "classifier predict", "classifier rollback", "classifier train",
        "settings", "doctor", "api-token add", "api-token list", "api-token revoke", "outbox list", "outbox retry",
        "mail preview",
    }),
}  # fmt: skip
