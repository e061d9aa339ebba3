"""`takeback policy explain` judges as this very kiosk would: its settings, ledger and words."""

from __future__ import annotations

import re
import sqlite3

import pytest

from kiosk.store.policy_file import newest
from kiosk.words import words

LANGUAGES = sorted(words("en").languages())


@pytest.fixture
def ask(takeback, shop):
    def call(return_id, *options):
        return takeback("policy", "explain", return_id, "--settings", shop.settings, *options)

    return call


@pytest.fixture
def rules(tmp_path):
    def write(text):
        file = tmp_path / "rules.toml"
        file.write_text(text)
        return ("--file", file)

    return write


def another(shop):
    """A return that was not dropped yet and may be."""
    wanted = (one for one in shop.world.returns if not one.rejected)
    return next(one for one in wanted if one.return_id != shop.drop.return_id)


def outcomes(answer):
    return {line["decision"]["outcome"] for line in answer.says(0).json["lines"]}


@pytest.mark.parametrize(
    ("setting", "condition", "head"),
    [
        ({"country": "CH"}, 'site_country = "CH"', "Demo street 1, CH, with staff"),
        ({"staffed": False}, "staffed = false", "without staff"),
        ({"site_name": "Corner"}, 'site = "Corner"', "This kiosk: Corner, with staff"),
    ],
)
def test_the_kiosks_settings_count(ask, shop, rules, setting, condition, head):
    file = rules(f'[[rules]]\nrule="allow"\nid="a"\n[[rules]]\nrule="refuse"\nid="r"\n'
                 f"when = {{ {condition} }}\n")  # fmt: skip
    one = another(shop)
    assert outcomes(ask(one.return_id, "--json", *file)) == {"accept"}
    shop.has(**setting)
    assert outcomes(ask(one.return_id, "--json", *file)) == {"refuse"}
    ask(one.return_id, *file).says(0, head)


def test_the_opening_counts(ask, shop, rules):
    file = rules('[[rules]]\nrule="allow"\nid="a"\n[[rules]]\nrule="oversize"\nid="o"\n')
    one = another(shop)
    shop.has(opening_mm=400)
    ask(one.return_id, *file).says(0, "nothing longer than 40\u00a0cm")


def test_without_the_centre(ask, shop, rules):
    file = rules('[[rules]]\nrule="allow"\nid="a"\n')
    one = another(shop)
    ask(one.return_id, *file).says(0, "with the centre")
    ask(one.return_id, "--offline", *file).says(0, "without the centre", "to be confirmed")


def test_what_was_dropped_here_is_not_judged_again(ask, shop):
    gone = ask(shop.drop.return_id).says(
        0, "turns the whole return away: This return was already dropped off on"
    )
    assert "Rule by rule" not in gone.out
    ask(shop.drop.return_id, "--anew").says(0, "Accepted\n  The shopper reads: You get")


def test_the_customers_earlier_drops_here_count(ask, shop, rules):
    """One return more than this customer may bring, once the drop in the ledger is theirs."""
    bundle = newest(shop.data)
    mine = next(found for one in shop.world.returns if not one.rejected
                and (found := bundle.find_return(one.return_id)).customer)  # fmt: skip
    bundle.close()
    limit = '[[rules]]\nrule="allow"\nid="a"\n[[rules]]\nrule="serial_limit"\nid="s"\n'
    file = rules(f"{limit}days = 3000\nreturns = {len(mine.history) + 1}\n")
    assert outcomes(ask(mine.return_id, *file, "--json")) == {"accept"}
    connection = sqlite3.connect(shop.data / "ledger.db")
    connection.execute(
        "UPDATE drops SET customer = ?, merchant_id = ?", (mine.customer, mine.merchant_id)
    )
    connection.commit()
    connection.close()
    assert outcomes(ask(mine.return_id, *file, "--json")) == {"refuse"}
    ask(mine.return_id, *file).says(0, "The shop limits how much can be returned.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_english_but_names(ask, shop, language):
    """Every line of the answer, its merchant's own names aside, comes from the catalogue."""
    if language == "en":
        return
    shop.has(country="DE", opening_mm=400, staffed=False)
    one = another(shop)
    call = (one.return_id, "--offline", "--language", language)
    english = ask(one.return_id, "--offline").says(0).out
    spoken = ask(*call).says(0).out
    same = {line.strip() for line in spoken.splitlines()} & {
        line.strip() for line in english.splitlines()
    }
    names = {line for line in same if re.fullmatch(r"[^ ]+ .{0,40} × \d+|", line)}
    assert same == names
    for code in ("accept_with_fee", "returnless", "authorised", "because", "bundle"):
        assert code not in spoken
    assert ask("RMA-NONE", "--language", language).says(1).err != ask("RMA-NONE").says(1).err
