"""From the policies of a page to the rules of a merchant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from kiosk.domain.policy.rules import problems
from kiosk.domain.policy.schema_org import scopes, terms
from kiosk.domain.policy.schema_org.drafts import Condition, Draft, Spec, both, finish, person
from kiosk.domain.policy.schema_org.finding import Hanging
from kiosk.domain.policy.schema_org.notes import Notes
from kiosk.domain.policy.schema_org.options import Options
from kiosk.domain.policy.schema_org.scopes import Scope, Unplaced

MOST_GROUPS = 18  # as many alternatives as a condition may have, and some room
_PAGE = "the page"


@dataclass(slots=True)
class Group:
    """Policies that say the same, and for whom they are."""

    scope: Scope
    drafts: tuple[Draft, ...]
    places: list[str] = field(default_factory=list)
    unplaced: Unplaced | None = None

    @property
    def stands(self) -> bool:
        """Whether anybody can tell for whom it is, in part at least."""
        return self.unplaced is None or bool(self.unplaced.known)

    @property
    def label(self) -> str:
        """What its rules are called by, beside others."""
        scope, parts = self.scope, []
        if scope.skus:
            parts.append("product")
        parts += [segment.partition(":")[2] for segment in scope.segments]
        if scope.countries:
            few = len(scope.countries) <= 3
            parts.append(
                "-".join(scope.countries).lower()
                if few
                else scope.countries[0].lower() + "-and-more"
            )
        return "-".join(parts) or "all"


def rules(found: list[Hanging], notes: Notes, options: Options) -> list[Spec]:
    """All rules, each with its id; every one of them reads well."""
    groups = _groups(found, notes, options)
    if len(groups) > MOST_GROUPS:
        notes.where = _PAGE
        notes.person("", f"has {len(groups)} different policies, more than {MOST_GROUPS}")
        return _named([("", [person("person-policies")])])
    lists: list[tuple[str, list[Draft]]] = []
    for group in groups:
        if not group.stands:
            notes.where = ", ".join(group.places[:3])
            notes.person("", "makes no rules, and staff decide all returns, until that is settled")
            continue
        scope = group.scope.condition
        before = [one.scope.condition for one in groups if _goes_before(one, group)]
        clashing = [_clash(one, group) for one in groups if _clashes(one, group)]
        if {} in clashing:  # contradicted everywhere: a person alone decides
            continue
        label = group.label if len(groups) > 1 else ""
        drafts = [_placed(draft, scope, [*before, *clashing]) for draft in group.drafts]
        lists.append((label, drafts))
    lists.append(("", _clash_rules(groups, notes)))
    lists.append(("", _beyond(groups)))
    made = _named(lists)
    _check(made, notes)
    return made


def _placed(draft: Draft, scope: Condition, exceptions: Iterable[Condition]) -> Draft:
    placed = draft.within(scope) if scope else draft
    return placed.without(*exceptions)


def _groups(found: list[Hanging], notes: Notes, options: Options) -> list[Group]:
    groups: list[Group] = []
    for number, hanging in enumerate(found, 1):
        place = f"policy {number}" + (f" ({hanging.node.id[:80]})" if hanging.node.id else "")
        notes.where = place
        scope, unplaced = scopes.read(hanging.node, notes)
        drafts = terms.read(hanging.node, notes, options)
        scope, nameless = _products(scope, hanging, notes, options)
        _join(groups, Group(scope, drafts, [place], nameless or unplaced))
    return _without_needless(groups, notes)


def _products(
    scope: Scope, hanging: Hanging, notes: Notes, options: Options
) -> tuple[Scope, Unplaced | None]:
    if hanging.shop:
        return scope, None
    if options.whole_shop:
        notes.assumed("hasMerchantReturnPolicy", "a product's policy is taken for the whole shop")
        return scope, None
    skus = tuple(sorted(hanging.skus))
    if hanging.nameless:
        return replace(scope, skus=skus), Unplaced(nameless=True)
    notes.assumed("hasMerchantReturnPolicy", "holds for " + _few(skus) + " alone")
    return replace(scope, skus=skus), None


def _few(words: tuple[str, ...]) -> str:
    return ", ".join(words[:5]) + (f" and {len(words) - 5} more" if len(words) > 5 else "")


def _join(groups: list[Group], new: Group) -> None:
    """Policies that say the same to the same people are one, for all countries or products."""
    for group in groups:
        if group.drafts != new.drafts or group.scope.segments != new.scope.segments:
            continue
        if group.unplaced != new.unplaced:
            continue
        one, two = group.scope, new.scope
        if one.skus == two.skus:
            every = not one.countries or not two.countries
            countries = () if every else tuple(sorted({*one.countries, *two.countries}))
            group.scope = replace(one, countries=countries)
        elif one.countries == two.countries and one.skus and two.skus:
            group.scope = replace(one, skus=tuple(sorted({*one.skus, *two.skus})))
        else:
            continue
        group.places += new.places
        return
    groups.append(new)


def _without_needless(groups: list[Group], notes: Notes) -> list[Group]:
    """Of products without a SKU nothing need be said where the shop says the same."""
    shop = [group for group in groups if not group.scope.skus and group.unplaced is None]
    kept = []
    for group in groups:
        same = any(
            one.drafts == group.drafts and one.scope == replace(group.scope, skus=())
            for one in shop
        )
        if group.unplaced is not None and same:
            continue
        if group.unplaced is not None and group.unplaced.nameless:
            notes.where = ", ".join(group.places[:3])
            notes.person(
                "hasMerchantReturnPolicy",
                "hangs on a product without a sku: nobody can tell which; with --whole-shop it "
                "is taken for all products",
            )
        kept.append(group)
    return kept


def _goes_before(one: Group, other: Group) -> bool:
    return (
        one is not other
        and one.stands
        and one.scope.rank > other.scope.rank
        and one.scope.meets(other.scope)
    )


def _clashes(one: Group, other: Group) -> bool:
    return (
        one is not other
        and one.stands
        and other.stands
        and one.scope.rank == other.scope.rank
        and one.scope.meets(other.scope)
    )


def _clash(one: Group, other: Group) -> Condition:
    first, second = sorted(
        (one.scope, other.scope), key=lambda s: (s.skus, s.segments, s.countries)
    )
    return both([first.condition, second.condition])


def _clash_rules(groups: list[Group], notes: Notes) -> list[Draft]:
    made: list[Draft] = []
    for place, one in enumerate(groups):
        for other in groups[place + 1 :]:
            if not _clashes(one, other):
                continue
            draft = person("person-clash")
            condition = _clash(one, other)
            made.append(draft.within(condition) if condition else draft)
            notes.where = f"{one.places[0]} and {other.places[0]}"
            if one.scope.segments and one.scope.segments != other.scope.segments:
                notes.assumed(scopes.TIER, "a customer of both tiers goes to a person")
            else:
                notes.person("", "say different things for the same goods; which counts?")
    return made


def _beyond(groups: list[Group]) -> list[Draft]:
    """Countries nobody speaks of, and policies of which nobody can tell for whom they are."""
    known = sorted({code for group in groups for code in group.scope.countries})
    made: list[Draft] = []
    if known and all(group.scope.countries for group in groups):
        made.append(Draft("country", {"rule": "country", "only": known, "then": "staff"}))
    for group in groups:
        if group.unplaced is not None:
            draft = person("person-scope")
            apart = group.unplaced.known
            made.append(draft.without({"country": list(apart)}) if apart else draft)
    return made


def _named(lists: list[tuple[str, list[Draft]]]) -> list[Spec]:
    made: list[Spec] = []
    used: set[str] = set()
    for label, drafts in lists:
        for draft in drafts:
            plain = f"{label}-{draft.name}" if label else draft.name
            name, count = plain, 1
            while name in used:
                count += 1
                name = f"{plain}-{count}"
            spec = finish(draft, name)
            if not any(_same(spec, other) for other in made):
                used.add(name)
                made.append(spec)
    return made


def _same(one: Spec, other: Spec) -> bool:
    return {**one, "id": ""} == {**other, "id": ""}


def _check(made: list[Spec], notes: Notes) -> None:
    """What a kiosk would not understand must not go out unseen; it would say STAFF."""
    notes.where = "rules"
    for spec in made:
        for problem in problems(spec):
            notes.person(str(spec["id"]), problem)
