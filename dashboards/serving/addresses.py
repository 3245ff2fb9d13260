"""Addresses beside the pages: data of a chart, tables of the data package, files of a run, the script of the page."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from aigc_report import catalog, run_files, tables
from aigc_report.catalog import Catalog
from aigc_report.i18n import LANGUAGES
from dashboards.serving import headers
from dashboards.ui import lab_files, observations, reference, runs, twins
from dashboards.ui.filters import ALL
from gan.errors import UsageError

NARROWED = ("q", "factor", "indicator", "geo", "period")


def chart(request: Request) -> Response:
    """The data of the chart that the address names."""
    suffix = request.path_params["suffix"]
    lang = request.query_params.get(twins.LANGUAGE, next(iter(LANGUAGES)))
    if suffix not in twins.FORMATS:
        return _missing(f"{twins.PREFIX} has the formats {', '.join(twins.FORMATS)}")
    try:
        found = twins.chart(request.path_params["name"], dict(request.query_params))
    except twins.NotFound as error:
        return _missing(str(error))
    content, kind = twins.content(found, suffix, str(request.url), lang)
    return _file(content, kind, f"{found.id}.{suffix}")


def table(request: Request) -> Response:
    """A table of the data package; observations narrowed by what the page's own address asks for."""
    name, suffix = request.path_params["name"], request.path_params["suffix"]
    if name not in reference.TABLES or suffix not in tables.FORMATS:
        return _missing(f"/data has {', '.join(reference.TABLES)} as {', '.join(tables.FORMATS)}")
    unknown = set(request.query_params) - (set(NARROWED) if name == "observations" else set())
    if unknown:
        return _missing(f"{name} takes no {', '.join(sorted(unknown))}")
    cat = catalog.load()
    frame = observed(cat, request.query_params) if name == "observations" else whole(cat, name)
    write, kind = tables.FORMATS[suffix]
    about = {"about": {"data": f"sha256 {cat.digest}", "address": str(request.url)}} if suffix == "xlsx" else {}
    return _file(write(frame, cat, **about), kind, f"{name}.{suffix}")


def observed(cat: Catalog, query: Mapping[str, str]) -> Any:
    """The observations that `query` asks for, each part as the page Data & sources understands it."""
    found = observations.search(cat, query.get("q", ""), query.get("factor", ALL))
    indicator = query.get("indicator", ALL)
    wanted = tuple(found.index) if indicator == ALL else tuple(found.index.intersection([indicator]))
    rows = observations.select(cat, wanted) if wanted else cat.observations(breakdown=None).iloc[:0]
    return observations.narrow(rows, query.get("geo", ALL), query.get("period", ALL))


def whole(cat: Catalog, name: str) -> Any:
    """A table of the package other than the observations, its key as a column."""
    frames = {
        "sources": cat.sources,
        "indicators": cat.indicators,
        "geographies": cat.geographies,
        "policy_instruments": cat.policy,
    }
    return frames[name].reset_index()


def run_file(request: Request) -> Response:
    """A file of a run; one that lies on disk, or is an archive, goes out in pieces and is never held as a whole."""
    try:
        found = run_files.find(runs.store(), request.path_params["run"], request.path_params["name"])
    except UsageError as error:
        return _missing(str(error))
    saved = {"Content-Disposition": f'attachment; filename="{found.saved_as}"'}
    if isinstance(found.content, bytes):
        return Response(found.content, media_type=found.kind, headers=saved)
    if callable(found.content):
        return StreamingResponse(found.content(), media_type=found.kind, headers=saved)
    whole = {"Content-Encoding": "identity"} if found.kind == "application/octet-stream" else {}
    return FileResponse(found.content, media_type=found.kind, headers=saved | whole)  # weights do not compress


async def script(request: Request) -> Response:
    """Our script for the pages; its address holds its digest, so a browser may keep it."""
    return Response(
        headers.SCRIPT.read_bytes(),
        media_type="text/javascript",
        headers={"Cache-Control": "public, immutable, max-age=31536000"},
    )


def _file(content: bytes, kind: str, name: str) -> Response:
    """A file to save; JSON is shown."""
    shown = "inline" if name.endswith(".json") else "attachment"
    return Response(content, media_type=kind, headers={"Content-Disposition": f'{shown}; filename="{name}"'})


def _missing(why: str) -> Response:
    return JSONResponse({"error": why}, status_code=404)


ROUTES = [
    Route(f"{twins.PREFIX}/{{name}}.{{suffix}}", chart),
    Route("/data/{name}.{suffix}", table),
    Route(f"{lab_files.PREFIX}/{{run}}/{{name}}", run_file),
    Route(headers.SCRIPT_ADDRESS, script),
]
