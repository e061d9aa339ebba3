"""`takeback policy`: rules checked before they are published, verdicts explained afterwards."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.words import words
from kiosk.world import SystemClock

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo" / "merchants.toml"
GOOD = {"rule": "window", "id": "window-30", "days": 30}


def rules(tmp_path, *specs, name="rules.json"):
    file = tmp_path / name
    file.write_text(json.dumps({"rules": specs}))
    return file


# --- show ----------------------------------------------------------------------------------------


def test_show_tells_number_age_and_merchants(takeback, shop):
    answer = takeback("policy", "show", "--settings", shop.settings).says(0, "bundle 1", "in force")
    assert "Linden & Row" in answer.out
    told = takeback("policy", "show", "--settings", shop.settings, "--json").json
    assert (told["bundle"]["number"], told["state"]) == (1, "in force")
    assert len(told["merchants"]) == 3


@pytest.mark.parametrize(
    ("later", "state"), [(timedelta(hours=30), "stale"), (timedelta(days=9), "expired")]
)
def test_show_says_when_it_is_old(takeback, shop, monkeypatch, later, state):
    now = SystemClock().now()
    monkeypatch.setattr("kiosk.world.SystemClock.now", lambda self: now + later)
    takeback("policy", "show", "--settings", shop.settings).says(0, state)


def test_without_a_bundle_or_with_a_broken_one(takeback, shop):
    (bundle,) = shop.data.glob("policy-*.db")
    bundle.write_bytes(b"junk" * 999)
    for call in (("show",), ("explain", "RMA-1")):
        takeback("policy", *call, "--settings", shop.settings).says(1, "cannot be read")
    bundle.unlink()
    for call in (("show",), ("explain", "RMA-1")):
        takeback("policy", *call, "--settings", shop.settings).says(1, "no policy bundle yet")


def test_without_settings(takeback, tmp_path):
    takeback("policy", "show", "--settings", tmp_path / "none").says(2, "--settings")


# --- check ---------------------------------------------------------------------------------------


def test_the_demos_own_rules_are_good(takeback):
    takeback("policy", "check", DEMO).says(0, "0 problems")


def test_a_file_of_rules_and_a_plain_list(takeback, tmp_path):
    takeback("policy", "check", rules(tmp_path, GOOD)).says(0, "1 rules, 0 problems")
    bare = tmp_path / "bare.json"
    bare.write_text(json.dumps([GOOD]))
    takeback("policy", "check", bare).says(0, "1 rules")
    toml = tmp_path / "rules.toml"
    toml.write_text('[[rules]]\nrule = "allow"\nid = "all"\n')
    takeback("policy", "check", toml, bare).says(0, "2 rules, 0 problems")


def test_every_problem_is_named_with_file_and_rule(takeback, tmp_path):
    file = rules(
        tmp_path,
        GOOD,
        GOOD,
        {"rule": "widnow", "id": "typo"},
        {"rule": "window", "id": "short"},
        "no table",
    )
    answer = takeback("policy", "check", file).says(1, "4 rules", "another rule of the list has it")
    assert f"{file}:1:115: typo: rule: is not known to this version; did you mean" in answer.out
    assert ": short: days: must be a whole number" in answer.out
    assert "is no table" in answer.out
    told = takeback("policy", "check", file, "--json").says(1).json
    assert told["rules"] == 4
    assert {one["rule"] for one in told["problems"]} == {"window-30", "typo", "short", "5"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no list called `rules`"),
        ("where = {}", "no list called `rules`"),
        ("this is not toml", "rules.toml:1:6: is no TOML"),
    ],
)
def test_files_without_rules(takeback, tmp_path, text, says):
    file = tmp_path / "rules.toml"
    file.write_text(text)
    takeback("policy", "check", file).says(2, says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rules = 3", "rules.toml:1:1: must be a list; write [[rules]]"),
        ("merchant = [{id = 'x', rules = 'all'}]", "rules.toml:1:24: x: must be a list"),
        ("merchant = 'x'", "must be a list; write [[merchant]]"),
    ],
)
def test_lists_that_are_none(takeback, tmp_path, text, says):
    file = tmp_path / "rules.toml"
    file.write_text(text)
    takeback("policy", "check", file).says(1, says)


def test_every_file_is_looked_at_though_one_cannot_be_read(takeback, tmp_path):
    bad, good = tmp_path / "bad.toml", rules(tmp_path, {**GOOD, "days": "x"})
    bad.write_bytes(b"a = 1\nb = \xff")
    takeback("policy", "check", bad, good).says(2, "bad.toml:2:5: is no UTF-8", "days: 'x' cannot")


SHADOWED = """
[[rules]]
rule = "window"
id = "month"
days = "30 days"

[[rules]]
rule = "window"
id = "vip"
days = "60 days"
when = { segment = "vip" }

[[rules]]
rule = "fee"
id = "post"
per = "line"
amount = "4.95 EUR"

