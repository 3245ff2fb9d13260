"""A briefing can be checked: every number derives again; what was altered, lost or renewed is named."""

import dataclasses
import datetime
import hashlib
import json
import shutil
from functools import cache
from pathlib import Path

import pytest
from briefing_records import RUN, kept, synthetic

from aigc_report import catalog
from aigc_report.briefing import audiences, manifest
from aigc_report.briefing.compose import Request, compose, today
from aigc_report.briefing.content import PARTS
from aigc_report.briefing.derivations import DERIVATIONS
from aigc_report.briefing.ground import Ground, Missing
from aigc_report.briefing.model import Finding, Number, Options, all_numbers, cited_references, parts, plain
from aigc_report.briefing.render import RENDERERS
from aigc_report.briefing.verify import lines, verify
from aigc_report.errors import UserError
from gan.config import resolve
from gan.record import RunRecord
from gan.store import Store

DAY = datetime.date(2026, 11, 25)
GEO = ("DEU", "FRA", "CHN")


@pytest.fixture(scope="module")
def ground(tmp_path_factory) -> Ground:
    """The shipped data and one synthetic run."""
    return Ground(store=kept(Store(tmp_path_factory.mktemp("runs"))))


@pytest.fixture(scope="module")
def briefings(ground):
    """Every audience in both languages."""
    return {
        (audience, lang): compose(Request(audience, lang, GEO, (), DAY), ground)
        for audience in audiences.NAMES
        for lang in ("en", "zh")
    }


@cache
def page(briefing) -> bytes:
    """The briefing as a web page, made once."""
    return RENDERERS["html"](briefing)


def saved(briefing, folder: Path) -> Path:
    """The manifest of a briefing beside its file."""
    content = page(briefing)
    (folder / "b.html").write_bytes(content)
    path = folder / "b.html.manifest.json"
    path.write_text(manifest.written(manifest.describe(briefing, "html", "b.html", content)), encoding="utf-8")
    return path


def altered(path: Path, change) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


@pytest.fixture
def made(briefings, tmp_path) -> Path:
    return saved(briefings["practitioner", "en"], tmp_path)


@pytest.mark.parametrize("audience", audiences.NAMES)
def test_every_number_of_every_briefing_is_derived_again(audience, briefings, ground, tmp_path):
    for lang in ("en", "zh"):
        found = verify(saved(briefings[audience, lang], tmp_path), ground)
        assert found.ok, found.differences
        assert found.numbers > 30
        assert not found.notes


def test_both_languages_hold_the_same_numbers(briefings):
    for audience in audiences.NAMES:
        en, zh = ({n.id: n.value for n in briefings[audience, lang].numbers()} for lang in ("en", "zh"))
        assert en == zh


def test_the_same_request_gives_the_same_briefing_to_the_letter(briefings, tmp_path):
    again = compose(Request("research", "zh", GEO, (), DAY), Ground(store=kept(Store(tmp_path))))
    assert again.to_json() == briefings["research", "zh"].to_json()


def test_every_derivation_is_used_and_every_part_is_asked_for(briefings):
    used = {n.provenance.derivation for briefing in briefings.values() for n in briefing.numbers()}
    assert set(DERIVATIONS) - used <= {"difference", "claims", "finding"}
    asked = {
        each.part for name in audiences.NAMES for section in audiences.load(name).sections for each in section.parts
    }
    assert asked == set(PARTS)


def test_every_citation_is_listed_and_every_reference_is_cited(briefings):
    for briefing in briefings.values():
        cited = list(dict.fromkeys(cited_references(briefing)))
        assert cited == [reference.id for reference in briefing.references]
        assert [reference.number for reference in briefing.references] == list(range(1, len(cited) + 1))
        assert all(reference.licence for reference in briefing.references if reference.kind == "source")


