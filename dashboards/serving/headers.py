"""Headers of every answer, and the page's shell: its language and our script."""

import base64
import hashlib
import os
import re
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from aigc_report.i18n import HTML_LANG, LANGUAGES

SCRIPT = Path(__file__).with_name("page.js")
SCRIPT_ADDRESS = "/page.js"
FRAMED_BY = "AIGC_REPORT_FRAMED_BY"
"""Variable of the environment with the sites that may show the pages in a frame, such as ``https://intranet.example``."""

SOON = ("PlotlyChart", "Html", "purify.es")
"""Streamlit's scripts that every page needs and its shell does not name: charts, half of all bytes, and plain HTML."""

_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_UNUSED_FONT = re.compile(rb'<link\s+rel="preload"[^>]*SourceSans[^>]*>')
"""A font that Streamlit's shell fetches before anything else; our theme uses those that the reader has."""
_POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # Streamlit writes its styles as it draws
    "img-src": "'self' data: blob:",  # blob: a chart that is saved as a picture
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "frame-src": "'self' data:",  # data: the preview of a briefing, a page without an origin
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def policy(inline_scripts: tuple[bytes, ...] = ()) -> str:
    """The content security policy; scripts that stand inside the page are allowed by their digest, no others."""
    digests = [f"'sha256-{base64.b64encode(hashlib.sha256(s).digest()).decode()}'" for s in inline_scripts]
    framed_by = os.environ.get(FRAMED_BY, "").replace(";", " ").split()
    rules = _POLICY | {"frame-ancestors": " ".join(["'self'", *framed_by])}
    rules["script-src"] = " ".join([rules["script-src"], *digests])
    return "; ".join(f"{name} {value}" for name, value in rules.items())


class Headers:
    """Adds the headers that tell a browser to trust nothing but this server."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    found.setdefault(name, value)
                found.setdefault("Content-Security-Policy", policy())
            await send(message)

        await self.app(scope, receive, with_headers)


class Shell:
    """The page that Streamlit serves at every address, in the language of the address and with our script in it.

    Without the language a screen reader speaks Chinese with an English voice until the page has drawn itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not _page(scope["path"]):
            await self.app(scope, receive, send)
            return
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        start: Message | None = None
        body = b""

        async def rewritten(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                kind = MutableHeaders(scope=message).get("content-type", "")
                if message["status"] == 200 and kind.startswith("text/html"):
                    start = message
                    return
            elif start is not None and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if message.get("more_body", False):
                    return
                page = shell(body, language(scope["query_string"]))
                found = MutableHeaders(scope=start)
                found["Content-Length"] = str(len(page))
                found["Content-Security-Policy"] = policy(tuple(_INLINE.findall(page)))
                for stale in ("etag", "last-modified"):  # of the file, which knows no language
                    if stale in found:
                        del found[stale]
                await send(start)
                message = {"type": "http.response.body", "body": page}
            await send(message)

        await self.app({**scope, "headers": plain}, receive, rewritten)


def _page(path: str) -> bool:
    """Is this the address of a page, and no file or call of Streamlit's own?"""
    return "." not in path.rpartition("/")[2] and not path.startswith("/_stcore")


def language(query: bytes) -> str:
    """The language that an address asks for, else the one the server was started with, else English."""
    asked = parse_qs(query.decode("latin-1")).get("lang", [""])[0]
    for candidate in (asked, os.environ.get("AIGC_REPORT_LANG", "")):
        if candidate in LANGUAGES:
            return candidate
    return next(iter(LANGUAGES))


def shell(page: bytes, lang: str) -> bytes:
    """Streamlit's page with its language, our script and what to fetch early; one of another shape is left as it is."""
    page = page.replace(b'<html lang="en">', f'<html lang="{HTML_LANG[lang]}">'.encode(), 1)
    page = _UNUSED_FONT.sub(b"", page, count=1)
    ours = f'{_early()}<script defer src=".{SCRIPT_ADDRESS}?{digest()}"></script></head>'
    return page.replace(b"</head>", ours.encode(), 1)


@cache
def _early() -> str:
    """Links by which a browser fetches and compiles the scripts `SOON` while the page connects and its script runs."""
    folder = Path(file_util.get_static_dir()) / "static" / "js"
    files = [found for stem in SOON for found in sorted(folder.glob(f"{stem}.*.js"))]
    return "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{file.name}">' for file in files)


@cache
def digest() -> str:
    """Digits that change with the script, so that browsers may keep it for good."""
    return hashlib.sha256(SCRIPT.read_bytes()).hexdigest()[:12]
