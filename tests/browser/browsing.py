"""Somebody in front of the dashboard: opens pages, presses, chooses, and sees only pages that stand.

A page of Streamlit changes in two steps: the browser asks for a run of the script, and the server sends what the run
makes. Between the two the page looks finished. So a `Reader` listens to the WebSocket and knows which runs were asked
for and which have ended; nothing here waits a fixed time, and everything has a deadline.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, Position, TimeoutError, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE_MS = 60_000
_LOOK_MS = 20
_TAKES_MS = 3_000
"""How long a press may take to reach the server before it counts as swallowed by a re-rendering page."""
_RUNNING = "() => !!document.querySelector('[data-test-script-state]:not([data-test-script-state=\"notRunning\"])')"

expect.set_options(timeout=PATIENCE_MS)


class Reader:
    """One page in a browser, with the requests it sends beyond this machine and the runs of the script it asks for."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.address = address
        self.left_the_machine: list[str] = []
        self.asked = 0
        self.touches = False
        self._waiting = False
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("request", self._note)
        self.page.on("websocket", self._listen)

    def open(self, path: str) -> Page:
        """Go to `path` and wait until the page stands."""
        asked = self.asked
        self.page.goto(self.address + path)
        self.until(lambda: self.asked > asked, "the page never asked for a run")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the page stands: every run that was asked for has ended, and its foot, written last, is there."""
        self.page.locator("footer.footer").wait_for()
        self.until(lambda: not self._waiting and not self.page.evaluate(_RUNNING), "the script never ended")

    def hit(self, control: Locator, position: Position | None = None, patience_ms: int = PATIENCE_MS) -> None:
        """Click a control, or tap it on a screen that is touched."""
        act = control.tap if self.touches else control.click
        act(position=position, timeout=patience_ms)

    def press(self, control: Locator, position: Position | None = None) -> None:
        """Press a control that makes the script run again, on a page that stands, and wait for what it changes."""
        self.settle()
        asked = self.asked
        self.hit(control, position)
        self.until(lambda: self.asked > asked, f"the press was lost: {control}")
        self.settle()

    def choose(self, label: str, option: str, among: str = "stSelectbox") -> None:
        """Choose `option` in the box `label`; tried again where a re-rendering page swallowed the choice."""
        box = self.page.get_by_test_id(among).filter(has=self.page.get_by_text(label, exact=True))
        control = box.get_by_role("combobox")
        # a tap on words that are wider than their box does not open its list; the arrow always does
        opener = box.get_by_role("button").last if self.touches else control
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while True:
            self.settle()
            asked = self.asked
            if control.get_attribute("aria-expanded") != "true":
                self.hit(opener)
            if control.is_editable():  # a phone shows no keyboard for a short list
                control.fill(option)  # a long list holds only what is in sight
            with suppress(TimeoutError):  # the list may have been closed again
                self.hit(self.page.get_by_role("option", name=option, exact=True), patience_ms=_TAKES_MS)
            taken = self._waited(lambda before=asked: self.asked > before, _TAKES_MS)
            if taken or time.monotonic() > deadline:
                break
        assert taken, f'"{option}" could not be chosen in "{label}"'
        self.settle()

    def _note(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.left_the_machine.append(request.url)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, frame: bytes | str) -> None:
        if isinstance(frame, bytes) and BackMsg.FromString(frame).WhichOneof("type") == "rerun_script":
            self.asked += 1
            self._waiting = True

    def _received(self, frame: bytes | str) -> None:
        if not isinstance(frame, bytes):
            return
        message = ForwardMsg.FromString(frame)
        kind = message.WhichOneof("type")
        if kind == "new_session":  # a run that began by itself, such as one that the script asked for
            self._waiting = True
        elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self._waiting = False

    def until(self, stands: Callable[[], bool], otherwise: str, patience_ms: int = PATIENCE_MS) -> None:
        """Wait until `stands` comes true; the test fails with `otherwise` where it does not within the patience."""
        assert self._waited(stands, patience_ms), f"{otherwise} ({self.page.url})"

    def _waited(self, stands: Callable[[], bool], patience_ms: int) -> bool:
        """Does `stands` come true within `patience_ms`? Playwright hands events over only while it is called."""
        deadline = time.monotonic() + patience_ms / 1000
        while not stands():
            if time.monotonic() > deadline:
                return False
            self.page.wait_for_timeout(_LOOK_MS)
        return True
