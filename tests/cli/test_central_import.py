"""`takeback central policy import-returns` and `import-forms`: of any size, all or nothing."""

from __future__ import annotations

import json

import msgspec
import pytest

from kiosk.domain.returns import Authorisation
from sync.central import importing, networks
from sync.central.database import Database
from sync.central.policy import outgoing
from sync.central.tables import authorisations

HEAD = "return_id,merchant_id,order_number,postal_code,ordered_on,delivered_on,line_id,sku,name"
HEAD += ",category,quantity,price"
ROWS = """\
R-1,linden,LR-1,10115,2026-04-20,2026-04-25,L1,SKU-1,"Boots, brown",shoes,1,49.90 EUR
R-1,linden,LR-1,10115,2026-04-20,2026-04-25,L2,SKU-2,Socks,clothing,3,4.00 EUR
R-2,linden,LR-2,10115,2026-04-20,,L1,SKU-1,Boots,shoes,1,49.90 EUR
"""
GOOD = {
    "return_id": "R-1",
    "merchant_id": "linden",
    "order_number": "LR-1",
    "ordered_on": "2026-04-20",
    "lines": [
        {
            "line_id": "L1",
            "sku": "SKU-1",
            "name": "Boots",
            "category": "shoes",
            "quantity": 1,
            "price": "49.90 EUR",
        }
    ],
}


@pytest.fixture
def central(takeback, shop):
    def call(command, file, *more):
        told = ("--tenant", "demo", "--database", shop.database, *more)
        return takeback("central", "policy", command, file, *told)

    return call


@pytest.fixture
def written(tmp_path):
    def put(text, name="returns.csv"):
        (tmp_path / name).write_text(text, "utf-8")
        return str(tmp_path / name)

    return put


@pytest.fixture
def kept(shop):
    """The centre's returns by id."""

    def look():
        database = Database(shop.database)
        with database.reading() as c:
            bodies = list(c.execute(authorisations.select()).mappings())
        database.close()
        return {row["return_id"]: row for row in bodies}

    return look


