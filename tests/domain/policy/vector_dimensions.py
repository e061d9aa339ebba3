"""How many golden vectors tell of each dimension that a policy must express.

    python -m tests.domain.policy.vector_dimensions

A dimension is told by rules, by parameters of rules, or by conditions. The columns: vectors that
tell of it, those of them that tell of two more beside it, and how many others it ever meets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.domain.policy.random_returns import FILES, rules_of

Spec = Mapping[str, Any]
# Rule, rule.parameter, rule.parameter=value, when.dimension: any of them tells of it.
DIMENSIONS: dict[str, set[str]] = {
    "window from delivery": {"window.from=delivery", "window.from by default"},
    "window from purchase": {"window.from=order", "window.from=purchase"},
    "window from fulfilment": {"window.from=fulfilment"},
    "window from a date": {"window.from=date"},
    "window in months": {"window.months"},
    "seasonal extension": {"window.extend"},
    "holiday carry-over": {"window.holidays", "window.weekend"},
    "final sale": {"final_sale", "when.final_sale"},
    "category": {"when.category", "returnless.categories"},
    "type": {"when.type"},
    "tag": {"when.tag", "final_sale.tags", "hygiene.tags"},
    "sku": {"when.sku"},
    "vendor": {"when.vendor"},
    "condition and checklist": {"condition", "when.answer"},
    "reason code": {"reason", "when.reason"},
    "item value": {"value.per=item", "value.per by default", "when.value"},
    "order value": {"value.per=order", "when.order_value"},
    "return value": {"value.per=return", "value.per=brought", "when.return_value"},
    "discount": {"discount", "when.discount"},
    "keep": {"returnless.then=keep", "returnless.then by default"},
    "donate": {"returnless.then=donate"},
    "recycle": {"returnless.then=recycle"},
    "fee, flat": {"fee.per=line"},
    "fee, percent": {"fee.basis_points"},
    "fee per return": {"fee.per=return"},
    "fee per item": {"fee.per=item"},
    "fee by reason": {"fee by when.reason"},
    "refund by original payment": {"refund_method.methods=original"},
    "refund in store credit": {"refund_method.methods=store_credit", "when.resolution"},
    "refund by exchange": {"refund_method.methods=exchange"},
    "bonus credit": {"bonus"},
    "country": {"country", "when.country"},
    "zone": {"zone", "when.zone"},
    "return method": {"method", "when.method"},
    "sales channel": {"channel", "when.channel"},
    "customer segment": {"segment", "when.segment"},
    "serial returns, count": {"serial_limit.returns", "serial_limit.units", "when.past_returns"},
    "serial returns, value": {"serial_limit.value"},
    "number of items": {"items", "quantity", "when.units", "when.return_units"},
    "full or partial": {"whole", "when.part"},
    "photo": {"evidence.evidence=photo"},
    "serial number": {"evidence.evidence=serial"},
    "manual review": {"review"},
    "a person decides": {"staff"},
    "destination": {"destination"},
    "hazardous goods, lithium": {"hazmat", "when.hazard"},
    "oversize": {"oversize", "when.longest"},
    "hygiene": {"hygiene", "when.hygiene"},
    "age-restricted": {"age_restricted", "when.age_restricted"},
    "no original packaging": {"packaging"},
    "offline": {"when.offline", "offline", "stale"},
    "bundle age": {"bundle_age", "when.policy_age"},
    "bin space": {"bin_space", "when.bin_space"},
    "measured weight": {"weight", "when.measured"},
    "allow-list": {"allow_list"},
    "priority": {"priority"},
    "and, or, not": {"when.any", "when.all", "when.not"},
    "what nobody knows": {"when.unknown"},
    "unknown rule or value": {"wrong"},
}
DEFAULTS = (("window", "from"), ("value", "per"), ("returnless", "then"))


def _conditions(part: Spec) -> Iterator[str]:
    for key, value in part.items():
        yield f"when.{key}"
        if key in ("any", "all", "not"):
            for inner in value if isinstance(value, list) else [value]:
                yield from _conditions(inner)


def _of_rule(spec: Spec) -> Iterator[str]:
    tag = str(spec.get("rule"))
    yield tag
    for key, value in spec.items():
        yield f"{tag}.{key}"
        yield from (f"{tag}.{key}={one}" for one in (value if isinstance(value, list) else [value]))
    yield from (
        f"{tag}.{key} by default" for rule, key in DEFAULTS if tag == rule and key not in spec
    )
    if "priority" in spec:
        yield "priority"
    for key in ("when", "unless"):
        if isinstance(spec.get(key), Mapping):
            told = list(_conditions(spec[key]))
            yield from told
            yield from (f"{tag} by {one}" for one in told)


def told(vector: Spec, specs: list[dict[str, Any]]) -> set[str]:
    """The dimensions that one vector tells of."""
    marks = {mark for spec in specs for mark in _of_rule(spec)}
    marks |= {key for key in ("offline", "stale") if vector.get(key)}
    expect = vector["expect"] if isinstance(vector["expect"], list) else [vector["expect"]]
    if any(one.get("why") in ("rule_unknown", "value_unknown") for one in expect):
        marks.add("wrong")
    return {name for name, any_of in DIMENSIONS.items() if marks & any_of}


def counted() -> dict[str, tuple[int, int, int]]:
    """Of each dimension: vectors, those with two more dimensions, dimensions met."""
    stories = [
        told(vector, rules_of(topic, vector))
        for topic in sorted(FILES)
        for vector in FILES[topic]["vector"]
    ]
    found = {}
    for name in DIMENSIONS:
        with_it = [story for story in stories if name in story]
        together = [story for story in with_it if len(story) >= 3]
        met = set().union(*with_it) - {name} if with_it else set()
        found[name] = (len(with_it), len(together), len(met))
    return found


def main() -> None:
    print(f"{'dimension':30}{'vectors':>9}{'of three':>10}{'meets':>8}")
    for name, (vectors, together, met) in counted().items():
        print(f"{name:30}{vectors:9}{together:10}{met:8}")
    vectors = sum(len(file["vector"]) for file in FILES.values())
    print(f"{vectors} vectors, {len(DIMENSIONS)} dimensions")


if __name__ == "__main__":
    main()
