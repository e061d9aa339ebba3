"""`takeback policy simulate`: past drops under other rules."""

from __future__ import annotations

import json

import pytest

EVENT = "takeback.drop.committed.v1"


def line(**changes):
    return {
        "line_id": "L-1", "sku": "S-1", "outcome": "accept", "reason": "within_policy",
        "reason_values": {}, "brought": 2, "price": 9980, "refund": 9980, "fee": 0, "withheld": 0,
        "currency": "EUR", "disposal": "none", "provisional": False, "rule_ids": ["month"],
        "answers": {}, "state": "accepted",
        "inputs": {"authorisation.delivered_on": "2026-04-20",
                   "authorisation.ordered_on": "2026-04-15",
                    "merchant.timezone": "Europe/Berlin",
                   "context.now": "2026-05-04T07:30:00+00:00"},
        **changes,
    }  # fmt: skip


def drop(number, *lines, kind=EVENT, **changes):
    data = {
        "drop_id": f"d{number}", "drop_number": f"K1-{number}", "visit_id": "v", "merchant_id": "m",
        "return_id": f"R-{number}", "bag_id": "b", "policy_number": 1, "offline": False,
        "identified_by": "signed", "code_id": "", "lines": lines, **changes,
    }  # fmt: skip
    return {"type": kind, "time": "2026-05-04T07:30:00Z", "data": data}


@pytest.fixture
def history(tmp_path):
    def write(*events):
        file = tmp_path / "history.jsonl"
        file.write_text("".join(json.dumps(one) + "\n" for one in ({"format": 1}, *events)))
        return ("--drops", file)

    return write


@pytest.fixture
def policy(tmp_path):
    def write(text):
        file = tmp_path / "new.toml"
        file.write_text(text)
        return file

    return write


WINDOW = '[[rules]]\nrule = "window"\nid = "month"\ndays = 30\n'
FEE = '[[rules]]\nrule = "fee"\nid = "post"\nper = "line"\namount = "4.95 EUR"\n'


def test_the_same_rules_change_nothing(takeback, history, policy):
    takeback("policy", "simulate", policy(WINDOW), *history(drop(1, line()))).says(
        0, "1 drops, 1 lines: 1 as before, 0 change"
    )


def test_money_by_the_rule_that_decides(takeback, history, policy):
    refused = drop(2, line(brought=1, price=1000, refund=0, withheld=1000, outcome="refuse"),
                   kind="takeback.drop.refused.v1")  # fmt: skip
    log = history(drop(1, line()), refused, {"type": "takeback.kiosk.started.v1", "data": {}})
    answer = takeback("policy", "simulate", policy(WINDOW + FEE), *log).says(
        0,
        "2 drops, 2 lines: 0 as before, 2 change",
        "refunds: +€0.10",
        "K1-1 S-1: accept -> accept_with_fee, refund €99.80 -> €94.85",
        "S-1: refuse -> accept_with_fee, refund €0.00 -> €5.05",
    )
    assert "not recorded" not in answer.out


def test_a_shorter_window_and_a_question(takeback, history, policy):
    log = history(drop(1, line()), drop(2, line(answers={"condition": "used"})))
    takeback("policy", "simulate", policy(WINDOW.replace("30", "10")), *log).says(
        0, "2 change", "refunds: -€199.60", "by month: 2 lines", "accept -> refuse"
    )
    ask = '[[rules]]\nrule="condition"\nid="worn"\nquestion="condition"\n'
    ask += 'accept=["unused"]\nrefuse=["used"]\n'
    takeback("policy", "simulate", policy(WINDOW + ask), *log).says(
        0, "1 change, 1 would be asked", "K1-1 S-1: worn asks condition", "by worn: 1 lines"
    )


def test_what_nobody_recorded_is_told_and_not_guessed(takeback, history, policy):
    rules = policy(WINDOW + '[[rules]]\nrule = "final_sale"\nid = "sale"\n')
    log = history(drop(1, line()), drop(2, line(inputs={**line()["inputs"], "line.tags": "a,b",
                                                        "line.final_sale": "yes"})))  # fmt: skip
    takeback("policy", "simulate", rules, *log).says(
        0, "1 change, 0 would be asked, 1 cannot be told", "K1-2 S-1: accept -> refuse",
        "K1-1 S-1: cannot be told: nobody recorded line.final_sale",
    )  # fmt: skip
    told = takeback("policy", "simulate", rules, *log, "--json").says(0).json["lines"]
    assert [one["fate"] for one in told] == ["cannot_be_told", "changed"]


def test_only_one_merchants_drops(takeback, history, policy):
    text = '[[merchant]]\nid = "n"\n' + WINDOW.replace("[[rules]]", "[[merchant.rules]]")
    log = history(drop(1, line()), drop(2, line(), merchant_id="n"))
    takeback("policy", "simulate", policy(text), *log).says(0, "1 drops, 1 lines")