def test_a_headline_never_rests_on_a_doubtful_figure(briefings):
    cat = catalog.load()
    rows = cat.all_observations
    doubtful = rows[rows["flag"].str.contains("u")]
    keys = {"|".join(row) for row in doubtful[["indicator", "geo", "period", "breakdown", "source"]].to_numpy()}
    for briefing in briefings.values():
        found = [part for part in parts(briefing) if isinstance(part, Finding)]
        for number in all_numbers(tuple(found)):
            assert not keys & set(number.provenance.rows)


def test_options_have_both_sides_and_no_section_is_empty(briefings):
    for briefing in briefings.values():
        assert 6 <= len(briefing.sections) <= 8
        assert all(section.blocks for section in briefing.sections)
        assert 3 <= len(briefing.summary) <= 10
        for block in (part for part in parts(briefing) if isinstance(part, Options)):
            assert all(option.speaks_for and option.speaks_against for option in block.options)


def test_the_measured_run_is_cited_and_named_as_an_input(briefings):
    briefing = briefings["practitioner", "en"]
    assert [run.run_id for run in briefing.inputs.runs] == [RUN]
    assert briefing.inputs.runs[0].basis == "local"
    assert f"run:{RUN}" in {reference.id for reference in briefing.references}


def test_a_changed_number_is_named(made, ground):
    altered(made, lambda d: d["numbers"][3].update(value=d["numbers"][3]["value"] + 1))
    found = verify(made, ground)
    named = json.loads(made.read_text())["numbers"][3]["id"]
    assert [(each.kind, each.id, each.code) for each in found.differences] == [("number", named, "altered")]
    assert "altered after the briefing was made" in "\n".join(lines(found))


def test_a_changed_provenance_is_named(made, ground):
    def change(document):
        number = next(n for n in document["numbers"] if n["provenance"]["derivation"] == "observation")
        number["provenance"]["rows"] = ["ai_use_any|EU27|1999||s_estat_ai"]

    altered(made, change)
    (difference,) = verify(made, ground).differences
    assert difference.code == "missing"
    assert "1999" in difference.why()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: d["numbers"][0].update(text="99.9%"), "text"),
        (lambda d: d["numbers"].pop(0), "left_out"),
        (lambda d: d["numbers"].append(d["numbers"][0] | {"id": "made_up"}), "absent"),
        (lambda d: d["figures"].update({next(iter(d["figures"])): "0" * 64}), "figure"),
        (lambda d: d["output"].update(sha256="0" * 64), "file"),
        (lambda d: d["output"].update(file="elsewhere.html"), "no_file"),
    ],
)
def test_whatever_else_was_altered_is_named(made, ground, change, code):
    altered(made, change)
    assert code in {difference.code for difference in verify(made, ground).differences}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: d["verdicts"].pop(), "verdict_out"),
        (lambda d: d["sections"].pop(), "absent"),
        (lambda d: d.update(sections=["none"]), "request"),
        (lambda d: d.update(audience="nobody"), "request"),
        (lambda d: d.update(audience="public"), "request"),
        (lambda d: d.update(geo=["XXX"]), "request"),
        (lambda d: d["inputs"].update(runs=[]), "absent"),
        (lambda d: d.update(created="2020-01-01"), "made"),
    ],
)
def test_what_the_briefing_says_of_itself_cannot_be_altered_either(made, ground, change, code):
    altered(made, change)
    assert code in {difference.code for difference in verify(made, ground).differences}


def test_words_are_checked_even_where_the_data_are_said_to_be_newer(made, ground):
    def change(document):
        document["inputs"]["data"] = "0" * 64
        document["numbers"][5]["text"] = "99.9%"

    altered(made, change)
    assert [difference.code for difference in verify(made, ground).differences] == ["text"]


def test_a_file_altered_together_with_its_manifest_is_caught(made, ground):
    content = (made.parent / "b.html").read_bytes().replace(b"lower is better", b"higher is better")
    (made.parent / "b.html").write_bytes(content)
    altered(made, lambda d: d["output"].update(sha256=hashlib.sha256(content).hexdigest()))
    assert [difference.code for difference in verify(made, ground).differences] == ["made"]


