"""Taking a case out of Heed as a package that proves itself; which classes of data stay behind is chosen first."""

from flask import Flask, Response, g, render_template, request

from cases.access.policy import Action
from cases.exporting.case import Request, export
from cases.privacy.classes import DataClass
from cases.store.engine import writing
from cases.store.files import DatabasePieces
from console import policy
from console.headers import DOWNLOAD_POLICY
from console.rooms import Room, vault, viewer
from gateway.message_files import files_in


def add_to(app: Flask, room: Room) -> None:
    """The page that asks, and the package."""

    @app.get("/cases/<reference>/export")
    @policy.allowed(policy.on_case(Action.EXPORT))
    def choose_export(reference: str) -> str:
        return render_template("case/export.html", reference=g.reference, classes=CLASSES)

    @app.post("/cases/<reference>/export")
    @policy.allowed(policy.on_case(Action.EXPORT))
    def export_case(reference: str) -> Response:
        desk = room.desk
        chosen = frozenset(one for one in DataClass if one.value in request.form.getlist("without"))
        asked = Request(g.reference, viewer(), vault(), desk.service, desk.now(), chosen)
        with writing(desk.record) as connection:
            package = export(connection, asked, DatabasePieces(desk.record), files_in)
        return packed(package, f"{g.reference}.zip")


def packed(content: bytes, name: str) -> Response:
    """A package to download."""
    response = Response(content, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    return response


CLASSES = {
    DataClass.MEDICAL: "Health: sentences about illness, pregnancy, disability",
    DataClass.PAY: "Pay: amounts of money, salaries",
    DataClass.IDENTIFIERS: "Numbers that identify: bank accounts, cards, national numbers, dates of birth",
    DataClass.CONTACT: "Contact: mail addresses, telephone numbers",
}
"""The classes in words."""
