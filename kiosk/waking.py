"""From a machine that is on to a core that serves, without a person: it is woken when there is an
identity and a store to be had, and woken again after its store has broken.

The ledger is mended while it is opened (kiosk.store.recovery.opening); here is only the getting
up, the going to bed and the getting up again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from kiosk.core import Core, Preview, Show
from kiosk.flows.model import Comfort, OutOfService, Session, Starting
from kiosk.ports import Clock, Ids, Rasteriser, Service, Trouble
from kiosk.quiet import installed
from kiosk.settings import Settings
from kiosk.store import StoreFailed, Unavailable
from kiosk.store.recovery.opening import open_mended
from kiosk.store.switching import Wanted, settle
from kiosk.world import SystemClock, SystemIds
from sync.agent.enrol import EnrolFault, load_identity
from sync.agent.pace import Pace

log = logging.getLogger("takeback")

LOOK_AGAIN_S = 2.0  # for an enrolment, or a store that was not to be had


def wanted(settings: Settings) -> Wanted:
    """How the settings want the store kept."""
    return Wanted(settings.store.encrypted, Path(settings.store.key_file))


def closed(settings: Settings, trouble: Trouble) -> Session:
    """A kiosk that cannot serve, and says why."""
    return Session(
        OutOfService(trouble),
        Comfort(settings.languages[0]),
        Service(frozenset({trouble})),
    )


def resting(settings: Settings) -> Session:
    """A kiosk that is closed for a moment, with nothing wrong."""
    return Session(Starting(), Comfort(settings.languages[0]))


def wake(
    settings: Settings,
    show: Show,
    rasterise: Rasteriser,
    preview: Preview,
    leaving: threading.Event,
    built: Callable[[Core], None] | None = None,
    pace: Pace | None = None,
    clock: Clock | None = None,
    ids: Ids | None = None,
) -> Core | None:
    """A running core. Waits, out of service, for an enrolment and for the store to be had; None
    when `leaving` was set meanwhile."""
    clock, ids = clock or SystemClock(), ids or SystemIds()
    said: Trouble | None = None
    while not leaving.is_set():
        sealed = settle(settings.data, wanted(settings), ids)
        identity = load_identity(settings.data)
        if sealed is not None:
            trouble, why = Trouble.STORE_FAILED, f"{sealed.cause.value} {sealed.detail}"
        elif isinstance(identity, EnrolFault):
            trouble, why = Trouble.NOT_ENROLLED, identity.value
        else:
            store = open_mended(settings.data, clock, ids)
            if not isinstance(store, Unavailable):
                try:
                    here = installed(settings, store)
                    core = Core(here, identity, store, show, rasterise, preview, pace, clock, ids)
                except BaseException:  # settings that no driver takes, most likely
                    store.close()
                    raise
                if built is not None:
                    built(core)
                failure = _started(core)
                if failure is None:
                    return core
                store = failure
            trouble, why = Trouble.STORE_FAILED, f"{store.cause.value} {store.detail}"
        if trouble is not said:
            said = trouble
            log.error("out of service: %s: %s", trouble.value, why)
            show(closed(settings, trouble))
        leaving.wait(LOOK_AGAIN_S)
    return None


def _started(core: Core) -> Unavailable | None:
    """Start it; a store that opened and cannot be written is no store, and is closed again."""
    try:
        core.start()
    except StoreFailed as failure:
        core.stop()
        return Unavailable(failure.cause, failure.detail)
    return None


def keep_awake(
    rouse: Callable[[], Core | None],
    awake: Callable[[Core], None],
    asleep: Callable[[], None],
    leaving: threading.Event,
    resting: Callable[[], None] | None = None,
) -> None:
    """Until `leaving`: a core from `rouse` (None ends it), handed to `awake`; once its store has
    broken it is stopped behind `asleep`, and the next one roused; so also where it wants to be
    opened anew, behind `resting`. Whoever sets `leaving` also calls `Core.let_go` of the core in
    hand, and stops that one."""
    while (core := rouse()) is not None:
        awake(core)
        core.until_broken()
        if leaving.is_set():
            return
        if core.again and core.store.broken is None:
            log.info("closing the core, to open it anew")
            (resting or asleep)()
        else:
            log.error("the store has broken (%s); starting again", core.store.broken)
            asleep()
            core.store.rescue()
        core.stop()
