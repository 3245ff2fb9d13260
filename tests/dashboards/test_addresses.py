"""The server around the pages: every chart's data under an address, headers, the page's language, compressed files."""

import asyncio
import gzip
import html
import io
import json
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse
from starlette.routing import Route
from streamlit import file_util
from streamlit.testing.v1 import AppTest

from aigc_report import catalog, tables
from aigc_report.charts import adoption
from aigc_report.i18n import LANGUAGES, texts
from dashboards.serving import addresses, files, headers
from dashboards.ui import charts, reference, twins

APP = Path(__file__).parents[2] / "dashboards/app.py"
CAT = catalog.load()
SHELL = (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
SITE = Starlette(
    routes=[*addresses.ROUTES, Route("/", lambda request: HTMLResponse(SHELL))],
    middleware=[
        Middleware(headers.Headers),
        Middleware(headers.Shell),
        Middleware(files.CompressedOnce),
        Middleware(GZipMiddleware),  # as Streamlit has it inside
    ],
)


def ask(address: str, **sent: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a GET."""
    parts = urlsplit(address)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},  # a reader who is gone is told by `send`, not by `receive`
        "method": "GET",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": parts.query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in {"host": "x", **sent}.items()],
    }
    messages: list[dict] = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        messages.append(message)

    # on a thread of its own: where browser tests ran before in this process, its main thread has a loop that still runs
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, SITE(scope, receive, send)).result()
    found = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
    return messages[0]["status"], found, b"".join(m.get("body", b"") for m in messages[1:])


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Every chart that the pages show as they open: what describes it, with what, and its address."""
    seen: list[tuple] = []
    address = twins.address
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGC_REPORT_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr(
            twins, "address", lambda t, build, *given: seen.append((build, given)) or address(t, build, *given)
        )
        app = AppTest.from_file(APP, default_timeout=60)
        app.query_params["lang"] = "zh"
        app.run()
        for view in ("overview", "countries", "factors", "sectors", "policy", "technology"):
            app.switch_page(f"views/{view}.py").run()
            assert not app.exception
    return [(build, given, address(texts("zh"), build, *given)) for build, given in seen]


def test_every_chart_of_the_pages_has_an_address_with_the_same_data(shown):
    assert len(shown) >= 20
    assert not [build for build, _, address in shown if address is None]
    for build, given, address in shown:
        parts = urlsplit(address.format(format="csv"))
        name = parts.path.removeprefix("/charts/").removesuffix(".csv")
        again, first = twins.chart(name, dict(parse_qsl(parts.query, keep_blank_values=True))), build(*given)
        pd.testing.assert_frame_equal(again.frame, first.frame)
        assert (again.title, again.alt) == (first.title, first.alt)


def test_a_chart_is_served_as_csv_workbook_and_json():
    address = twins.address(texts("zh"), adoption.use_ranking, CAT, texts("zh"), "ai_use_any")
    chart = adoption.use_ranking(CAT, texts("zh"), "ai_use_any")
    status, found, body = ask(address.format(format="csv"))
    table = pd.read_csv(io.BytesIO(body))
    assert (status, len(table)) == (200, 27)
    assert {"source_licence", "source_url"} <= set(table.columns)
    assert found["content-disposition"] == 'attachment; filename="use-ranking.csv"'
    _, _, body = ask(address.format(format="xlsx"))
    with zipfile.ZipFile(io.BytesIO(body)) as workbook:
        assert chart.title in workbook.read("xl/sharedStrings.xml").decode()
    _, _, body = ask(address.format(format="json"))
    document = json.loads(body)
    assert document["title"] == chart.title
    assert document["sources"][0]["licence"]
    assert document["data_digest"] == CAT.digest
    assert [row["value"] for row in document["data"]] == list(chart.frame["value"])


@pytest.mark.parametrize(
    "address",
    [
        "/charts/adoption.use_ranking.csv?lang=en",  # an argument is missing
        "/charts/adoption.use_ranking.csv?lang=en&key=nothing",
        "/charts/adoption.use_ranking.csv?lang=tlh&key=ai_use_any",
        "/charts/adoption.use_ranking.csv?lang=en&key=ai_use_any&more=1",
        "/charts/adoption.use_ranking.exe?lang=en&key=ai_use_any",
        "/charts/adoption.members.csv?lang=en&key=ai_use_any",  # describes no chart
        "/charts/ui.twins.chart.csv?name=adoption.people&query={}",
        "/charts/ui.runs.store.csv",
        "/charts/os.system.csv?command=id",
        "/charts/..ui.runs.csv",
        "/charts/people.csv",
        "/charts/ui.country.ranking.csv?lang=en&code=NOTHING&unit=DEU",
        "/charts/ui.lab_run.losses.csv?lang=en&run=../../etc",
        "/data/observations.csv?where=1",
        "/data/passwords.csv",
        "/data/sources.exe",
    ],
)
def test_a_wrong_address_is_not_found_and_says_why(no_runs, address):
    status, found, body = ask(address)
    assert status == 404
    assert json.loads(body)["error"]
    assert "traceback" not in body.decode().lower()
    assert found["x-content-type-options"] == "nosniff"


def test_the_figures_are_served_narrowed_as_the_page_narrows_them_and_whole():
    _, _, body = ask("/data/observations.csv?indicator=ai_use_any&geo=DEU")
    rows = pd.read_csv(io.BytesIO(body))
    assert set(rows["indicator"]) == {"ai_use_any"}
    assert len(rows) == len(CAT.observations("ai_use_any", "DEU", breakdown=None))
    _, _, body = ask("/data/observations.parquet")
    whole = pd.read_parquet(io.BytesIO(body))
    assert len(whole) == len(CAT.observations(breakdown=None))
    assert whole["value"].sum() == pytest.approx(CAT.observations(breakdown=None)["value"].sum())
    for name in list(reference.TABLES)[1:]:
        status, _, body = ask(f"/data/{name}.xlsx")
        assert status == 200
        assert body.startswith(b"PK")


@pytest.mark.parametrize(("query", "lang"), [("", "en"), ("?lang=zh", "zh-CN"), ("?lang=tlh", "en")])
def test_the_page_says_its_language_before_any_script_runs(monkeypatch, query, lang):
    monkeypatch.delenv("AIGC_REPORT_LANG", raising=False)
    status, found, body = ask(f"/{query}", accept_encoding="gzip, br")
    page = body.decode()
    assert status == 200
    assert f'<html lang="{lang}">' in page
    assert f'src=".{headers.SCRIPT_ADDRESS}' in page
    assert int(found["content-length"]) == len(body)


def test_the_page_names_early_the_scripts_that_all_pages_need_and_no_font_that_none_does():
    page = ask("/")[2].decode()
    early = re.findall(r'<link rel="modulepreload" crossorigin href="\.(/static/js/[^"]+)">', page)
    wanted = [next((name for name in early if name.startswith(f"/static/js/{stem}.")), None) for stem in headers.SOON]
    assert None not in wanted
    assert all(ask(name, accept_encoding="gzip")[0] == 200 for name in wanted)
    assert "SourceSans" in SHELL
    assert "SourceSans" not in page


def test_the_policy_lets_only_scripts_of_this_server_run(monkeypatch):
    monkeypatch.setenv(headers.FRAMED_BY, "https://intranet.example; script-src *")
    _, found, _ = ask("/")
    rules = dict(rule.strip().split(" ", 1) for rule in found["content-security-policy"].split(";"))
    assert "'unsafe-inline'" not in rules["script-src"]
    assert "'unsafe-eval'" not in rules["script-src"]
    assert rules["script-src"].count("'sha256-") == SHELL.count("<script>")
    assert rules["frame-ancestors"].startswith("'self' https://intranet.example")
    assert list(rules).count("script-src") == 1
    assert rules["object-src"] == "'none'"


def test_a_file_of_the_server_is_compressed_once_and_equals_itself(monkeypatch):
    script = max((Path(file_util.get_static_dir()) / "static/js").glob("*.js"), key=lambda path: path.stat().st_size)
    packed = []
    compress = gzip.compress
    monkeypatch.setattr(gzip, "compress", lambda *given, **named: packed.append(1) or compress(*given, **named))
    files._packed.cache_clear()
    for _ in range(2):
        status, found, body = ask(f"/static/js/{script.name}", accept_encoding="gzip, br")
        assert (status, found["content-encoding"]) == (200, "gzip")
        assert gzip.decompress(body) == script.read_bytes()
        assert len(body) < script.stat().st_size / 2
    assert len(packed) == 1
    for address in ("/static/../../../../etc/passwd", "/static/js/nothing.js", "/app/static/../app.py"):
        assert ask(address, accept_encoding="gzip")[0] == 404


def test_no_file_to_take_away_runs_a_formula():
    rows = pd.DataFrame({"name": ["=1+1", "@x", "-2", "fine"], "value": [-1.5, float("nan"), 2.0, 3.0]})
    text = tables.csv(rows).decode("utf-8-sig")
    assert text.splitlines()[1:] == ["'=1+1,-1.5", "'@x,", "'-2,2.0", "fine,3.0"]
    with zipfile.ZipFile(io.BytesIO(tables.xlsx(rows, about={"title": "=2+2"}))) as workbook:
        sheets = [workbook.read(name).decode() for name in workbook.namelist() if name.startswith("xl/worksheets/s")]
        words = workbook.read("xl/sharedStrings.xml").decode()
    assert len(sheets) == 2
    assert not [sheet for sheet in sheets if "<f>" in sheet]
    assert "'=1+1" in words
    assert "'=2+2" in words
    assert "<v>-1.5</v>" in sheets[0]


def test_a_chart_that_takes_a_table_has_no_address_and_a_button_instead(monkeypatch):
    def live(t, rows: pd.DataFrame):
        raise NotImplementedError

    assert twins.address(texts("en"), live, texts("en"), pd.DataFrame()) is None


def page() -> None:
    import streamlit as st

    from aigc_report import catalog
    from aigc_report.charts import adoption
    from aigc_report.i18n import texts
    from dashboards.ui import charts

    t, cat = texts(st.query_params.get("lang", "en")), catalog.load()
    charts.show(t, adoption.use_ranking, cat, t, "ai_use_any", mapped=adoption.use_map)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tab", ["chart", "map", "table", "sources"])
def test_a_link_opens_the_tab_it_names_and_makes_nothing_else(lang, tab):
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params["lang"] = lang
    app.query_params["view-use-ranking"] = tab
    app.run()
    assert not app.exception
    t = texts(lang)
    assert [made.label for made in app.tabs] == [t(name) for name in charts.TABS.values()]
    assert bool(app.get("plotly_chart")) == (tab in ("chart", "map"))
    assert len(app.table) + len(app.dataframe) == (tab == "table")
    assert any("CC BY 4.0" in note.value and note.value.startswith("- ") for note in app.markdown) == (tab == "sources")
    assert (app.query_params.get("view-use-ranking") in (tab, [tab])) == (tab != "chart")  # the default is not written


@pytest.mark.parametrize("tab", ["chart", "map"])
def test_a_link_holds_what_was_chosen_of_a_chart_and_its_data_follow(tab):
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params["view-use-ranking"] = tab
    app.query_params["period-use-ranking"] = "2023"
    app.run()
    assert not app.exception
    assert app.select_slider[0].value == "2023"
    assert any(note.value.startswith("2023") for note in app.caption)
    menu = next(block.proto.body for block in app.get("html") if "chart-menu" in block.proto.body)
    status, _, body = ask(html.unescape(menu).split('href="')[1].split('"')[0])
    assert status == 200
    assert set(pd.read_csv(io.BytesIO(body))["period"]) == {2023}
    app.select_slider[0].set_value("2025").run()
    assert not app.exception
    assert "period-use-ranking" not in app.query_params  # the default is not written


def test_a_choice_that_a_chart_does_not_offer_shows_the_default():
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params["period-use-ranking"] = "1999"
    app.run()
    assert not app.exception
    assert app.select_slider[0].value == "2025"


def test_a_tab_that_a_chart_does_not_have_shows_the_picture():
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params["view-use-ranking"] = "nowhere"
    app.run()
    assert not app.exception
    assert app.get("plotly_chart")
