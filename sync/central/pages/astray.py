"""What a person sees where there is no page, where a page failed, or was sent too much."""

from __future__ import annotations

from litestar import Request, Response
from litestar.datastructures import State

from sync.central.admission import MACHINES
from sync.central.centre import Centre, of_request
from sync.central.pages.shared import first_of, page_of
from sync.central.watch import logs


def reads_pages(request: Request[None, None, State]) -> bool:
    """Whether a browser asks, and for what is no machine's."""
    accepts = request.headers.get("accept", "")
    return "text/html" in accepts and not request.scope["path"].startswith(MACHINES)


def missing(request: Request[None, None, State], status: int) -> Response[str]:
    """There is no such page, or not for this way of asking."""
    return page_of(request, of_request(request.scope), "missing.html", None, status=status)


def failed(request: Request[None, None, State]) -> Response[str]:
    """The page has a number by which its failure is found in the log."""
    noted = logs.HERE.get()
    return page_of(
        request,
        of_request(request.scope),
        "failed.html",
        None,
        status=500,
        number="" if noted is None else noted.request_id,
    )


def too_large(request: Request[None, None, State], centre: Centre, most: int) -> Response[str]:
    """More than `most` bytes came; nothing of them was read."""
    return page_of(
        request,
        centre,
        "too_large.html",
        None,
        status=413,
        most=f"{most >> 20} MiB",
        back=first_of(request.scope["path"]),
    )
