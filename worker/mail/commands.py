"""`heed mail preview`: how a mail of ours reads, before anybody gets it."""

from pathlib import Path

import click

from gateway.options import FriendlyGroup, home_option, json_option, print_json


@click.group(cls=FriendlyGroup)
def mail() -> None:
    """The mails that Heed sends."""


@mail.command("preview")
@click.argument("template", default="")
@click.option("--category", default="", help="About a case of this category; with `acknowledge`, in its own wording.")
@click.option("--language", default="en", show_default=True, help="en, de, fr or es.")
@click.option("--risk", default="", help="The case's risk; the category's own when left out.")
@click.option("--html", "html_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the HTML part there.")
@home_option
@json_option
def mail_preview(
    template: str, category: str, language: str, risk: str, html_file: Path | None, home: Path, as_json: bool
) -> None:
    """Print the mail TEMPLATE, composed as it is sent, in the published rules' words, about a made-up case.

    Without TEMPLATE every mail is printed, one after another: notices to staff begin with notice_.
    """
    from datetime import UTC, datetime

    from cases.errors import Refused
    from cases.store.engine import open_database, reading
    from cases.store.rulesets import published
    from gateway.settings import WorkerSlice, load, must_exist
    from rules import load as load_rules
    from worker.mail.compose import sender_of
    from worker.mail.preview import Wanted, known_mails, preview

    if html_file is not None and not template:
        raise click.UsageError("--html writes one mail: name its TEMPLATE")
    settings = load(WorkerSlice, must_exist(home))
    with reading(open_database(settings.record_url, schema="heed_record")) as connection:
        text = published(connection)
    if text is None:
        raise Refused("no ruleset is published yet; `heed rules publish` puts one in force")
    ruleset, sender = load_rules(text), sender_of(settings)
    for name in [template] if template else known_mails(ruleset):
        wanted = Wanted(name, language, category, risk)
        made = preview(wanted, ruleset, sender, settings.console.address, datetime.now(UTC))
        if html_file is not None:
            try:
                html_file.write_text(made.html, encoding="utf-8")
            except OSError as error:
                raise Refused(f"{html_file} cannot be written: {error.strerror}") from error
        if as_json:
            print_json({"template": name, "subject": made.subject, "text": made.text, "html": made.html})
            continue
        click.echo("" if template else f"=== {name}\n", nl=False)
        click.echo(f"Subject: {made.subject}\n\n{made.text}" + ("" if template else "\n"), nl=False)
