"""One portion of the matching, in one transaction: judge what is touched, keep what is wrong.

Everything up to the differences themselves is set-based; only those, few, come out of the
database, to get their evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sync.central.cases import Kind as CaseKind
from sync.central.reconcile import bags, comparing, containers, lines, manifests, refunds, touched
from sync.central.reconcile.differences import Found, Same, replace
from sync.central.reconcile.gathered import gather
from sync.central.reconcile.model import Kind, Tolerances, Unit
from sync.central.reconcile.rules import Family, Rule, hours
from sync.central.reconcile.scratch import TOUCHED, fill, keep, known
from sync.central.tables.reconcile import awaited, differences

_STANDINGS = (
    (bags.standings, Unit.BAG),
    (containers.standings, Unit.CONTAINER),
    (manifests.standings, Unit.MANIFEST),
    (lines.standings, Unit.LINE),
    (refunds.standings, Unit.RETURN),
)


@dataclass(frozen=True, slots=True)
class Portion:
    """Whose facts are matched, and when: `now` is the centre's clock."""

    tenant: str
    now: datetime
    tolerances: Tolerances

    def cut(self, rule: Rule) -> datetime:
        """What a rule waits for since then or longer is late."""
        return self.now - timedelta(hours=hours(self.tolerances, rule))

    def families(self) -> Sequence[Family]:
        fixed = (bags.FAMILY, containers.FAMILY, manifests.FAMILY, lines.FAMILY)
        return (*fixed, refunds.family(self.tolerances))

    def due(self) -> Mapping[str, datetime]:
        """By rule with patience: what waits since before then must be looked at again."""
        rules = [rule for family in self.families() for rule in family.rules if rule.patience]
        return {rule.name: self.cut(rule) for rule in rules}


def match(c: sa.Connection, portion: Portion) -> Same:
    """Judge all touched units; the scratch tables hold which."""
    touched.settle(c, portion.tenant)
    gather(c, portion.tenant)
    for family, (standings, unit) in zip(portion.families(), _STANDINGS, strict=True):
        assert family.unit is unit
        fill(c, family.standing, family.minded(standings(portion.tenant)))
    same = Same()
    for family in portion.families():
        known(c, family.standing)
        _wait(c, portion, family)
        touched_ids = sa.select(TOUCHED[family.unit].c.unit_id)
        among = differences.c.unit_id.in_(touched_ids)
        same = same + replace(c, portion, family.unit, _found(c, portion, family), among)
    return same


def _found(c: sa.Connection, portion: Portion, family: Family) -> list[Found]:
    """A unit may be wrong in several ways; each kind is one case, whatever the number of rules."""
    standing = family.standing
    rows: dict[tuple[CaseKind, str, str], Mapping[str, Any]] = {}
    stages: defaultdict[tuple[CaseKind, str, str], list[Kind | None]] = defaultdict(list)
    for rule in family.rules:
        late = _late(portion, rule)
        if late is None:
            continue
        for row in map(dict, c.execute(sa.select(standing).where(rule.wrong, late)).mappings()):
            key = rule.kind, row["unit_id"], row.get("part_id", "")
            rows[key] = row
            stages[key].append(rule.stage)
    return [comparing.found(key[0], family.unit, row, stages[key]) for key, row in rows.items()]


def _late(portion: Portion, rule: Rule) -> sa.ColumnElement[bool] | None:
    """None where the rule is switched off."""
    if not rule.patience or rule.since is None:
        return sa.true()
    return rule.since <= portion.cut(rule) if hours(portion.tolerances, rule) > 0 else None


def _wait(c: sa.Connection, portion: Portion, family: Family) -> None:
    """Note what is not late yet, and forget what is over."""
    mine = sa.and_(awaited.c.tenant == portion.tenant, awaited.c.unit_kind == family.unit.value)
    units = sa.select(TOUCHED[family.unit].c.unit_id)
    c.execute(awaited.delete().where(mine, awaited.c.unit_id.in_(units)))
    for rule in family.rules:
        if rule.since is None or hours(portion.tolerances, rule) <= 0:
            continue
        part = family.standing.c.get("part_id", sa.literal(""))
        rows = sa.select(
            sa.literal(portion.tenant).label("tenant"),
            sa.literal(family.unit.value).label("unit_kind"),
            family.standing.c.unit_id,
            part.label("part_id"),
            sa.literal(rule.name).label("rule"),
            rule.since.label("since"),
        ).where(rule.wrong, rule.since > portion.cut(rule))
        keep(c, awaited, rows)
