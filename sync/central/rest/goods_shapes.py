"""What hubs and carriers tell of goods. Each fact has an `id` of the teller's own: told again it is
the same fact, and an id that comes with another content is a clash, of which the first stands."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from sync.central.rest.shapes import Asked, Instant, Name, Text, Told

MOST = 500
Counted = Annotated[int, Meta(ge=0, le=1_000_000)]


class Receipt(Asked, frozen=True, kw_only=True):
    """What came in, named by one of manifest, container or bag; or a line by its return, with the
    units counted. `count` is of what is inside; left out, nobody counted."""

    id: Name
    at: Instant
    manifest_id: Text = ""
    container_id: Text = ""
    bag_id: Text = ""
    return_id: Text = ""
    line_id: Text = ""
    count: Counted | None = None
    site: Text = ""


class Receipts(Asked, frozen=True, kw_only=True):
    receipts: Annotated[tuple[Receipt, ...], Meta(min_length=1, max_length=MOST)]


class Grade(Asked, frozen=True, kw_only=True):
    """A line that was looked at: so many units are of this grade."""

    id: Name
    at: Instant
    return_id: Name
    line_id: Name
    count: Counted
    grade: Name
    bag_id: Text = ""
    site: Text = ""


class Grades(Asked, frozen=True, kw_only=True):
    grades: Annotated[tuple[Grade, ...], Meta(min_length=1, max_length=MOST)]


class Disposal(Asked, frozen=True, kw_only=True):
    """What was done with a line in the end: restocked, sold on, recycled ..."""

    id: Name
    at: Instant
    return_id: Name
    line_id: Name
    done: Name
    count: Counted | None = None
    site: Text = ""


class Disposals(Asked, frozen=True, kw_only=True):
    disposals: Annotated[tuple[Disposal, ...], Meta(min_length=1, max_length=MOST)]


class Acknowledgement(Asked, frozen=True, kw_only=True):
    """What a carrier has, named by manifest, container or bag."""

    id: Name
    at: Instant
    manifest_id: Text = ""
    container_id: Text = ""
    bag_id: Text = ""
    count: Counted | None = None
    site: Text = ""


class Acknowledgements(Asked, frozen=True, kw_only=True):
    acknowledgements: Annotated[tuple[Acknowledgement, ...], Meta(min_length=1, max_length=MOST)]


class Noted(Told, frozen=True, kw_only=True):
    """How many facts were new and how many were known already. `clashes` are the ids that had come
    with another content before: that stands, and of these nothing was kept."""

    new: int
    known: int
    clashes: tuple[str, ...]
