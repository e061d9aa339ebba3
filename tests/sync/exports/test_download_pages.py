"""The page of files: what somebody may take away, and that it is made while it is sent."""

from __future__ import annotations

import csv
import io

import pytest
import requests

from kiosk.words import words
from kiosk.world import SystemIds
from sync.central.pages.exports import AT_ONCE, Place
from sync.central.people import create_admin
from sync.central.roles import Role
from sync.central.tables import people
from tests.sync.exports import world

IDS = SystemIds()
PASSWORD = "correct horse battery"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def there(centre):
    """Two merchants' drops at two kiosks, of the fake clock's day."""
    database = centre.database
    world.merchant(database, "linden", "Linden & Row")
    world.merchant(database, "fjord", "Fjord <script>")
    world.kiosk(database, "k1")
    world.kiosk(database, "k2", site="Harbour")
    now = centre.clock.now()
    world.put(
        database,
        world.drop_row(1, at=now),
        world.drop_row(2, device_id="k2", merchant_id="fjord", order_number="=1+1", at=now),
    )
    return centre


@pytest.fixture
def office(there, request):
    """Browsers of people: `office(Role.AUDITOR)`, `office(Role.AGENT, merchant="fjord")`."""

    def sign_in(*roles, merchant=""):
        name = f"ada-{IDS.token(32):x}"
        create_admin(there.database, IDS, "acme", name, PASSWORD, roles=roles)
        if merchant:
            bind = people.update().where(people.c.name == name).values(merchant_id=merchant)
            there.database.write(lambda c: c.execute(bind))
        browser = requests.Session()
        request.addfinalizer(browser.close)
        browser.trust_env = False
        told = {"name": name, "password": PASSWORD}
        assert browser.post(there.url + "/login", data=told, timeout=30).status_code == 200
        return lambda path, language="en": browser.get(
            there.url + path, headers={"Accept-Language": language}, timeout=30
        )

    return sign_in


def numbers(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    text = answer.content.decode("utf-8-sig")
    return [row["drop_number"] for row in csv.DictReader(io.StringIO(text, newline=""))]


def test_a_file_comes_with_its_name_and_kind(office):
    answer = office(Role.AUDITOR)("/exports/file?what=drops&form=csv")
    assert numbers(answer) == ["K1-000001", "K1-000002"]
    assert answer.headers["Content-Type"] == "text/csv; header=present; charset=utf-8"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="takeback-drops-2026-05-04-2026-05-04.csv"'
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b",'=1+1," in answer.content


@pytest.mark.parametrize(
    ("asked", "begins"),
    [
        ("what=lines&form=xlsx", b"PK\x03\x04"),
        ("what=kiosks&form=parquet", b"PAR1"),
        ("what=cases&form=csv&mark=no", b"case_id,"),
        ("what=events&form=csv", b'{"@context":'),
    ],
)
def test_every_form_comes_from_the_page(office, asked, begins):
    answer = office(Role.AUDITOR)(f"/exports/file?{asked}")
    assert answer.status_code == 200
    assert answer.content.startswith(begins)


def test_the_choice_is_a_form_with_a_label_for_each_field(office):
    page = office(Role.AUDITOR)("/exports").text
    assert 'value="2026-05-01"' in page  # this month so far
    for field in ("what", "first", "last", "site", "merchant", "form"):
        assert f'for="{field}"' in page
        assert f'id="{field}"' in page
    assert "Fjord &lt;script&gt;" in page
    assert "<option>Harbour</option>" in page
    assert '<a href="/exports" aria-current="page">' in page


@pytest.mark.parametrize("language", ["de", "fr", "es", "ar"])
def test_the_page_speaks_five_languages(office, language):
    page = office(Role.AUDITOR)("/exports", language).text
    voice = words(language)
    for sentence in ("Files", "Which rows", "First day", "Every site", "Download"):
        assert voice.t(sentence) != sentence
        assert voice.t(sentence) in page


def test_a_site_and_a_merchant_narrow_it(office):
    see = office(Role.AUDITOR)
    assert numbers(see("/exports/file?site=Harbour")) == ["K1-000002"]
    assert numbers(see("/exports/file?merchant=linden")) == ["K1-000001"]


def test_who_is_bound_to_a_merchant_gets_its_rows_and_nothing_of_the_house(office):
    see = office(Role.AUDITOR, Role.AGENT, merchant="fjord")
    assert numbers(see("/exports/file")) == ["K1-000002"]
    assert numbers(see("/exports/file?merchant=linden")) == []
    assert b"linden" not in see("/exports/file?what=events").content
    for what in ("cases", "kiosks"):
        assert see(f"/exports/file?what={what}").status_code == 403
    page = see("/exports").text
    assert "Harbour" not in page
    assert "Linden" not in page
    assert 'value="kiosks"' not in page


@pytest.mark.parametrize("role", [Role.VIEWER, Role.FLEET])
def test_without_the_right_there_is_no_file_and_no_link(office, role):
    see = office(role)
    assert see("/exports").status_code == 403
    assert see("/exports/file").status_code == 403
    assert 'href="/exports"' not in see("/").text


@pytest.mark.parametrize(
    "asked",
    ["what=passwords", "form=exe", "first=soon", "first=2026-05-04&last=2026-05-01", "last=x%00"],
)
def test_what_cannot_be_had_leads_back_to_the_choice(office, asked):
    answer = office(Role.AUDITOR)(f"/exports/file?{asked}")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_files_take_only_so_many_places(office):
    """And whoever leaves gives the place back, once."""
    see = office(Role.AUDITOR)
    held = [Place() for _ in range(AT_ONCE)]
    try:
        assert all(place.free for place in held)
        answer = see("/exports/file")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "30"
        assert "Try again" in answer.text
    finally:
        for place in held:
            place.leave()
            place.leave()
    for _ in range(AT_ONCE + 2):
        assert see("/exports/file").status_code == 200
