"""Photographs between kiosk and centre: after their drops, in parts, by hash, and only those that
a drop names."""

from __future__ import annotations

import dataclasses
import hashlib
from itertools import pairwise

import pytest
import requests

from kiosk.domain.events import PhotoFact
from kiosk.store import StoreCause, StoreFailed
from sync.agent.client import Away, Busy
from sync.agent.pace import Pace
from sync.agent.photos import FIRST, LEAST, MOST, Sending
from sync.agent.pushing import Nothing, Shut, Went
from sync.agent.state import LinkError
from sync.central.audit import at_console
from sync.central.devices import revoke
from sync.central.people import create_admin
from sync.central.photos import lacking
from sync.central.tables import drop_photos, drops, photos
from tests.sync.boxes import IDS
from tests.sync.late import look

PACE = Pace(beat=60, policy=300, first_contact=0, retry_least=0.02, retry_most=0.05, photo=0.0)
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 400  # 100 kB
PASSWORD = "correct horse battery"
FOR_EVER = 1e9  # seconds


def name_of(jpeg: bytes) -> str:
    return hashlib.sha256(jpeg).hexdigest()


NAME = name_of(JPEG)


@pytest.fixture
def pace():
    return PACE


@pytest.fixture
def drop_with(drop_of, files):
    """A drop that names this photograph, which is on the disk and promised."""

    def made(jpeg=JPEG, return_id="R1", keep=True, size=None):
        name = name_of(jpeg)
        if keep:
            files.promise([files.keep(jpeg)])
        fact = PhotoFact("L1", name, len(jpeg) if size is None else size)
        return dataclasses.replace(drop_of(return_id), photos=(fact,))

    return made


def came(centre) -> dict[str, bytes]:
    rows = centre.rows(photos)
    return {row["sha256"]: bytes(row["data"]) for row in rows if row["came_at"] is not None}


def put(box, name, start, part):
    """As the agent does; the status and the answer's body."""
    answer = box.agent._client.put(f"/v1/devices/{box.me.device_id}/photos/{name}/{start}", part)
    return getattr(answer, "status", 0), answer


