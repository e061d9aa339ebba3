"""A person's policy file: made into specifications, every mistake with its line and column."""

from __future__ import annotations

import json
import random
import tomllib

import pytest

from kiosk.domain.policy.file import Mistake, compile_file, read
from kiosk.domain.policy.file.places import of_json, of_toml

GOOD = """
[calendars.de]
weekend = ["sunday"]
holidays = ["12-25", 2031-01-01]

[where.faulty]
reason = ["faulty", "wrong"]

[where.dear-and-faulty]
where = "faulty"
value = { min = "50 EUR" }

[[rules]]
rule = "window"
id = "month"
days = "4 weeks"
calendar = "de"
latest = 2031-06-30
unless = "faulty"

[[rules]]
rule = "fee"
id = "price"
per = "percent"
percent = "2.5 %"
at_least = "1 EUR"
at_most = "4.95 EUR"
when = ["faulty", "dear-and-faulty"]

[[rules]]
rule = "oversize"
id = "large"
longest = "60 cm"
weight = "2.5 kg"
when = { any = ["faulty", { discount = { min = "50 %" } }], not = "dear-and-faulty" }
"""


def made(text, name="shop.toml"):
    source = read(text.encode(), name)
    assert not isinstance(source, Mistake), source
    return compile_file(source)


def mistakes(text):
    return [(m.line, m.column, m.rule, m.problem, m.remedy) for m in made(text).mistakes]


def test_what_people_write_becomes_what_rules_read():
    result = made(GOOD)
    assert result.mistakes == ()
    month, price, large = result.shops[0].specs
    faulty = {"reason": ["faulty", "wrong"]}
    dear = {"value": {"min": 5000, "currency": "EUR"}, "all": [faulty]}
    assert month == {
        "rule": "window",
        "id": "month",
        "days": 28,
        "weekend": ["sunday"],
        "holidays": ["12-25", "2031-01-01"],
        "latest": "2031-06-30",
        "unless": faulty,
    }
    assert price == {
        "rule": "fee",
        "id": "price",
        "per": "percent",
        "basis_points": 250,
        "at_least": 100,
        "at_most": 495,
        "currency": "EUR",
        "when": {"all": [faulty, dear]},
    }
    assert large["longest_mm"] == 600
    assert large["weight_g"] == 2500
    assert large["when"] == {"any": [faulty, {"discount": {"min": 5000}}], "not": dear}


def test_json_says_the_same():
    table = tomllib.loads(GOOD)
    text = json.dumps(table, default=str)
    assert made(text, "shop.json").shops[0].specs == made(GOOD).shops[0].specs
    bare = json.dumps(table["rules"], default=str).replace('"calendar": "de", ', "")
    listed = read(bare.encode(), "rules.json")
    assert not isinstance(listed, Mistake)
    assert len(compile_file(listed).shops[0].specs) == 3


def test_merchants_keep_their_rules_apart():
    rule = '[[merchant.rules]]\nrule = "allow"\nid = "all"\n'
    text = f'[[merchant]]\nid = "a"\n{rule}[[merchant]]\nid = "b"\n{rule}{rule}'
    result = made(text)
    assert [(shop.merchant_id, len(shop.specs)) for shop in result.shops] == [("a", 1), ("b", 2)]
    assert [(m.rule, m.line) for m in result.mistakes] == [("b: all", 13)]


RULE = '[[rules]]\nrule = "window"\nid = "w"\n'


@pytest.mark.parametrize(
    ("text", "line", "column", "problem", "remedy"),
    [
        (f"{RULE}day = 3", 1, 3, "days: must be", "or write days as 30 days"),
        (f"{RULE}days = 3\ndasy = 4", 5, 1, "dasy: is not known here", "did you mean 'days'?"),
        (f'{RULE}days = 3\nfrom = "ordr"', 5, 1, "from: must be one", "did you mean 'order'?"),
        (f'{RULE}days = "3,5 days"', 4, 1, "has a comma", ""),
        (f'{RULE}days = "3 pounds"', 4, 1, "lacks its unit", ""),
        (f'{RULE}days = "1.5 days"', 4, 1, "does not come out even", ""),
        (f'{RULE}days = "soon"', 4, 1, "cannot be read", ""),
        (f'{RULE}days = 3\nwhen = {{ categry = "x" }}', 5, 10, "not known", "'category'?"),
        (f"{RULE}days = 3\nwhen = {{ weight = {{ mn = 3 }} }}", 5, 21, "mn: is not", "'min'?"),
        (f'{RULE}days = 3\nwhen = "faulty"', 5, 1, "names no condition", "write [where.NAME]"),
        (f'{RULE}days = 3\ncalendar = "de"', 5, 1, "names no calendar", "write [calendars.NAME]"),
        ('[[rules]]\nrule = "windw"\nid = "w"', 2, 1, "not known to this", "'window'?"),
        ('[[rules]]\nid = "w"', 1, 3, "rule: must be a text", ""),
        ("rules = [3]", 1, 10, "is no table", "write [[rules]]"),
        ("rules = 3", 1, 1, "must be a list", "write [[rules]]"),
        ("merchant = 3", 1, 1, "must be a list", "write [[merchant]]"),
        ("merchant = [3]", 1, 13, "is no table", "write [[merchant]]"),
        ("[[merchant]]\nname = 'x'", 1, 3, "id: must be a text", ""),
        ("where = 3", 1, 1, "must be a table of tables", "write [where.NAME]"),
        ("[where]\nx = 3", 2, 1, "must be a table", "write [where.x]"),
        ("[where.x]", 1, 8, "says nothing", ""),
        ("[where.x]\nwhere = 'y'", 2, 1, "names no condition", ""),
        ("[calendars.x]\nweekends = ['sunday']", 2, 1, "not known", "'weekend'?"),
        ("[calendars.x]\nweekend = ['sonntag']", 2, 1, "must be of monday", ""),
        ("ruels = 3", 1, 1, "is not known here", "did you mean 'rules'?"),
    ],
)
def test_every_mistake_has_its_line_and_its_remedy(text, line, column, problem, remedy):
    found = mistakes(text)
    fitting = [one for one in found if problem in one[3] and remedy in one[4]]
    assert (line, column) in [one[:2] for one in fitting], found


