"""docs/policy-publishing.md: its files are good, and its commands do what it says."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sync.central.database import Database
from sync.central.tables import devices

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "policy-publishing.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def written(shop, tmp_path, monkeypatch):
    """The page's own files, and the demo's key, where its commands look for them."""
    [oak] = blocks("toml")
    returns, forms = blocks("csv")
    (tmp_path / "oak.toml").write_text(oak, "utf-8")
    (tmp_path / "returns.csv").write_text(returns, "utf-8")
    (tmp_path / "forms.csv").write_text(forms, "utf-8")
    [key] = shop.folder.rglob("bundle.key")
    (tmp_path / "bundle.key").write_text(key.read_text())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TAKEBACK_DATABASE", shop.database)
    _fleet(shop.database)


def _fleet(url):
    """Forty kiosks, so that there are some in a tenth of them."""
    database = Database(url)
    row = {"tenant": "demo", "site": "North", "public_key": ""}
    row["enrolled_at"] = datetime(2026, 5, 4, tzinfo=UTC)
    rows = [{**row, "device_id": f"kiosk-{n}", "kiosk_code": f"N{n}"} for n in range(40)]
    database.write(lambda c: c.execute(devices.insert(), rows))
    database.close()


@pytest.mark.usefixtures("written")
def test_its_commands_run_one_after_the_other(takeback):
    takeback("policy", "check", "oak.toml", "--strict").says(0, "2 rules, 0 problems")
    called = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(called) == 11
    published, rolled, stop, taken = called[:5], called[5:8], called[8], called[9:]
    said = [takeback(*shlex.split(line)[1:]).says(0).out for line in published]
    assert "new: oak" in said[1]
    assert "gone: oak" in said[3]
    rolled_out = [takeback(*shlex.split(line)[1:]).says(0).out for line in rolled]
    assert "for 50 % from now on" in rolled_out[1]
    assert "for every kiosk from now on" in rolled_out[2]
    for line in (published[3], rolled[0]):  # another one, to be stopped
        takeback(*shlex.split(line)[1:]).says(0)
    takeback(*shlex.split(stop)[1:]).says(0, "stops the roll-out of bundle")
    takeback(*shlex.split(published[1])[1:]).says(0)  # the returns are of this merchant
    rest = [takeback(*shlex.split(line)[1:]).says(0).out for line in taken]
    assert rest[0].startswith("1 return; new or changed for the next bundle: 1")
    assert rest[1].startswith("1 form ")
    takeback(*shlex.split(published[4])[1:]).says(0, "forms: eastbox", "1 return")


def test_the_limits_that_it_names_are_those_that_hold():
    from kiosk.domain.look import reading
    from kiosk.domain.look.colours import BRAND

    told = " ".join(PAGE.split())
    numbers = [n for most in (reading.HEADER, reading.FOOTER, reading.SUPPORT) for n in most]
    assert "{} of {} characters, {} of {} and {} of {}".format(*numbers) in told
    for role in BRAND:
        assert f"`{role}`" in PAGE
