"""The ten things analysts do most, from the first page to something they hold in their hands.

Each journey goes through the pages as its reader would, in their language and on their screen, and ends with a check
against something other than the page: a file read back, the command line, the Python interface. `--every-screen` makes
each of them four times, in both languages on a wide screen and on a phone; otherwise twice.
"""

import importlib.util
import io
import json
import re
import tomllib
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pypdfium2
import pytest
from analyst import Analyst, table
from docx import Document
from playwright.sync_api import expect
from test_reading import asks

from aigc_report import catalog, diffusion, document, index, run_files, tour
from aigc_report.briefing import audiences
from aigc_report.claims import words
from aigc_report.diffusion.notes import MODEL_NAMES
from aigc_report.index.variant import LIVE_REPLICATIONS
from dashboards.ui import country_weigh, lab_files
from dashboards.ui.observations import search
from gan import names
from gan.store import CARD, Store

pytestmark = pytest.mark.timeout(400)
RUN_MS = 240_000
"""Patience with a run; not a promise about its speed."""


def needs_runs(test):
    """Mark a journey that needs runs to look at, or a new one."""
    missing = importlib.util.find_spec("torch") is None
    return pytest.mark.torch(pytest.mark.skipif(missing, reason="training needs the gan extra")(test))


def test_the_tour_leads_a_government_to_where_an_answer_stands(analyst: Analyst) -> None:
    t, cat = analyst.t, catalog.load()
    page = analyst.arrive()
    expect(page.get_by_role("heading", level=1)).to_have_text(t("How far has generative AI come?"))
    analyst.press(page.get_by_role("link", name=t(tour.NAMES["government"]), exact=True))
    page.wait_for_url(asks(tour="government", lang=t.lang))
    first = page.locator("ol.tour > li").first
    expect(first.get_by_role("heading")).to_be_in_viewport()
    answer = first.locator(".tour-state").inner_text()
    factor = next(factor for factor in cat.factors if factor.id == "maturity")
    analyst.press(first.get_by_role("link", name=factor.name[t.lang], exact=True))
    expect(page.get_by_role("heading", level=2, name=factor.name[t.lang])).to_be_visible()
    (share,) = re.findall(r"[\d.]+%", answer)[:1]
    expect(page.locator(".monitor").first).to_contain_text(share)


def test_an_indicator_is_found_in_either_language_and_its_figures_are_taken_away(analyst: Analyst) -> None:
    t, cat = analyst.t, catalog.load()
    sought, wanted = "电力" if t.lang == "en" else "electricity", "grid_carbon_intensity"
    page = analyst.arrive()
    analyst.go("Evidence", "Data & sources")
    analyst.type("Search indicators", sought)
    page.wait_for_url(asks(q=sought, lang=t.lang))
    found = search(cat, sought)
    analyst.choose(t("Indicator ({n} found)", n=len(found)), cat.name(wanted, t.lang))
    analyst.choose(t("Place"), cat.name("DEU", t.lang))
    name, content = analyst.download(page.get_by_role("link", name=t("Data (CSV)")).first)
    figures, known = table(content), cat.observations(wanted, geo="DEU", breakdown=None)
    assert name == "observations.csv"
    assert list(figures["value"]) == list(known["value"])
    assert list(figures["source"]) == list(known["source"])
    expect(page.get_by_text(t("{n} figures", n=t.number(len(known), 0)), exact=True)).to_be_visible()


def test_countries_are_compared_and_a_colleague_sees_exactly_the_same(analyst: Analyst) -> None:
    t, cat = analyst.t, catalog.load()
    page = analyst.arrive("/factors?factor=demand")
    analyst.drop("Countries", cat.name("ESP", t.lang))
    analyst.add("Countries", cat.name("SWE", t.lang))
    page.wait_for_url(asks(**{"places-firms-by-country": "DEU,FRA,ITA,POL,SWE"}))
    link = analyst.copied_link("firms-by-country")
    colleague = analyst.colleague()
    colleague.open(link.removeprefix(analyst.address))
    expect(colleague.chart("firms-by-country").get_by_role("heading")).to_be_in_viewport()
    assert colleague.drawn("firms-by-country") == analyst.drawn("firms-by-country")
    figures = colleague.data("firms-by-country")
    assert set(figures["geo"]) == {"EU27", "DEU", "FRA", "ITA", "POL", "SWE"}
    pd.testing.assert_frame_equal(figures, analyst.data("firms-by-country"))
    sweden = cat.observations("ai_use_any", geo="SWE").sort_values("period")
    assert list(figures[figures["geo"] == "SWE"]["value"]) == list(sweden["value"])
    colleague.leave()


