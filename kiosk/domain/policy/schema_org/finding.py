"""The policies of a document, and the products they hang on."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.domain.policy.schema_org.graph import Literal, Node
from kiosk.domain.policy.schema_org.vocabulary import HAS_POLICY, OFFERS, POLICY, PRODUCTS

MOST_POLICIES = 500


@dataclass(slots=True)
class Hanging:
    """A policy and its places. `shop`: it hangs on an organisation, or on nothing; `skus` of the
    products it hangs on; `nameless`: it hangs on a product without a SKU."""

    node: Node
    shop: bool = False
    skus: set[str] = field(default_factory=set)
    nameless: bool = False


def policies(nodes: list[Node]) -> list[Hanging]:
    """Every policy once, in the order of the document."""
    found: dict[int, Hanging] = {}
    parents = _parents(nodes)
    for node in nodes:
        for value in node.get(HAS_POLICY):
            # An address, or a reference that leads nowhere, is a policy that says nothing.
            policy = value if isinstance(value, Node) else Node(str(value.value))
            hanging = found.setdefault(id(policy), Hanging(policy))
            _hang(hanging, node, parents)
        for values in node.properties.values():
            for value in values:
                if isinstance(value, Node) and POLICY in value.types:
                    _hang(found.setdefault(id(value), Hanging(value)), node, parents)
    for node in nodes:
        if POLICY in node.types and id(node) not in found:
            found[id(node)] = Hanging(node, shop=True)
    place = {id(node): number for number, node in enumerate(nodes)}
    return sorted(found.values(), key=lambda one: place.get(id(one.node), len(nodes)))


def _parents(nodes: list[Node]) -> dict[int, list[Node]]:
    """Of whose product an offer is."""
    found: dict[int, list[Node]] = {}
    for node in nodes:
        for value in node.get("offers"):
            if isinstance(value, Node):
                found.setdefault(id(value), []).append(node)
    return found


def _hang(hanging: Hanging, owner: Node, parents: dict[int, list[Node]]) -> None:
    product = bool(owner.types & PRODUCTS) or bool(owner.get("sku"))
    offer = bool(owner.types & OFFERS)
    if not product and not offer:
        hanging.shop = True
        return
    skus = _skus(owner)
    if offer and not skus:
        skus = {sku for one in _above(owner, parents) for sku in _skus(one)}
    hanging.skus |= skus
    hanging.nameless |= not skus


def _above(offer: Node, parents: dict[int, list[Node]]) -> list[Node]:
    """The products of an offer, through an offer that gathers others if need be."""
    found = list(parents.get(id(offer), []))
    for parent in list(found):
        if parent.types & OFFERS:
            found += parents.get(id(parent), [])
    found += [one for one in offer.get("itemOffered") if isinstance(one, Node)]
    return found


def _skus(node: Node) -> set[str]:
    """Its own, or those of its variants."""
    own = {text for value in node.get("sku") if (text := _text(value))}
    if own:
        return own
    return {
        text
        for variant in node.get("hasVariant")
        if isinstance(variant, Node)
        for value in variant.get("sku")
        if (text := _text(value))
    }


def _text(value: object) -> str:
    return str(value.value).strip()[:200] if isinstance(value, Literal) else ""
