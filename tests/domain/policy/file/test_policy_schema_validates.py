"""The published schema before a real validator: it lets pass every good policy, and nothing that
`takeback policy check` finds wrong with a single key or value."""

from __future__ import annotations

import copy
import json
import random
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kiosk.domain.policy.file import compile_file, read
from kiosk.domain.policy.file.mistakes import Level

ROOT = Path(__file__).resolve().parents[4]
SCHEMA = json.loads((ROOT / "assets" / "schemas" / "policy.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
VECTORS = ROOT / "tests" / "domain" / "vectors"
# What is wrong with one key or value, whatever else the file says. The rest takes more than one
# value to see (an amount and its currency, a name and what it names), and a schema cannot.
STRUCTURE = re.compile(
    r"must be a whole number|must be a text|must be a list|must be true or false|must be of |"
    r"must be one of |must be an object|must be a day|must be days|holds something|"
    r"names something twice|is no table|must be a table|has a comma|cannot be read|lacks its unit|"
    r"three capital letters|says nothing|is not known to this version"
)
JUNK = ["", "nonsense", "4,95 EUR", "30", "30 dys", 0, -1, 10**16, 1.5, True, [], ["", ""], [3],
        ["a", "a"], {}, {"min": "x"}, {"nonsense": 1}, None, "x" * 300]  # fmt: skip


def plain(value):
    """As JSON has it: TOML's days are texts."""
    match value:
        case dict():
            return {key: plain(one) for key, one in value.items()}
        case list():
            return [plain(one) for one in value]
        case date():
            return value.isoformat()
        case _:
            return value


def specs():
    """Every rule of the golden vectors that is meant to be good."""
    found = []
    for file in sorted((VECTORS / "policy").glob("*.toml")):
        told = tomllib.loads(file.read_text("utf-8"))
        inline = [r for v in told["vector"] for r in v.get("rules", ()) if isinstance(r, dict)]
        found += [plain({"id": "x", **spec}) for spec in (*told["rules"].values(), *inline)]
    return [spec for spec in found if not mistakes({"rules": [spec]})]


def mistakes(table):
    """What the checker finds wrong, errors only."""
    source = read(json.dumps(table).encode(), "p.json")
    made = compile_file(source)
    return [one.problem for one in made.mistakes if one.level is Level.ERROR]


def of_structure(table):
    """Those that are about what stands at one key: not that a key is missing which another one
    needs, nor that "120 %" is beyond a limit."""
    found = []
    for problem in mistakes(table):
        path = problem.partition(": ")[0]
        key = re.split(r"[.\[]", re.sub(r"\[\d+\]$", "", path))[-1]
        given = list(values(table, key))
        texts = given and all(isinstance(one, str) for one in given)
        beyond = "must be a whole number" in problem and texts
        if STRUCTURE.search(problem) and given and not beyond:
            found.append(problem)
    return found


def values(value, key):
    """Whatever stands under a key, wherever that is."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name == key:
                yield one
            yield from values(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from values(one, key)


SPECS = specs()


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


def test_every_rule_of_the_golden_vectors_passes():
    assert len(SPECS) > 250
    for spec in SPECS:
        assert [one.message for one in VALIDATOR.iter_errors({"rules": [spec]})] == [], spec


def pages():
    """Every policy that the documents show, and the demo's own."""
    for file in sorted((ROOT / "docs").glob("*.md")):
        for block in re.findall(r"^```toml\n(.*?)^```", file.read_text("utf-8"), re.DOTALL | re.M):
            if "[[rules]]" in block:
                yield file.name, block


@pytest.mark.parametrize(("name", "text"), list(pages()))
def test_every_policy_of_the_documents_passes(name, text):
    assert [one.message for one in VALIDATOR.iter_errors(plain(tomllib.loads(text)))] == [], name


def spoil(chance, value):
    """Somewhere in a rule: another value, another key, or one less."""
    made = copy.deepcopy(value)
    at = made
    while True:
        key = chance.choice(list(at) if isinstance(at, dict) else range(len(at)))
        inner = at[key]
        if isinstance(inner, dict | list) and inner and chance.random() < 0.7:
            at = inner
            continue
        how = chance.random()
        if how < 0.7:
            at[key] = chance.choice(JUNK)
        elif how < 0.85 and isinstance(at, dict):
            at[f"{key}_"] = at.pop(key)
        elif isinstance(at, dict):
            del at[key]
        return made


def test_what_the_schema_lets_pass_has_no_mistake_of_structure():
    """Random good rules, spoiled in one place each."""
    chance = random.Random(4)
    passed = refused = 0
    for _ in range(450):
        table = {"rules": [spoil(chance, chance.choice(SPECS))]}
        found = of_structure(table)
        if VALIDATOR.is_valid(table):
            passed += 1
            assert found == [], table
        elif found:
            refused += 1
    assert passed > 25
    assert refused > 150


@pytest.mark.parametrize(
    "case",
    tomllib.loads((VECTORS / "nasty_policies.toml").read_text("utf-8"))["case"],
    ids=lambda case: case["name"],
)
def test_nasty_policies_that_are_wrong_in_structure_are_refused(case):
    table = plain(tomllib.loads(case["policy"]))
    if of_structure(table):
        assert not VALIDATOR.is_valid(table)
