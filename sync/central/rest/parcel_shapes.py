"""What carriers tell of parcels that will come to a staffed counter."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from sync.central.rest.goods_shapes import MOST
from sync.central.rest.shapes import Asked, ContactTold, Name, Text, Told

Number = Annotated[
    str, Meta(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./-]*$")
]
Size = Annotated[str, Meta(pattern=r"^(small|medium|large)?$")]


class NewParcel(Asked, frozen=True, kw_only=True):
    """A parcel by the number on its label, and the site that it goes to. `recipient` is the
    carrier's own name for whoever collects it: parcels with the same one lie together and have one
    pick-up code. It is kept as a keyed digest alone; left out, the first address stands for it."""

    number: Number
    site: Name
    size: Size = ""
    recipient: Text = ""
    contact: ContactTold | None = None


class NewParcels(Asked, frozen=True, kw_only=True):
    parcels: Annotated[tuple[NewParcel, ...], Meta(min_length=1, max_length=MOST)]


class ParcelsNoted(Told, frozen=True, kw_only=True):
    """How many said anything new; the others had been announced so already."""

    new: int
    known: int
