"""The list is frozen, both sides sign, both hold the same list."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.counter import commands as ask
from kiosk.domain.counter import listed, signature
from kiosk.domain.counter.manifests import ManifestState
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.flows.counter import leaving_list
from kiosk.flows.counter.model import (
    CounterEvent,
    Did,
    Do,
    Drawn,
    Heard,
    Key,
    Note,
    PaperDone,
    Pressed,
    PrintManifest,
    Session,
    Timing,
)
from kiosk.flows.counter.states.leaving import HandOver, Signed, Signing
from kiosk.flows.counter.states.outbound import Paper
from kiosk.flows.counter.turns import act, care, right, show, wrong


def ready(session: Session, screen: HandOver, do: Do, timing: Timing) -> Session:
    """Whoever is signed in says that this is what goes; then the driver signs."""
    if screen.going == ():
        refused = Refused(Because.MANIFEST_EMPTY, Then.VOID_MANIFEST)
        return wrong(session, refused, do, timing)
    manifest_id = screen.manifest.manifest_id
    if screen.manifest.state is ManifestState.DRAFT:
        session = leaving_list.as_it_is(session, screen, do, timing)
        if not isinstance(session.screen, HandOver):
            return session
        screen = session.screen
        session, acted = act(session, ask.ReadyManifest(manifest_id), manifest_id, do, timing)
        if acted is None:
            return session
    job = leaving_list.job_of(do.shop(), manifest_id, screen.round, screen.going)
    return show(session, Signing(replace(job, page=screen.page)), do)


def signing(
    session: Session, screen: Signing, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    match event:
        case Heard():
            after = leaving_list.as_it_is(session, screen.job, do, timing)
            if isinstance(after.screen, HandOver):
                return show(after, replace(screen, job=after.screen), do)
            return after
        case Drawn(stroke) if signature.room_for(screen.strokes, stroke):
            return show(session, replace(screen, strokes=(*screen.strokes, stroke)), do)
        case Pressed(Key.CLEAR) if screen.strokes:
            return show(session, replace(screen, strokes=()), do)
        case Pressed(Key.BACK):
            return show(session, screen.job, do)
        case Pressed(Key.SUBMIT | Key.DONE):
            return _sign(session, screen, do, timing)
        case _:
            return session


def interrupted(session: Session, do: Do, timing: Timing) -> Session:
    """While the driver has the pen nothing else begins."""
    return wrong(session, Note(Did.FINISH_FIRST), do, timing)


def _sign(session: Session, screen: Signing, do: Do, timing: Timing) -> Session:
    if not signature.is_signed(screen.strokes):
        return wrong(session, Note(Did.NOT_SIGNED), do, timing)
    drawn = do.keep_signature(screen.strokes)
    if not drawn:
        return wrong(session, Note(Did.SIGNATURE_NOT_KEPT), do, timing)
    job = screen.job
    manifest_id, staff = job.manifest.manifest_id, session.staff.session
    containers, loose = job.containers_going, job.loose_going
    command = ask.SignManifest(
        manifest_id,
        containers,
        loose,
        listed.confirmed(
            replace(job.manifest, went=containers, went_loose=loose),
            "" if staff is None else staff.staff_id,
        ),
        drawn,
    )
    session, acted = act(session, command, manifest_id, do, timing)
    return session if acted is None else _handed_over(session, job, do, timing)


def _handed_over(session: Session, job: HandOver, do: Do, timing: Timing) -> Session:
    manifest = do.shop().manifests[job.manifest.manifest_id]
    counts = listed.counts(manifest)
    paper = do.print(PrintManifest(manifest.manifest_id))
    screen = Signed(manifest, do.handed_over_qr(manifest), counts, job.round, job=paper)
    session = show(session, screen, do)
    theirs = None if job.round is None else job.round.fetches
    if theirs is not None and theirs != counts.pieces:
        return care(session, Did.FETCHES_DIFFER, do, timing, theirs=theirs, ours=counts.pieces)
    return right(
        session,
        Did.HANDED_OVER,
        do,
        timing,
        containers=counts.containers,
        loose=counts.loose,
    )


def signed(session: Session, screen: Signed, event: CounterEvent, do: Do) -> Session:
    """The hand-over stands, whatever becomes of the paper."""
    match event:
        case PaperDone(job, paper) if job == screen.job:
            return show(session, replace(screen, paper=paper), do)
        case Pressed(Key.REPRINT) if screen.paper is not Paper.WAITING:
            job = do.print(PrintManifest(screen.manifest.manifest_id))
            return show(session, replace(screen, job=job, paper=Paper.WAITING), do)
        case _:
            return session
