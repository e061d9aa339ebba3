"""Every operation of the machines' API. The routes, the OpenAPI and the tests go over this."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.rest import feed, goods, parcels, returns, visits, webhooks
from sync.central.rest.calls import Answer, Call, Operation
from sync.central.rest.goods_shapes import (
    Acknowledgements,
    Disposals,
    Grades,
    Noted,
    Receipts,
)
from sync.central.rest.hook_shapes import (
    Deliveries,
    DeliveriesQuery,
    NewWebhook,
    Replay,
    Webhook,
    WebhookMade,
    Webhooks,
)
from sync.central.rest.keys import Role
from sync.central.rest.parcel_shapes import NewParcels, ParcelsNoted
from sync.central.rest.problems import Kind, Problem
from sync.central.rest.shapes import (
    Cancel,
    Drop,
    Drops,
    Events,
    EventsQuery,
    Extend,
    KeyTold,
    Move,
    NewRefund,
    NewReturn,
    Refund,
    Refunds,
    Return,
    Returns,
    ReturnsQuery,
)

_MERCHANT = (Role.MERCHANT,)
_WRITE = (Kind.UNFIT, Kind.NOT_POSSIBLE, Kind.CHANGED, Kind.KEY_REUSED)


def _own_key(_: sa.Connection, call: Call) -> Answer | Problem:
    key = call.key
    return Answer(
        KeyTold(
            prefix=key.prefix,
            name=key.name,
            role=key.role.value,
            subject=key.subject,
            read_only=key.read_only,
            expires_at=key.expires_at,
        )
    )


KEY = Operation("GET", "/v1/key", "read_key", "What this key is and opens", _own_key, KeyTold)

MERCHANTS = (
    Operation(
        "GET",
        "/v1/returns",
        "list_returns",
        "Returns in the order of their ids, a page at a time",
        returns.page,
        Returns,
        _MERCHANT,
        query=ReturnsQuery,
        problems=(Kind.UNFIT,),
    ),
    Operation(
        "GET",
        "/v1/returns/{return_id}",
        "read_return",
        "One return as it stands",
        returns.one,
        Return,
        _MERCHANT,
        problems=(Kind.NOT_FOUND,),
        etags=True,
    ),
    Operation(
        "PUT",
        "/v1/returns/{return_id}",
        "put_return",
        "Authorise a return, or write over one that is open",
        returns.put,
        Return,
        _MERCHANT,
        body=NewReturn,
        problems=(*_WRITE, Kind.TAKEN),
        creates=True,
        etags=True,
    ),
    Operation(
        "POST",
        "/v1/returns/{return_id}/cancel",
        "cancel_return",
        "Cancel a return of which nothing was dropped",
        returns.cancel,
        Return,
        _MERCHANT,
        body=Cancel,
        problems=(*_WRITE, Kind.NOT_FOUND),
        etags=True,
    ),
    Operation(
        "POST",
        "/v1/returns/{return_id}/extend",
        "extend_return",
        "Give a return a new end; one that has expired stands again",
        returns.extend,
        Return,
        _MERCHANT,
        body=Extend,
        problems=(*_WRITE, Kind.NOT_FOUND),
        etags=True,
    ),
    Operation(
        "POST",
        "/v1/returns/{return_id}/move",
        "move_return",
        "Take a return to another state, after a review or to close it",
        returns.move,
        Return,
        _MERCHANT,
        body=Move,
        problems=(*_WRITE, Kind.NOT_FOUND),
        etags=True,
    ),
    Operation(
        "GET",
        "/v1/returns/{return_id}/drops",
        "list_drops",
        "What was dropped of a return, and what the kiosk promised",
        visits.of_return,
        Drops,
        _MERCHANT,
        problems=(Kind.NOT_FOUND,),
    ),
    Operation(
        "GET",
        "/v1/returns/{return_id}/refunds",
        "list_refunds",
        "Refunds that were told for a return",
        visits.refunds,
        Refunds,
        _MERCHANT,
        problems=(Kind.NOT_FOUND,),
    ),
    Operation(
        "PUT",
        "/v1/returns/{return_id}/refunds/{refund_id}",
        "put_refund",
        "Tell that money went back to the shopper",
        visits.refunded,
        Refund,
        _MERCHANT,
        body=NewRefund,
        problems=(Kind.UNFIT, Kind.NOT_FOUND, Kind.TAKEN, Kind.KEY_REUSED),
        creates=True,
    ),
    Operation(
        "GET",
        "/v1/drops/{drop_id}",
        "read_drop",
        "One drop",
        visits.one,
        Drop,
        _MERCHANT,
        problems=(Kind.NOT_FOUND,),
    ),
    Operation(
        "GET",
        "/v1/events",
        "list_events",
        "What happened since a position, in order, nothing left out",
        feed.page,
        Events,
        _MERCHANT,
        query=EventsQuery,
    ),
)

WEBHOOKS = (
    Operation(
        "GET",
        "/v1/webhooks",
        "list_webhooks",
        "Where events are sent to",
        webhooks.listed,
        Webhooks,
        _MERCHANT,
    ),
    Operation(
        "POST",
        "/v1/webhooks",
        "make_webhook",
        "Have events sent to an address; the secret that signs is told once",
        webhooks.make,
        WebhookMade,
        _MERCHANT,
        body=NewWebhook,
        problems=(Kind.UNFIT, Kind.KEY_REUSED),
        creates=True,
    ),
    Operation(
        "GET",
        "/v1/webhooks/{webhook_id}",
        "read_webhook",
        "One webhook, and how it goes",
        webhooks.one,
        Webhook,
        _MERCHANT,
        problems=(Kind.NOT_FOUND,),
    ),
    Operation(
        "DELETE",
        "/v1/webhooks/{webhook_id}",
        "end_webhook",
        "Send nothing there any more; answers what it was",
        webhooks.end,
        Webhook,
        _MERCHANT,
        problems=(Kind.NOT_FOUND, Kind.KEY_REUSED),
    ),
    Operation(
        "POST",
        "/v1/webhooks/{webhook_id}/replay",
        "replay_webhook",
        "Send everything behind a position once more",
        webhooks.replay,
        Webhook,
        _MERCHANT,
        body=Replay,
        problems=(Kind.NOT_FOUND, Kind.KEY_REUSED, Kind.UNFIT),
    ),
    Operation(
        "GET",
        "/v1/webhooks/{webhook_id}/deliveries",
        "list_deliveries",
        "What became of each event",
        webhooks.deliveries,
        Deliveries,
        _MERCHANT,
        query=DeliveriesQuery,
        problems=(Kind.NOT_FOUND,),
    ),
)

_FACTS = (Kind.UNFIT, Kind.KEY_REUSED)
GOODS = (
    Operation(
        "POST",
        "/v1/hub/receipts",
        "tell_receipts",
        "A hub received manifests, containers, bags or lines",
        goods.received,
        Noted,
        (Role.HUB,),
        body=Receipts,
        problems=_FACTS,
    ),
    Operation(
        "POST",
        "/v1/hub/grades",
        "tell_grades",
        "A hub looked at lines",
        goods.graded,
        Noted,
        (Role.HUB,),
        body=Grades,
        problems=_FACTS,
    ),
    Operation(
        "POST",
        "/v1/hub/disposals",
        "tell_disposals",
        "What a hub did with lines in the end",
        goods.disposed,
        Noted,
        (Role.HUB,),
        body=Disposals,
        problems=_FACTS,
    ),
    Operation(
        "POST",
        "/v1/carrier/acknowledgements",
        "tell_acknowledgements",
        "A carrier has manifests, containers or bags",
        goods.acknowledged,
        Noted,
        (Role.CARRIER,),
        body=Acknowledgements,
        problems=_FACTS,
    ),
    Operation(
        "POST",
        "/v1/carrier/parcels",
        "announce_parcels",
        "A carrier announces parcels to counters",
        parcels.announced,
        ParcelsNoted,
        (Role.CARRIER,),
        body=NewParcels,
        problems=_FACTS,
    ),
)

ALL = (KEY, *MERCHANTS, *WEBHOOKS, *GOODS)
