"""How the agent speaks TLS: at least 1.2, the name checked, a pinned authority where one is set.

Nothing here can be switched off. What does not verify is no answer: the agent goes on offline.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Any

from sync.agent import bounded


@dataclass(frozen=True, slots=True)
class Tls:
    """Paths of PEM files; "" for none. `ca_file`: the authorities that are believed instead of the
    public ones. `client_cert` and `client_key`: shown to a proxy that asks for them; the key may
    lie in the same file."""

    ca_file: str = ""
    client_cert: str = ""
    client_key: str = ""


class _Adapter(bounded.Adapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_minimum_version=ssl.TLSVersion.TLSv1_2, **kwargs)


def session(tls: Tls) -> bounded.Session:
    """For the centre and for nobody else. Files are read at the first use."""
    made = bounded.Session()
    made.mount("https://", _Adapter())
    if tls.ca_file:
        made.verify = tls.ca_file
    if tls.client_cert:
        made.cert = (tls.client_cert, tls.client_key) if tls.client_key else tls.client_cert
    return made
