"""What `takeback policy explain` judges: a return of this kiosk's bundle as the kiosk itself would
judge it now, or one that is written down in a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import fail, read_settings
from kiosk.cli.policy_facts import read_facts
from kiosk.cli.policy_files import active, shop, state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.app.judging import Past
    from kiosk.domain.policy.file import Shop
    from kiosk.domain.policy.model import Facts, Policy
    from kiosk.domain.reasons import Reason
    from kiosk.domain.returns import Authorisation, Merchant
    from kiosk.settings import Settings
    from kiosk.store.drops import Given
    from kiosk.store.policy_file import ActivePolicy
    from kiosk.words import Words
    from kiosk.words.assisting import Judged


@dataclass(frozen=True, slots=True)
class Case:
    """What is judged, and by what. `head` tells of a kiosk's return; of one that was written
    down, `files` name where it and its rules stand. `state` is the bundle's age in a word."""

    return_id: str
    policy: Policy
    facts: tuple[Facts, ...]
    state: str
    head: Judged | None = None
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """As if it were `at` (None: now), with the centre out of reach or not, and as if nothing of
    the return had been dropped yet or not."""

    at: datetime | None
    offline: bool = False
    anew: bool = False


def policy_of(file: Path, merchant: str) -> Policy:
    """One merchant's rules of a file; number 0."""
    return _rules(shop(file, merchant))


def by_file(case: Case, file: Path, merchant: str) -> Case:
    """The same return by one merchant's rules of a file, asked in the words of that file."""
    found = shop(file, merchant or case.policy.merchant_id)
    return replace(case, policy=_rules(found), facts=_dressed(case.facts, found), files=(file,))


def _rules(found: Shop) -> Policy:
    from kiosk.domain.policy.model import Policy
    from kiosk.domain.policy.rules import build

    return Policy(0, found.merchant_id, tuple(build(spec) for spec in found.specs))


def _dressed(facts: tuple[Facts, ...], found: Shop) -> tuple[Facts, ...]:
    """In the look that the file tells, as far as it is good (`takeback policy check` says what
    is not); a file that tells none changes none."""
    from kiosk import house
    from kiosk.domain import look
    from kiosk.domain.policy.file.shops import look_of

    told = look_of(found.table)
    if not told:
        return facts
    own, _ = look.read(told, house.schemes())
    return tuple(replace(one, merchant=replace(one.merchant, look=own)) for one in facts)


def written(facts: Path, file: Path | None, merchant: str) -> Case:
    """A return of a file, by the rules of another."""
    if file is None:
        fail("a return that is written down needs rules: --file FILE", code=2)
    lines, found = read_facts(facts), shop(file, merchant)
    return Case(
        return_id=lines[0].authorisation.return_id if lines else "",
        policy=_rules(found),
        facts=_dressed(lines, found),
        state="in force",
        files=(facts, file),
    )


def bundled(settings_file: Path, text: str, moment: Moment, say: Words) -> Case:
    """A return of the bundle in force, with this kiosk's settings and what its ledger knows.

    A sentence and exit code 1 where the bundle does not know it.
    """
    from kiosk.app import checking
    from kiosk.app.judging import Past, left
    from kiosk.app.site import Site

    settings = read_settings(settings_file)
    bundle = active(settings_file)
    found, merchant = _return(bundle, text, say)
    given, past, now = _ledger(settings, found, moment)
    units = checking.units_of(found, given)
    if moment.anew:
        given, past, units = None, Past(past.history), {}
        found = replace(found, drops=())
    context = Site.of(settings).context(now, moment.offline, bundle)
    head = _head(bundle, settings, found, merchant)
    return Case(
        return_id=found.return_id,
        policy=bundle.policy_for(merchant.merchant_id),
        facts=left(found, merchant, context, units, past),
        state=state(bundle.info, now),
        head=replace(
            head, context=context, refused=_in_the_way(bundle, found, merchant, given, units, now)
        ),
    )


def _head(
    bundle: ActivePolicy, settings: Settings, found: Authorisation, merchant: Merchant
) -> Judged:
    from kiosk.app.finding import local_day
    from kiosk.domain.policy.model import Context
    from kiosk.words.assisting import Judged

    return Judged(
        return_id=found.return_id,
        merchant=merchant.name,
        bundle=bundle.number,
        issued=local_day(bundle.info.issued, settings.timezone),
        context=Context(bundle.info.issued),
        timezone=settings.timezone,
    )


def _ledger(
    settings: Settings, found: Authorisation, moment: Moment
) -> tuple[Given | None, Past, datetime]:
    """What this kiosk remembers, and the time it is to be: never before the highest that the
    kiosk has seen, as its own clock."""
    from kiosk.app.judging import Past
    from kiosk.store import beside
    from kiosk.store.drops import Drops
    from kiosk.world import SystemClock

    with beside.look(settings.data) as connection:
        drops = Drops(connection)
        given = drops.given(found.return_id)
        history = drops.history(found.merchant_id, found.customer)
        now = moment.at or max(SystemClock().now(), beside.latest(connection))
    return given, Past(history, () if given is None else given.drops), now


def _in_the_way(
    bundle: ActivePolicy,
    found: Authorisation,
    merchant: Merchant,
    given: Given | None,
    units: Mapping[str, int],
    now: datetime,
) -> tuple[Reason, ...]:
    """Why the kiosk would not look at the lines at all."""
    from kiosk.app import checking, finding
    from kiosk.domain.reasons import Reason, Why

    reasons = []
    if now >= bundle.info.accept_until:
        reasons.append(Reason(Why.POLICY_EXPIRED))
    if all(line.quantity <= units.get(line.line_id, 0) for line in found.lines):
        reasons.append(checking.already(given, merchant))
    standing = finding.standing(found, merchant.timezone, now)
    if standing is not None:
        reasons.append(standing)
    return tuple(reasons)


def _return(bundle: ActivePolicy, text: str, say: Words) -> tuple[Authorisation, Merchant]:
    from kiosk.domain.codes import parse_short
    from kiosk.domain.codes.model import ShortCode

    found = bundle.find_return(text)
    if found is None:
        short = parse_short(text)
        found = bundle.find_short(short.text) if isinstance(short, ShortCode) else None
    if found is None:
        fail(
            say.t(
                "The rules number {number} of this kiosk know no return {text}.",
                number=bundle.number,
                text=text,
            )
        )
    merchant = bundle.merchants.get(found.merchant_id)
    if merchant is None:
        fail(
            say.t(
                "The rules of this kiosk do not describe the shop {text}.",
                text=found.merchant_id,
            )
        )
    return found, merchant
