"""A reader sits at the machine that serves the pages only where the connection leaves no doubt about it."""

from typing import Any

import pytest

from dashboards.serving.viewers import HEADER, Viewers


def marked(client: tuple[str, int] | None, **headers: str) -> list[str]:
    """What the session is told of the reader; `host` and other headers as a browser or a proxy sends them."""
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.extend(value.decode() for name, value in scope["headers"] if name == HEADER.encode())

    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    coroutine = Viewers(app)({"type": "websocket", "client": client, "headers": sent}, None, None)  # type: ignore[arg-type]
    with pytest.raises(StopIteration):  # it waits for nothing, so one step is all of it, and no loop is needed
        coroutine.send(None)
    return seen


@pytest.mark.parametrize(
    ("client", "host"),
    [
        ("127.0.0.1", "127.0.0.1:8501"), ("127.0.0.1", "localhost:8501"), ("127.0.0.1", "LOCALHOST"),
        ("::1", "[::1]:8501"), ("::ffff:127.0.0.1", "localhost:8501"), ("127.8.9.1", "127.8.9.1:8501"),
    ],
)  # fmt: skip
def test_a_reader_at_this_machine_is_here(client, host) -> None:
    assert marked((client, 5000), host=host) == ["here"]


@pytest.mark.parametrize(
    ("client", "headers"),
    [
        (("192.168.1.7", 5000), {"host": "localhost:8501"}),  # from another machine
        (("192.168.1.7", 5000), {"host": "10.0.0.1:8501", "x_forwarded_for": "127.0.0.1"}),  # which pretends
        (("127.0.0.1", 5000), {"host": "localhost", "x_forwarded_for": "203.0.113.9"}),  # through a proxy here
        (("127.0.0.1", 0), {"host": "localhost", "x_forwarded_for": "127.0.0.1"}),
        (("127.0.0.1", 5000), {"host": "localhost", "forwarded": "for=203.0.113.9"}),
        (("127.0.0.1", 5000), {"host": "reports.example.org"}),  # a proxy that keeps the name it was called by
        (("127.0.0.1", 5000), {"host": "localhost.example.org:8501"}),
        (("127.0.0.1", 5000), {}),
        (("testclient", 5000), {"host": "localhost"}),
        (None, {"host": "localhost"}),
    ],
)
def test_a_reader_elsewhere_or_in_doubt_is_not(client, headers) -> None:
    assert marked(client, **headers) == ["elsewhere"]


def test_nobody_can_bring_the_mark_along() -> None:
    found = marked(("192.168.1.7", 5000), host="localhost", **{HEADER.replace("-", "_"): "here"})
    assert found == ["elsewhere"]