def test_the_index_is_weighed_anew_and_the_command_line_makes_the_same(analyst: Analyst, tmp_path) -> None:
    t, built = analyst.t, index.build("eu27")
    page = analyst.arrive()
    analyst.go("Adoption", "Countries")
    before = analyst.data("ranking").set_index("unit")
    analyst.unfold("Weigh it yourself: weights and methods")
    weight = analyst.slide(built.structure.at["ADOPTION", f"name_{t.lang}"], 0.75)
    analyst.choose(t("Scaling of indicators"), t(country_weigh.NORMALISATIONS["zscore"]))
    page.wait_for_url(asks(w=f"ADOPTION:{weight:g}", normalise="zscore"))
    after = analyst.data("ranking").set_index("unit")
    assert not after["rank"].equals(before["rank"][after.index])
    assert not after["rank_low"].equals(before["rank_low"][after.index])
    name, spec = analyst.download(analyst.button("This index as a spec (TOML)"))
    assert tomllib.loads(spec.decode())["steps"]["normalise"]["method"] == "zscore"
    (tmp_path / name).write_bytes(spec)
    asked = ("--uncertainty", str(LIVE_REPLICATIONS), "--json")
    ranked = json.loads(analyst.bureau.report("index", "--spec", str(tmp_path / name), *asked))["units"]
    for unit in ranked:
        row = after.loc[unit["unit"]]
        assert row["rank"] == unit["ranks"][built.total]
        assert row["score"] == pytest.approx(unit["scores"][built.total])
        assert [row["rank_low"], row["rank_high"]] == [unit["rank_interval"][end] for end in ("low", "high")]


def test_a_table_of_ones_own_is_checked_ranked_and_taken_away(analyst: Analyst, tmp_path) -> None:
    page = analyst.arrive("/countries")
    analyst.unfold("Use a table of your own")
    _, template = analyst.download(analyst.button("Template: table"))
    lines = template.decode("utf-8-sig").splitlines()[:13]  # the head and twelve countries
    spoilt = lines[3].rsplit(",", 1)[0] + ",viel"
    analyst.upload("Table of units (CSV)", "mine.csv", "\n".join([*lines[:3], spoilt, *lines[4:]]))
    column = lines[0].rsplit(",", 1)[1]
    fault = page.get_by_role("listitem").filter(has_text="viel")
    for named in ("mine.csv", "4", column):
        expect(fault).to_contain_text(named)
    analyst.upload("Table of units (CSV)", "mine.csv", "\n".join(lines))
    expect(fault).to_have_count(0)
    _, ranking = analyst.download(page.locator(".st-key-download-ranking-csv").get_by_role("button"))
    analyst.unfold("Weigh it yourself: weights and methods")
    _, archive = analyst.download(analyst.button("This index: spec and tables (ZIP)"))
    zipfile.ZipFile(io.BytesIO(archive)).extractall(tmp_path)
    again = json.loads(analyst.bureau.report("index", "--spec", str(tmp_path / "index.toml"), "--json"))["units"]
    mine = table(ranking).set_index("unit")
    assert len(again) == len(lines) - 1
    assert {unit["unit"]: next(iter(unit["ranks"].values())) for unit in again} == mine["rank"].to_dict()
    assert mine.at["DNK", "name"] == catalog.load().name("DNK", analyst.t.lang)


def test_a_series_is_forecast_tested_on_its_past_and_ended_by_hand(analyst: Analyst) -> None:
    t, series, model = analyst.t, "us-firms", "logistic"
    page = analyst.arrive()
    analyst.go("Adoption", "Diffusion")
    analyst.choose(t("Series"), diffusion.load(series).title[t.lang])
    analyst.press(page.get_by_role("radio", name=t(MODEL_NAMES[model]), exact=True))
    end = analyst.slide(t("It ends at"), 0.75)
    page.wait_for_url(asks(**{"series": series, "model": model, f"end-{series}": f"{end:g}"}))
    expect(analyst.chart("course").get_by_role("heading")).to_contain_text(t.value(end, "percent"))
    known = json.loads(analyst.bureau.report("forecast", "--series", series, "--model", model, "--json"))
    coming = analyst.data(f"forecast-{series}").dropna(subset="value").set_index("period")
    for row in known["forecast"]:
        assert [coming.at[row["period"], end] for end in ("value", "low", "high")] == pytest.approx(
            [row[end] for end in ("value", "low", "high")]
        )
    tested = analyst.data("backtests").set_index("model")["rmse"].to_dict()
    assert tested == pytest.approx({each["model"]: each["backtest"]["rmse"] for each in known["candidates"]})
    expect(page.get_by_role("cell", name=t.number(known["backtest"]["steps"][0]["rmse"])).first).to_be_visible()
    course = diffusion.course(diffusion.load(series), end, 1.0, 3 * diffusion.load(series).horizon)
    assert list(analyst.data("course")["value"].dropna()) == pytest.approx(list(course.values))


