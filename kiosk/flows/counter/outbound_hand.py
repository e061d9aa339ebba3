"""Handing out: a code, the parcels one by one, and all of them given in one act.

Nothing is recorded before the last question is answered, but what is true whatever comes of it: a
parcel that cannot be found, one that was found, one that its recipient does not want. A crash in
the middle has handed out nothing.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.counter.commands import RefuseOut, ReportFound, ReportMissing
from kiosk.domain.counter.meaning import Meaning, ParcelScanned, PickUpScanned, which
from kiosk.domain.counter.parcels import PARCELS, ParcelState
from kiosk.domain.counter.planning import matches
from kiosk.domain.counter.saying import Because, Refused
from kiosk.flows.counter.model import (
    Chosen,
    CounterEvent,
    Did,
    Do,
    Heard,
    Key,
    Note,
    Pressed,
    Session,
    Timing,
    Tone,
)
from kiosk.flows.counter.outbound_job import begun, refreshed, supervises
from kiosk.flows.counter.outbound_next import go_on, over
from kiosk.flows.counter.states.outbound import (
    Approving,
    CodeBarred,
    HandingOut,
    SigningFor,
    Staying,
    Stays,
)
from kiosk.flows.counter.turns import act, care, right, say, show, undoable, wrong


def code(session: Session, meaning: PickUpScanned, do: Do, timing: Timing) -> Session:
    """A pick-up code. What is in the hand already, for want of a code, stays scanned."""
    before = job_of(session)
    plan = do.plan(meaning.digest)
    if isinstance(plan, Refused):
        return _not_good(session, plan, do, timing)
    numbers = [number for stop in plan.stops for number in stop.numbers]
    scanned = before.scanned if before is not None and not before.code else ()
    job = begun(session, meaning.digest, (*numbers, *plan.missing), do, scanned)
    begins = right(session, Did.CODE_GOOD, do, timing, count=plan.count)
    return go_on(begins, job, do, timing) if job.scanned else show(begins, job, do)


def without_code(session: Session, number: str, do: Do, timing: Timing) -> Session:
    """A parcel that is in the hand, for somebody who shows no code. Whether one is asked is the
    carrier's rule."""
    parcel = do.shop().parcels[number]
    refused = matches(do.shop(), {number}, number, ())
    job = begun(session, "", (number,), do, (number,))
    if not job.parcels:
        refused = replace(PARCELS.refusal(parcel.state), values={"number": number})
    if refused is not None:
        return wrong(session, refused, do, timing)
    if parcel.state is not ParcelState.MISSING:
        return go_on(session, job, do, timing)
    session, found = act(session, ReportFound(number), number, do, timing)
    return go_on(session, job, do, timing) if found else session


def job_of(session: Session) -> HandingOut | None:
    """The job that is in hand, on whichever of its screens."""
    match session.screen:
        case HandingOut() as job:
            return job
        case SigningFor(job=job) | Approving(job=job):
            return job
        case _:
            return None


def step(session: Session, job: HandingOut, event: CounterEvent, do: Do, timing: Timing) -> Session:
    match event:
        case Pressed(Key.DONE) if job.scanned:
            return go_on(session, replace(job, part=True, stopped=None), do, timing)
        case Pressed(Key.MISSING) if len(job.wanted) == 1:
            return _missing(session, job, job.wanted[0], do, timing)
        case Chosen(value=number) if number in job.wanted:
            return _missing(session, job, number, do, timing)
        case Pressed(Key.UNDO):
            return _undo(session, job, do, timing)
        case Pressed(Key.REFUSED) if job.parcels:
            return show(session, replace(job, declining=not job.declining, stopped=None), do)
        case Pressed(Key.PROXY):
            return _proxy(session, job, do, timing)
        case Heard():
            return _heard(session, job, do, timing)
        case _:
            return session


def scanned(session: Session, job: HandingOut, meaning: Meaning, do: Do, timing: Timing) -> Session:
    job = refreshed(session, job, do)  # one that was laid aside knows nothing of meanwhile
    match meaning:
        case ParcelScanned():
            return _parcel(session, job, _number(job, meaning, do), do, timing)
        case PickUpScanned(digest=digest) if digest != job.code:
            if job.code and job.scanned:
                return care(session, Did.FINISH_FIRST, do, timing)
            return session  # the code that was asked for, or somebody else's turn
        case _:
            expected = Did.PARCEL_EXPECTED if job.wanted else Did.PROOF_EXPECTED
            tone = Tone.CARE if isinstance(meaning, PickUpScanned) else Tone.WRONG
            return say(session, tone, Note(expected), do, timing)


