"""Keys: what each opens, how it ends, and that the centre could not tell it itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync.central.rest import keys
from sync.central.tables import api_keys
from tests.sync.conftest import DATABASES
from tests.sync.rest.conftest import IDS, Caller, a_return
from tests.sync.rest.test_merchants_returns import problem

pytestmark = pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)


def test_a_key_says_what_it_is(called):
    told = called("hub:north", name="sorter 2", life=timedelta(days=3)).get("/v1/key").json()
    assert (told["role"], told["subject"], told["name"]) == ("hub", "north", "sorter 2")
    assert told["expires_at"] == "2026-05-07T09:30:00Z"


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer x", "Basic {token}", "Bearer {token}0", "Bearer tbk_{other}"],
)
def test_nothing_else_opens(shops, linden, authorization):
    told = authorization.format(token=linden.token, other="0" * 12 + "_" + "0" * 64)
    answer = Caller(shops.url, "").get("/v1/key", authorization=told)
    problem(answer, 401, "no-key")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_one_wrong_character_of_the_secret_is_a_wrong_key(shops, linden):
    last = "0" if linden.token[-1] != "0" else "1"
    problem(Caller(shops.url, linden.token[:-1] + last).get("/v1/key"), 401, "no-key")


def test_the_database_holds_no_secret(shops, linden):
    [row] = shops.rows(api_keys)
    assert linden.token[17:] not in repr(row)
    assert row["prefix"] == linden.token[4:16]


def test_a_key_ends_by_its_day_or_when_it_is_revoked(shops, called):
    short, lost = called(life=timedelta(hours=1)), called()
    assert keys.revoke(shops.database, shops.clock, "bravo", lost.token[4:16]) is False
    assert lost.get("/v1/key").status_code == 200
    assert keys.revoke(shops.database, shops.clock, "acme", lost.token[4:16]) is True
    assert keys.revoke(shops.database, shops.clock, "acme", lost.token[4:16]) is False
    problem(lost.get("/v1/key"), 401, "no-key")
    assert short.get("/v1/key").status_code == 200
    shops.clock.advance(hours=1)
    problem(short.get("/v1/key"), 401, "no-key")


def test_its_last_use_is_known_to_the_minute(shops, linden):
    linden.get("/v1/key")
    [row] = shops.rows(api_keys)
    first = row["used_at"]
    assert first == shops.clock.now()
    shops.clock.advance(seconds=30)
    linden.get("/v1/key")
    assert shops.rows(api_keys)[0]["used_at"] == first
    shops.clock.advance(minutes=2)
    linden.get("/v1/key")
    assert shops.rows(api_keys)[0]["used_at"] == shops.clock.now()


def test_a_key_for_reading_changes_nothing(called, linden):
    reader = called(read_only=True)
    problem(reader.put("/v1/returns/RMA-1", a_return()), 403, "not-allowed")
    assert linden.put("/v1/returns/RMA-1", a_return()).status_code == 201
    assert reader.get("/v1/returns/RMA-1").status_code == 200


def test_a_key_is_made_for_somebody_who_is_there(shops):
    def made(role, subject, **more):
        return keys.make(shops.database, shops.clock, IDS, "acme", role, subject, **more)

    assert "no merchant" in made(keys.Role.MERCHANT, "nobody")
    assert "whose key" in made(keys.Role.HUB, "")
    assert "nobody in particular" in made(keys.Role.EXPORTS, "x")
    assert "at most 100" in made(keys.Role.HUB, "north", name="x" * 101)
    key, _ = made(keys.Role.EXPORTS, "")
    assert key.read_only


# --- how often ----------------------------------------------------------------------------------


def test_who_asks_too_often_is_told_when_to_come(linden):
    answers = [linden.get("/v1/key") for _ in range(201)]
    assert [one.status_code for one in answers[:200]] == [200] * 200
    problem(answers[200], 429, "too-many")
    assert answers[200].headers["retry-after"] == "1"
