"""The peppers of a counter's digests lie beside the ledger, for their user alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kiosk.store import peppers
from kiosk.world import SystemIds

IDS = SystemIds()
TWO = (("new", bytes(range(32))), ("old", bytes(32)))


def test_they_are_kept_in_their_order_and_read_by_their_user_alone(tmp_path: Path) -> None:
    assert peppers.read(tmp_path) == ()
    peppers.keep(tmp_path, TWO, IDS)
    assert peppers.read(tmp_path) == TWO
    assert stat.S_IMODE((tmp_path / peppers.FILE).stat().st_mode) == 0o600
    peppers.keep(tmp_path, TWO[:1], IDS)
    assert peppers.read(tmp_path) == TWO[:1]


@pytest.mark.parametrize("damage", [b"", b"[[", b"\xff\xfe", b'[["new"]]', b"wrapped:00", b"7"])
def test_a_damaged_file_is_none_so_that_the_centre_tells_them_again(
    tmp_path: Path, damage: bytes
) -> None:
    (tmp_path / peppers.FILE).write_bytes(damage)
    assert peppers.read(tmp_path) == ()
