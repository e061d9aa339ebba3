"""Receipts drawn, printed again and proven; the history exported and proven."""

from __future__ import annotations

import io
import json
import os
import shutil

import pytest
import zxingcpp
from PIL import Image

from kiosk import audit
from kiosk.domain.events import KioskStarted
from kiosk.store import beside, open_store
from kiosk.store.outbox import chains, events_of
from kiosk.world import SystemClock, SystemIds

pytestmark = pytest.mark.usefixtures("qapp")


def recorded(shop, part: str) -> list[dict]:
    with beside.look(shop.data) as connection:
        epoch = chains(connection)[-1].epoch
        return [dict(e.data) for e in events_of(connection, epoch) if part in e.type]


# --- receipt -------------------------------------------------------------------------------------


def test_show_draws_the_paper_with_its_proof(takeback, shop, tmp_path):
    out = tmp_path / "receipt.png"
    number = shop.drop.drop_number
    takeback("receipt", "show", number, "--out", out, "--settings", shop.settings).says(0)
    assert zxingcpp.read_barcodes(Image.open(out).convert("L"))[0].text == shop.drop.proof
    answer = takeback(
        "receipt", "show", number.lower(), "--out", out, "--settings", shop.settings, "--json"
    )
    assert answer.json["drop"]["drop_number"] == number
    assert answer.json["picture"] == str(out)


def test_show_works_beside_a_running_kiosk(takeback, shop, tmp_path):
    store = open_store(shop.data, SystemClock(), SystemIds())
    try:
        answer = takeback(
            "receipt",
            "show",
            shop.drop.drop_number,
            "--out",
            tmp_path / "r.png",
            "--settings",
            shop.settings,
        )
    finally:
        store.close()
    answer.says(0)


def test_a_reprint_comes_out_and_is_recorded(takeback, shop, printer):
    answer = takeback(
        "receipt", "reprint", shop.drop.drop_number, "--settings", shop.settings, "--json"
    ).says(0)
    assert answer.json["outcome"] == "Printed"
    assert printer.await_slips(1)
    paper = Image.open(io.BytesIO(printer.slips[0].png)).convert("L")
    assert zxingcpp.read_barcodes(paper)[0].text == shop.drop.proof
    (settled,) = recorded(shop, "receipt.settled")
    assert settled["outcome"] == "printed"


def test_a_reprint_without_paper_is_a_no_with_its_mend(takeback, shop, printer):
    printer.tear_paper()
    call = ("receipt", "reprint", shop.drop.drop_number, "--settings", shop.settings)
    takeback(*call).says(1, "not printed", "Put in a new roll")
    assert recorded(shop, "receipt.settled")[0]["fault"] == "paper_out"
    assert takeback(*call, "--json").says(1).json["details"]["fault"] == "paper_out"


def test_a_printer_that_confirms_nothing(takeback, shop, printer):
    printer.go_silent()
    takeback("receipt", "reprint", shop.drop.drop_number, "--settings", shop.settings).says(
        1, "look whether it came out"
    )


def test_no_reprint_beside_a_running_kiosk(takeback, shop, printer):
    store = open_store(shop.data, SystemClock(), SystemIds())
    try:
        answer = takeback("receipt", "reprint", shop.drop.drop_number, "--settings", shop.settings)
    finally:
        store.close()
    answer.says(1, "stop it first")
    assert printer.slips == []


def test_a_receipt_that_was_being_printed_when_the_power_went(takeback, shop, printer):
    from kiosk.app.printing import Receipts

    store = open_store(shop.data, SystemClock(), SystemIds())
    Receipts(store, SystemClock()).begin(shop.drop.drop_id)
    store.close()
    takeback("receipt", "reprint", shop.drop.drop_number, "--settings", shop.settings).says(
        1, "start and stop the kiosk once"
    )


@pytest.mark.parametrize("command", ["show", "reprint"])
def test_numbers_that_are_none(takeback, shop, printer, command):
    del printer
    wrong = shop.drop.drop_number[:-1] + ("0" if shop.drop.drop_number[-1] != "0" else "1")
    takeback("receipt", command, wrong, "--settings", shop.settings).says(2, "check character")
    takeback("receipt", command, "junk", "--settings", shop.settings).says(2, "no drop number")
    from kiosk.app.numbers import drop_number

    takeback("receipt", command, drop_number("K9", 77), "--settings", shop.settings).says(
        1, "has promised no drop"
    )


@pytest.mark.parametrize("command", ["show", "reprint"])
def test_a_kiosk_that_has_promised_nothing(takeback, shop, command):
    (shop.data / "ledger.db").unlink()
    takeback("receipt", command, shop.drop.drop_number, "--settings", shop.settings).says(
        1, "promised nothing yet"
    )


