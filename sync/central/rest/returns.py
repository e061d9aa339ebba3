"""Returns as merchants authorise, change and cancel them. Everything here changes what the next
policy bundle says; the rows are those that imports write."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk.domain.returns import Authorisation
from kiosk.domain.returns import AuthorisationState as State
from sync.central import importing
from sync.central.database import insert_new, locked
from sync.central.notices import contacts
from sync.central.notices.model import Thing
from sync.central.policy import outgoing
from sync.central.rest import feed, lifecycle
from sync.central.rest.calls import Answer, Call, changed, unchanged
from sync.central.rest.contact import read as contact_of
from sync.central.rest.problems import Kind, Problem, problem
from sync.central.rest.shapes import Cancel, Extend, Move, NewReturn, Return, Returns, ReturnsQuery
from sync.central.tables import authorisations, claims, drops
from sync.wire import codec

MOST_LOOKED_AT = 1000
"""Rows that one page reads at most: a filter that fits few must not hold the database."""
_YEARS = range(2000, 2200)
"""Instants outside are slips, and reckoning with the first and the last year of all fails."""
_MISSING = "There is no such return, or it is not yours."


# --- reading -------------------------------------------------------------------------------------


def one(c: sa.Connection, call: Call) -> Answer | Problem:
    row = _row(c, call)
    if row is None:
        return problem(Kind.NOT_FOUND, _MISSING)
    answer = _answer(call, row.body, row.bundle)
    return Answer(None, 304, answer.etag) if unchanged(call, answer.etag) else answer


def page(c: sa.Connection, call: Call) -> Answer | Problem:
    ask = call.sought(ReturnsQuery)
    if "\0" in ask.after + ask.order_number:
        return problem(Kind.UNFIT, "A text holds a character that none may hold.")
    table = authorisations
    query = _mine(call).where(table.c.return_id > ask.after)
    if ask.order_number:
        query = query.where(table.c.order_number == ask.order_number)
    if ask.state is not None:
        # What has expired is still written as authorised: it is the clock that says so.
        written = "authorised" if ask.state == "expired" else ask.state
        query = query.where(table.c.state.in_({written, ask.state}))
    rows = c.execute(query.order_by(table.c.return_id).limit(MOST_LOOKED_AT)).all()
    found: list[Return] = []
    for row in rows:
        shown = _shown(call, _read(row.body), row.bundle)
        if ask.state is None or shown.state == ask.state:
            found.append(shown)
        if len(found) == ask.limit:
            return Answer(Returns(returns=tuple(found), next=row.return_id))
    further = rows[-1].return_id if len(rows) == MOST_LOOKED_AT else ""
    return Answer(Returns(returns=tuple(found), next=further))


# --- writing -------------------------------------------------------------------------------------


def put(c: sa.Connection, call: Call) -> Answer | Problem:
    """New, or instead of what it was; and whom to tell of it."""
    told = call.asked(NewReturn).contact
    contact = None if told is None else contact_of(told)
    if isinstance(contact, Problem):
        return contact
    answer = _put(c, call)
    if contact is not None and isinstance(answer, Answer):
        its, shop = call.path["return_id"], call.key.subject
        contacts.put(
            c, call.ids, call.now, call.key.tenant, Thing.RETURN, its, contact, merchant_id=shop
        )
    return answer


def _put(c: sa.Connection, call: Call) -> Answer | Problem:
    made = _made(c, call)
    if isinstance(made, Problem):
        return made
    row = _row(c, call, hold=True)
    if row is None:
        if found := changed(call, ""):
            return found
        if insert_new(c, authorisations, outgoing.row_to_keep(call.key.tenant, made)):
            return _keep(c, call, made, "return.created", 201)
        row = _row(c, call, hold=True)  # somebody was quicker
        if row is None:
            return problem(Kind.TAKEN)
    before = _read(row.body)
    if found := changed(call, _etag(call, row)):
        return found
    after = replace(made, history=before.history, drops=before.drops)
    if not call.asked(NewReturn).network:
        after = replace(after, third_party=before.third_party)
    if found := _against(c, call, before, after):
        return found
    if after == before:
        return _as_it_was(call, row)
    return _keep(c, call, after, "return.replaced")


def cancel(c: sa.Connection, call: Call) -> Answer | Problem:
    return _move(c, call, State.CANCELLED, call.asked(Cancel).reason)


def move(c: sa.Connection, call: Call) -> Answer | Problem:
    ask = call.asked(Move)
    return _move(c, call, State(ask.to), ask.reason)


def extend(c: sa.Connection, call: Call) -> Answer | Problem:
    ask = call.asked(Extend)
    row = _row(c, call, hold=True)
    if row is None:
        return problem(Kind.NOT_FOUND, _MISSING)
    if found := changed(call, _etag(call, row)):
        return found
    before = _read(row.body)
    state = lifecycle.standing(before, call.now)
    if state not in (*lifecycle.FIRST, State.EXPIRED):
        return _not_possible(state, "Only a return that is open or expired can be extended.")
    ends = ask.expires_at
    if ends is not None and (ends.year not in _YEARS or ends <= call.now):
        return problem(Kind.UNFIT, "expires_at must lie in the future, before the year 2200.")
    to = State.AUTHORISED if before.state is State.EXPIRED else before.state
    after = replace(before, expires_at=ends, state=to)
    if after == before:
        return _as_it_was(call, row)
    return _keep(c, call, after, "return.extended")


def _move(c: sa.Connection, call: Call, to: State, reason: str) -> Answer | Problem:
    row = _row(c, call, hold=True)
    if row is None:
        return problem(Kind.NOT_FOUND, _MISSING)
    if found := changed(call, _etag(call, row)):
        return found
    before = _read(row.body)
    state = lifecycle.standing(before, call.now)
    if state is to:  # said again: nothing to do
        return _as_it_was(call, row)
    if not lifecycle.may(state, to):
        return _not_possible(state, f"A return that is {state} cannot become {to}.")
    if state is State.EXPIRED:
        return _not_possible(state, "It has expired: extend it, which names its new end.")
    if to is State.CANCELLED and _dropped(c, call):
        return _not_possible(state, "Goods of this return were dropped: it cannot be cancelled.")
    return _keep(c, call, replace(before, state=to), "return.moved", reason=reason)


def _keep(
    c: sa.Connection, call: Call, after: Authorisation, kind: str, status: int = 200, **more: str
) -> Answer:
    outgoing.put_rows(c, call.key.tenant, [after])
    body = codec.encode(after).decode()
    data = {"return_id": after.return_id, "state": after.state.value, "by": call.key.prefix, **more}
    feed.tell(c, call, kind, after.return_id, data)
    answer = _answer(call, body, 0)
    return replace(answer, status=status)


def _against(
    c: sa.Connection, call: Call, before: Authorisation, after: Authorisation
) -> Problem | None:
    """Why one cannot stand in the place of the other."""
    state = lifecycle.standing(before, call.now)
    if state not in lifecycle.FIRST:
        return _not_possible(state, f"A return that is {state} cannot be written over.")
    if after.state is not state and not lifecycle.may(state, after.state):
        return _not_possible(state, f"A return that is {state} cannot become {after.state}.")
    units = {line.line_id: line.quantity for line in after.lines}
    for line_id, taken in _claimed(c, call).items():
        if units.get(line_id, 0) < taken:
            why = f"{taken} of line {line_id} were dropped: it must stay, with as many at least."
            return _not_possible(state, why)
    return None


def _claimed(c: sa.Connection, call: Call) -> dict[str, int]:
    query = (
        sa.select(claims.c.line_id, sa.func.count())
        .where(claims.c.tenant == call.key.tenant, claims.c.return_id == call.path["return_id"])
        .group_by(claims.c.line_id)
    )
    return {str(line_id): int(count) for line_id, count in c.execute(query)}


def _dropped(c: sa.Connection, call: Call) -> bool:
    mine = sa.and_(
        drops.c.tenant == call.key.tenant,
        drops.c.return_id == call.path["return_id"],
        ~drops.c.voided,
    )
    return c.execute(sa.select(drops.c.drop_id).where(mine).limit(1)).first() is not None


def _made(c: sa.Connection, call: Call) -> Authorisation | Problem:
    """The body as imports read it."""
    ask = call.asked(NewReturn)
    if ask.expires_at is not None and ask.expires_at.year not in _YEARS:
        return problem(Kind.UNFIT, "expires_at must lie between the years 2000 and 2200.")
    told = dict(msgspec.json.decode(msgspec.json.encode(ask)))
    told.pop("contact", None)
    told |= {"return_id": call.path["return_id"], "merchant_id": call.key.subject}
    made = importing.one(c, call.key.tenant, told)
    if isinstance(made, tuple):
        why, remedy = made
        return problem(Kind.UNFIT, f"{why}; {remedy}" if remedy else why)
    return made


# --- rows ----------------------------------------------------------------------------------------


def _mine(call: Call) -> sa.Select[Any]:
    return sa.select(authorisations).where(
        authorisations.c.tenant == call.key.tenant,
        authorisations.c.merchant_id == call.key.subject,
    )


def _row(c: sa.Connection, call: Call, hold: bool = False) -> sa.Row[Any] | None:
    query = _mine(call).where(authorisations.c.return_id == call.path["return_id"])
    return c.execute(locked(query) if hold else query).one_or_none()


def known(c: sa.Connection, call: Call) -> Authorisation | None:
    """The return that the path names, where it is the caller's."""
    row = _row(c, call)
    return None if row is None else _read(row.body)