@needs_runs
def test_a_run_is_started_watched_cancelled_continued_named_deleted_and_brought_back(analyst: Analyst) -> None:
    t, store = analyst.t, Store(analyst.bureau.home / "runs")
    spent = store.read(analyst.bureau.runs[-1]).cost
    page = analyst.arrive()
    analyst.go("Measurement", "GAN Lab")
    analyst.choose(t("Training time"), t.duration(900))
    rest = spent.wall_s - spent.train_s
    expect(page.get_by_text(t.duration(900 + rest))).to_be_visible()
    analyst.hit(analyst.button("Start"))
    seen = watched_until(analyst, 0)
    run_id = parse_qs(urlsplit(page.url).query)["run"][0]
    cancelled(analyst, run_id)
    analyst.hit(analyst.button("Go on with this run"))
    watched_until(analyst, seen)
    cancelled(analyst, run_id)
    shown = analyst.box("Run to look at").get_by_role("combobox")
    expect(shown).to_have_value(f"{run_id} · {t('cancelled')}")
    analyst.hit(analyst.button("Rename or delete"))
    name = f"{t('Adoption')} {analyst.screen}"
    analyst.type("Name of this run", name)
    analyst.press(analyst.button("Keep this name"))
    expect(shown).to_have_value(f"{name} · {run_id} · {t('cancelled')}")
    analyst.press(analyst.button("Delete this run"))
    gone = page.get_by_text(t("Run {run} was deleted.", run=run_id), exact=True)
    expect(gone).to_be_visible()
    assert run_id not in {run.run_id for run in store.list()}
    analyst.press(analyst.button("Undo"))
    expect(gone).to_have_count(0)
    assert names.name(store, run_id) == name
    assert analyst.bureau.bench("show", run_id)["status"] == "cancelled"


def watched_until(analyst: Analyst, seen: int) -> int:
    """Watch a run train until it has seen more than `seen` images; how many it has seen then."""
    expect(analyst.button("Cancel this run")).to_be_visible(timeout=RUN_MS)
    metric = analyst.page.get_by_test_id("stMetric").filter(has_text=analyst.t("Images seen"))
    value = metric.get_by_test_id("stMetricValue")
    counted = 0

    def further() -> bool:
        nonlocal counted
        counted = int(re.sub(r"\D", "", value.inner_text()) or 0)
        return counted > seen

    analyst.until(further, "no more images were seen", RUN_MS)
    return counted


def cancelled(analyst: Analyst, run_id: str) -> None:
    """Cancel the run that is watched; the page then says how far it came, as its record does."""
    analyst.hit(analyst.button("Cancel this run"))
    expect(analyst.button("Cancel this run")).to_have_count(0, timeout=RUN_MS)
    expect(analyst.page.locator("strong", has_text=analyst.t("cancelled"))).to_be_visible()
    analyst.settle()
    images = analyst.bureau.bench("show", run_id)["images_seen"]
    expect(analyst.page.get_by_text(analyst.t.number(images, 0)).first).to_be_visible()


