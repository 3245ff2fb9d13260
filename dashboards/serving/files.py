"""Files that never change while the server runs, compressed once and kept: 7.5 MB of scripts become 2 MB on the wire.

Streamlit sends its own files uncompressed, because compressing them anew for every reader costs more than it saves.
"""

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

SUFFIXES = frozenset({".js", ".css", ".json", ".svg"})
LEAST_BYTES = 1_000
LEVEL = 6
ROOTS: dict[str, tuple[Path, str]] = {
    "/static/": (Path(file_util.get_static_dir()) / "static", "public, immutable, max-age=31536000"),
    "/app/static/": (Path(__file__).parents[1] / "static", "public, max-age=86400"),
}
"""Where an address looks for its file, and how long browsers keep it: Streamlit's names hold a digest, ours not."""


class CompressedOnce:
    """Answers for text files below `ROOTS` where the browser takes gzip; leaves everything else to the app."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _asked(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        path, kept = found
        headers = {"Cache-Control": kept, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        kind = mimetypes.types_map.get(path.suffix, "text/plain")
        packed = await run_in_threadpool(_packed, path, path.stat().st_mtime_ns)
        await Response(packed, media_type=kind, headers=headers)(scope, receive, send)


def _asked(scope: Scope) -> tuple[Path, str] | None:
    """The file an address asks for and how long it keeps; None where it is not ours to answer."""
    headers = Headers(scope=scope)
    if "gzip" not in headers.get("accept-encoding", "") or "range" in headers:
        return None
    for prefix, (root, kept) in ROOTS.items():
        if scope["path"].startswith(prefix):
            path = (root / scope["path"].removeprefix(prefix)).resolve()
            ours = path.suffix in SUFFIXES and path.is_relative_to(root.resolve()) and path.is_file()
            return (path, kept) if ours and path.stat().st_size >= LEAST_BYTES else None
    return None


@lru_cache(maxsize=512)
def _packed(path: Path, changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), LEVEL, mtime=0)
