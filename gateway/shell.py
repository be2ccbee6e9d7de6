"""The `heed` command: a table of names, each loaded from its room only when called."""

import os
import sys
from importlib import import_module
from importlib.metadata import packages_distributions

import click

from gateway.options import FriendlyGroup

COMMANDS = {
    "serve": "gateway.serve.commands:serve",
    "smtp": "gateway.channels.commands:smtp",
    "imap": "gateway.channels.commands:imap",
    "web": "webforms.commands:web",
    "console": "console.commands:console",
    "api-token": "webforms.api.commands:api_token",
    "relay": "worker.commands:relay",
    "worker": "worker.commands:worker",
    "parse": "gateway.normalizer.commands:parse",
    "decide": "gateway.commands:decide",
    "ingest": "gateway.commands:ingest",
    "cases": "cases.commands:cases",
    "held": "gateway.commands:held",
    "outbox": "worker.outbox_commands:outbox",
    "mail": "worker.mail.commands:mail",
    "testmail": "gateway.commands:testmail",
    "audit": "cases.audit.commands:audit",
    "subject": "cases.subjects.commands:subject",
    "retention": "cases.retention.commands:retention",
    "backup": "cases.backup.commands:backup",
    "restore": "cases.backup.commands:restore",
    "staff": "cases.access.commands:staff",
    "keys": "cases.keys.commands:keys",
    "directory": "cases.directory.commands:directory",
    "rules": "rules.commands:rules",
    "classifier": "classifier.commands:classifier",
    "settings": "gateway.commands:settings",
    "doctor": "gateway.commands:doctor",
}

PACKAGES = ("cases", "classifier", "rules", "gateway", "webforms", "console", "worker")
DISTRIBUTION = "heed-gateway"


class Shell(FriendlyGroup):
    """Loads a command when it is called, so that `heed parse` never pays for the classifier."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Every command, in the table's order."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The command behind a name, or None."""
        target = COMMANDS.get(name)
        if target is None:
            return None
        module, _, attribute = target.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=Shell, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=DISTRIBUTION, prog_name="heed")
def main() -> None:
    """Heed: a self-hosted HR intake gateway."""
    os.umask(0o077)  # whatever any of our processes writes is for its owner alone


def refuse_foreign_packages() -> None:
    """Exit with a sentence when another distribution owns one of our package names: imports would mix."""
    owners = packages_distributions()
    for package in PACKAGES:
        strangers = [name for name in owners.get(package, []) if name != DISTRIBUTION]
        if strangers:
            sys.exit(
                f"heed: the distribution {strangers[0]} also installs a package named “{package}”; remove it first."
            )


if __name__ == "__main__":
    main(prog_name="heed")
