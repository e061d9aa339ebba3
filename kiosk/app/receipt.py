"""The receipt as a document: what a shopper holds in the hand to prove the drop.

It carries no name, address or contact, and of the order number only its end.
"""

from __future__ import annotations

import unicodedata
from typing import assert_never

from kiosk.domain import link_code
from kiosk.domain.money import Money
from kiosk.domain.policy.model import Outcome, RefundMethod, Verdict
from kiosk.domain.returns import Merchant
from kiosk.domain.visit import CommittedDrop, Item, methods_of
from kiosk.ports import Align, Block, Divider, Document, Emblem, Gap, Pair, Qr, Text, TextSize
from kiosk.words import Words, paying

_SHOWN = 4  # characters of the order number that stay readable


def document(drop: CommittedDrop, words: Words, timezone: str, site_name: str) -> Document:
    """The paper of one committed drop. `timezone` is the site's IANA name; an empty `site_name`
    is left out."""
    blocks = (
        *_head(drop, words, timezone, site_name),
        Divider(),
        *_items(drop, words),
        Divider(),
        *_sums(drop, words),
        Divider(),
        *_foot(drop, words),
    )
    title = words.t("Return receipt {number}", number=drop.drop_number)
    return Document(title, words.language, words.right_to_left, blocks)


def _head(drop: CommittedDrop, w: Words, timezone: str, site_name: str) -> list[Block]:
    blocks: list[Block] = [
        _shop(drop.merchant),
        *(_own(line) for line in drop.merchant.look.receipt.header.anyhow(w.language)),
        Text(w.t("Return receipt"), align=Align.CENTER),
        Gap(2),
    ]
    if site_name:
        blocks.append(Pair(w.t("Place"), clean(site_name)))
    blocks.append(Pair(w.t("Date"), w.moment(drop.committed_at, timezone)))
    blocks.append(Pair(w.t("Drop number"), drop.drop_number, bold=True))
    if drop.bag_id:
        blocks.append(Pair(w.t("Bag"), clean(drop.bag_id)))
    blocks.append(Pair(w.t("Order"), masked(clean(drop.order_number))))
    return blocks


def _shop(merchant: Merchant) -> Block:
    """Whose paper it is: its logo where it has one for paper, and always its name."""
    name, theme = clean(merchant.name), merchant.look.on_paper.theme
    if theme is None or theme.logo is None:
        return Text(name, TextSize.LARGE, bold=True, align=Align.CENTER)
    return Emblem(theme.logo.width, theme.logo.height, theme.logo.paths, name)


def _items(drop: CommittedDrop, w: Words) -> list[Block]:
    groups: dict[str, list[Block]] = {"taken": [], "kept": [], "refused": [], "left": []}
    for item in drop.items:
        if item.present and isinstance(item.decision, Verdict):
            groups[_group(item.decision.outcome)] += _decided(item, item.decision, w)
        elif item.line.quantity > item.already_dropped:
            groups["left"].append(Text(_name(item, item.line.quantity - item.already_dropped, w)))
    headings = {
        "taken": w.t("Handed in"),
        "kept": w.t("Stays with you"),
        "refused": w.t("Not taken"),
        "left": w.t("Not brought this time"),
    }
    blocks: list[Block] = []
    for group, lines in groups.items():
        if lines:
            blocks += [Text(headings[group], bold=True), *lines, Gap(2)]
    return blocks


def _group(outcome: Outcome) -> str:
    match outcome:
        case Outcome.ACCEPT | Outcome.ACCEPT_WITH_FEE | Outcome.REVIEW:
            return "taken"
        case Outcome.RETURNLESS:
            return "kept"
        case Outcome.REFUSE | Outcome.STAFF:
            return "refused"
        case _:
            assert_never(outcome)


def _decided(item: Item, verdict: Verdict, w: Words) -> list[Block]:
    """The item, its refund where one is promised, and what the verdict means."""
    name = _name(item, item.brought, w)
    match verdict.outcome:
        case Outcome.REFUSE | Outcome.STAFF:
            return [
                Text(name),
                Text(w.reason(verdict.reason), TextSize.SMALL),
                Text(w.instead(verdict), TextSize.SMALL),
            ]
        case Outcome.REVIEW:
            return [Text(name), Text(w.verdict(verdict), TextSize.SMALL)]
        case _:
            return [
                Pair(name, w.money(paying.given(verdict))),
                Text(w.verdict(verdict), TextSize.SMALL),
            ]


def _sums(drop: CommittedDrop, w: Words) -> list[Block]:
    """What is kept and what for, what comes on top, the sum, and how it is paid back."""
    blocks: list[Block] = [Pair(name, w.money(amount)) for name, amount in _fees(drop, w)]
    if drop.bonus.minor:
        blocks.append(Pair(w.t("Bonus"), w.money(drop.bonus)))
    blocks.append(Pair(w.t("Refund expected"), w.money(drop.refund + drop.bonus), bold=True))
    blocks += [Text(w.method(method), TextSize.SMALL) for method in _methods(drop)]
    if drop.provisional:
        blocks.append(Text(w.t("The shop still confirms this amount."), TextSize.SMALL))
    return blocks


def _fees(drop: CommittedDrop, w: Words) -> list[tuple[str, Money]]:
    """By what they are for, over all lines."""
    totals: dict[str, Money] = {}
    for item in drop.items:
        verdict = item.decision
        if item.present and isinstance(verdict, Verdict) and _group(verdict.outcome) != "refused":
            for name, amount in w.fees(verdict):
                totals[name] = totals[name] + amount if name in totals else amount
    return list(totals.items())


def _methods(drop: CommittedDrop) -> list[RefundMethod]:
    """The way of refund; none where it is the usual one, or differs from line to line: the lines
    say it then."""
    methods = methods_of(drop.items)
    return list(methods - {RefundMethod.ORIGINAL}) if len(methods) == 1 else []


def _foot(drop: CommittedDrop, w: Words) -> list[Block]:
    blocks: list[Block] = [
        Qr(drop.proof, caption=drop.drop_number),
        Text(w.t("This code proves your return. Keep it."), align=Align.CENTER),
    ]
    if drop.link:
        blocks.append(Pair(w.t("Log entry"), link_code.spell(drop.link)))
    told = [clean(line) for line in drop.merchant.reached(w.language)]
    reached = [line for line in told if line]
    if reached:
        blocks += [Gap(2), Text(w.t("Questions? Reach the shop here:"), align=Align.CENTER)]
        blocks += [Text(line, bold=True, align=Align.CENTER) for line in reached]
    last = drop.merchant.look.receipt.footer.anyhow(w.language)
    if last:
        blocks += [Gap(2), *(_own(line) for line in last)]
    return blocks


def _own(line: str) -> Text:
    """A line of the merchant's, in whatever language it has."""
    return Text(clean(line), TextSize.SMALL, align=Align.CENTER)


def _name(item: Item, count: int, w: Words) -> str:
    name = clean(item.line.name)
    return name if count == 1 else w.t("{count} × {name}", count=count, name=name)


def masked(order_number: str) -> str:
    """The last four characters at most, never more than half of a short one."""
    shown = min(_SHOWN, len(order_number) // 2)
    return "••••" + order_number[len(order_number) - shown :]


def clean(text: str) -> str:
    """One line without control characters: a name from outside must not steer a printer."""
    return "".join(c if unicodedata.category(c) != "Cc" else " " for c in text).strip()
