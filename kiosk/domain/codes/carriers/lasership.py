"""LaserShip (now OnTrac's): numbers that begin with L or 1LS. No check digit is published."""

from __future__ import annotations

from kiosk.domain.codes.carriers.engine import Row

ROWS: tuple[Row, ...] = (
    Row("LaserShip L", "LaserShip", ("=L kind:[AEHINX]1 serial:n8",)),
    Row("LaserShip 1LS7", "LaserShip", ("=1LS7 kind:[12]1 serial:n10",)),
    Row(
        "LaserShip 1LS7, part",
        "LaserShip",
        ("=1LS7 kind:[12]1 day:n2 =01 hub:[1234]1 serial:n6 part=1",),
        number="1LS7{kind}{day}01{hub}{serial}-{part}",
    ),
    Row("LaserShip 1LSCX", "LaserShip", ("=1LSCX client:a2 serial:n7 last:x1",)),
)
