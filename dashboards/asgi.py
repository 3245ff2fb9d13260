"""The server around the pages: data under addresses of their own, the page's language, headers, compressed files.

`streamlit run` finds `app` here and serves it; the pages themselves are the script beside it. Streamlit imports this
file by its name alone, so everything else is imported from its package.
"""

import contextlib
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboards.serving import addresses, files, headers, viewers, warm

HERE = Path(__file__).parent


@contextlib.asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Read the data while the first reader's browser still loads the page."""
    threading.Thread(target=warm.up, name="warm-up", daemon=True).start()
    yield


app = st.App(
    HERE / "app.py",
    lifespan=lifespan,
    routes=addresses.ROUTES,
    middleware=[
        Middleware(viewers.Viewers),
        Middleware(headers.Headers),
        Middleware(headers.Shell),
        Middleware(files.CompressedOnce),
    ],
)