class TestOnTheWay:
    def test_it_follows_its_drop_and_is_sent_once(self, box, centre, files, drop_with):
        box.record(drop_with())
        box.settle()
        assert came(centre) == {NAME: JPEG}
        assert files.waiting() == ()
        (row,) = centre.rows(drop_photos)
        assert (row["line_id"], row["sha256"], row["size"]) == ("L1", NAME, len(JPEG))

    def test_drops_go_first(self, box, centre, drop_with, drop_of):
        for number in range(3):
            box.record(drop_of(f"R{number + 2}"))
        box.record(drop_with())
        while box.store.outbox.position().queued:
            box.agent.turn()
        assert came(centre) == {}
        box.settle()
        assert came(centre) == {NAME: JPEG}

    def test_one_that_no_drop_names_is_not_taken_and_holds_up_no_other(
        self, box, centre, clock, files, drop_with
    ):
        stray = b"\xff\xd8\xff\xe0 nobody's"
        files.promise([files.keep(stray)])
        box.record(drop_with())
        box.settle()
        assert came(centre) == {NAME: JPEG}
        assert files.waiting() == (name_of(stray),)
        assert box.agent.state.online
        box.record(drop_with(stray, "R2", keep=False))  # its event came late
        box.settle()
        assert files.waiting() == (name_of(stray),)
        clock.advance(hours=1.1)
        box.settle()
        assert files.waiting() == ()

    def test_it_goes_on_where_it_stopped_after_a_restart_of_both(
        self, box, centre, files, drop_with
    ):
        box.record(drop_with())
        while not centre.rows(photos):
            box.agent.turn()
        part = centre.rows(photos)[0]["have"]
        assert 0 < part < len(JPEG)
        box.close()
        centre.server.stop()
        centre.server.start()
        box.open()
        assert put(box, NAME, part + 1, b"not the next byte")[0] == 200
        assert centre.rows(photos)[0]["have"] == part
        box.settle()
        assert came(centre) == {NAME: JPEG}

    def test_a_centre_that_is_away_costs_nothing_but_time(self, box, centre, files, drop_with):
        box.record(drop_with())
        while not centre.rows(photos):
            box.agent.turn()
        centre.server.stop()
        box.settle()
        assert files.waiting() == (NAME,)
        centre.server.start()
        for _ in range(8):
            box.clock.advance(seconds=20)
            box.settle()
        assert came(centre) == {NAME: JPEG}
        assert files.waiting() == ()

    @pytest.mark.parametrize("fault", [Busy("600"), Away("cut"), Shut(403)])
    def test_a_drop_never_waits_for_what_befalls_a_photograph(
        self, box, centre, drop_with, drop_of, fault, monkeypatch, clock
    ):
        asked = []

        def step(sending):
            asked.append(clock.monotonic())
            return fault

        monkeypatch.setattr(Sending, "step", step)
        box.record(drop_with())
        box.settle()
        assert len(asked) == 1
        box.record(drop_of("R2"))
        box.settle()
        assert {row["return_id"] for row in centre.rows(drops)} == {"R1", "R2"}
        assert box.agent.state.online
        for _ in range(40):
            clock.advance(seconds=20)
            box.settle()
        least = 600 if isinstance(fault, Busy) else 48
        assert len(asked) > 1
        assert all(b - a >= least for a, b in pairwise(asked))

    def test_a_folder_that_cannot_be_read_holds_up_no_drop(
        self, box, centre, files, drop_with, drop_of, monkeypatch, clock
    ):
        def broken(*_given):
            raise StoreFailed(StoreCause.IO, "a bad block")

        box.record(drop_with())
        with monkeypatch.context() as patch:
            for verb in ("waiting", "read", "unsend", "prune"):
                patch.setattr(files, verb, broken)
            box.settle()
            for number in range(2, 5):
                clock.advance(seconds=75)
                box.record(drop_of(f"R{number}"))
                box.settle()
            assert len(centre.rows(drops)) == 4
            assert box.agent.state.error is LinkError.NONE
        clock.advance(hours=1.1)
        box.settle()
        assert came(centre) == {NAME: JPEG}

    def test_a_slow_line_gets_small_parts_and_a_quick_one_large(self, clock, files):
        files.promise([files.keep(JPEG)])
        sent: list[int] = []

        class Line:
            """As long on the way as the clock is told."""

            device_id = "d1"
            clock: object

            def __init__(self, clock, seconds):
                self.clock, self.seconds = clock, seconds

            def put(self, path, part):
                sent.append(len(part))
                self.clock.advance(seconds=self.seconds)
                from sync.agent.client import Ok

                have = int(path.rpartition("/")[2]) + len(part)
                body = {"have": have, "done": False, "server_time": "2026-05-04T09:30:00Z"}
                import json

                return Ok(200, json.dumps(body).encode())

        slow = Sending(files, Line(clock, 2.0), 60.0)
        for _ in range(4):
            assert slow.step() == Went()
        assert sent == [FIRST, FIRST // 2, LEAST, LEAST]
        sent.clear()
        quick = Sending(files, Line(clock, 0.1), 60.0)
        for _ in range(3):
            quick.step()
        assert sent == [FIRST, FIRST * 2, min(MOST, len(JPEG) - 3 * FIRST)]

    def test_without_photographs_nobody_is_called(self, files, clock):
        assert Sending(None, None, 60.0).step() == Nothing()


class TestAtTheCentre:
    def test_what_has_another_hash_is_thrown_away_and_may_come_again(self, box, drop_with, centre):
        box.record(drop_with(keep=False))
        box.settle()
        status, answer = put(box, NAME, 0, JPEG[:-1] + b"?")
        assert (status, answer.problem.kind) == (422, "wrong_hash")
        assert put(box, NAME, 0, JPEG)[0] == 200
        assert came(centre) == {NAME: JPEG}
        assert put(box, NAME, 0, b"\xff\xd8\xff other bytes")[0] == 200  # known: passed over
        assert came(centre) == {NAME: JPEG}

    def test_what_is_none_is_not_kept(self, box, drop_with, centre):
        box.record(drop_with(keep=False))
        box.settle()
        for part, kind in (
            (b"<svg onload=alert(1)>", "no_photograph"),
            (JPEG + b"more", "too_large"),
        ):
            status, answer = put(box, NAME, 0, part)
            assert (status, answer.problem.kind) == (422, kind)
        assert came(centre) == {}

    def test_an_unknown_name_is_refused(self, box):
        for name in ("f" * 64, "F" * 64, "..%2f..", "0"):
            assert put(box, name, 0, JPEG)[0] == 404

    def test_nobody_sends_for_another(self, box, centre, drop_with):
        box.record(drop_with(keep=False))
        box.settle()
        url = f"{centre.url}/v1/devices/{box.me.device_id}/photos/{NAME}/0"
        answer = requests.put(url, data=JPEG, timeout=10)
        assert answer.status_code == 401
        assert came(centre) == {}

    def test_a_revoked_kiosk_finishes_what_was_named_before(self, box, centre, files, drop_with):
        box.record(drop_with())
        while box.store.outbox.position().queued:
            box.agent.turn()
        revoke(centre.database, centre.clock, at_console("acme"), box.me.device_id, "lost")
        box.settle()
        assert came(centre) == {NAME: JPEG}

    def test_a_size_that_no_photograph_has_is_not_waited_for(self, box, centre, drop_with):
        box.record(drop_with(keep=False, size=2 << 20))
        box.settle()
        assert centre.rows(drop_photos) == []

    def test_what_it_lost_is_asked_for_with_the_heartbeat(
        self, box, centre, clock, files, drop_with
    ):
        box.record(drop_with())
        box.settle()

        def from_an_older_copy(c):
            c.execute(photos.delete())
            c.execute(drop_photos.update().values(awaited=True))

        centre.database.write(from_an_older_copy)
        clock.advance(seconds=75)
        box.settle()
        clock.advance(seconds=75)
        box.settle()
        assert came(centre) == {NAME: JPEG}

    def test_the_same_file_of_another_drop_is_here_at_once(self, box, centre, files, drop_with):
        box.record(drop_with())
        box.settle()
        box.record(drop_with(return_id="R2"))
        box.settle()
        assert [row["awaited"] for row in centre.rows(drop_photos)] == [False, False]
        assert files.waiting() == ()

    def test_a_heartbeat_looks_only_at_what_is_awaited(self, box, centre, drop_with):
        box.agent._sending.rest(FOR_EVER)
        box.record(drop_with())
        box.settle()
        with centre.database.reading() as c:
            assert lacking(c, box.me.device_id) == (NAME,)
            assert lacking(c, "another") == ()
            plan = "\n".join(
                str(row)
                for row in c.exec_driver_sql(
                    "EXPLAIN QUERY PLAN SELECT sha256 FROM drop_photos "
                    "WHERE device_id = 'd' AND awaited IS 1 ORDER BY received_at LIMIT 20"
                )
            )
        assert "ix_drop_photos_device_id" in plan


class TestOnThePages:
    @pytest.fixture
    def office(self, centre):
        create_admin(centre.database, IDS, "acme", "ada", PASSWORD)
        with requests.Session() as browser:
            browser.trust_env = False
            form = {"name": "ada", "password": PASSWORD}
            browser.post(centre.url + "/login", data=form, timeout=10)
            yield lambda path: browser.get(centre.url + path, timeout=10)

    def test_it_shows_with_its_drop(self, box, office, drop_with):
        drop = drop_with()
        box.record(drop)
        while box.store.outbox.position().queued:
            box.agent.turn()
        assert "Still to come" in office(f"/drops/{drop.drop_id}").text
        box.settle()
        page = office(f"/drops/{drop.drop_id}").text
        assert f'<img src="/photos/{NAME}"' in page
        answer = office(f"/photos/{NAME}")
        assert (answer.content, answer.headers["Content-Type"]) == (JPEG, "image/jpeg")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"

    def test_one_that_does_not_come_is_told_after_a_day(
        self, box, centre, clock, office, drop_with
    ):
        box.agent._sending.rest(FOR_EVER)
        drop = drop_with()
        box.record(drop)
        box.settle()
        assert drop.drop_number not in office("/cases").text
        clock.advance(hours=25)
        look(centre)
        create_admin(centre.database, IDS, "acme", "eve", PASSWORD)
        with requests.Session() as browser:  # the first session ended in that day
            browser.trust_env = False
            form = {"name": "eve", "password": PASSWORD}
            browser.post(centre.url + "/login", data=form, timeout=10)
            cases = browser.get(centre.url + "/cases", timeout=10).text
            page = browser.get(f"{centre.url}/drops/{drop.drop_id}", timeout=10).text
        assert drop.drop_number in cases
        assert "A photo has not come" in cases
        assert "Has not come" in page

    def test_nobody_else_sees_it(self, box, centre, drop_with):
        box.record(drop_with())
        box.settle()
        url = f"{centre.url}/photos/{NAME}"
        answer = requests.get(url, timeout=10, allow_redirects=False)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/login")

    def test_what_is_not_there_is_a_plain_page(self, office):
        for name in ("0" * 64, "x", "..%2fetc"):
            assert office(f"/photos/{name}").status_code == 404
