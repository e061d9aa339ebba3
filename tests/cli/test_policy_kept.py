"""A drop's event keeps all that rules look at: judged again, it comes out as it did, or it is said
what nobody can know. Never anything else."""

from __future__ import annotations

import importlib.util
import json
import random
import sys
import tomllib
from dataclasses import asdict, replace
from pathlib import Path

import msgspec

from kiosk.app import judging
from kiosk.cli.policy_replay import judge, past
from kiosk.domain.events import DropCommitted
from kiosk.domain.policy import keeping
from kiosk.domain.policy.evaluate import evaluate_return
from kiosk.domain.policy.model import Facts, Policy, Verdict
from kiosk.domain.policy.recording import watched
from kiosk.domain.policy.rules import RULES, build
from kiosk.domain.policy.whole import prepare
from kiosk.domain.visit import Item

TESTS = Path(__file__).resolve().parents[1]
VECTORS = TESTS / "domain" / "vectors" / "policy"
RETURNS = 600


def load(name, file):
    """The random returns of kiosk and centre, and the situations of the golden vectors."""
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


AGREE = load("returns_at_random", TESTS / "domain" / "policy" / "random_returns.py")
SITUATION = load("situations", TESTS / "domain" / "policy" / "conftest.py").Situation()


def some_facts(chance):
    """The lines of one return in one visit, with all that may be known of them."""
    given = chance.authorisation(SITUATION)
    told = chance.told(SITUATION, [line.line_id for line in given.lines])
    merchant = SITUATION.facts().merchant
    items = {line.line_id: line for line in given.lines}
    return tuple(
        Facts(
            authorisation=given,
            line=items[one.line_id],
            merchant=merchant,
            **{key: getattr(one, key) for key in one.__slots__ if key != "line_id"},
        )
        for one in told
    )


def event_of(number, lines, decisions):
    """As a kiosk tells the drop, through JSON."""
    prepared = prepare(lines)
    items = [
        Item(one.line, one.brought, decision, one.already_dropped, one.answers)
        for one, decision in zip(lines, decisions, strict=True)
    ]
    event = DropCommitted(
        drop_id=f"d-{number}",
        drop_number=f"K1-{number}",
        visit_id="v",
        return_id=lines[0].authorisation.return_id,
        merchant_id=lines[0].merchant.merchant_id,
        bag_id="b",
        policy_number=1,
        offline=lines[0].context.offline,
        identified_by="signed",
        code_id="",
        lines=tuple(
            judging.line_fact(item, keeping.of_line(one))
            for item, one in zip(items, prepared, strict=True)
        ),
        facts=keeping.of_return(prepared[0]),
    )
    time = lines[0].context.now.isoformat()
    return {"type": event.type, "id": f"e-{number}", "time": time, "data": asdict(event)}


def replayed(tmp_path, policy, *events):
    log = tmp_path / "log.jsonl"
    log.write_bytes(b"\n".join(msgspec.json.encode(one) for one in events))
    return [one for drop in past([log], None, "UTC") for one in judge(policy, drop)]


def plain(verdict):
    return replace(verdict, inputs={}, instead=(), policy_number=0)


def test_judged_again_it_is_the_same_or_it_is_told_what_is_not_known(tmp_path):
    same = untold = 0
    for number in range(RETURNS):
        chance = AGREE.Chance(number // 5)
        policy = Policy(1, "M-1", tuple(build(spec) for spec in chance.specs()))
        chance.of = random.Random(number)
        lines = some_facts(chance)
        decisions = evaluate_return(policy, lines)
        alone = not any(one.history or one.drops for one in prepare(lines))
        was = {
            one.line.line_id: decision
            for one, decision in zip(lines, decisions, strict=True)
            if one.brought and isinstance(decision, Verdict)
        }
        for again in replayed(tmp_path, policy, event_of(number, lines, decisions)):
            if again.missing:
                assert not alone, (number, again.missing)
                untold += 1
                continue
            assert plain(again.decision) == plain(was[again.line.line_id]), number
            same += 1
    assert same > RETURNS // 2
    assert untold > 10


def test_no_rule_looks_at_anything_that_is_not_kept():
    """Every path that any rule of the golden vectors reads is kept, or told by the event itself."""
    kept = {"brought", "already_dropped", "measured_g", "history", "line.line_id", "line.sku"}
    kept |= {"authorisation.lines"}  # told by the return's drops, and confirmed by their sums
    kept |= {
        "whole.units",
        "whole.lines",
        "whole.value",
        "authorisation.return_id",
        *keeping.BEFORE,
    }
    parts = {"line": "line", "authorisation": "authorisation", "context": "context"}
    rules = []
    for file in VECTORS.glob("*.toml"):
        told = tomllib.loads(file.read_text("utf-8"))
        inline = [r for v in told["vector"] for r in v.get("rules", ()) if isinstance(r, dict)]
        rules += [build({"id": "x", **spec}) for spec in (*told["rules"].values(), *inline)]
    assert {rule.tag for rule in rules} >= set(RULES)
    read = set()
    for number in range(150):
        for facts in prepare(some_facts(AGREE.Chance(number))):
            glass, seen = watched(facts)
            for rule in rules:
                try:
                    rule.judge(glass)
                except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
                    continue
            read |= seen.keys()
    assert len(read) > 40
    for path in read - kept:
        part, _, name = path.partition(".")
        assert part in (*parts, "answers", "merchant"), path
        assert name.partition(".")[0] not in keeping.NO_RULES_BUSINESS, path


def test_what_has_its_usual_value_is_left_out():
    facts = prepare((SITUATION.facts(),))[0]
    told = keeping.of_return(facts)
    assert told == {
        "form": 1,
        "merchant.timezone": "Europe/Berlin",
        "authorisation.ordered_on": "2025-02-20",
        "authorisation.delivered_on": "2025-03-01",
        "authorisation.country": "DE",
        "context.now": "2025-03-10T12:00:00+00:00",
        "whole.units_authorised": 2,
        "whole.currency": "EUR",
    }
    assert "Shoes" not in json.dumps(told | keeping.of_line(facts))
