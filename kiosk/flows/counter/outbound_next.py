"""What comes next in a hand-out: a parcel to fetch, a proof to show, the act itself, its end."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.counter.commands import HandOut
from kiosk.domain.counter.planning import asked_of
from kiosk.domain.counter.proving import Proof
from kiosk.flows.counter.model import Did, Do, Note, Session, Timing
from kiosk.flows.counter.outbound_job import refreshed, waits_for
from kiosk.flows.counter.states.outbound import (
    Approving,
    HandedOut,
    HandingOut,
    SigningFor,
    Staying,
    Stays,
)
from kiosk.flows.counter.turns import act, right, show, wrong

LONG = 3
"""So many times longer stays a screen on which something is left to be done."""


def go_on(session: Session, job: HandingOut, do: Do, timing: Timing) -> Session:
    """What comes next: a parcel to fetch, a proof to show, or all of it is handed out."""
    job = refreshed(session, job, do)
    if not job.scanned and not job.wanted:
        return over(session, job, 0, do, timing)
    if job.wanted:
        return show(session, job, do)
    match job.ask:
        case None:
            return _hand_out(session, job, do, timing)
        case Proof.SIGNATURE:
            return show(session, SigningFor(job), do)
        case Proof.SUPERVISOR:
            return show(session, Approving(job), do)
        case _:
            return show(session, job, do)


def kept_back(session: Session, job: HandingOut, proof: Proof, do: Do, timing: Timing) -> Session:
    """A proof cannot be shown: the parcels whose carrier asks for it stay, the others go."""
    rules, shown = do.rules(), job.shown
    both = (Proof.DOCUMENT, Proof.NAME) if proof is Proof.DOCUMENT else (proof,)
    stays = [
        one
        for one in job.parcels
        if any(asked_of(rules, one, each, shown, proxy=job.proxy) for each in both)
    ]
    staying = tuple(Staying(one, Stays.NO_PROOF, one.number in job.scanned) for one in stays)
    left = replace(job, stay=(*job.stay, *staying), stopped=None)
    return go_on(wrong(session, Note(Did.NOT_SHOWN), do, timing), left, do, timing)


def over(session: Session, job: HandingOut, count: int, do: Do, timing: Timing) -> Session:
    """The job's end. Where nothing went, what was said last says why."""
    left = waits_for(job, do) - sum(one.why is Stays.NO_PROOF for one in job.stay)
    patience = timing.done * (LONG if job.stay or left > 0 else 1)
    end = HandedOut(count, max(0, left), job.stay, do.now() + patience)
    return show(session, end, do)


def _hand_out(session: Session, job: HandingOut, do: Do, timing: Timing) -> Session:
    command = HandOut(job.scanned, job.code, job.shown, job.proxy)
    before = show(session, job, do)
    after, acted = act(before, command, job.scanned[0], do, timing)
    if acted is None:
        return after
    count = len(job.scanned)
    said = right(after, Did.HANDED_OUT, do, timing, count=count)
    return over(said, job, count, do, timing)
