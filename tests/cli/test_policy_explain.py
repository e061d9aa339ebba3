"""`takeback policy explain`: rule by rule, in every language, with or without a kiosk."""

from __future__ import annotations

import pytest

from kiosk.words import words

RULES = """
[where.faulty]
reason = ["faulty"]

[[rules]]
rule = "window"
id = "month"
days = "30 days"

[[rules]]
rule = "fee"
id = "post"
per = "line"
amount = "4.95 EUR"
unless = "faulty"

[[rules]]
rule = "refuse"
id = "swimwear"
when = { category = "swim", value = { min = "20 EUR" }, not = { segment = "vip" } }

[[rules]]
rule = "allow_list"
id = "good-will"
rules = ["swimwear"]
when = { country = "AT" }

[[rules]]
rule = "condition"
id = "worn"
question = "condition"
accept = ["unused"]
refuse = ["used"]
when = { tag = "white" }
"""
RETURN = """
now = 2026-05-04T09:30:00+02:00
timezone = "Europe/Berlin"
delivered_on = 2026-04-20

[[line]]
name = "Boots"
category = "shoes"
price = "49.90 EUR"
brought = 2

[[line]]
name = "Bikini"
category = "swim"
price = "29.90 EUR"
reason = "faulty"

[[line]]
name = "Shirt"
price = "9.90 EUR"
tags = ["white"]
"""


@pytest.fixture
def files(tmp_path):
    def write(facts=RETURN, rules=RULES):
        (tmp_path / "shop.toml").write_text(rules)
        (tmp_path / "return.toml").write_text(facts)
        return ("--file", tmp_path / "shop.toml", "--facts", tmp_path / "return.toml")

    return write


def test_what_applied_what_did_not_and_how_the_money_came(takeback, files):
    takeback("policy", "explain", *files()).says(
        0,
        "Boots × 2\n  Accepted, with a fee\n  The shopper reads: You get €94.85 back",
        "Price of these items: €99.80\n    Fee by the rule post: -€4.95\n    Refund: €94.85",
        "month: This rule counts. This item can be returned.",
        "post: This rule counts. It takes a fee.",
        "swimwear: This rule does not apply here.\n      Category: shoes. The rule wants: swim.",
        "Bikini × 1\n  Not accepted\n  The shopper reads: This item cannot be returned here.",
        "month: This rule speaks, but swimwear counts more.",
        "post: This rule makes an exception here.\n"
        "      Reason for the return: faulty. The rule leaves out: faulty.",
        "What the shopper can do: Keep the item",
        "Country of the delivery: not given. The rule wants: AT.",
        "Every kiosk's own rule: This rule has nothing to say about this item.",
        "Shirt × 1\n  The kiosk asks first: What is the condition of this item?",
        "worn: This rule must ask something first.",
        "month: This rule waits for an answer.",
    )


def test_other_fates(takeback, files):
    vip = RETURN.replace("[[line]]", 'segments = ["vip"]\n\n[[line]]', 1)
    vip = vip.replace("29.90", "19.90")
    answer = takeback("policy", "explain", *files(vip)).says(0)
    assert "Price of one: €19.90. The rule wants: at least €20.00." in answer.out
    assert "Customer group: vip. The rule leaves out: vip." in answer.out
    lifted = RETURN.replace("[[line]]", 'country = "AT"\n\n[[line]]', 1)
    takeback("policy", "explain", *files(lifted)).says(
        0,
        "swimwear: The rule good-will passes over this one. The shop does not take",
        "good-will: This rule counts. It passes over: swimwear.",
    )


@pytest.mark.parametrize("language", sorted(words("en").languages()))
def test_every_sentence_in_every_language(takeback, files, language):
    spoken = words(language)
    answer = takeback("policy", "explain", *files(), "--language", language).says(0)
    for sentence in (
        "This rule counts.",
        "This rule does not apply here.",
        "This rule makes an exception here.",
        "This rule waits for an answer.",
    ):
        assert spoken.t(sentence) in answer.out
        assert (sentence in answer.out) == (language == "en")