def test_reprint_with_settings_that_no_driver_takes(takeback, shop):
    call = ("receipt", "reprint", shop.drop.drop_number, "--settings")
    takeback(*call, shop.settings).says(2, "no printer")
    shop.has(printers=[{"name": "p", "driver": "typewriter"}])
    takeback(*call, shop.settings).says(2, "there are: escpos-file")


def test_a_language_without_words(takeback, shop):
    takeback(
        "receipt",
        "show",
        shop.drop.drop_number,
        "--language",
        "tlh",
        "--settings",
        shop.settings,
    ).says(2, "no words for 'tlh'")


def test_a_picture_that_cannot_be_written(takeback, shop):
    takeback(
        "receipt",
        "show",
        shop.drop.drop_number,
        "--out",
        shop.folder / "none" / "r.png",
        "--settings",
        shop.settings,
    ).says(1, "No such file")


def test_anyone_proves_a_receipt_with_the_kiosks_key(takeback, shop):
    key = takeback("receipt", "key", "--settings", shop.settings).says(0).out.strip()
    same = takeback("receipt", "key", "--settings", shop.settings, "--json").json["public_key"]
    assert same == key
    proof = shop.drop.proof
    answer = takeback("receipt", "verify", proof, "--public-key", key, "--json").says(0)
    assert answer.json["drop_number"] == shop.drop.drop_number
    takeback("receipt", "verify", proof, "--settings", shop.settings).says(0, "proven", "bag")


def test_what_is_not_proven(takeback, shop):
    key = takeback("receipt", "key", "--settings", shop.settings).out.strip()
    proof = shop.drop.proof
    verify = ("receipt", "verify")
    takeback(*verify, proof, "--public-key", "11" * 32).says(1, "not proven", "forged")
    takeback(*verify, proof[:-3], "--public-key", key).says(1, "not proven")
    takeback(*verify, "https://example.com", "--public-key", key).says(1, "no receipt's code")
    other = "RH1:" + "0" * 30
    takeback(*verify, other, "--public-key", key).says(1, "no receipt's code")
    takeback(*verify, proof, "--public-key", "abc").says(2, "64 hexadecimal")
    takeback(*verify, proof, "--public-key", "ab").says(2, "64 hexadecimal")
    (shop.data / "identity.toml").unlink()
    takeback(*verify, proof, "--settings", shop.settings).says(1, "no enrolled kiosk")
    takeback("receipt", "key", "--settings", shop.settings).says(1, "no enrolled kiosk")


# --- audit ---------------------------------------------------------------------------------------


@pytest.fixture
def history(takeback, shop, tmp_path):
    """An exported file of two epochs."""
    store = open_store(shop.data, SystemClock(), SystemIds())
    store.outbox.new_epoch()
    store.record(KioskStarted("0", 0, 0), "kiosk")
    store.close()
    file = tmp_path / "history.jsonl"
    takeback("audit", "export", file, "--settings", shop.settings).says(0, "lines")
    return file


def test_the_ledger_is_proven_also_beside_a_running_kiosk(takeback, shop):
    store = open_store(shop.data, SystemClock(), SystemIds())
    try:
        answer = takeback("audit", "verify", "--settings", shop.settings, "--json").says(0)
        head = store.outbox.next_batch(1000, 1 << 30).events[-1].chain
    finally:
        store.close()
    assert answer.json["proven"] is True
    assert answer.json["found"]["newest"] == head


def test_a_changed_ledger_is_not_proven(takeback, shop):
    import sqlcipher3.dbapi2 as driver

    connection = driver.connect(str(shop.data / "ledger.db"))
    connection.execute("UPDATE events SET data = replace(data, 'K1-', 'K2-')")
    connection.commit()
    connection.close()
    takeback("audit", "verify", "--settings", shop.settings).says(1, "NOT proven")
    assert (
        takeback("audit", "verify", "--settings", shop.settings, "--json")
        .says(1)
        .json["found"]["why"]
    )


def test_an_exported_history_is_proven_anywhere(takeback, process, shop, history):
    told = takeback("audit", "verify", history, "--json").says(0).json["found"]
    assert told["chains"] == 2
    assert told["events"] == len(history.read_text().splitlines()) - 5
    assert told["sealed"] is True
    assert [key["why"] for key in told["keys"]] == ["contained"]
    assert history.stat().st_mode & 0o077 == 0
    shutil.rmtree(shop.data)
    process("audit", "verify", history).says(0, "proven", told["newest"])


