"""Directories that are made to stay."""

from __future__ import annotations

import os

import pytest

from kiosk.store import directory
from kiosk.store.directory import make_directory


def test_every_new_name_is_put_on_the_disk(tmp_path, monkeypatch) -> None:
    synced = []
    monkeypatch.setattr(directory, "sync_directory", synced.append)
    make_directory(tmp_path / "var" / "takeback" / "K1")
    assert synced == [tmp_path, tmp_path / "var", tmp_path / "var" / "takeback"]
    make_directory(tmp_path / "var" / "takeback" / "K1")
    assert len(synced) == 3


def test_what_is_in_it_is_its_owners(tmp_path) -> None:
    make_directory(tmp_path / "takeback" / "K1")
    assert os.stat(tmp_path / "takeback" / "K1").st_mode & 0o777 == 0o700


def test_a_file_in_the_way_is_an_error(tmp_path) -> None:
    (tmp_path / "takeback").write_bytes(b"")
    with pytest.raises(OSError, match="takeback"):
        make_directory(tmp_path / "takeback" / "K1")
