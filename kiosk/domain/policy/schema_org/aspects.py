"""What a policy says, aspect by aspect, as drafts of rules."""

from __future__ import annotations

from kiosk.domain.policy.schema_org import values
from kiosk.domain.policy.schema_org.drafts import Condition, Draft, Spec, person
from kiosk.domain.policy.schema_org.fees import DEFECT, Properties
from kiosk.domain.policy.schema_org.graph import Literal, Node
from kiosk.domain.policy.schema_org.notes import Notes
from kiosk.domain.policy.schema_org.options import Options
from kiosk.domain.policy.schema_org.values import Doubt, On, Span
from kiosk.domain.policy.schema_org.vocabulary import (
    CATEGORIES,
    CONDITIONS,
    LABELS,
    METHODS,
    REFUNDS,
)

CATEGORY, DAYS = "returnPolicyCategory", "merchantReturnDays"
METHOD, IN_STORE = "returnMethod", "inStoreReturnsOffered"
REFUND, ITEMS, BORDER = "refundType", "itemCondition", "returnPolicyCountry"
LABEL_TERMS = (
    "returnLabelSource",
    "customerRemorseReturnLabelSource",
    "itemDefectReturnLabelSource",
)


def _doubt(notes: Notes, aspect: str, term: str, why: str) -> tuple[Draft, ...]:
    notes.person(term, why)
    return (person(f"person-{aspect}"),)


def window(properties: Properties, notes: Notes, options: Options) -> tuple[Draft, ...]:
    """How long: a window, `allow`, or `refuse`."""
    found = values.choices(properties.get(CATEGORY, []), CATEGORIES)
    days = properties.get(DAYS, [])
    if isinstance(found, Doubt):
        return _doubt(notes, "window", CATEGORY, found.why)
    if not found and days:
        found = ("finite",)
        notes.assumed(DAYS, "without a returnPolicyCategory it is taken as a window")
    if len(found) != 1:
        why = "says several things at once" if found else "says nothing of how long"
        return _doubt(notes, "window", CATEGORY, why)
    if found == ("finite",):
        return _finite(properties, notes)
    if days:
        return _doubt(notes, "window", DAYS, "stands beside a category that has no days")
    match found[0]:
        case "unlimited":
            notes.mapped(CATEGORY, "unlimited: allow")
            return (Draft("window", {"rule": "allow"}),)
        case "never":
            return _never(properties, notes, options)
        case _:
            return _doubt(notes, "window", CATEGORY, "the page leaves open whether it comes back")


def _finite(properties: Properties, notes: Notes) -> tuple[Draft, ...]:
    days = properties.get(DAYS, [])
    if len(days) != 1:
        why = "is given several times; which counts?" if days else "is missing for the window"
        return _doubt(notes, "window", DAYS, why)
    notes.mapped(CATEGORY, "a window")
    spec: Spec = {"rule": "window"}
    match values.span(days[0]):
        case Doubt(why):
            return _doubt(notes, "window", DAYS, why)
        case On(day, of_moment):
            spec |= {"days": 0, "from": "date", "date": day.isoformat()}
            notes.mapped(DAYS, f"until {day}, whenever it was delivered")
            if of_moment:
                notes.assumed(DAYS, f"the whole day {day} counts, as windows end with a day")
        case Span(0, months) if months:
            spec |= {"months": months, "from": "delivery"}
            notes.mapped(DAYS, f"{months} months from delivery")
        case Span(number, _):
            spec |= {"days": number, "from": "delivery"}
            notes.mapped(DAYS, f"{number} days from delivery")
    if any(term.startswith(DEFECT) for term in properties):
        notes.assumed(DAYS, "counts for goods with a defect too, as no other days are given")
    return (Draft("window", spec),)


def _never(properties: Properties, notes: Notes, options: Options) -> tuple[Draft, ...]:
    notes.mapped(CATEGORY, "not permitted: refuse")
    refuse = Draft("window", {"rule": "refuse"})
    if not any(term.startswith(DEFECT) for term in properties):
        return (refuse,)
    notes.assumed(CATEGORY, "nothing comes back, but the page speaks of defects: those to staff")
    reasons: Condition = {"reason": list(options.defects)}
    return refuse.without(reasons), person("defect").within(reasons)


def methods(properties: Properties, notes: Notes, options: Options) -> tuple[Draft, ...]:
    """In which way: a `method` rule, or `returnless` where all may be kept."""
    found = values.choices(properties.get(METHOD, []), METHODS)
    store = _in_store(properties, notes)
    if isinstance(found, Doubt):
        return _doubt(notes, "method", METHOD, found.why)
    if not found:
        notes.assumed(METHOD, "is not given: a return at a kiosk is as good as any")
        return ()
    if found == ("keep",):
        notes.mapped(METHOD, "KeepProduct: refunded, and the goods stay with the shopper")
        return (Draft("keep", {"rule": "returnless", "then": "keep"}),)
    if "keep" in found:
        notes.assumed(METHOD, "KeepProduct stands beside other ways: the goods are taken back")
    ways = [way for way in found if way != "keep"]
    if store is not None:
        ways = [way for way in ways if way != "store"] + ["store"] * store
    if "kiosk" not in ways:
        ways = _add_kiosk(ways, notes, options)
    spec: Spec = {"rule": "method", "only": ways}
    notes.mapped(METHOD, ", ".join(ways) or "none is left")
    return (Draft("method", spec),) if ways else (person("person-method"),)