def test_the_kiosks_key_from_elsewhere_proves_who_wrote_it(takeback, shop, history):
    key = takeback("receipt", "key", "--settings", shop.settings).out.strip()
    verify = ("audit", "verify", history, "--device-key")
    takeback(*verify, key).says(0, "proven", "you gave it")
    takeback(*verify, "11" * 32).says(1, "NOT proven", "key that was given")
    takeback(*verify, "abc").says(2, "64 hexadecimal")
    takeback("audit", "verify", history, "--centre-key", "ab").says(2, "64 hexadecimal")


def test_a_receipt_points_into_the_history(takeback, shop, history):
    """The paper's log entry is the drop's own event."""
    from kiosk.domain import link_code

    code = link_code.spell(shop.drop.link)
    verify = ("audit", "verify", history, "--receipt")
    takeback(*verify, code.lower().replace("-", " ")).says(
        0, "receipt: line", "takeback.drop.committed.v1", shop.drop.drop_id, "not yet sworn to"
    )
    where = takeback(*verify, code, "--json").says(0).json["found"]["receipt"]
    assert where["chain"] == shop.drop.link
    assert where["subject"] == shop.drop.drop_id
    paper = ("receipt", "verify", shop.drop.proof, "--settings", shop.settings, "--json")
    takeback(*verify, takeback(*paper).json["link"]).says(0, f"line {where['line']}")
    takeback("audit", "verify", "--settings", shop.settings, "--receipt", code).says(0, "receipt:")


def test_a_receipt_that_is_not_in_the_history(takeback, history):
    from kiosk.domain import link_code

    verify = ("audit", "verify", history, "--receipt")
    other = link_code.spell("ab" * 32)
    takeback(*verify, other).says(1, f"no event of this history is {other}")
    assert takeback(*verify, other, "--json").says(1).json["found"]["receipt"] is None
    wrong = other[:-1] + ("0" if other[-1] != "0" else "1")
    takeback(*verify, wrong).says(2, "check character")


def damage(lines: list[str], how: str) -> list[str]:
    events = [n for n, line in enumerate(lines) if '"kind":"event"' in line]
    changed = list(lines)
    match how:
        case "a word":
            changed[events[1]] = changed[events[1]].replace('"subject":"', '"subject":"x')
        case "an event lost":
            del changed[events[1]]
        case "two swapped":
            one, two = events[0], events[1]
            changed[one], changed[two] = changed[two], changed[one]
        case "an event twice":
            changed.insert(events[1], changed[events[1]])
        case "the end cut off":
            changed = changed[:-1]
        case "a chain cut off":
            second = [n for n, line in enumerate(lines) if '"kind":"chain"' in line][1]
            changed = changed[:second]
        case "junk":
            changed.insert(events[0], "junk")
        case "depth":
            changed.insert(events[0], "[" * 100_000)
        case "a number with a point":
            changed[events[0]] = changed[events[0]].replace('"data":{', '"data":{"x":1.5,')
        case "a time without a zone":
            row = json.loads(changed[events[0]])
            changed[events[0]] = json.dumps(row | {"time": "2026-05-04T09:30:00"})
        case "two heads":
            changed.insert(1, changed[0])
        case "no head":
            changed = changed[1:]
        case "another format":
            changed[0] = changed[0].replace('"format":2', '"format":9')
        case "empty":
            changed = []
    assert changed != lines
    return changed


@pytest.mark.parametrize(
    "how",
    [
        "a word",
        "an event lost",
        "two swapped",
        "an event twice",
        "the end cut off",
        "a chain cut off",
        "junk",
        "depth",
        "a number with a point",
        "a time without a zone",
        "two heads",
        "no head",
        "another format",
        "empty",
    ],
)
def test_a_damaged_history_is_not_proven(takeback, history, how):
    lines = history.read_text().splitlines()
    history.write_text("".join(f"{line}\n" for line in damage(lines, how)))
    takeback("audit", "verify", history).says(1, "NOT proven: line")


def test_binary_junk_is_no_history():
    assert isinstance(audit.check([os.urandom(50), b"\xff\xfe"]), audit.Broken)


def test_audit_without_a_ledger_or_file(takeback, shop, tmp_path):
    takeback("audit", "verify", tmp_path / "none").says(2, "does not exist")
    (shop.data / "ledger.db").unlink()
    takeback("audit", "verify", "--settings", shop.settings).says(1, "takeback doctor")
    out = tmp_path / "out.jsonl"
    takeback("audit", "export", out, "--settings", shop.settings).says(1)
    assert not out.exists()
    takeback("audit", "export", tmp_path / "no" / "x", "--settings", shop.settings).says(1)
