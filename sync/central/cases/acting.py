"""What a person does to a case. Each step is written down in one transaction with the state that
comes of it and the line in the audit; whoever looked at an older state is told so."""

from __future__ import annotations

from enum import Enum, auto
from typing import Any, Final

import sqlalchemy as sa

from kiosk.ports import Clock
from sync.central.audit import Actor, changed
from sync.central.cases.kinds import RESOLUTIONS, Kind
from sync.central.cases.lifecycle import Standing, State, Step, Taken, after, allowed
from sync.central.cases.opening import standing_of
from sync.central.counter import closing
from sync.central.database import Database, locked
from sync.central.tables import case_events, cases

LONGEST_COMMENT: Final = 2000
BY_HAND: Final = (Step.TAKEN, Step.LEFT, Step.COMMENTED, Step.SETTLED, Step.REOPENED)
_SAYS_WHY: Final = (Step.COMMENTED, Step.SETTLED, Step.REOPENED)


_ENDS: Final = (Step.SETTLED, Step.REOPENED)


class NotDone(Enum):
    """Why a step was not taken. The case is as it was."""

    UNKNOWN = auto()  # there is no such case
    OVERTAKEN = auto()  # it has changed since the page was made
    NOT_NOW = auto()  # the step does not lead on from here
    NO_RESOLUTION = auto()  # none, or none of this kind's
    NO_COMMENT = auto()


def act(
    database: Database,
    clock: Clock,
    actor: Actor,
    case_id: str,
    seen: int,
    step: Step,
    *,
    resolution: str = "",
    comment: str = "",
) -> NotDone | None:
    """Take one of BY_HAND. `seen` is how many steps the case had when the person looked. None:
    done."""
    said = comment.replace("\0", "").strip()[:LONGEST_COMMENT]

    def work(c: sa.Connection) -> NotDone | None:
        mine = sa.and_(cases.c.tenant == actor.tenant, cases.c.case_id == case_id)
        if step in _ENDS:
            for kind, site in c.execute(sa.select(cases.c.kind, cases.c.site).where(mine)):
                closing.hold(c, actor.tenant, kind, site)
        case = c.execute(locked(sa.select(cases).where(mine))).one_or_none()
        wrong = _wrong(case, seen, step, resolution, said)
        if case is None or wrong is not None:
            return wrong
        taken = Taken(step, clock.now(), actor.name, resolution if step is Step.SETTLED else "")
        standing = _write(c, case, taken, said)
        was = {"state": case.state, "owner": case.owner, "resolution": case.resolution}
        now = {
            "state": standing.state.value,
            "owner": standing.owner,
            "resolution": standing.resolution,
            "comment": said,
        }
        changed(c, actor, taken.at, f"case.{step.value}", case.key, before=was, after=now)
        if step in _ENDS:
            closing.say(c, taken.at, case, again=step is Step.REOPENED)
        return None

    return database.write(work)


def _wrong(
    case: sa.Row[Any] | None, seen: int, step: Step, resolution: str, comment: str
) -> NotDone | None:
    if case is None:
        return NotDone.UNKNOWN
    if case.steps != seen:
        return NotDone.OVERTAKEN
    if step not in BY_HAND or not allowed(State(case.state), step):
        return NotDone.NOT_NOW
    if step is Step.SETTLED and resolution not in RESOLUTIONS[Kind(case.kind)]:
        return NotDone.NO_RESOLUTION
    if step in _SAYS_WHY and not comment:
        return NotDone.NO_COMMENT
    return None


def _write(c: sa.Connection, case: sa.Row[Any], taken: Taken, comment: str) -> Standing:
    standing = after(standing_of(case), taken)
    c.execute(
        case_events.insert(),
        {
            "case_id": case.case_id,
            "number": case.steps + 1,
            "tenant": case.tenant,
            "at": taken.at,
            "who": taken.who,
            "step": taken.step.value,
            "resolution": taken.resolution,
            "comment": comment,
            "evidence": {},
        },
    )
    values = {
        "state": standing.state.value,
        "owner": standing.owner,
        "settled_at": standing.settled_at,
        "settled_by": standing.settled_by,
        "resolution": standing.resolution,
        "steps": case.steps + 1,
    }
    c.execute(cases.update().where(cases.c.case_id == case.case_id).values(values))
    return standing