def _number(job: HandingOut, label: ParcelScanned, do: Do) -> str:
    """The parcel that a label means: rather one of those that are wanted here."""
    ours = {one.number for one in job.parcels}
    wanted = next((one.number for one in label.readings if one.number in ours), None)
    if wanted is not None:
        return wanted
    meant = which(do.shop(), label)
    return getattr(meant, "number", label.readings[0].number)


def _parcel(session: Session, job: HandingOut, number: str, do: Do, timing: Timing) -> Session:
    ours = {one.number for one in job.parcels}
    if job.declining and number in ours:
        return _declined(session, job, number, do, timing)
    refused = matches(do.shop(), ours, number, job.scanned)
    if refused is None:
        more = replace(job, scanned=(*job.scanned, number), stopped=None)
        left = len(refreshed(session, more, do).wanted)
        said = right(session, Did.MATCHED, do, timing, number=number, left=left)
        return go_on(said, more, do, timing)
    if refused.because is Because.SCANNED_TWICE:
        return say(session, Tone.CARE, refused, do, timing)
    return _stopped(session, job, number, refused, do, timing)


def _stopped(
    session: Session, job: HandingOut, number: str, refused: Refused, do: Do, timing: Timing
) -> Session:
    """Not theirs. One that was missing is found by that, whoever's it is."""
    if do.shop().parcels[number].state is ParcelState.MISSING:
        session, _ = act(session, ReportFound(number), number, do, timing)
    held = replace(job, stopped=do.shop().parcels[number], declining=False)
    return wrong(show(session, held, do), refused, do, timing)


def _declined(session: Session, job: HandingOut, number: str, do: Do, timing: Timing) -> Session:
    after, acted = act(session, RefuseOut(number), number, do, timing)
    calm = replace(job, declining=False, stopped=None)
    if acted is None:
        return after if after.screen is not session.screen else show(after, calm, do)
    stay = (*job.stay, Staying(do.shop().parcels[number], Stays.DECLINED, fetched=True))
    said = care(after, Did.DECLINED, do, timing, number=number)
    return go_on(said, replace(calm, stay=stay), do, timing)


def _missing(session: Session, job: HandingOut, number: str, do: Do, timing: Timing) -> Session:
    after, acted = act(session, ReportMissing(number), number, do, timing)
    if acted is None:
        return after
    said = care(after, Did.MISSING_TOLD, do, timing, number=number)
    told = undoable(said, Did.MISSING_TOLD, ReportFound(number), do, timing)
    return go_on(told, replace(job, stopped=None), do, timing)


def _undo(session: Session, job: HandingOut, do: Do, timing: Timing) -> Session:
    """What was told missing is there after all, and is fetched with the others."""
    undo = session.undo
    if undo is None or do.now() >= undo.until or not isinstance(undo.command, ReportFound):
        return session
    after, acted = act(session, undo.command, undo.command.number, do, timing)
    if acted is None:
        return after
    return go_on(right(after, Did.UNDONE, do, timing), job, do, timing)


def _proxy(session: Session, job: HandingOut, do: Do, timing: Timing) -> Session:
    """Somebody else collects, or not after all. A supervisor who hands out says by this key that
    they allow what the carrier does not (ADR 22: an exception is said, never meant)."""
    proxy = not job.proxy
    by = supervises(session, do) if proxy and not job.plan.proxies else ""
    before = job.shown.approved_by if proxy else ""
    turned = replace(job, proxy=proxy, shown=replace(job.shown, approved_by=by or before))
    return go_on(session, replace(turned, stopped=None), do, timing)


def _heard(session: Session, job: HandingOut, do: Do, timing: Timing) -> Session:
    """Another counter told something, or the last act was taken back."""
    now = refreshed(session, job, do)
    if now == job:
        return session
    gone = next((n for n in job.scanned if n not in now.scanned), None)
    after = show(session, now, do) if now.parcels else over(session, now, 0, do, timing)
    if gone is None:
        return after
    refused = matches(do.shop(), (), gone, ())
    return after if refused is None else wrong(after, refused, do, timing)


def _not_good(session: Session, refused: Refused, do: Do, timing: Timing) -> Session:
    """Wrong, unknown, used and expired are one answer; too many of them make everybody wait."""
    if refused.because is not Because.TOO_MANY_TRIES:
        return wrong(session, refused, do, timing)
    wait = int(refused.values.get("seconds", 0))
    return wrong(show(session, CodeBarred(wait, do.now() + wait), do), refused, do, timing)
