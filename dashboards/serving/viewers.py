"""Who reads: somebody at the machine that serves the pages, or somebody elsewhere.

It is decided where a connection is accepted and handed to the session as a header that no browser can set, so that a
page finds the answer and the session it belongs to in one place. A session that lost its connection has no header, and
counts as elsewhere.

Somebody is *here* when the connection comes from this machine, was addressed to it by a name of its own, and no proxy
says that it passes it on for another. A proxy on this machine that says nothing and keeps the address cannot be told
from a reader who sits here: behind such a one, `AIGC_REPORT_RUNS=off` is right.
"""

import ipaddress

from starlette.types import ASGIApp, Receive, Scope, Send

HEADER = "x-aigc-report-reader"
HERE, ELSEWHERE = "here", "elsewhere"
PASSED_ON = frozenset({b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip"})
"""Headers by which a proxy says that it speaks for somebody else."""


class Viewers:
    """Marks every session's connection with who reads."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            own = HEADER.encode()
            kept = [(name, value) for name, value in scope["headers"] if name.lower() != own]
            scope = {**scope, "headers": [*kept, (own, (HERE if here(scope) else ELSEWHERE).encode())]}
        await self.app(scope, receive, send)


def here(scope: Scope) -> bool:
    """Does this connection come from a reader at this machine?"""
    client, headers = scope.get("client"), {name.lower(): value for name, value in scope["headers"]}
    if client is None or not _loopback(client[0]) or headers.keys() & PASSED_ON:
        return False
    return _own_name(headers.get(b"host", b"").decode("latin-1"))


def _own_name(host: str) -> bool:
    """Is `host` (``localhost:8501``, ``127.0.0.1``, ``[::1]:8501``) a name that means this machine to itself alone?"""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.rpartition(":")[0] or host
    return name.lower() == "localhost" or _loopback(name)


def _loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)  # a socket for both versions of IP writes ::ffff:127.0.0.1
    return (mapped or found).is_loopback