def test_a_briefing_on_an_older_run_is_written_again_on_that_run(made, ground, tmp_path):
    newer = synthetic(fid=1.5).model_copy(update={"run_id": "newer", "created": "2026-12-01T00:00:00.000Z"})
    both = Ground(ground.cat, kept(kept(Store(tmp_path / "both")), newer))
    assert both.measured_run().record.run_id == "newer"
    assert verify(made, both).ok


def test_another_file_under_the_same_name_is_caught(made, ground):
    (made.parent / "b.html").write_bytes(b"another file")
    assert [d.code for d in verify(made, ground).differences] == ["file"]


def test_newer_data_are_the_reason_given_for_a_number_they_move(made, ground):
    document = json.loads(made.read_text())
    row = next(n for n in document["numbers"] if n["provenance"]["derivation"] == "observation")["provenance"]["rows"][
        0
    ]
    rows = ground.cat.all_observations.copy()
    indicator, geo, period, *breakdown, source = row.split("|")
    moved = (rows["indicator"] == indicator) & (rows["geo"] == geo) & (rows["period"] == period)
    moved &= (rows["breakdown"] == "|".join(breakdown)) & (rows["source"] == source)
    rows.loc[moved, "value"] += 5
    altered(made, lambda d: d["inputs"].update(data="0" * 64))  # the briefing was made from another package
    newer = Ground(dataclasses.replace(ground.cat, all_observations=rows), ground.store)
    found = verify(made, newer)
    assert {difference.code for difference in found.differences} == {"data"}
    assert "data_changed" in found.notes
    assert verify(made, ground).ok  # nothing that stands in it was moved by the newer package


def test_a_missing_run_and_a_changed_one_are_told_apart(made, ground, tmp_path):
    gone = verify(made, Ground(ground.cat, Store(tmp_path / "empty")))
    assert {difference.code for difference in gone.differences} == {"missing"}
    assert any(RUN in difference.why() for difference in gone.differences)
    other = verify(made, Ground(ground.cat, kept(Store(tmp_path / "other"), synthetic(fid=43.5))))
    assert {difference.code for difference in other.differences} == {"run"}


@pytest.mark.parametrize("run", ["../20261125", "*", "", "a/b"])
def test_a_run_is_never_looked_for_outside_the_runs(ground, run):
    with pytest.raises(Missing, match="no id of a run"):
        ground.run(run)


@pytest.mark.parametrize(
    "settings", [{}, {"statistic": "nothing", "series": "us-firms"}, {"series": 3, "statistic": 3}]
)
def test_a_provenance_edited_into_nonsense_is_a_difference_and_no_crash(made, ground, settings):
    derivations = ("forecast", "backtest", "index", "members", "instruments", "no such thing")

    def change(document):
        for number, derivation in zip(document["numbers"], derivations, strict=False):
            number["provenance"].update(derivation=derivation, settings=settings)

    altered(made, change)
    codes = [difference.code for difference in verify(made, ground).differences]
    assert codes[: len(derivations)] == ["missing"] * len(derivations)


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "no manifest"), ("{}", "no manifest"), ('{"numbers": 3}', "no manifest"), ("\0", "no manifest")],
)
def test_what_is_no_manifest_is_refused_in_a_sentence(tmp_path, content, said):
    path = tmp_path / "x.manifest.json"
    path.write_text(content)
    with pytest.raises(UserError, match=said):
        verify(path)
    with pytest.raises(UserError, match="does not exist"):
        verify(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (Request("nobody"), 'no audience "nobody"; there are government'),
        (Request("public", geo=("XXX",)), 'no country "XXX"'),
        (Request("public", sections=("none",)), 'no section "none"; there are people'),
    ],
)
def test_a_wrong_request_names_what_there_is(request_, said, ground):
    with pytest.raises(UserError, match=said):
        compose(request_, ground)


