"""The worker dies at every step of a sending; another one goes on. The mail server counts."""

from __future__ import annotations

import threading
from collections import Counter
from functools import partial

import pytest

from sync.central.notices import queue, sending
from sync.central.notices.model import Kind, State
from tests.sync.conftest import IDS, TENANT
from tests.sync.notices.conftest import LOOPBACK


class Killed(BaseException):
    """Nothing catches it, as nothing catches a lost process."""


def kill(*_: object, **__: object) -> None:
    raise Killed


def died(desk) -> None:
    with pytest.raises(Killed):
        desk.send()


STEPS = {
    "held, nothing prepared": (sending._Turn, "_prepare", 1),
    "prepared, not connected": ("sync.central.notices.mail.connected", None, 1),
    "addressed, about to hand over": (sending._Turn, "_handing", 1),
    "handed over, the answer not written down": (sending._Turn, "_settle", 1),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_worker_that_dies_makes_no_second_letter(each_desk, office, clock, monkeypatch, step):
    desk = each_desk
    desk.mail(office.port)
    notice = desk.put()
    where, name, _ = STEPS[step]
    with monkeypatch.context() as patch:
        if name is None:
            patch.setattr(where, kill)
        else:
            patch.setattr(where, name, kill)
        died(desk)
    assert desk.send().sent == 0  # it is held
    clock.advance(minutes=2, seconds=1)
    desk.send()
    assert office.ids == [f"<{notice}@shop.example>"]
    handed = step.startswith("handed over")
    row = desk.row(notice)
    assert (row.state, row.why) == (("dropped", "unsure") if handed else ("sent", ""))
    assert row.hidden == ""


def test_who_may_have_missed_that_it_came_is_reminded_the_next_day(
    desk, office, clock, monkeypatch
):
    desk.mail(office.port)
    desk.put()
    with monkeypatch.context() as patch:
        patch.setattr(queue, "settle", kill)
        died(desk)
    clock.advance(minutes=3)
    desk.send()
    again = [row for row in desk.rows() if row.state == "queued"]
    assert [(row.kind, row.occasion) for row in again] == [("reminder", "after 2026-05-04")]
    clock.advance(hours=20)
    desk.send()
    assert Counter(office.ids) == {f"<{row.notice_id}@shop.example>": 1 for row in desk.rows()}


def test_a_line_that_breaks_after_the_last_word_is_not_tried_again(desk, office, clock):
    """The server has the letter and its answer is lost."""
    desk.mail(office.port)
    notice = desk.put(kind=Kind.COLLECTED)
    office.vanishes = True
    assert desk.send().dropped == 1
    clock.advance(hours=2)
    desk.send()
    assert len(office.taken) == 1
    assert (desk.row(notice).state, desk.row(notice).why) == ("dropped", "unsure")


def test_a_worker_that_was_overtaken_hands_nothing_over(desk, office, clock):
    """It took longer than it may hold a notice; meanwhile another one sent it."""
    desk.mail(office.port)
    notice = desk.put()
    slow = sending._Turn(desk.centre, TENANT, LOOPBACK, sending.Counted())
    row = desk.centre.database.write(slow._take)
    ready = desk.centre.database.write(partial(slow._prepare, row))
    clock.advance(minutes=3)
    assert desk.send().sent == 1
    post, letter = ready
    outcome = post.hand(letter, partial(slow._handing, row))
    desk.centre.database.write(partial(slow._settle, row, outcome))
    slow.close()
    assert len(office.taken) == 1
    assert desk.row(notice).state == "sent"


def test_one_that_was_overtaken_does_not_put_back_what_another_sends(desk, office, clock):
    desk.mail(office.port)
    notice = desk.put()
    take = partial(queue.take, tenant=TENANT, channels=["email"])
    first = desk.centre.database.write(lambda c: take(c, now=clock.now()))
    clock.advance(minutes=3)
    desk.centre.database.write(lambda c: sending.ending.sweep(c, IDS, TENANT, clock.now()))
    second = desk.centre.database.write(lambda c: take(c, now=clock.now()))
    assert desk.centre.database.write(lambda c: queue.handing(c, second, clock.now()))
    assert not desk.centre.database.write(lambda c: queue.handing(c, first, clock.now()))
    desk.centre.database.write(lambda c: queue.put_back(c, first))
    desk.centre.database.write(
        lambda c: queue.settle(c, first, State.DROPPED, clock.now(), answer="by the first")
    )
    assert (desk.row(notice).state, desk.row(notice).attempts) == ("handing", 2)


def test_several_workers_at_once_send_each_notice_once(each_desk, office):
    desk = each_desk
    desk.mail(office.port)
    made = {f"<{desk.put(f'P{n}')}@shop.example>" for n in range(12)}
    workers = [threading.Thread(target=desk.send) for _ in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert Counter(office.ids) == dict.fromkeys(made, 1)
