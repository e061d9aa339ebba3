"""Every kind of fault that there is, so that a test can say which it has forgotten."""

from __future__ import annotations

from tests.proxy import answering, asking, places, secure, strangers
from tests.proxy.line import Fault

MODULES = (answering, asking, places, secure, strangers)


def kinds() -> set[type[Fault]]:
    """All of MODULES that can be met: no base of others, and no test's own."""
    found, left = set[type[Fault]](), [Fault]
    while left:
        below = left.pop().__subclasses__()
        left += below
        found |= {kind for kind in below if not kind.__subclasses__()}
    names = {module.__name__ for module in MODULES}
    return {kind for kind in found if kind.__module__ in names}