def test_chosen_sections_alone_are_written(ground):
    briefing = compose(Request("public", sections=("rules", "people"), date=DAY), ground)
    assert [section.id for section in briefing.sections] == ["people", "rules"]


def test_the_date_is_that_of_the_build_where_one_is_set(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert today() == datetime.date(2023, 11, 14)


def measured(ground: Ground) -> tuple[str, list[str]]:
    """What a briefing says of measurement and of what is not known, and the bases of its runs."""
    briefing = compose(Request("practitioner", sections=("measurement",), date=DAY), ground)
    found = [*(part.runs for part in parts(briefing.sections) if hasattr(part, "runs")), *briefing.gaps.items]
    return " ".join(map(plain, found)), [run.basis for run in briefing.inputs.runs]


@pytest.fixture
def shelf(ground, tmp_path, monkeypatch) -> Path:
    """A folder for reference runs that takes the place of the one that ships; empty."""
    folder = tmp_path / "reference" / "runs"
    found = lambda _, run_id="*": (  # noqa: E731
        (size, path) for size in ("standard", "quick") for path in sorted((folder / size).glob(f"{run_id}.json"))
    )
    monkeypatch.setattr(Ground, "_shipped", found)
    return folder


def put(folder: Path, record: RunRecord) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{record.run_id}.json").write_text(record.model_dump_json(), encoding="utf-8")


def test_without_a_run_the_briefing_says_so(shelf, ground, tmp_path):
    text, bases = measured(Ground(ground.cat, Store(tmp_path / "runs")))
    assert "No run is recorded" in text
    assert "No run was measured" in text
    assert bases == []


def test_without_a_run_here_a_plain_reference_run_of_the_largest_size_speaks_and_is_called_that(
    shelf, ground, tmp_path
):
    plain_run = resolve("dcgan", "digits", budget_images=4000)
    odd = plain_run.model_copy(update={"train_images": 40})
    longer = plain_run.model_copy(update={"budget_images": 9000})
    for number, (size, config, seen) in enumerate(
        [("quick", longer, 9000), ("standard", odd, 9000), ("standard", plain_run, 4000), ("standard", longer, 8000)]
    ):
        put(
            shelf / size, synthetic().model_copy(update={"run_id": f"r{number}", "config": config, "images_seen": seen})
        )
    ground = Ground(ground.cat, Store(tmp_path / "runs"))
    kept = ground.measured_run()
    assert kept is not None
    assert (kept.record.run_id, kept.size, kept.basis) == ("r3", "standard", "reference")
    text, bases = measured(ground)
    assert "A reference run of size “standard” that ships with the product, as none was made on this machine" in text
    assert bases == ["reference"]


def test_a_run_of_ones_own_goes_before_those_of_experiments_and_before_those_that_ship(shelf, ground, tmp_path):
    put(shelf / "standard", synthetic())
    home = Store(tmp_path / "home" / "runs")
    of_experiments = synthetic().model_copy(update={"run_id": "shared", "config": resolve("dcgan", budget_images=4000)})
    newer = {"run_id": "mine", "created": "2026-11-24T10:15:00.000Z"}
    kept(kept(home, of_experiments), synthetic().model_copy(update=newer))
    (tmp_path / "home" / "experiments").mkdir()
    (tmp_path / "home" / "experiments" / "pool.json").write_text('{"runs": {"a": "shared"}}')
    assert Ground(ground.cat, home).measured_run().record.run_id == "mine"
    shutil.rmtree(home.root / "mine")
    text, bases = measured(Ground(ground.cat, home))
    assert "A run that the experiments trained on this machine" in text
    assert bases == ["local"]


def test_a_number_carries_its_unrounded_value_and_its_words():
    number = next(n for n in compose(Request("public", date=DAY, sections=("people",))).numbers())
    assert isinstance(number, Number)
    assert number.text == "32.7%"
    assert number.value == pytest.approx(32.66, abs=0.05)
