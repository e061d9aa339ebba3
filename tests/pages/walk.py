"""Which pages there are: asked of the router itself, so that a new one is walked at once.

A page without parameters needs nothing here. Of one with parameters, PARAMETERS must know each
by its name; one that answers with no page belongs into NOT_PAGES, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sync.central.pages import router
from sync.central.pages.guard import Need

NOT_PAGES: Mapping[str, str] = {
    "/office.css": "the style",
    "/exports/file": "a file",
    "/photos/{sha256:str}": "a photograph",
    "/login/with/{tenant:str}": "leads to another service",
    "/again/issuer": "leads to another service",
}

PARAMETERS = ("drop_id", "case_id", "token", "device_id", "kiosk_id")
"""Names of parameters that tests.pages.world fills."""

QUERIES: Mapping[str, str] = {"/people/person": "name={name}"}
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
        plain = self.route.replace("{", "").replace(":str}", "").replace(":int}", "")
        return plain.strip("/").replace("/", "-") or "today"

    def address(self, ids: Mapping[str, str]) -> str:
        """The page with its parameters filled in. KeyError for one that nobody knows."""
        path = self.route.replace(":str}", "}").replace(":int}", "}").format_map(ids)
        query = QUERIES.get(self.route, "").format_map(ids)
        return f"{path}?{query}" if query else path


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
    """Parameters that the world does not fill, each with its page."""
    return [
        f"{page.route}: {part}"
        for page in pages()
        for part in page.route.replace("{", "/{").split("/")
        if part.startswith("{") and part.strip("{}").partition(":")[0] not in PARAMETERS
    ]
