"""What a rule looked at, for whoever asks why: facts by their path as people call them.

Paths are those of kiosk.domain.policy.recording. What says nothing by itself (a currency beside
its amount, a zone beside its moment) is told with what it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from kiosk.domain.look.model import PLAIN, Look
from kiosk.domain.policy.model import EvidenceKind, Question
from kiosk.words import dimensions, explaining, questions
from kiosk.words.voice import Voice

_DIMENSIONS: Final = {
    "line.tags": "tag",
    "line.weight_g": "weight",
    "line.longest_mm": "longest",
    "line.price": "value",
    "measured_g": "measured",
    "brought": "units",
    "history": "past_returns",
    "authorisation.history": "past_returns",
    "authorisation.segments": "segment",
    "authorisation.ordered_on": "ordered",
    "authorisation.fulfilled_on": "fulfilled",
    "authorisation.delivered_on": "delivered",
    "context.policy_age_hours": "policy_age",
    "context.bin_free_percent": "bin_space",
    "whole.units": "return_units",
    "whole.lines": "return_lines",
    "whole.value": "return_value",
    **{
        f"line.{name}": name
        for name in ("category", "type", "vendor", "sku", "hazard", "reason", "discount")
    },
    **{f"line.{name}": name for name in ("final_sale", "hygiene", "resolution")},
    **{
        f"authorisation.{name}": name
        for name in ("country", "zone", "channel", "customer", "resolution")
    },
    **{f"authorisation.{name}": name for name in ("order_units", "order_value")},
    **{f"context.{name}": name for name in ("method", "site", "site_country", "offline")},
    "context.staffed": "staffed",
}
"""Facts that policies have a word for, too."""
_BESIDE: Final = frozenset(
    {"merchant.timezone", "authorisation.return_id", "authorisation.lines", "whole.currency"}
)
_SUMS: Final = ("whole.value", "whole.value_before")
_NAUGHT: Final = frozenset(
    {"line.weight_g", "line.longest_mm", "authorisation.order_units", "context.opening_mm"}
)
"""Facts of which 0 says that nobody filled them in."""
_ANSWER: Final = "answers."


def name(w: Voice, path: str, look: Look = PLAIN) -> str:
    """A heading, as "Category"; a question in the words of the merchant's look. A path without
    one reads as it is spelled."""
    if path.startswith(_ANSWER):
        asked = path.removeprefix(_ANSWER)
        if asked in questions.STANDARD or look.question(asked):
            return questions.own_asked(w, Question(asked, ()), look)
        return f"{dimensions.name(w, 'answer')} ({asked})"
    whole = path.removesuffix(".minor").removesuffix(".currency")
    dimension = _DIMENSIONS.get(whole)
    if dimension:
        return dimensions.name(w, dimension)
    return _others(w).get(path) or path.rpartition(".")[2].replace("_", " ").capitalize()


def _others(w: Voice) -> dict[str, str]:
    return {
        "already_dropped": w.t("Brought before"),
        "context.now": w.t("Judged as of"),
        "merchant.timezone": w.t("Judged as of"),  # the zone of that moment
        "context.evidence": w.t("What can be shown here"),
        "context.opening_mm": w.t("Longest item that fits"),
        "context.policy_stale": w.t("The rules were old"),
        "drops": w.t("Earlier drops of this return"),
        "authorisation.drops": w.t("Earlier drops of this return"),
        "authorisation.lines": w.t("Items of this return"),
        "authorisation.return_id": w.t("Return"),
        "line.age": w.t("Only from this age"),
        "line.quantity": w.t("Items authorised"),
        "line.serials": w.t("Serial number"),
        "whole.units_before": w.t("Items brought before"),
        "whole.units_authorised": w.t("Items of this return"),
        "whole.value_before": w.t("Price of the items brought before"),
        "whole.currency": w.t("Price of all items brought"),
    }


def told(
    w: Voice, seen: Mapping[str, str | int], timezone: str, look: Look = PLAIN
) -> Iterator[tuple[str, str]]:
    """Each fact that was looked at, with its value in words. `timezone` is the merchant's."""
    for path in sorted(seen):
        if path in _BESIDE or path.endswith(".currency"):
            continue
        yield name(w, path, look), value(w, path, seen, timezone, look)


def value(
    w: Voice, path: str, seen: Mapping[str, str | int], timezone: str, look: Look = PLAIN
) -> str:
    """One of `seen` in words; an amount with the currency that stands beside it there."""
    found = seen[path]
    if found == "" or (found == 0 and path in _NAUGHT):
        return w.t("not given")
    if path.startswith(_ANSWER):
        return _answer(w, path.removeprefix(_ANSWER), str(found), look)
    if path.endswith(".minor") or path in _SUMS:
        return _amount(w, path, found, seen)
    if path == "context.now":
        return _moment(w, str(found), timezone)
    dimension = _DIMENSIONS.get(path, "")
    if dimension == "resolution":
        return _answer(w, "refund_method", str(found), look)
    if dimension:
        return explaining.value(w, dimension, str(found).replace(",", ", "))
    return _plain(w, path, str(found))


def _moment(w: Voice, text: str, timezone: str) -> str:
    """A zone that nobody knows leaves it as it is."""
    try:
        return w.moment(datetime.fromisoformat(text), timezone)
    except (LookupError, ValueError):
        return text


def _amount(w: Voice, path: str, minor: str | int, seen: Mapping[str, str | int]) -> str:
    beside = "whole.currency" if path in _SUMS else path.removesuffix("minor") + "currency"
    currency = seen.get(beside, "")
    return explaining.value(w, "value", f"{minor} {currency}" if currency else str(minor))


def _plain(w: Voice, path: str, text: str) -> str:
    match path:
        case "context.policy_stale":
            return explaining.value(w, "offline", text)
        case "context.opening_mm":
            return explaining.value(w, "longest", text)
        case "context.evidence":
            kinds = {
                EvidenceKind.PHOTO.value: w.t("Photo"),
                EvidenceKind.SERIAL.value: w.t("Serial number"),
            }
            return ", ".join(kinds.get(one, one) for one in text.split(","))
        case _:
            return text.replace(",", ", ")


def _answer(w: Voice, question_id: str, text: str, look: Look) -> str:
    """What was shown is told as it stands; of a photograph only that there is one."""
    if question_id == "evidence_photo" and text != "none":
        return w.t("Photo")
    if question_id == "evidence_serial" and text != "none":
        return text.replace(",", ", ")
    return questions.own_answer(w, question_id, text, look)