@needs_runs
def test_two_runs_are_compared_and_their_figures_taken_away(analyst: Analyst) -> None:
    t, store = analyst.t, Store(analyst.bureau.home / "runs")
    records = [store.read(run_id) for run_id in analyst.bureau.runs]
    page = analyst.arrive()
    analyst.go("Measurement", "GAN Lab")
    analyst.press(page.get_by_role("tab", name=t("Compare runs"), exact=True))
    for record in records:
        analyst.add("Runs to compare", f"{record.run_id} · {t('completed')}")
    page.wait_for_url(asks(look="compare", compare=",".join(analyst.bureau.runs)))
    for place in range(2):
        expect(page.locator(f".st-key-compare-picture-{place} img")).to_be_visible()
    differing = page.locator(".st-key-compare-settings").get_by_role("row")
    expect(differing).to_have_count(2)  # the head, and the seed
    expect(differing.last).to_contain_text("seed")
    _, content = analyst.download(page.locator(".st-key-download-comparison-csv").get_by_role("button"))
    figures = table(content).set_index("run_id")
    for record in records:
        assert figures.at[record.run_id, "FID"] == pytest.approx(float(t.number(record.quality["fid"].value)))
    analyst.press(page.get_by_role("tab", name=t("One run"), exact=True))
    analyst.choose(t("Run to look at"), f"{records[0].run_id} · {t('completed')}")
    folder = store.path(records[0].run_id)
    for file in (run_files.RECORD, CARD):
        title, _ = lab_files.TITLES[file]
        name, content = analyst.download(page.get_by_role("link", name=t(title), exact=True))
        assert records[0].run_id in name
        assert content == (folder / file).read_bytes()
    title, _ = lab_files.TITLES[run_files.SAMPLES]
    _, content = analyst.download(page.get_by_role("link", name=t(title), exact=True))
    kept = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert {Path(sample.file).name for sample in records[0].samples} <= {Path(name).name for name in kept}


def test_a_verdict_is_looked_up_with_its_statement_and_its_evidence(analyst: Analyst) -> None:
    t = analyst.t
    page = analyst.arrive()
    analyst.go("Evidence", "Claims")
    analyst.choose(t("Verdict"), t(words.VERDICTS["contradicted"]))
    analyst.choose(t("Settled by"), t(words.KINDS["experiment"]))
    asked = ("claims", "list", "--verdict", "contradicted", "--kind", "experiment", "--json")
    listed = json.loads(analyst.bureau.report(*asked))["claims"]
    expect(page.locator("article.ledger h4")).to_have_text([claim["statement"][t.lang] for claim in listed])
    claim = next(claim for claim in listed if claim["about"])
    analyst.press(page.get_by_role("link", name=claim["statement"][t.lang], exact=True))
    expect(page.get_by_role("heading", level=2, name=claim["statement"][t.lang])).to_be_visible()
    found = next(finding for finding in claim["evidence"] if finding.get("value") is not None)
    expect(page.locator("table.rows").first).to_contain_text(found["finding"])
    name, content = analyst.download(analyst.button("Claim (JSON)"))
    assert name == f"{claim['id']}.json"
    assert json.loads(content) == json.loads(analyst.bureau.report("claims", "show", claim["id"], "--json"))
    statement = document.load()[claim["about"][0]]
    analyst.press(page.get_by_role("link", name=statement.id, exact=True).first)
    page.wait_for_url(asks(id=statement.id, lang=t.lang))
    expect(page.get_by_role("heading", level=4, name=statement.name[t.lang])).to_be_visible()
    expect(page.locator(".tested")).to_contain_text(t(words.VERDICTS["contradicted"]))


def test_a_briefing_is_made_and_every_number_of_it_derived_again(analyst: Analyst, tmp_path) -> None:
    t, france = analyst.t, catalog.load().name("FRA", analyst.t.lang)
    page = analyst.arrive()
    analyst.go("", "Briefings")
    analyst.choose(t("Audience"), t(audiences.NAMES["enterprise"]))
    analyst.add("Countries", france)
    page.wait_for_url(asks(audience="enterprise", geo="FRA"))
    files = {}
    for kind in ("pdf", "docx"):
        for key in (f"briefing-{kind}", f"briefing-{kind}-manifest"):
            name, content = analyst.download(page.locator(f".st-key-{key}").get_by_role("button"))
            (tmp_path / name).write_bytes(content)
            files[key] = tmp_path / name
    for kind in ("pdf", "docx"):
        checked = json.loads(analyst.bureau.report("verify", str(files[f"briefing-{kind}-manifest"]), "--json"))
        assert checked["ok"]
    title = audiences.load("enterprise").title[t.lang]
    assert title in {paragraph.text for paragraph in Document(str(files["briefing-docx"])).paragraphs}
    printed = pypdfium2.PdfDocument(files["briefing-pdf"])[0].get_textpage().get_text_bounded()
    assert "".join(title.split()) in "".join(printed.split())  # a line may end anywhere in it
