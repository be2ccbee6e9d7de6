"""Files that came with a message: always downloaded, never shown; one of an anonymous report only on a second click."""

from urllib.parse import quote

from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from cases.access.policy import Action
from cases.model.submission import Attachment
from cases.model.words import Channel
from cases.store.dossier import open_raw
from cases.store.engine import writing
from console import policy
from console.headers import DOWNLOAD_POLICY
from console.rooms import Room, vault, viewer
from gateway.inbox.envelope import Delivery
from gateway.reading import read_delivery


def add_to(app: Flask, room: Room) -> None:
    """The download, and the page that asks first."""

    @app.get("/cases/<reference>/files/<int:number>/<int:index>")
    @policy.allowed(policy.on_case(Action.READ))
    def file(reference: str, number: int, index: int) -> AnyResponse:
        desk = room.desk
        with writing(desk.record) as connection:
            message = open_raw(connection, g.reference, number, viewer(), vault(), desk.service, now=desk.now())
        channel = Channel(message.channel)
        if channel is Channel.ANONYMOUS and request.args.get("as_sent") != "yes":
            return Response(render_template("as_sent.html", reference=g.reference, path=request.path))
        found = read_delivery(Delivery(channel, message.raw), now=message.at).attachments
        if index >= len(found):
            raise NotFound
        return _download(found[index])


def _download(attachment: Attachment) -> AnyResponse:
    """As bytes of no kind, under a plain name, in a sandbox."""
    name = attachment.filename or "file"
    plain = "".join(one if one.isascii() and (one.isalnum() or one in " .-_()") else "_" for one in name) or "file"
    response = Response(attachment.content, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    return response
