"""`takeback policy import`: a shop's page in, rules and everything to know about them out."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest

from kiosk.cli.policy_import import import_policy
from kiosk.domain.policy.rules import RULES
from kiosk.domain.policy.schema_org.vocabulary import PROPERTIES

SHOPS = Path(__file__).parents[1] / "domain" / "policy" / "schema_org" / "shops"
NAMES = ("winterfeld.html", "bluegate.json", "tidewater.html")


@pytest.mark.parametrize("name", NAMES)
def test_what_it_prints(takeback, name):
    """Golden: after a change, look at the difference and write it with
    `takeback policy import SHOP --merchant NAME`."""
    shop = SHOPS / name
    answer = takeback("policy", "import", shop, "--merchant", shop.stem)
    assert answer.out == (SHOPS / f"{shop.stem}.txt").read_text("utf-8")
    answer.says(1 if shop.stem == "tidewater" else 0)


@pytest.mark.parametrize("suffix", [".toml", ".json"])
@pytest.mark.parametrize("name", NAMES)
def test_what_it_writes_passes_the_check(takeback, tmp_path, name, suffix):
    out = tmp_path / f"rules{suffix}"
    takeback("policy", "import", SHOPS / name, "--merchant", "M-1", "--out", out)
    takeback("policy", "check", out).says(0)
    rules = takeback("policy", "import", SHOPS / name, "--json").json["rules"]
    text = out.read_text("utf-8")
    whole = tomllib.loads(text) if suffix == ".toml" else json.loads(text)
    assert whole["merchant"] == [{"id": "M-1", "rules": rules}]


def test_without_a_merchant(takeback, tmp_path):
    out = tmp_path / "rules.toml"
    answer = takeback("policy", "import", SHOPS / "winterfeld.html", "--out", out)
    answer.says(0, "taken for granted", f"8 rules in {out}; 0 for a person")
    assert "[[rules]]" not in answer.out
    takeback("policy", "check", out).says(0, "8 rules")


def test_for_machines(takeback):
    answer = takeback("policy", "import", SHOPS / "tidewater.html", "--json").says(1)
    assert answer.json["needs_a_person"] is True
    assert answer.json["policies"] == 1
    assert {note["kind"] for note in answer.json["notes"]} == {"mapped", "assumed", "person"}


def test_what_a_person_tells(takeback, tmp_path):
    page = tmp_path / "page.json"
    policy = {
        "@type": "MerchantReturnPolicy",
        "returnPolicyCategory": "MerchantReturnUnlimitedWindow",
        "returnMethod": "ReturnByMail",
        "returnFees": "RestockingFees",
        "restockingFee": 10,
        "itemDefectReturnFees": "FreeReturn",
    }
    thing = {"@type": "Product", "hasMerchantReturnPolicy": policy}
    page.write_text(json.dumps({"@context": "https://schema.org", **thing}))
    takeback("policy", "import", page).says(1, "--whole-shop", "--at-kiosk")
    told = ("--whole-shop", "--at-kiosk", "--defect-reason", "kaputt", "--defect-reason", "lose")
    answer = takeback("policy", "import", page, *told, "--json").says(0)
    fee = next(rule for rule in answer.json["rules"] if rule["rule"] == "fee")
    assert fee["unless"] == {"reason": ["kaputt", "lose"]}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\xff", "not UTF-8"),
        (b'{"a": 1', "line 1, column 8: is no JSON"),
        (b"<html></html>", "application/ld+json"),
        (b"{}", "holds no MerchantReturnPolicy"),
    ],
)
def test_files_that_hold_nothing(takeback, tmp_path, content, why):
    page = tmp_path / "page"
    page.write_bytes(content)
    takeback("policy", "import", page).says(2, str(page), why)


def test_files_that_are_not_there_or_cannot_be_written(takeback, tmp_path):
    takeback("policy", "import", tmp_path / "none").says(2, "No such file")
    shop = SHOPS / "winterfeld.html"
    takeback("policy", "import", shop, "--out", tmp_path / "a.yaml").says(2, ".toml or .json")
    takeback("policy", "import", shop, "--out", tmp_path / "no" / "a.toml").says(1, "No such file")


def test_a_pages_words_do_not_move_the_cursor(takeback, tmp_path):
    page = tmp_path / "page.json"
    policy = {"@type": "MerchantReturnPolicy", "merchantReturnDays": "\x1b[2J\u202e", "\x1b[1m": 1}
    page.write_text(json.dumps({"@context": "https://schema.org", **policy}))
    out = takeback("policy", "import", page).says(1).out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_it_says_what_it_is_for():
    assert "Fetches nothing" in (import_policy.__doc__ or "")


def test_the_example_policies_pass_the_check(takeback):
    folder = Path(__file__).resolve().parents[2] / "assets" / "demo" / "policies"
    files = sorted(folder.glob("*.toml"))
    assert len(files) == 3
    takeback("policy", "check", *files).says(0)


# --- docs/policy-import.md -----------------------------------------------------------------------

DOC = (Path(__file__).resolve().parents[2] / "docs" / "policy-import.md").read_text("utf-8")


def test_the_docs_commands_do_as_they_say(takeback, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(SHOPS / "winterfeld.html", "returns.html")
    (block,) = re.findall(r"```sh\n(.*?)```", DOC, re.DOTALL)
    for line in block.splitlines():
        takeback(*shlex.split(line)[1:]).says(0)


def test_the_docs_table_is_of_every_property_and_every_rule_is_one():
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", DOC, re.MULTILINE)
    assert {name for name, _ in rows} == PROPERTIES
    assert len(rows) == len(PROPERTIES)
    named = {word for _, rule in rows for word in re.findall(r"`([a-z_]+)`", rule)}
    assert named - {"when", "support", "shipping", "restock"} <= set(RULES)


def test_the_docs_options_are_the_commands(takeback):
    told = set(re.findall(r"^- `(--[a-z-]+)", DOC, re.MULTILINE))
    text = takeback("policy", "import", "--help").out
    assert told == {"--at-kiosk", "--whole-shop", "--defect-reason"}
    assert all(option in text for option in told)


@pytest.mark.parametrize("value", ["4.955", "4,95"])
def test_the_docs_examples_go_to_a_person(takeback, tmp_path, value):
    page = tmp_path / "page.json"
    policy = {
        "@type": "MerchantReturnPolicy",
        "returnPolicyCategory": "MerchantReturnUnlimitedWindow",
        "returnShippingFeesAmount": {"value": value, "currency": "EUR"},
    }
    page.write_text(json.dumps({"@context": "https://schema.org", **policy}))
    takeback("policy", "import", page).says(1, value)
