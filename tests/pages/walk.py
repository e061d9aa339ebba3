"""Which pages there are: asked of the router itself, so that a new one is walked at once.

A page without parameters needs nothing here. Of one with parameters, EXAMPLES must know
each; one that answers with no page belongs into NOT_PAGES, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sync.central.pages import router
from sync.central.pages.guard import Need

_TYPE = re.compile(r":\w+}")
_PARAMETER = re.compile(r"{(\w+):")

NOT_PAGES: Mapping[str, str] = {
    "/office.css": "the style",
    "/icon.svg": "the sign in a browser's tab",
    "/exports/file": "a file",
    "/photos/{sha256:str}": "a photograph",
    "/kiosks/{device_id:str}/told": "a file",
    "/kiosks/{device_id:str}/screens/{event_id:str}": "a picture of a screen",
    "/login/with/{tenant:str}": "leads to another service",
    "/again/issuer": "leads to another service",
    "/policy/versions/{number:str}/file": "a file",
}

EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "/drops": {"drop_id": "{drop_id}"},
    "/cases": {"case_id": "{case_id}"},
    "/kiosks": {"device_id": "{device_id}"},
    "/welcome": {"token": "{token}"},
    "/keys": {"webhook_id": "{webhook_id}"},
    "/goods": {"what": "bag", "name": "TB0000000011"},
    "/policy": {"number": "1"},
    "/returns": {"return_id": "RMA-7"},
    "/books": {"day": "2026-04-27"},
    "/imports": {"import_id": "{import_id}"},
    "/merchants": {"merchant_id": "linden"},
    "/notices": {"kind": "arrived", "language": "ar"},
    "/parcels": {"number": "JD0146000012", "container_id": "use-1", "manifest_id": "list-1"},
}
"""Parameters of addresses that begin so; what is in braces is made by tests.pages.world."""

_COUNTER = "site=Street%201"
QUERIES: Mapping[str, str] = {
    "/people/person": "name=vera",
    "/search": "q=RMA",
    "/counters/site": _COUNTER,
    "/counters/shelves": _COUNTER,
    "/counters/carriers": f"{_COUNTER}&carrier=UPS",
    "/counters/hours": _COUNTER,
    "/counters/rules": _COUNTER,
    "/counters/publish": _COUNTER,
    "/counters/person": "id=1001",
}
"""What a page wants to be asked."""

STATUS: Mapping[str, int] = {"/login/back": 403}
"""Pages that say no to whoever comes out of the blue."""

WHO: Mapping[str, str] = {"/login/code": "cora", "/login/second-factor": "nora"}
"""Who looks, where it is not ada (who may do everything), or nobody (at the door)."""


@dataclass(frozen=True)
class Page:
    """One page to look at. `who` is "" for nobody."""

    route: str
    who: str

    @property
    def status(self) -> int:
        return STATUS.get(self.route, 200)

    @property
    def name(self) -> str:
        """For a file: drops-drop_id."""
        plain = _TYPE.sub("", self.route).replace("{", "")
        return plain.strip("/").replace("/", "-") or "today"

    def address(self, ids: Mapping[str, str]) -> str:
        """The page with its parameters filled in. KeyError for one that nobody knows."""
        values = {name: value.format_map(ids) for name, value in examples(self.route).items()}
        path = _TYPE.sub("}", self.route).format_map(values)
        query = QUERIES.get(self.route, "")
        return f"{path}?{query}" if query else path


def examples(route: str) -> Mapping[str, str]:
    return EXAMPLES.get("/" + route.split("/")[1], {})


def pages() -> list[Page]:
    found = []
    for route in router.routes:
        for handler in route.route_handlers:
            if "GET" not in handler.http_methods or route.path in NOT_PAGES:
                continue
            need = handler.opt.get("need")
            open_to_all = isinstance(need, Need) and need.permission is None
            found.append(Page(route.path, WHO.get(route.path, "" if open_to_all else "ada")))
    return sorted(found, key=lambda page: page.route)


def unknown() -> list[str]:
    """Pages with parameters that EXAMPLES does not know."""
    return [
        page.route
        for page in pages()
        if not set(_PARAMETER.findall(page.route)) <= set(examples(page.route))
    ]
