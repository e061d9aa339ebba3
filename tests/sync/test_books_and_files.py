"""Books and files of partners on the pages: read, proved, closed by hand; looked at and taken."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from kiosk.world import SystemIds
from sync.central.audit import Actor
from sync.central.reconcile import reading, uploading
from sync.central.reconcile.importing import Imported
from sync.central.reconcile.model import Kind
from sync.central.reconcile.uploading import BadMap, File, NotRead, NotTaken
from sync.central.roles import Role
from sync.central.tables import books, closings, imports, movements, office_audit
from tests.sync.reconcile.shop import Shop
from tests.sync.test_case_pages import sits

UTC = ZoneInfo("UTC")
IDS = SystemIds()
ADA = Actor("acme", "ada")
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MAP = """
source = "hub:north"
kind = "hub_received"
[columns]
source_id = "Scan"
told_at = "Time"
bag_id = "Label"
count = "Pieces"
"""


@pytest.fixture
def shop(centre, clock):
    """A drop three days ago, in a container; its day is closed, the two after it are not."""
    made = Shop(centre.database, now=clock.now() - timedelta(days=3))
    made.dropped("B1", "R1", units=2, corrected_at=made.now)
    made.told(Kind.CONTAINED, bag_id="B1", container_id="C1", site="Main Street", source="shop:m")
    made.now = clock.now() - timedelta(days=1)
    reconciled = made.close()
    assert len(reconciled) == 1
    return made


def name_of(shop_, days):
    return (shop_.now + timedelta(days=days)).date().isoformat()


def test_days_that_are_closed_and_open(centre, clock, shop):
    found = reading.days(centre.database, "acme", clock.now(), UTC, 1)
    assert [one.closed_at is None for one in (*found.open, *found.closed)][-1] is False
    [closed] = found.closed
    assert closed.whole.at("dropped").facts == 1
    assert closed.whole.at("dropped").units == 2
    assert closed.whole.at("contained").facts == 1
    assert closed.whole.owed == {"EUR": -2000}
    assert [one.may_close for one in found.open] == [False] * (len(found.open) - 1) + [True]


def test_a_late_fact_is_late_on_the_first_open_day_alone(centre, clock, shop):
    shop.dropped("B2", "R2", at=clock.now() - timedelta(days=3))
    found = reading.days(centre.database, "acme", clock.now() + timedelta(hours=1), UTC, 1)
    assert [one.whole.late for one in found.open] == [0] * (len(found.open) - 1) + [1]


def test_a_book_is_proved_again_and_a_changed_one_is_found(centre, clock, shop):
    [day] = [row.name for row in reading.days(centre.database, "acme", clock.now(), UTC, 1).closed]
    assert reading.proved(centre.database, "acme", day) == {"Main Street": ""}
    change = books.update().values(stages={})
    centre.database.write(lambda c: c.execute(change))
    told = reading.proved(centre.database, "acme", day)
    assert told == {"Main Street": "the book was changed"}
    assert reading.proved(centre.database, "acme", "2001-01-01") is None


@SQLITE
def test_books_on_the_pages(centre, clock, shop):
    desk = sits(centre, "ada")
    [day] = [row.name for row in reading.days(centre.database, "acme", clock.now(), UTC, 1).closed]
    assert f"/books/{day}" in desk.get("/books")
    page = desk.get(f"/books/{day}?check=1")
    assert "every book of this day is as it was closed" in page
    assert "Main Street" in page
    one = desk.get(f"/books/{day}?site=Main+Street")
    [digest] = [row["digest"] for row in centre.rows(books)]
    assert digest in one
    for path in ("/books/2001-01-01", "/books/nonsense"):
        assert desk.browser.get(desk.url + path, timeout=20).status_code == 404
    desk.browser.close()


@SQLITE
def test_a_day_is_closed_by_hand_in_its_order(centre, clock, shop):
    desk = sits(centre, "ada", Role.AGENT)
    open_ = reading.days(centre.database, "acme", clock.now(), UTC, 1).open
    first, today = open_[-1].name, open_[0].name
    token = re.search(r'name="csrf" value="(\w+)"', desk.get("/account"))[1]

    def close(day):
        form = {"csrf": token}
        return desk.browser.post(f"{desk.url}/books/{day}/close", data=form, timeout=20)

    assert close(today).status_code == 409
    assert close(first).status_code == 200
    assert first in [row["day"] for row in centre.rows(closings)]
    assert "books.closed" in [row["what"] for row in centre.rows(office_audit)]
    assert close(first).status_code == 409
    desk.browser.close()


def look(centre, clock, text, name="scans.csv", map_=MAP):
    file = File(name, text.encode(), map_)
    return uploading.look(centre.database, clock, IDS, ADA, file)


def scans(clock, *rows):
    at = clock.now().isoformat()
    return "\n".join(
        ["Scan,Time,Label,Pieces", *(f"{scan},{at},{bag},{n}" for scan, bag, n in rows)]
    )


def test_a_file_changes_nothing_until_it_is_taken(centre, clock, shop):
    looked = look(centre, clock, scans(clock, ("S1", "B1", 1), ("S2", "B9", 1)))
    assert isinstance(looked, str)
    row = uploading.one(centre.database, "acme", looked)
    assert (row["state"], row["new"], row["opened"]) == ("looked_at", 2, {"count_differs": 1})
    hub = sa.select(movements).where(movements.c.source == "hub:north")
    with centre.database.reading() as c:
        assert c.execute(hub).all() == []
    taken = uploading.take(centre.database, clock, ADA, looked)
    assert taken == Imported(2, 0)
    assert uploading.take(centre.database, clock, ADA, looked) is NotTaken.TAKEN
    [row], more = uploading.taken(centre.database, "acme", 1)
    assert (row["person"], row["file_name"], more) == ("ada", "scans.csv", False)
    [kept] = centre.rows(imports)
    assert bytes(kept["data"]) == b""
    assert "movements.imported" in [row["what"] for row in centre.rows(office_audit)]
    assert [one["name"] for one in uploading.maps(centre.database, "acme")] == ["hub:north"]


def test_a_file_is_its_tenants(centre, clock, shop):
    looked = look(centre, clock, scans(clock, ("S1", "B1", 2)))
    assert uploading.one(centre.database, "rival", looked) is None
    stranger = Actor("rival", "eve")
    assert uploading.take(centre.database, clock, stranger, looked) is NotTaken.GONE


@SQLITE
def test_what_cannot_be_looked_at(centre, clock):
    assert look(centre, clock, "") is NotRead.NO_FILE
    assert look(centre, clock, "x", name="scans.xlsx") is NotRead.NO_KIND
    assert look(centre, clock, "x", map_=" ") is NotRead.NO_MAP
    assert look(centre, clock, "x" * (uploading.LARGEST + 1)) is NotRead.TOO_LARGE
    assert isinstance(look(centre, clock, "x", map_="source ="), BadMap)
    wrong = look(centre, clock, scans(clock, ("S1", "B1", 1), ("S2", "B2", "two")))
    assert [one.line for one in wrong] == [3]
    assert centre.rows(imports) == []


@SQLITE
def test_what_nobody_took_goes_after_a_day(centre, clock, shop):
    first = look(centre, clock, scans(clock, ("S1", "B1", 2)))
    clock.advance(days=1, minutes=1)
    second = look(centre, clock, scans(clock, ("S2", "B1", 2)))
    assert [row["import_id"] for row in centre.rows(imports)] == [second]
    assert uploading.take(centre.database, clock, ADA, first) is NotTaken.GONE


@SQLITE
def test_a_file_on_the_pages(centre, clock, shop):
    desk = sits(centre, "ada", Role.AGENT)
    token = re.search(r'name="csrf" value="(\w+)"', desk.get("/imports"))[1]

    def bring(text, **fields):
        return desk.browser.post(
            desk.url + "/imports",
            data={"csrf": token, **fields},
            files={"file": ("scans.csv", text)},
            timeout=20,
        )

    bad = bring("Scan,Time,Label,Pieces\nS1,yesterday,B1,2", columns=MAP)
    assert bad.status_code == 422
    assert "Line 2" in bad.text
    assert "hub:north" in html.unescape(bad.text)  # what was typed is still there
    forged = bring("x", csrf="forged", columns=MAP)
    assert forged.status_code == 403
    looked = bring(scans(clock, ("S1", "B1", 1)), columns=MAP)
    assert "Counts differ" in looked.text
    path = looked.url.removeprefix(desk.url)
    took = desk.browser.post(desk.url + path, data={"csrf": token}, timeout=20)
    assert "Not taken yet" not in took.text
    assert "scans.csv" in desk.get("/imports")
    known = bring(scans(clock, ("S1", "B1", 1)), map="hub:north")
    assert "everything in it is known" in known.text
    desk.browser.close()


@SQLITE
def test_who_may_only_look_cannot_bring(centre, clock):
    desk = sits(centre, "vera", Role.VIEWER)
    assert 'type="file"' not in desk.get("/imports")
    token = re.search(r'name="csrf" value="(\w+)"', desk.get("/account"))[1]
    sent = desk.browser.post(
        desk.url + "/imports", data={"csrf": token}, files={"file": ("a.csv", "x")}, timeout=20
    )
    assert sent.status_code == 403
    desk.browser.close()
