"""What is sealed in the database (sync.central.sealing): looked over whenever a centre starts."""

from __future__ import annotations

import logging
from functools import partial
from typing import Final

import sqlalchemy as sa

from kiosk.ports import Ids
from sync.central.database import Database
from sync.central.sealing import (
    CHANNEL,
    CONTACT,
    NOTICE,
    PEPPER,
    REFUSALS,
    SECOND_FACTOR,
    WEBHOOK,
    Secrets,
    kid_of,
)
from sync.central.tables import (
    counter_peppers,
    notice_channels,
    notice_contacts,
    notice_settings,
    notices,
    people,
    sessions,
    webhooks,
)

_LOG = logging.getLogger(__name__)

_KEPT: Final = (
    (people.c.totp_secret, people.c.name, SECOND_FACTOR),
    (sessions.c.pending, sessions.c.name, SECOND_FACTOR),
    (webhooks.c.secret, webhooks.c.webhook_id, WEBHOOK),
    (counter_peppers.c.secret, counter_peppers.c.pepper_id, PEPPER),
    (notices.c.hidden, notices.c.notice_id, NOTICE),
    (notice_contacts.c.hidden, notice_contacts.c.about, CONTACT),
    (notice_channels.c.hidden, notice_channels.c.channel_id, CHANNEL),
    (notice_settings.c.pepper, notice_settings.c.tenant, REFUSALS),
)


def prepare(database: Database, ids: Ids) -> int:
    """At the start: seal with the first key what is not; how many were. Raises ValueError where
    something is sealed by a key that is not here: nobody could sign in, and nothing be sent."""
    secrets = database.secrets
    return sum(_prepare(database, ids, secrets, *one) for one in _KEPT)


def _prepare(
    database: Database,
    ids: Ids,
    secrets: Secrets,
    column: sa.Column[str],
    key: sa.Column[str],
    what: str,
) -> int:
    query = sa.select(key, column).where(column != "").distinct()
    with database.reading() as c:
        rows = c.execute(query).all()
    known, first = dict(secrets.keys), secrets.keys[0][0] if secrets.keys else None
    strange = {kid for _, kept in rows if (kid := kid_of(kept)) is not None and kid not in known}
    if strange:
        told = ", ".join(sorted(strange))
        raise ValueError(f"the database holds secrets sealed by a key that is not here: {told}")
    done = 0
    for whose, kept in rows:
        if first is None or kid_of(kept) == first:
            continue
        anew = secrets.seal(secrets.open(kept, what, whose), ids, what, whose)
        same = sa.and_(key == whose, column == kept)  # unless it changed meanwhile
        change = column.table.update().where(same).values({column.name: anew})
        done += database.write(partial(_changed, change))
    return done


def _changed(change: sa.Update, c: sa.Connection) -> int:
    return c.execute(change).rowcount


def begin(database: Database, ids: Ids) -> None:
    """As `prepare`, and say how it stands."""
    done = prepare(database, ids)
    if not database.secrets.keys:
        _LOG.warning(
            "second factors, webhooks' keys and contacts stand readable in the database: "
            "there is no key to seal them with (--secrets)"
        )
    elif done:
        _LOG.info("sealed %d secrets with the key %s", done, database.secrets.keys[0][0])
