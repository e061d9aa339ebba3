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

from kiosk.core import Core, Preview
from kiosk.ports import Clock, Ids, Rasteriser, ScreenLook, Trouble
from kiosk.profiles import Event, Face
from kiosk.quiet import installed, undone
from kiosk.settings import Settings
from kiosk.store import Store, StoreFailed, Unavailable
from kiosk.store.recovery.opening import open_mended
from kiosk.store.switching import Wanted, settle
from kiosk.world import SystemClock, SystemIds
from sync.agent.enrol import EnrolFault, Identity, load_identity
from sync.agent.pace import Pace

log = logging.getLogger("takeback")

LOOK_AGAIN_S = 2.0  # for an enrolment, or a store that was not to be had


def wanted(settings: Settings) -> Wanted:
    """How the settings want the store kept."""
    return Wanted(settings.store.encrypted, Path(settings.store.key_file))


def wake(
    settings: Settings,
    face: Face[Event],
    rasterise: Rasteriser,
    preview: Preview,
    leaving: threading.Event,
    built: Callable[[Core[Event]], None] | None = None,
    pace: Pace | None = None,
    clock: Clock | None = None,
    ids: Ids | None = None,
    screen: ScreenLook | None = None,
) -> Core[Event] | None:
    """A running core. Waits, out of service, for an enrolment and for the store to be had; None
    when `leaving` was set meanwhile."""
    clock, ids = clock or SystemClock(), ids or SystemIds()
    said: Trouble | None = None

    def make(who: Identity, store: Store) -> Core[Event]:
        here = installed(settings, store)
        return Core(here, who, store, face, rasterise, preview, pace, clock, ids, screen)

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
                core = _serving(make, identity, store, built)
                if isinstance(core, Core):
                    return core
                if core is None:
                    continue
                store = core
            trouble, why = Trouble.STORE_FAILED, f"{store.cause.value} {store.detail}"
        if trouble is not said:
            said = trouble
            log.error("out of service: %s: %s", trouble.value, why)
            face.closed(settings, trouble)
        leaving.wait(LOOK_AGAIN_S)
    return None


def _serving(
    make: Callable[[Identity, Store], Core[Event]],
    who: Identity,
    store: Store,
    built: Callable[[Core[Event]], None] | None,
) -> Core[Event] | Unavailable | None:
    """A core that was made and has started. A store that opened and cannot be written is no store.
    None where settings of the centre kept it from starting: they are undone, and the next attempt
    is without them. Whatever else is wrong is raised; the store is closed in each case."""
    core: Core[Event] | None = None
    try:
        core = make(who, store)
        if built is not None:
            built(core)
        core.start()
        return core
    except StoreFailed as failure:
        _close(core, store)
        return Unavailable(failure.cause, failure.detail)
    except Exception as error:
        mine = undone(store, error)
        _close(core, store)
        if not mine:
            raise
        return None
    except BaseException:
        _close(core, store)
        raise


def _close(core: Core[Event] | None, store: Store) -> None:
    """A core closes its store."""
    if core is None:
        store.close()
    else:
        core.stop()


def keep_awake(
    rouse: Callable[[], Core[Event] | None],
    awake: Callable[[Core[Event]], None],
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