def _read(body: str) -> Authorisation:
    return msgspec.json.decode(body, type=Authorisation)


def _not_possible(state: State, detail: str) -> Problem:
    return problem(Kind.NOT_POSSIBLE, detail, state=state.value, possible=lifecycle.possible(state))


def _as_it_was(call: Call, row: sa.Row[Any]) -> Answer:
    return replace(_answer(call, row.body, row.bundle), changed=False)


def _etag(call: Call, row: sa.Row[Any]) -> str:
    return _answer(call, row.body, row.bundle).etag


def _answer(call: Call, body: str, bundle: int) -> Answer:
    """The entity tag covers all that is shown: also what the clock and the last bundle did."""
    shown = _shown(call, _read(body), bundle)
    digest = hashlib.sha256(f"{shown.state} {bundle} {body}".encode()).hexdigest()
    return Answer(shown, 200, f'"{digest[:32]}"')


def _shown(call: Call, one: Authorisation, bundle: int) -> Return:
    state = lifecycle.standing(one, call.now)
    told: dict[str, Any] = msgspec.to_builtins(one)
    told |= {
        "state": state.value,
        "network_known": bool(one.third_party),
        "bundle": bundle,
        "possible": lifecycle.possible(state),
    }
    for line in told["lines"]:
        line["tags"] = sorted(line["tags"])
    return msgspec.convert(told, type=Return)
