"""What is held of a badge: a keyed digest, made in the same way at the centre and at a counter.

HMAC-SHA256 (RFC 2104) with a pepper of the site, which lies outside every database. The use is
part of what is hashed: no badge's digest is ever a pick-up code's.
"""

from __future__ import annotations

import hashlib
import hmac

from kiosk.domain.codes.model import BadgeCode

_USE = b"takeback staff badge\0"


def digest(badge: BadgeCode, pepper: bytes) -> str:
    """64 hex digits."""
    return hmac.new(pepper, _USE + badge.secret.encode(), hashlib.sha256).hexdigest()
