"""Files that came with a message: always downloaded, never shown; one of an anonymous report that could not be cleaned only on a
second click.
"""

from collections.abc import Iterable

from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from cases.access.policy import Action
from cases.model.words import Channel
from cases.store.attachments import open_attachment
from cases.store.engine import writing
from cases.store.files import DatabasePieces
from console import policy
from console.headers import DOWNLOAD_POLICY
from console.rooms import Room, vault, viewer
from gateway.downloads import download_as
from gateway.message_files import files_in


def add_to(app: Flask, room: Room) -> None:
    """The download, and the page that asks first."""

    @app.get("/cases/<reference>/files/<int:number>/<int:index>")
    @policy.allowed(policy.on_case(Action.READ))
    def file(reference: str, number: int, index: int) -> AnyResponse:
        desk = room.desk
        with writing(desk.record) as connection:
            found = open_attachment(
                connection,
                g.reference,
                number,
                index,
                viewer=viewer(),
                vault=vault(),
                service=desk.service,
                now=desk.now(),
                pieces=DatabasePieces(desk.record),
            )
        channel = Channel(found.channel)
        if channel is Channel.ANONYMOUS and not found.cleaned and request.args.get("as_sent") != "yes":
            return Response(render_template("as_sent.html", reference=g.reference, path=request.path))
        if found.file is not None:
            return download(found.name, found.file.parts, found.file.size)
        read = files_in(channel, found.raw or b"", found.at).get(found.sha256)
        if read is None:
            raise NotFound
        return download(found.name, [read.content], read.size)


def download(filename: str, parts: Iterable[bytes], size: int) -> AnyResponse:
    """As bytes of no kind, under a plain name, in a sandbox."""
    response = Response(parts, mimetype="application/octet-stream")
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Disposition"] = download_as(filename)
    response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    return response
