"""`takeback central counter-book`: a site's house from a file and back, and its next book."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.cli.app import app
from kiosk.seal.keys import SigningKey
from sync.central import policy
from sync.central.database import Database, migrate
from sync.central.demo_counter import HOUSE

SITE = ("--site", "Market 3")
KEY = SigningKey("bundle-1", bytes(range(32)))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("counter-book") / "prepared.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    policy.put_tenant(database, "acme", "Acme", "acme-kiosks")
    policy.put_bundle_key(database, "acme", KEY)
    database.close()
    return path


@pytest.fixture
def central(tmp_path: Path, prepared: Path):
    url = f"sqlite:///{shutil.copy(prepared, tmp_path / 'centre.db')}"
    held = tmp_path / "bundle.key"
    held.write_text(KEY.private.hex())

    def run(*arguments: str, code: int = 0) -> str:
        whose = ("--key", f"acme:bundle-1:{held}") if arguments[0] in ("publish", "secret") else ()
        whose = whose or ("--tenant", "acme")
        told = ["central", "counter-book", *arguments, *whose, "--database", url]
        answer = CliRunner().invoke(app, told)
        assert answer.exit_code == code, answer.output
        return answer.output

    return run


def test_a_file_becomes_a_draft_and_a_book_and_comes_back_as_it_was(central, tmp_path) -> None:
    assert "40 shelves" in central("import", str(HOUSE), *SITE)
    told = central("export", *SITE)
    again = tmp_path / "again.toml"
    again.write_text(told)
    assert "book 1 of Market 3" in central("publish", *SITE, "--from", str(again))
    assert central("export", *SITE) == told
    (row,) = json.loads(central("list", "--json"))
    assert (row["number"], row["draft"], row["shelves"]) == (1, False, 40)
    assert "Market 3" in central("list")
    assert "book 9 of" in central("publish", *SITE, "--at-least", "9")


def test_what_is_wrong_is_said_and_nothing_goes_out(central, tmp_path) -> None:
    assert "has no counter" in central("publish", *SITE, code=1)
    assert "has no counter" in central("export", *SITE, code=1)
    bad = tmp_path / "bad.toml"
    bad.write_text("langauge = 'de'")
    assert "langauge is not known" in central("import", str(bad), *SITE, code=1)
    bad.write_text("language = 'de'")
    assert "never open" in central("import", str(bad), *SITE)
    assert "no carriers" in central("publish", *SITE, code=1)


def test_a_secret_is_changed_and_the_old_one_given_up(central) -> None:
    central("publish", *SITE, "--from", str(HOUSE))
    assert "there is only one" in central("secret", "give-up", *SITE, code=1)
    assert "done at Market 3" in central("secret", "change", *SITE)
    assert "two secrets" in central("secret", "change", *SITE, code=1)
    assert "done at Market 3" in central("secret", "give-up", *SITE)
    (row,) = json.loads(central("list", "--json"))
    assert row["number"] == 3
    central("secret", "forget", *SITE, code=2)