def test_a_real_kiosks_history_and_bundle(takeback, shop, policy, tmp_path):
    log = tmp_path / "history.jsonl"
    takeback("audit", "export", log, "--settings", shop.settings).says(0)
    rules = policy('[[rules]]\nrule = "refuse"\nid = "none"\nwhen = { not = { tag = "gold" } }\n')
    call = ("policy", "simulate", rules, "--drops", log, "--settings", shop.settings)
    answer = takeback(*call, "--json").says(0).json["lines"]
    assert answer
    assert {(one["fate"], one["after"], one["rule"]) for one in answer} == {
        ("changed", "refuse", "none")
    }


@pytest.mark.parametrize("bad", ["no json", '{"type": "takeback.drop.committed.v1", "data": {}}'])
def test_a_history_that_is_none(takeback, policy, tmp_path, bad):
    log = tmp_path / "bad.jsonl"
    log.write_text(bad + "\n")
    takeback("policy", "simulate", policy(WINDOW), "--drops", log).says(2, f"{log}:1: is no event")
    takeback("policy", "simulate", policy(WINDOW), "--drops", tmp_path / "x").says(2, "No such")
    takeback("policy", "simulate", policy(WINDOW), "--drops", log, "--zone", "x").says(2, "zone")


# --- diff --drops --------------------------------------------------------------------------------


def shops(tmp_path, name, **rules):
    file = tmp_path / name
    text = (
        f'[[merchant]]\nid = "{merchant}"\n{spec.replace("[[rules]]", "[[merchant.rules]]")}'
        for merchant, spec in rules.items()
    )
    file.write_text("\n".join(text))
    return file


def test_which_drops_two_files_judge_differently(takeback, history, tmp_path):
    """Counts and money by merchant and outcome; the recorded verdicts do not come into it."""
    log = history(
        drop(1, line()), drop(2, line(refund=0), line(line_id="L-2")),
        drop(3, line(), merchant_id="n"),
        drop(4, line(inputs={})),
    )  # fmt: skip
    old = shops(tmp_path, "old.toml", m=WINDOW, n=WINDOW)
    new = shops(tmp_path, "new.toml", m=WINDOW + FEE, n=WINDOW.replace("30", "10"))
    answer = takeback("policy", "diff", old, new, *log).says(
        1,
        "m: post: added",
        "2 rules differ",
        "4 drops, 5 lines: 0 as before, 4 change, 0 would be asked, 1 cannot be told",
        "merchant  before  after            drops  lines  refunds\n"
        "m         accept  accept_with_fee  2      3      -€14.85\n"
        "n         accept  refuse           1      1      -€99.80\n",
        "K1-2 S-1: accept -> accept_with_fee",
        "K1-4 S-1: cannot be told: nobody recorded authorisation.delivered_on",
    )
    assert answer.out.count("cannot be told:") == 1
    told = takeback("policy", "diff", old, new, *log, "--json").says(1).json["lines"]
    assert [one["fate"] for one in told] == ["changed"] * 4 + ["cannot_be_told"]
    takeback("policy", "diff", old, old, *log).says(0, "0 rules differ", "4 as before, 0 change")


def test_a_merchant_whom_a_file_does_not_name_has_no_rules_there(takeback, history, tmp_path):
    old, new = shops(tmp_path, "old.toml", m=WINDOW), shops(tmp_path, "new.toml", n=WINDOW)
    takeback("policy", "diff", old, new, *history(drop(1, line()))).says(
        1, "m         accept  staff  1      1      -€99.80"
    )


def test_several_kiosks_tell_one_customers_returns(takeback, policy, tmp_path):
    """The second kiosk knew of the first one's drop; its history alone does not tell which."""

    def kiosk(number, time, **known):
        facts = {"form": 1, "merchant.timezone": "Europe/Berlin", "authorisation.customer": "c",
                 "authorisation.ordered_on": "2026-04-15", "context.now": time,
                 "authorisation.delivered_on": "2026-04-20", "whole.currency": "EUR",
                 "whole.units_authorised": 2, **known}  # fmt: skip
        own = {"line.quantity": 2, "line.price.minor": 4990, "line.price.currency": "EUR"}
        file = tmp_path / f"k{number}.jsonl"
        one = drop(number, line(facts=own), facts=facts) | {"time": time, "id": f"e{number}"}
        file.write_text(json.dumps(one) + "\n")
        return ("--drops", file)

    first = kiosk(1, "2026-05-04T07:30:00+00:00")
    theirs = {"history.returns": 1, "history.units": 2, "history.value": 9980}
    second = kiosk(2, "2026-05-05T07:30:00+00:00", **theirs)
    limit = '[[rules]]\nrule = "serial_limit"\nid = "often"\ndays = 30\nreturns = 1\n'
    rules = policy(WINDOW + limit)
    takeback("policy", "simulate", rules, *second, *first).says(
        0, "2 drops, 2 lines: 1 as before, 1 change", "K1-2 S-1: accept -> refuse"
    )
    takeback("policy", "simulate", rules, *second).says(
        0, "1 cannot be told", "the kiosk knew of returns of this customer that these histories"
    )
