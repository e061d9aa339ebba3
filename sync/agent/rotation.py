"""A new device key, without a moment in which the kiosk has none that works.

The new key is on the disk before the centre hears of it (`device.key.next`), and takes the old
one's name once the centre said yes. Whatever is lost or dies in between: one of the two is in
force at the centre, and a kiosk that is refused with one tries the other.
"""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from kiosk.ports import Ids
from kiosk.seal.keys import SigningKey
from kiosk.store import StoreFailed, device_key
from kiosk.store.device_key import NEXT_FILE
from sync.agent.client import Away, Busy, Client, Ok, Refused
from sync.agent.device_keys import DeviceKeys
from sync.wire import codec
from sync.wire.messages import Rotate, Rotated


class RotateFault(StrEnum):
    """Why the old key is still the one in use; a new one may wait beside it."""

    CENTRE_AWAY = "centre_away"  # ask again later: the same new key is offered
    REFUSED = "refused"
    UNREADABLE = "unreadable"  # a key file is damaged, or its own key is not to be had


def rotate(client: Client, keys: DeviceKeys, ids: Ids) -> SigningKey | RotateFault:
    """Change the key of the kiosk that `client` speaks for; the client goes on with the new one.
    May be asked again after any failure. Raises OSError where the directory cannot be written."""
    new = _coming(keys, ids)
    if new is None:
        return RotateFault.UNREADABLE
    public = new.public.hex()
    ask = Rotate(public_key=public, proof=new.sign(Rotate.proven(client.device_id, public)).hex())
    answer = client.post(f"/v1/devices/{client.device_id}/key", ask)
    match answer:
        case Ok():
            told = codec.decode(answer.body, Rotated)
            if told is None or told.public_key != public:
                return RotateFault.CENTRE_AWAY
            keys.taken(new.public)
            client.key = new
            return new
        case Refused():
            return RotateFault.REFUSED
        case Busy() | Away():
            return RotateFault.CENTRE_AWAY
        case _:
            assert_never(answer)


def _coming(keys: DeviceKeys, ids: Ids) -> SigningKey | None:
    """The new key of an earlier try, or a newer one, on the disk when it is returned."""
    try:
        if not (keys.data_dir / NEXT_FILE).exists():
            device_key.write(keys.data_dir, ids.token(256).to_bytes(32), ids, NEXT_FILE)
        return SigningKey(keys.device_id, device_key.read(keys.data_dir, NEXT_FILE))
    except (ValueError, StoreFailed):
        return None
