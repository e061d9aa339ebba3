"""What is sent and answered about webhooks, and what a webhook carries."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from sync.central.rest.shapes import Asked, Text, Told

Position = Annotated[int, Meta(ge=0, le=1 << 53)]
DeliveryState = Literal["waiting", "delivered", "dead"]


class NewWebhook(Asked, frozen=True, kw_only=True):
    """Where events are to be sent. No `types` are all of them. With `after` also those of the past
    that stand behind that position; without, what happens from now on."""

    url: Annotated[str, Meta(min_length=1, max_length=1000)]
    types: Annotated[tuple[Text, ...], Meta(max_length=20)] = ()
    after: Position | None = None


class Webhook(Told, frozen=True, kw_only=True):
    """`state` is active, gone where the receiver answered 410, or paused by the centre's own
    people: then nothing is sent until they go on. `failures` are those in a row;
    nothing is sent before `next_at`."""

    webhook_id: str
    url: str
    types: tuple[str, ...]
    state: str
    failures: int
    created_at: datetime
    next_at: datetime


class WebhookMade(Told, frozen=True, kw_only=True):
    """With the secret that signs, as Standard Webhooks writes it; it is not shown again."""

    webhook: Webhook
    secret: str


class Webhooks(Told, frozen=True, kw_only=True):
    webhooks: tuple[Webhook, ...]


class Replay(Asked, frozen=True, kw_only=True):
    """Everything behind this position is sent once more; 0 is everything."""

    after: Position


class Delivery(Told, frozen=True, kw_only=True):
    """What became of one event. `status` is the last answer's, 0 where none came; then `fault`
    says why."""

    position: int
    event_id: str
    state: str
    attempts: int
    first_at: datetime
    next_at: datetime
    settled_at: datetime | None
    status: int
    fault: str


class Deliveries(Told, frozen=True, kw_only=True):
    deliveries: tuple[Delivery, ...]
    next: int
    more: bool


class DeliveriesQuery(Asked, frozen=True, kw_only=True):
    after: Position = 0
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    state: DeliveryState | None = None


class Sent(Told, frozen=True, kw_only=True):
    """The body of a webhook: an event of the feed."""

    type: str
    timestamp: datetime
    position: int
    subject: str
    data: msgspec.Raw
