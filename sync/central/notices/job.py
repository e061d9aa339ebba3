"""What the centre does by itself about notices: looks what is due, and sends it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sync.central.centre import Centre
from sync.central.jobs import GoOn, Job
from sync.central.notices import raising, sending
from sync.central.rest.targets import Targets

SEND: Final = timedelta(seconds=10)
LOOK: Final = timedelta(seconds=30)
WHOLE: Final = timedelta(hours=1)


def jobs(targets: Targets) -> tuple[Job, ...]:
    """In the order in which they are due on one thread: nothing is sent that a look a moment
    before found untrue."""

    def send(centre: Centre, go_on: GoOn) -> str:
        return sending.work(centre, go_on, targets)

    return (
        Job("notices looked for", LOOK, raising.lately),
        Job("notices looked for everywhere", WHOLE, raising.whole),
        Job("notices sent", SEND, send),
    )
