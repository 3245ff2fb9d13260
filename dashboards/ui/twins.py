"""Every chart under an address of its own: the words that name it, its data as CSV, workbook or JSON.

``/charts/<module>.<function>.csv?<argument>=…`` names the function that describes a chart and what it is given, so the
address holds as long as the function does, on any server and after any restart. Arguments that every page has (the
catalogue, the texts) are not written, except the language; a run is written as its id; everything else as its type
says, checked by pydantic on the way back. A chart whose arguments cannot be written so has no address.

Only functions of the rooms in `ROOMS` that promise a `Chart` can be called, and they only describe.
"""

import importlib
import inspect
import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, get_type_hints
from urllib.parse import urlencode

from pydantic import TypeAdapter
from pydantic.errors import PydanticUserError

from aigc_report import __version__, catalog, document, tables
from aigc_report.catalog import Catalog
from aigc_report.charts.chart import Chart
from aigc_report.document import Document
from aigc_report.errors import UserError
from aigc_report.i18n import LANGUAGES, Texts, texts
from dashboards.ui import runs, sources
from gan.errors import UsageError

PREFIX = "/charts"
LANGUAGE = "lang"
ROOMS = ("aigc_report.charts", "dashboards.ui")
LONGEST = 1_500
"""Letters of an address: longer ones do not survive mail and proxies."""
FORMATS = ("csv", "xlsx", "json")
Build = Callable[..., Chart]
SHARED: dict[type, Callable[[], Any]] = {Catalog: catalog.load, Document: document.load}
"""What every page has, and so no address writes."""


class NotFound(Exception):
    """There is no chart under this address, or not with these arguments."""


def address(t: Texts, build: Build, *arguments: Any) -> str | None:
    """The address of the chart ``build(*arguments)`` without its suffix's query; None where it can have none.

    Holds ``{format}`` where the suffix belongs.
    """
    given: dict[str, Any] = {}
    inner: Any = build
    if isinstance(inner, partial):
        build, arguments, given = inner.func, (*inner.args, *arguments), inner.keywords
    name = _name(build)
    if name is None:
        return None
    query = {LANGUAGE: t.lang}
    for parameter, value in _given(build, arguments, given):
        if isinstance(value, Texts) or any(value is load() for load in SHARED.values()):
            continue
        written = _written(parameter, value)
        if written is None:
            return None
        query[parameter.name] = written
    found = f"{PREFIX}/{name}.{{format}}?{urlencode(query).replace('{', '%7B').replace('}', '%7D')}"
    return found if len(found) <= LONGEST else None


def chart(name: str, query: Mapping[str, str]) -> Chart:
    """The chart at an address, from its name (``module.function``) and its query; `NotFound` where there is none."""
    build = _function(name)
    arguments = {}
    for parameter in _parameters(build):
        kind = parameter.annotation
        if kind in SHARED:
            arguments[parameter.name] = SHARED[kind]()
        elif kind is Texts:
            lang = query.get(LANGUAGE, next(iter(LANGUAGES)))
            if lang not in LANGUAGES:
                raise NotFound(f'no language "{lang}"')
            arguments[parameter.name] = texts(lang)
        elif parameter.name in query:
            arguments[parameter.name] = _read(parameter, query[parameter.name])
        elif parameter.default is inspect.Parameter.empty:
            raise NotFound(f"{name} needs {parameter.name}=")
    unknown = set(query) - {LANGUAGE} - {parameter.name for parameter in _parameters(build)}
    if unknown:
        raise NotFound(f"{name} takes no {', '.join(sorted(unknown))}")
    try:
        return build(**arguments)
    except (LookupError, ValueError, UserError, UsageError) as error:  # a code that the data do not have
        raise NotFound(str(error)) from error


