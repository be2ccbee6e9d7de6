"""Keys of colleagues whose vault was reset: who holds the same ones gives them back."""

from flask import Flask, flash, redirect, render_template
from werkzeug.wrappers import Response

from cases.access.policy import Duty
from cases.errors import Refused
from cases.keys import resets
from cases.keys.sealing import key_id
from cases.store import people
from cases.store.engine import reading, writing
from console import policy
from console.rooms import Room, vault, viewer

MINE = policy.duty(Duty.KEYS)


def add_to(app: Flask, room: Room) -> None:
    """The list, and giving back."""

    @app.get("/keys")
    @policy.allowed(MINE)
    def keys() -> str:
        with reading(room.desk.record) as connection:
            found = resets.restorable(connection, viewer().person)
        prints = {person.id: key_id(person.vault_public).hex(" ") for person, _ in found}
        return render_template("vaults.html", found=found, prints=prints, mine=key_id(vault().public).hex(" "))

    @app.post("/keys/<person_id>")
    @policy.allowed(MINE)
    def give_back(person_id: str) -> Response:
        with writing(room.desk.record) as connection:
            person = people.get(connection, person_id)
            if person is None or not person.active:
                raise Refused("they have left")
            given = resets.restore(connection, viewer().person, vault(), person, room.desk.now())
        flash(f"{given} key{'s' if given > 1 else ''} given back to {person.name or person.address}.")
        return redirect("/keys", 303)
