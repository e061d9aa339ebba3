"""What is kept of a return with its drop is what rules look at, and can be read again."""

from __future__ import annotations

from datetime import date
from typing import Any

from kiosk.domain.money import Money
from kiosk.domain.policy import keeping
from kiosk.domain.policy.model import Context, EvidenceKind, Facts
from kiosk.domain.policy.whole import prepare
from kiosk.domain.returns import Authorisation, PastDrop, PastReturn, ReturnLine
from tests.domain.policy.random_policies import cases


def _prepared(situation: Any, **told: Any) -> Facts:
    return prepare((situation.facts(**told),))[0]


def test_what_is_usual_is_left_out(situation: Any) -> None:
    facts = _prepared(situation)
    kept = keeping.of_return(facts)
    assert kept["form"] == 1  # as it stands in events that the centre keeps
    assert kept["merchant.timezone"] == "Europe/Berlin"
    assert kept["authorisation.delivered_on"] == "2025-03-01"
    assert kept["whole.units_authorised"] == 2
    silent = {"context.offline", "authorisation.zone", "history.returns", "drops"}
    assert silent.isdisjoint(kept)
    assert {"already_dropped", "measured_g", "line.hazard"}.isdisjoint(keeping.of_line(facts))


def test_what_nobody_judges_by_is_not_kept(situation: Any) -> None:
    facts = _prepared(situation)
    kept = {**keeping.of_return(facts), **keeping.of_line(facts)}
    assert not {"1001", "10115", "Shoes"} & set(kept.values())


def test_other_returns_and_earlier_drops_are_kept_as_sums(situation: Any) -> None:
    past = [("R-0", 2, 100), ("R-1", 9, 900), ("R-2", 1, 50)]
    history = tuple(
        PastReturn(name, date(2025, 3, 5), units, Money(minor, "EUR"))
        for name, units, minor in past
    )
    drops = (PastDrop("d1", {"L-1": 1}),)
    facts = _prepared(situation, history=history, drops=drops, measured_g=0)
    kept = keeping.of_return(facts)
    assert [kept[path] for path in keeping.OTHER_RETURNS] == [2, 3, 150]
    assert kept["drops"] == 1
    assert kept["whole.units_before"] == 1
    assert keeping.of_line(facts) | {"already_dropped": 1, "measured_g": 0} == keeping.of_line(
        facts
    )


def test_what_was_kept_reads_as_it_was(situation: Any) -> None:
    facts = _prepared(
        situation,
        offline=True,
        of_return={"order_value": Money(20_000, "EUR"), "segments": ("vip", "new")},
        at={"evidence": frozenset(EvidenceKind), "bin_free_percent": 5},
        line={"tags": ("green", "swim"), "final_sale": True, "age": 18},
    )
    kept = keeping.of_return(facts)
    order = keeping.fields_of("authorisation", kept, Authorisation)
    assert order["order_value"] == {"minor": 20_000, "currency": "EUR"}
    assert order["segments"] == ["vip", "new"]
    context = keeping.fields_of("context", kept, Context)
    assert context["offline"] is True
    assert context["evidence"] == ["photo", "serial"]
    assert context["bin_free_percent"] == 5
    assert "policy_stale" not in context
    line = keeping.fields_of("line", keeping.of_line(facts), ReturnLine)
    assert (line["tags"], line["final_sale"], line["age"]) == (["green", "swim"], True, 18)


def test_every_fact_that_differs_from_the_usual_is_read_again(situation: Any) -> None:
    for one in cases(100):
        for facts in prepare(one.facts(situation)):
            kept = keeping.of_return(facts) | keeping.of_line(facts)
            for part, whole, kind in (
                ("authorisation", facts.authorisation, Authorisation),
                ("context", facts.context, Context),
                ("line", facts.line, ReturnLine),
            ):
                read = keeping.fields_of(part, kept, kind)
                for name, value in read.items():
                    known = getattr(whole, name)
                    if isinstance(known, bool | int | str):
                        assert value == known, (one, name)
                    elif isinstance(known, Money):
                        assert value == {"minor": known.minor, "currency": known.currency}
                    elif isinstance(known, frozenset | tuple):
                        assert sorted(map(str, known)) == sorted(map(str, value))
