"""The people of a case: naming a party, opening a respondent's thread, writing to a party in theirs."""

import re

from flask import Flask, g, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from cases.access.policy import Action
from cases.errors import Refused
from cases.handling.hand import Hand
from cases.handling.parties import NewParty, add_party, open_thread, write_to_party
from cases.handling.words import Words
from cases.model.words import PartyRole
from console import policy
from console.forms import ADDRESS
from console.pages.cases.showing import PEOPLE, act, refused
from console.rooms import Room
from console.uploads import MOST_FORM, stored


def add_to(app: Flask, room: Room) -> None:
    """What is done with parties."""

    @app.post("/cases/<reference>/parties")
    @policy.allowed(policy.on_case(Action.PARTY))
    def name_party(reference: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            add_party(connection, g.reference, hand, _new())
            return "The party is named. If they work on cases, this one does not exist for them any more."

        return act(room, "party", PEOPLE, work)

    @app.post("/cases/<reference>/parties/<party>/open")
    @policy.allowed(policy.on_case(Action.OPEN_THREAD))
    def open_party_thread(reference: str, party: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            if request.form.get("sure") != "yes":
                raise Refused("confirm that the respondent is to hear of the case")
            open_thread(connection, g.reference, hand, party)
            return "The thread is open: you can write to them now."

        return act(room, f"p{party}", PEOPLE, work)

    @app.post("/cases/<reference>/parties/<party>/write")
    @policy.allowed(policy.on_case(Action.PARTY, most_bytes=MOST_FORM))
    def write_party(reference: str, party: str) -> Response:
        form = request.form
        try:
            uploads = stored(room, request.files.getlist("files"))
        except Refused as error:
            return refused(room, f"p{party}", PEOPLE, error)
        words = Words(form.get("text", ""), form.get("once", ""), uploads=uploads)

        def work(connection: Connection, hand: Hand) -> str:
            write_to_party(connection, g.reference, hand, party, words)
            return "Your words are on their way. Nobody else's page shows them."

        return act(room, f"p{party}", PEOPLE, work)


def _new() -> NewParty:
    given = request.form
    role, address = given.get("role", ""), given.get("address", "").strip()
    if role not in set(PartyRole):
        raise Refused("choose what they are to the case")
    if address and not re.match(ADDRESS, address):
        raise Refused("that is no mail address")
    return NewParty(PartyRole(role), given.get("name", "")[:200], address[:320], given.get("once", ""))
