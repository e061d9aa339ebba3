"""`takeback policy check` on other networks' code forms: the line, what is wrong, the remedy."""

from __future__ import annotations

import json

import pytest

GOOD = """
[[third_party]]
name = "northbox"
pattern = "NBX-[0-9A-Z]{16}"
identifiers = ["]Q"]
"""


def form(name: str, pattern: str, more: str = "") -> str:
    return f"\n[[third_party]]\nname = '{name}'\npattern = '{pattern}'\n{more}\n"


@pytest.fixture
def checked(takeback, tmp_path):
    def check(text: str, *more: str):
        file = tmp_path / "forms.toml"
        file.write_text(text)
        return takeback("policy", "check", file, *more)

    return check


def test_good_forms_without_a_rule_beside_them(checked):
    checked(GOOD).says(0, "0 rules, 1 forms, 0 problems")
    told = checked(GOOD, "--json").says(0).json
    assert told == {"rules": 0, "forms": 1, "problems": []}


@pytest.mark.parametrize(
    ("text", "line", "problem", "remedy"),
    [
        (form("a", "A[0-9"), 7, "has no end", "[...] is a class"),
        (form("a", "A.*"), 7, "bits open", "longer class"),
        (form("a", "A[0-9]{4}"), 7, "can be guessed", "longer class"),
        (form("A b", "A[0-9]{16}"), 7, "a name has", "as"),
        (form("a", "A[0-9]{16}", "identifiers = ['QR']"), 7, "identifier", "]Q for any QR"),
        (form("a", "NBX-[0-9A-F]{16}"), 2, "may be of both forms", "a beginning or a length"),
        (form("northbox", "M[0-9]{16}"), 2, "two of this name", "once"),
        (form("a", "A[0-9]{16}", "regex = '.*'"), 7, "does not know regex", "a form has"),
        ("\n[[third_party]]\nname = 'a'\n", 7, "pattern", "a form has"),
    ],
)
def test_what_is_wrong_where_and_what_to_do(checked, text, line, problem, remedy):
    answer = checked(GOOD + text).says(1, problem, remedy, "1 problems")
    assert f"forms.toml:{line}: " in answer.out


def test_json_has_no_lines_and_all_the_rest(takeback, tmp_path):
    file = tmp_path / "forms.json"
    file.write_text(json.dumps({"third_party": [{"name": "a", "pattern": "["}, 7]}))
    (first, second) = takeback("policy", "check", file, "--json").says(1).json["problems"]
    assert (first["line"], second["line"]) == (0, 0)
    assert {first["rule"], second["rule"]} == {"a", "form 2"}


def test_a_list_that_is_none(checked):
    checked("third_party = 'x'").says(1, "no list of tables")
    checked("x = 1").says(2, "no list called")
