"""A rule of the matching: what is wrong with a unit, and for how long that may be so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.visitors import replacement_traverse

from sync.central.cases import Kind as CaseKind
from sync.central.reconcile.model import Kind, Tolerances, Unit


@dataclass(frozen=True, slots=True)
class Rule:
    """`wrong` holds where it applies, over the unit's standing. With `patience`, hours named in
    Tolerances, it opens a case only that long after `since`; 0 hours switch it off. `name` is
    unique and kept in the database: never change it."""

    name: str
    kind: CaseKind
    stage: Kind | None  # None is the drop itself
    wrong: sa.ColumnElement[bool]
    patience: str = ""
    since: sa.Column[Any] | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """The rules of one kind of unit, over the scratch table that says how those stand that any of
    them minds."""

    unit: Unit
    standing: sa.Table
    rules: Sequence[Rule]

    def minded(self, standings: sa.Select[Any]) -> sa.Select[Any]:
        """Of so many units those that some rule minds, now or in time: few, as a rule. The others
        need no place in the table."""
        every = standings.subquery()

        def there(element: Any, **_: Any) -> Any:
            mine = isinstance(element, sa.Column) and element.table is self.standing
            return every.c[element.name] if mine else None

        wrong = sa.or_(*(rule.wrong for rule in self.rules))
        return sa.select(every).where(replacement_traverse(wrong, {}, there))


def hours(tolerances: Tolerances, rule: Rule) -> int:
    return int(getattr(tolerances, rule.patience))
