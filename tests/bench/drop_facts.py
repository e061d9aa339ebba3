"""What the facts kept with a drop cost on the line and on the disk: events of the same drops with
and without them, one by one and in the batches in which a kiosk sends them."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.app import judging
from kiosk.domain.events import DropCommitted
from kiosk.domain.policy.model import Context, Policy
from kiosk.domain.policy.rules import build
from kiosk.domain.visit import IdentifiedBy, OpenDrop
from kiosk.store import open_store
from kiosk.store.store import Store
from kiosk.world import SystemClock, SystemIds
from sync.wire import codec
from sync.wire.messages import Push
from tests.bench import policy_shop

DROPS = 400
BATCH = 100
MOST = 1 << 30


@dataclass(frozen=True)
class Sizes:
    """Bytes: of each event as it travels, and of each batch before and after compression."""

    events: list[int]
    plain: list[int]
    packed: list[int]


def run() -> list[str]:
    facts = list(drops())
    bare = [
        replace(fact, facts={}, lines=tuple(replace(line, facts={}) for line in fact.lines))
        for fact in facts
    ]
    with tempfile.TemporaryDirectory() as folder:
        ways = {
            "without": measured(Path(folder) / "bare", bare),
            "with": measured(Path(folder) / "kept", facts),
        }
    return list(_told(ways))


def drops() -> Iterator[DropCommitted]:
    """Of the bench's forty shops: everything brought and taken that their rules take."""
    content = policy_shop.content(1)
    rules = tuple(build(spec) for spec in policy_shop.RULES)
    context = Context(policy_shop.NOW, site="K1-hall", site_country="DE")
    number = 0
    found = 0
    while found < DROPS:
        authorised = policy_shop.authorisation(number)
        number += 1
        merchant = next(m for m in content.merchants if m.merchant_id == authorised.merchant_id)
        policy = Policy(1, merchant.merchant_id, rules)
        opened = OpenDrop(
            drop_id=f"0192f000-0000-7000-8000-{number:012d}",
            visit_id=f"0192f000-0000-7000-9000-{number:012d}",
            authorisation=authorised,
            merchant=merchant,
            items=judging.items(authorised, merchant, policy, context, {}),
            identified_by=IdentifiedBy.SIGNED,
            code_id=f"cti-{number}",
            policy_number=1,
            offline=False,
            context=context,
        )
        if judging.settled(opened):
            found += 1
            yield _fact(opened, number)


def _fact(opened: OpenDrop, number: int) -> DropCommitted:
    lines, shared = judging.kept(opened)
    return DropCommitted(
        drop_id=opened.drop_id,
        drop_number=f"K1-{number:06d}-X",
        visit_id=opened.visit_id,
        return_id=opened.authorisation.return_id,
        merchant_id=opened.merchant.merchant_id,
        bag_id=f"TB{number:010d}",
        policy_number=opened.policy_number,
        offline=opened.offline,
        identified_by=opened.identified_by.value,
        code_id=opened.code_id,
        lines=lines,
        facts=shared,
    )


def measured(place: Path, facts: list[DropCommitted]) -> Sizes:
    """Recorded in a store and taken out of its outbox, as the agent does."""
    store = open_store(place, SystemClock(), SystemIds())
    try:
        for fact in facts:
            store.record(fact, fact.drop_id)
        return _sizes(store)
    finally:
        store.close()


def _sizes(store: Store) -> Sizes:
    found = Sizes([], [], [])
    while (batch := store.outbox.next_batch(BATCH, MOST)) is not None:
        records = tuple(codec.record(event, "bench") for event in batch.events)
        found.events.extend(len(codec.encode(record)) for record in records)
        body = codec.encode(
            Push(
                epoch=batch.epoch,
                prev_chain=batch.prev_chain,
                events=records,
                sent_at=policy_shop.NOW,
                head=None,
            )
        )
        found.plain.append(len(body))
        found.packed.append(len(codec.pack(body)))
        last = batch.events[-1]
        store.outbox.acknowledge(batch.epoch, last.sequence, last.chain)
    return found


def _told(ways: dict[str, Sizes]) -> Iterator[str]:
    yield f"drop_facts: {DROPS} drops, in batches of {BATCH}, bytes (median)"
    yield f"{'':14}{'an event':>10}{'a batch':>10}{'gzipped':>10}{'a drop, gzipped':>17}"
    rows = {
        name: [statistics.median(part) for part in (one.events, one.plain, one.packed)]
        for name, one in ways.items()
    }
    for name, (event, plain, packed) in rows.items():
        yield f"  {name:12}{event:10.0f}{plain:10.0f}{packed:10.0f}{packed / BATCH:17.0f}"
    grown = [after / before for before, after in zip(*rows.values(), strict=True)]
    yield f"  {'grown to':12}" + "".join(f"{part:9.2f}x" for part in grown)
