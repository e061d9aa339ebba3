"""`takeback central export` and `backup | restore`, as somebody at the centre calls them."""

from __future__ import annotations

import json

import pytest

from sync.central.database import Database, migrate
from sync.central.policy import put_tenant


@pytest.fixture
def url(tmp_path):
    """A centre with a tenant and nothing else."""
    address = f"sqlite:///{tmp_path / 'central.db'}"
    database = Database(address)
    migrate(database)
    put_tenant(database, "acme", "Acme returns", "acme-kiosks")
    database.close()
    return address


def test_files_are_written_whole_and_never_over_another(takeback, url, tmp_path):
    own = ("--tenant", "acme", "--database", url)
    for name in ("a.csv", "a.xlsx", "a.parquet"):
        takeback("central", "export", "make", "drops", tmp_path / name, *own).says(0, "drops")
    takeback("central", "export", "make", "events", tmp_path / "a.jsonld", *own).says(0)
    assert json.loads((tmp_path / "a.jsonld").read_text())["epcisBody"] == {"eventList": []}
    before = (tmp_path / "a.csv").read_bytes()
    assert before.startswith(b"\xef\xbb\xbfdrop_number,")
    takeback("central", "export", "make", "drops", tmp_path / "a.csv", *own).says(1, "already")
    assert (tmp_path / "a.csv").read_bytes() == before
    assert not list(tmp_path.glob("*.partial"))


def test_wrong_calls_are_told(takeback, url, tmp_path):
    own = ("--tenant", "acme", "--database", url)
    export = ("central", "export", "make")
    takeback(*export, "passwords", tmp_path / "a.csv", *own).says(2, "drops, lines, cases")
    takeback(*export, "events", tmp_path / "a.csv", *own).says(2, ".jsonld")
    takeback(*export, "drops", tmp_path / "a.csv", *own, "--first", "May").says(2, "2026-05-31")
    late = ("--first", "2026-05-02", "--last", "2026-05-01")
    takeback(*export, "drops", tmp_path / "a.csv", *own, *late).says(2, "first day")
    takeback(*export, "drops", tmp_path / "a.csv", "--tenant", "x", "--database", url).says(1, "x")
    assert not list(tmp_path.glob("a.*"))


def test_names_for_partners_are_kept_and_checked(takeback, url):
    own = ("--tenant", "acme", "--database", url)
    name = ("central", "export", "name")
    takeback(*name, "site", "4012345000054", "--of", "Street 1", *own).says(0, "4012345000054")
    takeback(*name, "site", "4012345000055", "--of", "Street 1", *own).says(2, "no GLN")
    takeback(*name, "site", "4012345000054", *own).says(2, "--of")
    takeback(*name, "country", "DE", *own).says(2, "none of base, party")
    takeback("central", "export", "names", *own).says(0, "Street 1")
    takeback(*name, "site", "", "--of", "Street 1", *own).says(0, "forgotten")
    takeback("central", "export", "names", *own).says(0, "acme.takeback.invalid")


def test_a_copy_and_the_way_back(takeback, url, tmp_path):
    copy, new = tmp_path / "centre.copy", f"sqlite:///{tmp_path / 'new.db'}"
    takeback("central", "backup", copy, "--database", url).says(0, "copied into")
    takeback("central", "backup", copy, "--database", url).says(1, "already")
    takeback("central", "restore", copy, "--database", new).says(0, "restored from")
    takeback("central", "restore", copy, "--database", new).says(1, "already")
    takeback("central", "restore", tmp_path / "none", "--database", new).says(1, "no such file")
