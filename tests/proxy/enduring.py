"""How a fault is endured, whichever it is: the same for all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from tests.proxy.cases import ALWAYS, BUSY, Case
from tests.proxy.opened import files, settles
from tests.proxy.site import Site


def by_kind(cases: Sequence[Case], elsewhere: Sequence[Case] = ()) -> Iterator[object]:
    """One of each kind that is not in `elsewhere`, and what found the worst; all of them in the
    long form."""
    seen = {case.kind for case in elsewhere}
    for case in cases:
        again = case.kind in seen and case.name not in ALWAYS
        seen.add(case.kind)
        yield pytest.param(case, id=case.name, marks=[pytest.mark.long] if again else [])


def endure(site: Site, case: Case) -> None:
    """The fault from its first victim to the last trace of it."""
    fault = case.make()
    site.promise()
    site.drained()
    open_before = len(files(site.folder))
    site.line.meets(fault)
    meanwhile = site.promise(2)
    if fault.strikes:
        site.line.until_met()
    # Nobody waits for the line: this is recorded while the fault lasts.
    site.promise()
    site.until(lambda state: state.error in case.says, f"{case.says}")
    if case.reaches:
        site.has_arrived(meanwhile[:1])
    elif case.reaches is False:
        assert not site.arrived() & {one.drop_id for one in meanwhile}
        assert site.store.outbox.position().queued >= 3
    site.line.is_well()
    if case.says & BUSY:
        site.hurry()
    site.drained()
    site.has_no_body_left()
    site.exactly_once()
    fault.did_no_harm()
    most = site.central.alone.and_one_site()
    settles(site.folder, most, open_before)
