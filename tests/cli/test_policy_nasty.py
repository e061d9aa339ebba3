"""Policies that are wrong in one way each (../domain/vectors/nasty_policies.toml): `takeback policy
check` names the line, and what to do about it. None passes for good."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

FILE = Path(__file__).resolve().parents[1] / "domain" / "vectors" / "nasty_policies.toml"
CASES = tomllib.loads(FILE.read_text("utf-8"))["case"]
GOOD = """
[[rules]]
rule = "window"
id = "month"
days = "30 days"
extend = [
  { from = "11-01", to = "11-30", until = "01-10" },
  { from = "12-01", to = "12-31", until = "01-31" },
]
unless = "faulty"

[[rules]]
rule = "window"
id = "year"
days = "365 days"
when = "faulty"

[[rules]]
rule = "fee"
id = "post"
per = "line"
amount = "2 EUR"
when = { category = ["shirts", "skirts", "size-10", "size-11"], value = { min = "5 EUR" } }

[[rules]]
rule = "staff"
id = "late"
when = { hour = { min = 23 }, tag = ["men", "women"], bin_space = { max = 100 } }

[where.faulty]
reason = "faulty"
"""


def test_there_are_many():
    assert len(CASES) >= 70
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_nasty_policy_is_told_with_line_and_remedy(takeback, tmp_path, case):
    file = tmp_path / "p.toml"
    file.write_text(case["policy"])
    code = 1 if case["level"] == "error" else 0
    told = takeback("policy", "check", file, "--json").says(code).json["problems"]
    found = [(one["line"], one["level"], one["problem"]) for one in told]
    assert (case["line"], case["level"], case["says"]) in found
    for one in told:
        assert one["line"], one
        assert one["remedy"] or ";" in one["problem"], one


def test_a_good_policy_with_words_that_are_alike_is_left_alone(takeback, tmp_path):
    file = tmp_path / "p.toml"
    file.write_text(GOOD)
    takeback("policy", "check", file, "--strict").says(0, "4 rules, 0 problems\n")