def _add_kiosk(ways: list[str], notes: Notes, options: Options) -> list[str]:
    if options.at_kiosk:
        notes.assumed(METHOD, "a kiosk is not among them; it is added because you said so")
        return ["kiosk", *ways]
    notes.person(
        METHOD,
        "a kiosk (ReturnAtKiosk) is not among them: every kiosk turns these goods away, until "
        "you import with --at-kiosk or the page says it",
    )
    return ways


def _in_store(properties: Properties, notes: Notes) -> bool | None:
    given = properties.get(IN_STORE, [])
    if not given:
        return None
    found = values.flag(given[0]) if len(given) == 1 else Doubt("is given several times")
    if isinstance(found, Doubt):
        notes.unused(IN_STORE, f"{found.why}; a kiosk's verdict does not depend on it")
        return None
    if properties.get(METHOD):
        notes.mapped(IN_STORE, "a shop is " + ("one of the ways" if found else "no way"))
    else:
        notes.unused(IN_STORE, "shops are named with the merchant (its `instead`), not by a rule")
    return found


def refunds(properties: Properties, notes: Notes, _: Options) -> tuple[Draft, ...]:
    """How the shopper is paid back."""
    found = values.choices(properties.get(REFUND, []), REFUNDS)
    if isinstance(found, Doubt):
        return _doubt(notes, "refund", REFUND, found.why)
    if not found:
        notes.assumed(REFUND, "is not given: the money goes back as it was paid")
        return ()
    notes.mapped(REFUND, ", ".join(found))
    return (Draft("refund", {"rule": "refund_method", "methods": list(found)}),)


def items(properties: Properties, notes: Notes, options: Options) -> tuple[Draft, ...]:
    """In which state: the kiosk's question after the condition."""
    given = properties.get(ITEMS, [])
    found = values.choices(given, CONDITIONS)
    if isinstance(found, Doubt):
        return _doubt(notes, "condition", ITEMS, found.why)
    if not found:
        return ()
    if found == ("refurbished",):
        why = "RefurbishedCondition tells how goods were sold, and not how they may come back"
        return _doubt(notes, "condition", ITEMS, why)
    if "refurbished" in found:
        notes.assumed(ITEMS, "RefurbishedCondition is passed over: no shopper can tell")
    accept, review = ["unused"], ["opened"]
    if "used" in found:
        accept, review = ["unused", "opened", "used"], []
    if "damaged" in found:
        accept.append("damaged")
    refuse = [word for word in ("used", "damaged") if word not in accept]
    if not refuse:
        notes.mapped(ITEMS, "every condition: nothing is asked")
        return ()
    spec: Spec = {"rule": "condition", "question": "condition", "accept": accept}
    spec |= {"review": review} if review else {}
    notes.mapped(ITEMS, f"accepts {', '.join(accept)}; refuses {', '.join(refuse)}")
    if review:
        notes.assumed(ITEMS, "opened goods are taken and looked at later")
    notes.assumed(ITEMS, f"not asked of a defect ({', '.join(options.defects)})")
    draft = Draft("condition", spec | {"refuse": refuse})
    return (draft.without({"reason": list(options.defects)}),)


def border(properties: Properties, notes: Notes, _: Options) -> tuple[Draft, ...]:
    """Where to: a kiosk where the merchant neither sells nor receives sends nothing by itself."""
    countries: list[str | Doubt] = [values.country(value) for value in properties.get(BORDER, [])]
    doubts = [found.why for found in countries if isinstance(found, Doubt)]
    if doubts:
        return _doubt(notes, "border", BORDER, doubts[0])
    if not countries:
        return ()
    served = [values.country(value) for value in properties.get("applicableCountry", [])]
    codes = sorted({code for code in (*countries, *served) if isinstance(code, str)})
    words = ", ".join(codes)
    notes.assumed(
        BORDER,
        f"goods may be handed in in {words}, and go over borders on the merchant's usual way; a "
        "kiosk elsewhere calls staff, one of which nobody knows the country does not",
    )
    known: Condition = {"site_country": codes}
    elsewhere: Condition = {"not": {"any": [known, {"unknown": ["site_country"]}]}}
    return (Draft("border", {"rule": "staff"}, when=(elsewhere,)),)


def labels(properties: Properties, notes: Notes, _: Options) -> tuple[Draft, ...]:
    """A kiosk needs no label; but a word nobody knows may mean anything."""
    made: tuple[Draft, ...] = ()
    for term in LABEL_TERMS:
        given = properties.get(term, [])
        found = values.choices(given, LABELS)
        if isinstance(found, Doubt):
            made = _doubt(notes, "label", term, found.why)
        elif found:
            notes.unused(term, "a kiosk needs no label")
    return made


def others(properties: Properties, notes: Notes) -> None:
    """What no rule is made of."""
    for value in properties.get("merchantReturnLink", []):
        text = f"{values.show(value)} is for people; name it as the merchant's `support`"
        notes.unused("merchantReturnLink", text)
    for value in properties.get("additionalProperty", []):
        label, told = _pair(value)
        why = f"{label} = {told}: what it means, only a person can tell"
        notes.person("additionalProperty", why)


def _pair(value: object) -> tuple[str, str]:
    if not isinstance(value, Node):
        return "?", values.show(value) if isinstance(value, Literal) else "?"
    ids = [*value.get("name"), *value.get("propertyID")]
    told = value.get("value")
    return (
        values.name(ids[0]) if ids else "?",
        ", ".join(map(values.show, told[:5])) if told else "?",
    )
