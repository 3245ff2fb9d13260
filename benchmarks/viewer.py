"""A reader without a browser: one WebSocket session that asks for runs of a page's script as a browser does."""

import asyncio
import time
from dataclasses import dataclass

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

PATIENCE_S = 30
"""A run whose last message has not come by then has failed."""
CHOOSING = ("selectbox", "button_group", "slider")
"""Controls that choose between texts. All but the first send a list, also of one."""


@dataclass(frozen=True)
class Offered:
    """A control that a page sent: its options as it shows them, and the fragment it runs again."""

    kind: str
    id: str
    options: tuple[str, ...]
    fragment: str

    @property
    def key(self) -> str:
        """The key that the page gave it."""
        return self.id.split("-", 2)[-1]

    def state(self, option: str) -> WidgetState:
        """What the browser sends when a reader chooses `option`."""
        state = WidgetState(id=self.id)
        if self.kind != CHOOSING[0]:
            state.string_array_value.data.append(option)
        else:
            state.string_value = option
        return state


class Viewer:
    """One session: asks for runs of the script and knows the controls and pages that were sent."""

    def __init__(self, address: str) -> None:
        self.address = address.replace("http", "ws", 1) + "/_stcore/stream"
        self.controls: dict[str, Offered] = {}
        self.pages: dict[str, str] = {}
        self.page = ""
        self.states: dict[str, WidgetState] = {}
        self.kept: set[str] = set()
        self.errors: list[str] = []
        self.messages = 0
        self.bytes = 0
        self.patience_s: float = PATIENCE_S

    def connect(self) -> "websockets.connect":
        """The session's connection, to be awaited or entered."""
        return websockets.connect(self.address, subprotocols=["streamlit"], max_size=None)

    async def go(self, socket, page: str) -> float:
        """Open `page`, an address that the bar leads to; seconds until its last message."""
        self.page = self.pages[page]
        self.controls.clear()
        self.states.clear()
        return await self.run(socket)

    async def choose(self, socket, control: Offered, option: str) -> float:
        """Choose `option`; seconds until the last message of what it changes."""
        self.states[control.id] = control.state(option)
        return await self.run(socket, control.fragment)

    async def run(self, socket, fragment: str = "") -> float:
        """Ask for a run; seconds until its last message. Raises ``TimeoutError`` when it does not come in time."""
        message = BackMsg()
        message.rerun_script.query_string = "lang=en"
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.fragment_id = fragment
        message.rerun_script.widget_states.widgets.extend(self.states.values())
        message.rerun_script.cached_message_hashes.extend(self.kept)
        begun = time.monotonic()
        self.messages = self.bytes = 0
        async with asyncio.timeout(self.patience_s):
            await socket.send(message.SerializeToString())
            while True:
                frame = await socket.recv()
                self.messages += 1
                self.bytes += len(frame)
                if self.read(ForwardMsg.FromString(frame)):
                    return time.monotonic() - begun

    def read(self, message: ForwardMsg) -> bool:
        """Note controls and pages; is this the last message of a run?"""
        kind = message.WhichOneof("type")
        if message.metadata.cacheable and message.hash:
            self.kept.add(message.hash)
        if kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self.note(message.delta.new_element, message.delta.fragment_id)
        return kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN

    def note(self, element: Element, fragment: str) -> None:
        """Remember a control that chooses between texts; count an error that is shown."""
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(element.exception.type)
        elif kind in CHOOSING:
            control = getattr(element, kind)
            options = [option if isinstance(option, str) else option.content for option in control.options]
            if options:  # a slider of numbers has none
                self.controls[control.id] = Offered(kind, control.id, tuple(options), fragment)
