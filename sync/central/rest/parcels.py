"""Parcels that carriers announce. Whose they are is the key's to say: a carrier announces its own.

An address never reaches a counter: it is sealed here for notices, and what counters hear is a
pseudonym.
"""

from __future__ import annotations

import sqlalchemy as sa

from kiosk.domain.counter.parcel_facts import ParcelAnnounced
from sync.central.counter import announcing
from sync.central.notices import addresses, contacts
from sync.central.notices.contacts import Contact
from sync.central.notices.model import Thing
from sync.central.rest import contact
from sync.central.rest.calls import Answer, Call
from sync.central.rest.parcel_shapes import NewParcel, NewParcels, ParcelsNoted
from sync.central.rest.problems import Kind, Problem, problem


def announced(c: sa.Connection, call: Call) -> Answer | Problem:
    """All of them or none, as with every list of facts."""
    asked = call.asked(NewParcels).parcels
    numbers = [announcing.plain_number(one.number) for one in asked]
    if len(set(numbers)) < len(numbers):
        return problem(Kind.UNFIT, "A number comes twice.")
    tenant = call.key.tenant
    nowhere = announcing.unknown_sites(c, tenant, (one.site for one in asked))
    if nowhere:
        return problem(Kind.UNFIT, f"There is no site {sorted(nowhere)[0]!r}.")
    key = addresses.pepper(c, call.ids, tenant)
    rows = []
    for number, one in zip(numbers, asked, strict=True):
        whom = None if one.contact is None else contact.read(one.contact)
        if isinstance(whom, Problem):
            return whom
        recipient = _recipient(key, call, one, whom)
        fact = ParcelAnnounced(number, call.key.subject, one.size, recipient)
        rows.append((one.site, fact))
        if whom is not None:
            _keep(c, call, one.site, fact, whom)
    new = announcing.announce(c, call.now, tenant, rows)
    return Answer(ParcelsNoted(new=new, known=len(rows) - new), changed=new > 0)


def _recipient(key: bytes, call: Call, one: NewParcel, whom: Contact | None) -> str:
    if one.recipient:
        return announcing.pseudonym(key, call.key.tenant, f"{call.key.account} {one.recipient}")
    if whom is not None and whom.to:
        return announcing.pseudonym(key, call.key.tenant, whom.to[0].to)
    return ""


def _keep(c: sa.Connection, call: Call, site: str, fact: ParcelAnnounced, whom: Contact) -> None:
    contacts.put(
        c,
        call.ids,
        call.now,
        call.key.tenant,
        Thing.PARCEL,
        fact.number,
        whom,
        site=site,
        recipient=fact.recipient,
    )