def test_one_slip_is_told_once():
    fee = '[[rules]]\nrule = "fee"\nid = "f"\nper = "line"\namount = "4,95 EUR"'
    assert len(mistakes(fee)) == 1
    both = fee.replace('"4,95 EUR"', '"4.95 EUR"\nat_least = "1 USD"')
    assert [one[3] for one in mistakes(both)] == ["amount: has amounts in EUR, USD"]


@pytest.mark.parametrize(
    ("data", "line", "column", "says"),
    [
        (b'rules = [\n"a', 2, 0, "is no TOML"),
        (b"a = 1\na = 2\n", 2, 6, "stands there twice"),
        (b"[a]\nb = 1\n[a]\n", 3, 3, "twice"),
        (b"x = y\n", 1, 5, "is no TOML"),
        (b"ok = 1\n# \xff\xfe", 2, 3, "is no UTF-8"),
        (b"x = " + b"[" * 100_000, 0, 0, "nests too deep"),
        (b"x = " + b"[" * 40 + b"]" * 40, 0, 0, "nests too deep"),
        (b"#" * (4 * 1024 * 1024 + 1), 0, 0, "larger than 4 MiB"),
        (b"x = " + b"9" * 5000, 0, 0, "is no TOML"),
    ],
)
def test_files_that_cannot_be_read_say_where(data, line, column, says):
    found = read(data, "shop.toml")
    assert isinstance(found, Mistake)
    assert says in found.problem
    assert (found.line, found.column) == (line, column)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"a": 1,\n "a": 2}', "'a' stands twice"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": }', "is no JSON"),
        (b"3", "holds no table"),
        (b"[" * 100_000, "nests too deep"),
        (b'{"a": ' * 50 + b"1" + b"}" * 50, "nests too deep"),
    ],
)
def test_json_that_cannot_be_read(data, says):
    found = read(data, "shop.json")
    assert isinstance(found, Mistake)
    assert says in found.problem


@pytest.mark.parametrize("wrong", ["x", 3, True, [], {}, [[]], {"": ""}, -1, "\x00"])
def test_no_value_anywhere_upsets_it(wrong):
    for key in ("rule", "id", "when", "unless", "days", "calendar", "extend", "instead", "amount"):
        for top in ("rules", "merchant", "where", "calendars"):
            table = {top: [{"rule": "window", "id": "x", "days": 3, key: wrong}]}
            for whole in (table, {top: wrong}, {top: {"x": {key: wrong}}}):
                source = read(json.dumps(whole).encode(), "x.json")
                assert isinstance(source, Mistake) or compile_file(source) is not None


def test_places_of_every_form_of_key():
    text = '''
a.b = 1 # [not.this]
"quoted key".'other' = """
[[no]]
""" # "
[x]
y = { z = [1, { deep = "}" }], w.v = 2 }
[[x.list]]
one = 1
[[x.list]]
two = [
  1, # , ]
  2,
]
[x.list.inner]
three = 3
'''
    places = of_toml(text)
    assert places.of(("a", "b")) == (2, 3)
    assert places.of(("quoted key", "other")) == (3, 14)
    assert places.of(("x", "y", "z", 1, "deep")) == (7, 17)
    assert places.of(("x", "y", "w", "v")) == (7, 34)
    assert places.of(("x", "list", 0, "one")) == (9, 1)
    assert places.of(("x", "list", 1, "two", 1)) == (13, 3)
    assert places.of(("x", "list", 1, "inner", "three")) == (16, 1)
    assert places.of(("x", "list", 1, "nothing")) == (10, 5)
    assert places.of(("nowhere",)) == (1, 1)


def test_every_key_of_a_random_json_is_found_where_it_stands():
    chance = random.Random(7)

    def value(depth):
        if depth and chance.random() < 0.6:
            if chance.random() < 0.5:
                return [value(depth - 1) for _ in range(3)]
            return {f'k{n}\\"é': value(depth - 1) for n in range(3)}
        return chance.choice([1, "a, ]}", "#", True, None, '"'])

    for _ in range(30):
        whole = {"top": value(4)}
        text = json.dumps(whole, indent=chance.choice([None, 2]))
        places = of_json(text)
        rows = text.split("\n")
        for path in paths((), whole):
            line, column = places.of(path)
            assert rows[line - 1][column - 1 :].startswith(json.dumps(path[-1]))


def paths(path, inner):
    """Every path that ends in a key."""
    if isinstance(inner, dict):
        for key, more in inner.items():
            yield (*path, key)
            yield from paths((*path, key), more)
    elif isinstance(inner, list):
        for n, more in enumerate(inner):
            yield from paths((*path, n), more)