def jsonl(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_rows_of_csv_that_stand_together_are_one_return(central, written, kept):
    central("import-returns", written(f"{HEAD}\n{ROWS}")).says(
        0, "2 returns; new or changed for the next bundle: 2"
    )
    made = msgspec.json.decode(kept()["R-1"]["body"], type=Authorisation)
    assert [(line.name, line.quantity, line.price.minor) for line in made.lines] == [
        ("Boots, brown", 1, 4990),
        ("Socks", 3, 400),
    ]
    assert made.delivered_on.isoformat() == "2026-04-25"
    assert msgspec.json.decode(kept()["R-2"]["body"], type=Authorisation).delivered_on is None


def test_what_is_as_it_was_goes_out_no_second_time(central, written, takeback, shop):
    file = written(f"{HEAD}\n{ROWS}")
    central("import-returns", file).says(0)
    [key] = shop.folder.rglob("bundle.key")
    told = ("--key", f"demo:demo-bundle-1:{key}", "--database", shop.database)
    takeback("central", "policy", "publish", *told).says(0, "2 returns")
    assert central("import-returns", file, "--json").json == {"returns": 2, "waiting": 0}
    file = written(f"{HEAD}\n{ROWS}".replace("R-2,linden,LR-2", "R-2,linden,LR-3"))
    assert central("import-returns", file, "--json").json == {"returns": 2, "waiting": 1}
    takeback("central", "policy", "publish", *told).says(0, "1 return\n")


def test_lines_of_json_are_returns_with_everything_they_may_have(central, written, kept, shop):
    whole = {**GOOD, "segments": ["vip"], "order_value": {"minor": 4990, "currency": "EUR"}}
    whole |= {"network": "northbox", "network_code": "NBX-0123456789ABCDEF"}
    central("import-returns", written(jsonl(whole) + "\n", "r.jsonl")).says(0, "1 return;")
    made = msgspec.json.decode(kept()["R-1"]["body"], type=Authorisation)
    database = Database(shop.database)
    wanted = networks.fingerprint_of(database, "demo", "northbox", b"NBX-0123456789ABCDEF")
    database.close()
    assert made.third_party == wanted
    assert made.segments == ("vip",)


def without(key):
    return {name: value for name, value in GOOD.items() if name != key}


def item(**changes):
    return {**GOOD, "lines": [{**GOOD["lines"][0], **changes}]}


WRONG = [
    (without("order_number"), "missing required field `order_number`"),
    ({**GOOD, "order_number": ""}, "order_number: must be 1 to 200"),
    ({**GOOD, "return_id": "R\u0007"}, "return_id: must be 1 to 200 characters"),
    ({**GOOD, "merchant_id": "lindn"}, "no merchant 'lindn'; did you mean 'linden'?"),
    (
        {**GOOD, "ordered_on": "20.04.2026"},
        "ordered_on: Invalid RFC3339 encoded date; a day as",
    ),
    ({**GOOD, "expires_at": "2026-05-04T18:00:00"}, "expires_at: has no time zone"),
    ({**GOOD, "state": "open"}, "state: Invalid enum value 'open'"),
    ({**GOOD, "short_code": "ABC"}, "short_code: 'ABC' is none"),
    ({**GOOD, "ordred_on": "x"}, "ordred_on: is not known here; did you mean 'ordered_on'?"),
    ({**GOOD, "lines": []}, "lines: must be a list of 1 to 1000"),
    ({**GOOD, "network": "northbx", "network_code": "x"}, "did you mean 'northbox'?"),
    ({**GOOD, "network": "northbox"}, "network_code: is missing"),
    (item(price="49,90 EUR"), "price: '49,90 EUR' has a comma"),
    (item(price=4990), "lines[0].price: Expected `object`, got `int`"),
    (item(quantity=0), "quantity: must be at least 1"),
    (item(skuu="x"), "lines: skuu: is not known here; did you mean 'sku'?"),
    ({**GOOD, "lines": GOOD["lines"] * 2}, "line_id: must be there, and another one"),
    ({**GOOD, "channel": "x" * 600_000}, "return: is larger than half a mebibyte"),
]


def test_rows_that_are_wrong_have_their_lines_and_remedies_and_nothing_is_taken(
    central, written, kept
):
    before = kept()
    rows = [{**GOOD, "return_id": "R-0"}, *(row for row, _ in WRONG)]
    file = written(jsonl(*rows), "r.jsonl")
    answer = central("import-returns", file).says(1, f"nothing was taken: {len(WRONG)} problems\n")
    said = answer.err.splitlines()
    for place, (_, why) in enumerate(WRONG):
        assert said[place].startswith(f"{file}:{place + 2}: ")
        assert why in said[place]
    assert kept() == before


TABLES = [
    (f"{HEAD},colour\n{ROWS}", "returns.csv:1: there is no column 'colour'"),
    (HEAD.replace("sku", "skuu") + f"\n{ROWS}", "did you mean 'sku'?"),
    (HEAD.replace(",price", "") + "\n", "returns.csv:1: columns are missing: price"),
    (f"{HEAD}\n{ROWS}R-3,linden\n", "returns.csv:5: has not as many cells"),
    (f"{HEAD}\n{ROWS}".replace("Boots, brown", 'Boots" x'), "returns.csv:2: is no CSV"),
    (f"{HEAD}\n{ROWS}".replace("Socks,clothing,3", "Socks,clothing,x"), ":3: quantity: must"),
    (f"{HEAD}\n{ROWS}".replace("LR-1,10115,2026-04-20,2026-04-25,L2", "LR-9,1,,,L2"), ":3: "),
    (f"{HEAD}\n{ROWS}" + ROWS.splitlines()[0], ":5: return R-1 stands in line 2 already"),
    ("", "returns.csv:1: columns are missing"),
]


def test_tables_that_are_wrong_are_told_by_their_lines(central, written, kept):
    before = kept()
    for text, said in TABLES:
        central("import-returns", written(text)).says(1, said, "nothing was taken")
    assert kept() == before


JUNK = [
    ("{\n", "r.jsonl:1: is no JSON"),
    ("[1]\n", "r.jsonl:1: is no object"),
    ('"' + "x" * (1 << 20) + '"\n', "r.jsonl:1: is longer than 1048576 bytes"),
    ("[" * 100_000 + "\n", "r.jsonl:1: is no"),
    (jsonl(GOOD, GOOD), "r.jsonl:2: return R-1 stands in line 1 already"),
    ("{}\n" * 100, "nothing was taken: 20 problems, and perhaps more"),
]


def test_lines_that_are_no_returns(central, written):
    for text, said in JUNK:
        central("import-returns", written(text, "r.jsonl")).says(1, said)


def test_files_that_are_not_to_be_read(central, written, tmp_path):
    central("import-returns", written("x", "returns.xlsx")).says(2, "must end in .csv, .jsonl")
    central("import-returns", str(tmp_path / "none.csv")).says(2, "there is no such file")
    (tmp_path / "latin.csv").write_bytes(f"{HEAD}\n".encode() + b"\xe9\n")
    central("import-returns", str(tmp_path / "latin.csv")).says(1, "is no UTF-8", "save it")


def test_forms_go_in_together_and_get_on_with_each_other(central, written):
    good = "name,pattern,identifiers\neastbox,EBX-[0-9A-Z]{16},]Q;]d\nwestbox,WBX-[0-9]{20},\n"
    central("import-forms", written(good)).says(0, "2 forms")
    central("import-forms", written(good)).says(0, "2 forms")  # instead of themselves
    clash = "name,pattern\nnewbox,EBX-[0-9A-Z]{16}\n"
    central("import-forms", written(clash)).says(1, ":2: ", "one text may be of both", "nothing")
    twice = jsonl({"name": "a", "pattern": "AAX-[0-9]{20}"}, {"name": "a", "pattern": "B"})
    central("import-forms", written(twice, "f.jsonl")).says(1, ":2: form a stands in line 1")
    odd = jsonl({"name": "a", "patern": "x"})
    central("import-forms", written(odd, "f.jsonl")).says(1, "patern", "did you mean 'pattern'?")


def test_a_file_is_written_as_it_is_read_a_chunk_at_a_time(shop, monkeypatch):
    """What was read and is not yet written is never more than a chunk and the row at hand."""
    read = written = most = 0
    put = outgoing.put_rows

    def rows():
        nonlocal read, most
        for number in range(2_500):
            read += 1
            most = max(most, read - written)
            yield number, json.loads(json.dumps({**GOOD, "return_id": f"R-{number:08d}"}))

    def counting(c, tenant, given):
        nonlocal written
        put(c, tenant, given)
        written += len(given)

    monkeypatch.setattr(outgoing, "put_rows", counting)
    database = Database(shop.database)
    done = importing.import_returns(database, "demo", rows)
    database.close()
    assert done.returns == written == 2_500
    assert most <= outgoing.CHUNK
