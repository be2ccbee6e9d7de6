"""What a person sees in the terminal: what runs, where to look, what to try. On stderr; stdout is for machines."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from gateway.serve.home import Prepared
from gateway.settings import Everything


class Screen:
    """The terminal of whoever started `heed serve`."""

    def __init__(self, settings: Everything) -> None:
        self._settings = settings
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, name: str, words: str) -> None:
        """One line about one process."""
        self._console.print(f"[dim]{datetime.now().astimezone():%H:%M:%S}[/dim] {name}: {words}")

    def welcome(self, facts: dict[str, Any], prepared: Prepared) -> None:
        """Shown once everything answers."""
        settings, home = self._settings, self._settings.home
        table = Table.grid(padding=(0, 2))
        table.add_row("Mail door", f"[bold]{facts['smtp']}[/bold] takes mail for {settings.organisation.hr_address}")
        if settings.imap.mailboxes:
            table.add_row("Mailboxes", f"{', '.join(settings.imap.mailboxes)} (`heed doctor` tells when each was read)")
        table.add_row("Public site", f"[bold]http://{facts['web']}[/bold]")
        table.add_row("Console", f"[bold]http://{facts['console']}[/bold] for staff")
        out = settings.outgoing.relay or f"{home / 'outgoing'} (a Maildir; no mail relay is configured)"
        table.add_row("Outgoing mail", out)
        table.add_row("Rules", f"{home / 'rules.yaml'}, version {prepared.ruleset}")
        table.add_row("Home", str(home))
        self._console.print(Panel(table, title="Heed is running", border_style="green", expand=False))
        if prepared.first_person:
            who = prepared.first_person
            self._console.print(
                f"First person: [bold]{who.address}[/bold], password [bold]{who.password}[/bold]\n"
                "[yellow]It is shown this once and kept nowhere. Write it down.[/yellow]\n"
            )
        if prepared.rules_differ:
            self._console.print(
                "[yellow]rules.yaml differs from the published version; `heed rules publish` puts it in force.[/yellow]\n"
            )
        self._console.print("[bold]Try it[/bold], in another terminal:\n")
        self._console.print(self._test_mail(str(facts["smtp"])), markup=False)
        self._console.print("\nA second later:\n", markup=False)
        self._console.print(f"  {_heed()} cases list --home {home}", markup=False)
        if not settings.outgoing.relay:
            self._console.print(f"  cat {home}/outgoing/new/*        (the acknowledgement)", markup=False)
        self._console.print("\nCtrl-C ends it.", markup=False)

    def _test_mail(self, door: str) -> str:
        return (
            f"  {_heed()} testmail --home {self._settings.home} --smtp {door} "
            '--subject "My payslip" "My overtime from last month is missing."'
        )


def _heed() -> str:
    """How this very command was called, as short as it can be typed from here."""
    command = Path(sys.argv[0])
    return str(command.relative_to(Path.cwd())) if command.is_relative_to(Path.cwd()) else str(command)
