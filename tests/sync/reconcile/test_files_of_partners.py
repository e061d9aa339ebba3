"""Files of carriers and hubs: looked at first, taken whole or not at all, twice without harm."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from kiosk.cli.app import app
from sync.central.database import Database
from sync.central.reconcile import columns, csv_file, epcis_file
from sync.central.reconcile.importing import Imported, import_movements
from sync.central.reconcile.model import Kind
from sync.central.tables import movements
from tests.sync.conftest import TENANT

NOW = datetime(2026, 5, 9, 12, tzinfo=UTC)
MAP = """
source = "hub:north"
kind = "hub_received"
timezone = "Europe/Berlin"
time_format = "%d.%m.%Y %H:%M"
delimiter = ";"
[columns]
source_id = "Scan"
told_at = "Time"
kind = "What"
bag_id = "Label"
count = "Pieces"
return_id = "RMA"
amount = "Paid"
currency = "Cur"
[kinds]
PAID = "refunded"
RCV = "hub_received"
"""
HEAD = "Scan;Time;What;Label;Pieces;RMA;Paid;Cur;Remark\n"
GOOD = HEAD + "1;04.05.2026 18:30;RCV;BAG-1;2;;;;fine\n2;05.05.2026 09:00;PAID;;;R1;12.50;EUR;\n"


@pytest.fixture
def database(prepared_file, tmp_path):
    path = tmp_path / "centre.db"
    path.write_bytes(prepared_file.read_bytes())
    made = Database(f"sqlite:///{path}")
    yield made
    made.close()


def _map(folder: Path, text: str = MAP) -> columns.Columns:
    path = folder / "map.toml"
    path.write_text(text, "utf-8")
    made = columns.read(path)
    assert isinstance(made, columns.Columns), made
    return made


def _take(database, folder, text, *, preview=False):
    path = folder / "scans.csv"
    path.write_text(text, "utf-8")
    map_ = _map(folder)
    return import_movements(
        database, TENANT, lambda: csv_file.rows(path, map_), lambda: NOW, preview=preview
    )


def _kept(database):
    with database.reading() as c:
        return [dict(row) for row in c.execute(sa.select(movements)).mappings()]


def test_a_file_is_taken_and_counts_once(database, tmp_path):
    assert _take(database, tmp_path, GOOD) == Imported(2, 0)
    assert _take(database, tmp_path, GOOD) == Imported(0, 2)
    bag, money = sorted(_kept(database), key=lambda row: row["source_id"])
    assert (bag["kind"], bag["bag_id"], bag["count"]) == ("hub_received", "BAG-1", 2)
    assert bag["told_at"] == datetime(2026, 5, 4, 16, 30, tzinfo=UTC)  # 18:30 in Berlin
    assert (money["kind"], money["amount"], money["currency"]) == ("refunded", 1250, "EUR")


def test_a_preview_says_what_would_be_found_and_takes_nothing(database, tmp_path):
    done = _take(database, tmp_path, GOOD, preview=True)
    assert done == Imported(2, 0, {"extra": 1, "unknown_parcel": 1}, 0)
    assert _kept(database) == []
    with database.reading() as c:
        assert c.execute(sa.text("SELECT count(*) FROM cases")).scalar_one() == 0


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("3;04.05.2026;RCV;B;1;;;;", "told_at: '04.05.2026' is no time in the form"),
        ("3;04.05.2026 18:30;RCV;B;many;;;;", "count: 'many' is no whole number"),
        ("3;04.05.2026 18:30;LOST;B;1;;;;", "kind: 'LOST' is none"),
        ("3;04.05.2026 18:30;RCV;;1;;;;", "needs a bag, container, manifest"),
        ("3;04.05.2026 18:30;PAID;;;R1;12,50;EUR;", "amount: '12,50 EUR' has a comma"),
        ("3;04.05.2026 18:30;PAID;;;R1;1.234;EUR;", "amount:"),
        (";04.05.2026 18:30;RCV;B;1;;;;", "source and source_id are needed"),
        ("1;04.05.2026 18:30;RCV;BAG-9;2;;;;", "stands in line 2 with another content"),
        ("3;04.05.2026 18:30;RCV", "has not as many cells"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_taken(database, tmp_path, line, why):
    wrong = _take(database, tmp_path, GOOD + line + "\n")
    assert isinstance(wrong, list)
    assert [(one.line, why in one.problem) for one in wrong] == [(4, True)], wrong
    assert _kept(database) == []


def test_what_was_told_before_is_not_changed_by_a_later_file(database, tmp_path):
    assert _take(database, tmp_path, GOOD) == Imported(2, 0)
    wrong = _take(
        database, tmp_path, GOOD.replace("BAG-1;2", "BAG-1;3") + "9;04.05.2026 18:30;RCV;B;1;;;;\n"
    )
    assert isinstance(wrong, list)
    assert [one.line for one in wrong] == [2]
    assert len(_kept(database)) == 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("kind = 'x'\nsource = 's'\n", "no kind is called 'x'"),
        ("source = 's'\nkind='graded'\n", "columns: source_id, told_at must be named"),
        ("source = 's'\ntimezone='Mars'\n", "no time zone 'Mars'"),
        ("source = 's'\n[columns]\nbag='B'\n", "columns: there is nothing called 'bag'"),
        ("sauce = 's'\n", "sauce"),
        ("source = ", "is no TOML: the value cannot be read"),
        ("source = 's'\nkind graded", "line 2: is no TOML: '=' is missing behind the key"),
    ],
)
def test_a_map_that_cannot_be_used_says_why(tmp_path, text, why):
    path = tmp_path / "map.toml"
    path.write_text(text, "utf-8")
    made = columns.read(path)
    assert isinstance(made, str)
    assert why in made or "missing required field" in made


def _event(**changes):
    return {
        "type": "ObjectEvent",
        "eventID": "ni:///sha-256;aa?ver=CBV2.0",
        "eventTime": "2026-05-04T18:30:00+02:00",
        "eventTimeZoneOffset": "+02:00",
        "epcList": ["https://acme.example/container/TOTE%201"],
        "action": "OBSERVE",
        "bizStep": "departing",
        **changes,
    }


def _epcis(folder, *events, **changes):
    path = folder / "events.json"
    told = {"type": "EPCISDocument", "epcisBody": {"eventList": list(events)}, **changes}
    path.write_text(json.dumps(told), "utf-8")
    map_ = columns.Columns("carrier:swift")
    return [one for _, one in epcis_file.rows(path, map_)]


def test_epcis_events_are_movements(tmp_path):
    packed = _event(
        type="AggregationEvent",
        parentID="https://acme.example/container/TOTE%201",
        childEPCs=["https://acme.example/bag/B1", "urn:epc:id:sscc:0614141.1234567890"],
        action="ADD",
        bizStep="packing",
        eventID="ni:///sha-256;bb?ver=CBV2.0",
    )
    papers = [{"type": "bol", "bizTransaction": "https://acme.example/manifest/M7"}]
    left = _event(bizTransactionList=papers)
    came = _event(
        bizStep="https://ref.gs1.org/cbv/BizStep-receiving",
        eventID="ni:///sha-256;cc?ver=CBV2.0",
        epcList=["https://id.gs1.org/00/106141412345678908"],
    )
    made = _epcis(tmp_path, packed, left, came)
    assert [(one.kind, one.bag_id, one.container_id, one.manifest_id) for one in made] == [
        (Kind.CONTAINED, "B1", "TOTE 1", ""),
        (Kind.CONTAINED, "106141412345678908", "TOTE 1", ""),
        (Kind.HANDED_OVER, "", "TOTE 1", "M7"),
        (Kind.RECEIVED, "106141412345678908", "", ""),
    ]
    assert len({one.source_id for one in made}) == 4


def test_what_means_nothing_here_is_passed_over(tmp_path):
    assert _epcis(tmp_path, _event(bizStep="commissioning"), _event(action="DELETE")) == []


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (_event(eventTime="yesterday"), "eventTime"),
        (_event(eventTime="2026-05-04T18:30:00"), "eventTime"),
        (_event(eventID=""), "eventID"),
        (_event(type="AggregationEvent", action="ADD"), "parentID"),
        ("text", "is no event"),
    ],
)
def test_a_bad_event_is_named(tmp_path, event, why):
    (wrong,) = _epcis(tmp_path, event)
    assert why in wrong.problem


def test_the_command_looks_takes_and_refuses(database, tmp_path):
    url = str(database.engine.url)
    scans, map_ = tmp_path / "scans.csv", tmp_path / "map.toml"
    scans.write_text(GOOD, "utf-8")
    map_.write_text(MAP, "utf-8")
    arguments = ["central", "import-movements", str(scans), "--columns", str(map_)]
    arguments += ["--tenant", TENANT, "--database", url]
    looked = CliRunner().invoke(app, [*arguments, "--preview"])
    assert (looked.exit_code, "would take 2" in looked.output) == (0, True), looked.output
    assert CliRunner().invoke(app, arguments).output == "2 taken; known already: 0\n"
    scans.write_text(GOOD.replace("BAG-1;2", "BAG-1;x"), "utf-8")
    refused = CliRunner().invoke(app, arguments)
    assert refused.exit_code == 1
    assert "scans.csv:2: count: 'x' is no whole number" in refused.output
    assert "nothing was taken: 1 problem" in refused.output