[[rules]]
rule = "condition"
id = "smell"
question = "smell"
accept = ["yes"]
refuse = ["no"]
"""


def test_warnings_fail_only_where_asked_to(takeback, tmp_path):
    file = tmp_path / "rules.toml"
    file.write_text(SHADOWED)
    says = (
        f"{file}:7:3: warning: vip: never matters: wherever it applies, 'month' closes no later",
        f"{file}:13:3: note: post: can take the whole price",
        f"{file}:22:1: warning: smell: the kiosk has no words for the question 'smell'",
        "4 rules, 0 problems, 2 warnings",
    )
    takeback("policy", "check", file).says(0, *says)
    takeback("policy", "check", file, "--strict").says(1, *says)
    told = takeback("policy", "check", file, "--json").says(0).json
    assert [(one["level"], one["rule"], one["line"]) for one in told["problems"]] == [
        ("warning", "vip", 7),
        ("warning", "smell", 22),
    ]
    assert [one["rule"] for one in told["notes"]] == ["post"]


def test_a_logo_too_heavy_for_receipts_is_told(takeback, tmp_path):
    file = tmp_path / "oak.toml"
    path = "M0 0" + "L9 9" * 600
    file.write_text(
        '[[merchant]]\nid = "oak"\nname = "Oak"\ntimezone = "UTC"\n'
        f'theme.logo = {{ width = 9, height = 9, paths = ["{path}", "{path}"] }}\n'
        '[[merchant.rules]]\nrule = "allow"\nid = "all"\n'
    )
    says = ("oak.toml:5:", "4808 characters, too many for a receipt; draw it in at most 4000")
    takeback("policy", "check", file).says(0, *says)
    takeback("policy", "check", file, "--strict").says(1, *says)


def test_a_merchants_time_zone_must_exist(takeback, tmp_path):
    file = tmp_path / "rules.toml"
    rule = '[[merchant.rules]]\nrule = "allow"\nid = "all"\n'
    file.write_text(f'[[merchant]]\nid = "a"\ntimezone = "Europe/Berln"\n{rule}')
    takeback("policy", "check", file).says(1, f"{file}:3:1: a: timezone: there is no time zone")


def test_files_that_cannot_be_read(takeback, tmp_path):
    takeback("policy", "check").says(2, "Missing argument")
    takeback("policy", "check", tmp_path / "none.toml").says(2, "No such file")
    takeback("policy", "check", tmp_path).says(2, "directory")
    deep = tmp_path / "deep.json"
    deep.write_text("[" * 200_000)
    takeback("policy", "check", deep).says(2)
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    takeback("policy", "check", binary).says(2)


# --- explain -------------------------------------------------------------------------------------


def test_every_return_of_the_demo_is_explained_as_expected(takeback, shop):
    for one in shop.world.returns:
        told = takeback(
            "policy", "explain", one.return_id, "--settings", shop.settings, "--json", "--anew"
        ).says(0)
        lines = told.json["lines"]
        outcomes = [line["decision"].get("outcome", "ask") for line in lines]
        if one.rejected:
            assert [why["why"] for why in told.json["refused"]] == [one.rejected], one.slug
        else:
            assert told.json["refused"] == [], one.slug
            blind = one.slug == "photo"  # this kiosk has no camera to take one with
            assert outcomes == (["staff"] if blind else list(one.expected)), one.slug


def test_it_reads_like_a_sentence_with_the_rules_that_spoke(takeback, shop):
    for one in shop.world.returns:
        answer = takeback("policy", "explain", one.return_id, "--settings", shop.settings).says(
            0, one.return_id, "Rules: number 1 of", one.merchant, "This kiosk: Demo street 1"
        )
        dropped = one.return_id == shop.drop.return_id
        assert "Reason:" in answer.out or "asks first:" in answer.out or dropped
        assert ("turns the whole return away" in answer.out) == (bool(one.rejected) or dropped)


def test_a_short_code_will_do(takeback, shop):
    one = shop.world.returns[0]
    takeback("policy", "explain", one.short_code.lower(), "--settings", shop.settings).says(
        0, one.return_id
    )


@pytest.mark.parametrize("language", sorted(words("en").languages()))
def test_in_every_language_there_is(takeback, shop, language):
    one = shop.world.returns[0]
    now = SystemClock().now().isoformat()
    call = ("policy", "explain", one.return_id, "--settings", shop.settings, "--at", now)
    answer = takeback(*call, "--language", language).says(0)
    spoken = words(language)
    told = takeback(*call)
    assert (answer.out == told.out) == (spoken.language == "en")


def test_as_if_it_were_another_day(takeback, shop):
    easy = next(one for one in shop.world.returns if set(one.expected) == {"accept"})
    later = (SystemClock().now() + timedelta(days=400)).isoformat()
    call = ("policy", "explain", easy.return_id, "--settings", shop.settings, "--at", later)
    takeback(*call, "--anew").says(
        0, "The return rules of this kiosk are too old.", "turns the whole", "Not accepted"
    )
    assert takeback(*call, "--json").json["state"] == "expired"


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("yesterday", "2026-05-04T09:30:00+02:00"),
        ("2026-02-30T00:00:00+00:00", "is no moment"),
        ("2026-05-04T09:30:00", "lacks its offset"),
        ("2026-05-04", "lacks its offset"),
    ],
)
def test_moments_that_are_none(takeback, shop, at, says):
    takeback("policy", "explain", "RMA-1", "--at", at, "--settings", shop.settings).says(2, says)


def test_a_return_or_language_that_is_not_there(takeback, shop):
    for junk in ("RMA-NONE", "", "\x00", "ABCD-EFGH", "x" * 5000):
        takeback("policy", "explain", junk, "--settings", shop.settings).says(1, "know no return")
    takeback("policy", "explain", "RMA-1", "--language", "tlh", "--settings", shop.settings).says(
        2, "no words"
    )
