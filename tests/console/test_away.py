"""The page on which staff say that they are away: for themselves, and leads for a colleague."""

from heedtest.offices import Office

from cases.store import absences
from cases.store.engine import reading


def away(office: Office) -> frozenset[str]:
    with reading(office.desk.record) as connection:
        return absences.absent(connection, office.clock[0])


def test_one_goes_away_and_comes_back(office: Office) -> None:
    pia = office.sign_in("pia@acme.example")
    assert pia.post("/away", until="2026-12-01").status_code == 303
    assert away(office) == {"pia@acme.example"}
    assert "Pia Lind" in pia.get("/away").text
    office.pass_time(minutes=1)
    assert pia.post("/away/over").status_code == 303
    assert away(office) == frozenset()


def test_a_day_that_is_over_is_refused_beside_its_field(office: Office) -> None:
    answer = office.sign_in("pia@acme.example").post("/away", until="2026-11-01")
    assert (answer.status_code, "The day of coming back is over already." in answer.text) == (422, True)
    assert away(office) == frozenset()


def test_only_leads_speak_for_others(office: Office) -> None:
    pia, lena = office.sign_in("pia@acme.example"), office.sign_in("lena@acme.example")
    assert pia.post("/away", until="2026-12-01", person="omar@acme.example").status_code == 422
    assert away(office) == frozenset()
    assert lena.post("/away", until="2026-12-01", person="omar@acme.example").status_code == 303
    assert away(office) == {"omar@acme.example"}
    assert pia.post("/away/over", person="omar@acme.example").status_code == 409
    assert away(office) == {"omar@acme.example"}


def test_the_people_page_says_how_old_the_directory_is(office: Office) -> None:
    assert "No directory is imported" in office.sign_in("ada@acme.example").get("/people").text