def test_for_machines(takeback, files):
    told = takeback("policy", "explain", *files(), "--json").says(0).json
    boots = told["lines"][0]
    assert boots["decision"]["fee"] == {"minor": 495, "currency": "EUR"}
    fates = {step["rule_id"]: step["fate"] for step in boots["rules"]}
    assert fates["month"] == fates["post"] == "decided"
    assert fates["swimwear"] == "elsewhere"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("now = 2026-05-04T09:30:00+02:00", ""), "Expected `datetime`, got `null`"),
        (("+02:00", ""), ":2:1: now: lacks its offset"),
        (('"9.90 EUR"', '"9,90 EUR"'), ":20:1: price: '9,90 EUR' has a comma"),
        (("tags =", "tgas ="), ":21:1: tgas: is not known here; did you mean 'tags'?"),
        (("timezone", "timezoen"), ":3:1: timezoen: is not known here; did you mean 'timezone'?"),
        (("brought = 2", "brought = 'x'"), "Expected `int`, got `str`"),
        (("[[line]]", "[[lines]]"), "there is no [[line]]"),
        (("[[line]]", "[kiosk]\nofline = true\n[[line]]"), "did you mean 'offline'?"),
        (("[[line]]", "kiosk = 3\n[[line]]"), "kiosk"),
        (("now", "now now"), "is no TOML"),
    ],
)
def test_a_return_that_is_written_wrong(takeback, files, change, says):
    assert change[0] in RETURN
    count = -1 if change[1] == "[[lines]]" else 1
    takeback("policy", "explain", *files(RETURN.replace(*change, count))).says(2, says)


def test_calls_that_say_too_little(takeback, files, tmp_path):
    both = files()
    takeback("policy", "explain").says(2, "name a return")
    takeback("policy", "explain", "RMA-1", *both).says(2, "name a return")
    takeback("policy", "explain", *both[2:]).says(2, "needs rules: --file")
    takeback("policy", "explain", *files(rules="[[rules]]\nrule = 'windw'")).says(
        2, "did you mean 'window'?", "run: takeback policy check"
    )
    shop = '[[merchant]]\nid = "{0}"\n[[merchant.rules]]\nrule = "allow"\nid = "all"\n'
    two = files(rules=shop.format("a") + shop.format("b"))
    takeback("policy", "explain", *two).says(2, "--merchant; there are: a, b")
    takeback("policy", "explain", *two, "--merchant", "b").says(0, "all: This rule counts.")
    takeback("policy", "explain", "--facts", tmp_path / "none", *both[:2]).says(2, "No such file")


def test_a_kiosks_return_by_the_rules_of_a_file(takeback, shop, files):
    one = shop.world.returns[0]
    file = files(rules='[[rules]]\nrule = "staff"\nid = "everything"\n')[:2]
    call = ("policy", "explain", one.return_id, "--settings", shop.settings, "--anew")
    takeback(*call, *file).says(0, "everything: This rule counts.")


OWN = """
[[merchant]]
id = "linden"
name = "Linden"
timezone = "Europe/Berlin"

[merchant.questions.strap]
ask = { en = "Is the strap here, and whole?", de = "Ist der Gurt da und unbeschädigt?" }

[[merchant.rules]]
rule = "allow"
id = "all"

[[merchant.rules]]
rule = "condition"
id = "strap"
question = "strap"
accept = ["whole"]
refuse = ["torn"]
"""


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("en", "Is the strap here, and whole?"),
        ("de", "Ist der Gurt da und unbeschädigt?"),
        ("fr", "Is the strap here, and whole?"),  # a shop's own words are better than none
    ],
)
def test_questions_stand_in_the_merchants_own_words(takeback, files, language, asked):
    call = ("policy", "explain", *files(rules=OWN), "--language", language)
    answer = takeback(*call).says(0)
    say = words(language)
    assert say.t("{what}: {text}", what=say.t("The kiosk asks first"), text=asked) in answer.out
    told = takeback(*call, "--json").says(0).json
    steps = {step["rule_id"]: step for step in told["lines"][0]["rules"]}
    assert any(asked in one for one in steps["strap"]["says"])


def test_a_kiosks_return_is_asked_about_in_the_words_of_the_file(takeback, shop, files):
    one = shop.world.returns[0]
    call = ("policy", "explain", one.return_id, "--settings", shop.settings, "--anew")
    takeback(*call, *files(rules=OWN)[:2], "--merchant", "linden").says(
        0, "It asks: Is the strap here, and whole?"
    )