def _given(build: Build, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> list[tuple[inspect.Parameter, Any]]:
    """The parameters of `build` that are given something, and what."""
    parameters = {parameter.name: parameter for parameter in _parameters(build)}
    bound = inspect.signature(build).bind(*arguments, **named).arguments
    return [(parameters[name], value) for name, value in bound.items()]


def content(found: Chart, suffix: str, here: str, lang: str) -> tuple[bytes, str]:
    """`found` in one of `FORMATS`, and its media type; `here` is the address it was asked at, in language `lang`."""
    cat = catalog.load()
    if suffix == "json":
        document = json.dumps(_document(found, cat, here, lang), ensure_ascii=False, allow_nan=False)
        return document.encode(), "application/json; charset=utf-8"
    write, kind = tables.FORMATS[suffix]
    return (write(found.frame, cat, about(found, cat, here)) if suffix == "xlsx" else write(found.frame, cat)), kind


def about(found: Chart, cat: Catalog, here: str) -> dict[str, str]:
    """What goes with the data of a chart into a workbook, in the order of reading."""
    entries = {"title": found.title, "subtitle": found.subtitle, "what it shows": found.alt}
    entries |= {f"note {n}": note for n, note in enumerate(found.notes, start=1)}
    for n, source in enumerate(found.sources, start=1):
        row = cat.sources.loc[source]
        entries[f"source {n}"] = f"{row['publisher']}: {row['title']}. {row['url']} ({row['licence']})"
    return entries | {"made by": f"aigc-report {__version__}", "data": f"sha256 {cat.digest}", "address": here}


def _document(found: Chart, cat: Catalog, here: str, lang: str) -> dict[str, Any]:
    """A chart as JSON: words, sources, rows."""
    columns = ["publisher", "title", "url", "published", "licence"]
    return {
        "id": found.id,
        "title": found.title,
        "subtitle": found.subtitle,
        "alt": found.alt,
        "notes": list(found.notes),
        "sources": [{"source": s, **cat.sources.loc[s, columns].to_dict()} for s in found.sources],
        "flags": sources.flag_words(found.frame, lang),
        "data": tables.records(found.frame),
        "software": f"aigc-report {__version__}",
        "data_digest": cat.digest,
        "address": here,
    }


@cache
def _name(build: Build) -> str | None:
    """How an address names `build`: module and function; None for what is no plain function of our rooms."""
    if not inspect.isfunction(build) or build.__qualname__ != build.__name__:
        return None
    room = next((room for room in ROOMS if build.__module__.startswith(f"{room}.")), None)
    if room is None or not _describes(build):
        return None
    short = build.__module__ if room != ROOMS[0] else build.__module__.removeprefix(f"{room}.")
    return f"{short.removeprefix('dashboards.')}.{build.__name__.lstrip('_')}"


@cache
def _function(name: str) -> Build:
    """The function an address names; `NotFound` for anything else, so that no other code can be reached."""
    module_name, _, function_name = name.rpartition(".")
    if not all(part.isidentifier() and not part.startswith("_") for part in name.split(".")) or not module_name:
        raise NotFound(f'"{name}" names no chart')
    full = f"dashboards.{module_name}" if module_name.startswith("ui.") else f"{ROOMS[0]}.{module_name}"
    try:
        module = importlib.import_module(full)
    except ModuleNotFoundError:
        raise NotFound(f'"{name}" names no chart') from None
    for candidate in (function_name, f"_{function_name}"):
        build = getattr(module, candidate, None)
        if inspect.isfunction(build) and build.__module__ == full and _describes(build):
            return build
    raise NotFound(f'"{name}" names no chart')


@cache
def _describes(build: Build) -> bool:
    """Does `build` promise a `Chart`, and is it not of this module?"""
    try:
        return build.__module__ != __name__ and get_type_hints(build).get("return") is Chart
    except NameError:  # a type that only a type checker imports
        return False


@cache
def _parameters(build: Build) -> tuple[inspect.Parameter, ...]:
    """The parameters of `build` with their types resolved."""
    hints = get_type_hints(build)
    found = inspect.signature(build).parameters.values()
    return tuple(parameter.replace(annotation=hints.get(parameter.name, Any)) for parameter in found)


def _written(parameter: inspect.Parameter, value: Any) -> str | None:
    """`value` as the address holds it; None where it cannot."""
    if isinstance(value, runs.Ended):
        return value.record.run_id
    if isinstance(value, str):
        return value
    adapter = _adapter(parameter.annotation)
    return None if adapter is None else adapter.dump_json(value).decode()


def _read(parameter: inspect.Parameter, text: str) -> Any:
    """The value that the address writes as `text`."""
    kind = parameter.annotation
    if kind is runs.Ended:
        try:
            return runs.Ended.read(text)
        except (UsageError, OSError, ValueError) as error:
            raise NotFound(str(error)) from error
    if kind is str:
        return text
    adapter = _adapter(kind)
    if adapter is None:
        raise NotFound(f"{parameter.name} cannot be read from an address")
    try:
        try:
            return adapter.validate_json(text)
        except ValueError:
            return adapter.validate_python(text)  # a plain word of a Literal or of an optional text
    except ValueError as error:
        raise NotFound(f"{parameter.name}: {error}") from error


@cache
def _adapter(kind: Any) -> TypeAdapter[Any] | None:
    """What writes and reads a type; None for types that hold tables, functions or records of runs."""
    try:
        return TypeAdapter(kind) if kind is not Any and kind is not inspect.Parameter.empty else None
    except PydanticUserError:
        return None
