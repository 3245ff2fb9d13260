"""What the notes on the indices say is so: the example is a spec, the lists are complete, the findings hold."""

import dataclasses
import inspect
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from aigc_report import index
from aigc_report.index import IndexResult, choices, multivariate, spec, structure
from aigc_report.index.methods import Choice
from aigc_report.index.spec import METHODS
from aigc_report.index.weights import WEIGHERS

ROOT = Path(__file__).parents[2]
METHOD, PAGE, WORLD, README = (
    (ROOT / name).read_text(encoding="utf-8")
    for name in ("docs/index.md", "docs/index-eu27.md", "docs/index-world.md", "README.md")
)


@pytest.fixture(scope="module")
def result() -> IndexResult:
    return index.build("eu27")


def test_the_example_spec_is_a_spec() -> None:
    example = re.search(r"```toml\n(.*?)```", METHOD, re.DOTALL)
    assert example is not None
    parsed = spec.parse(tomllib.loads(example[1]), Path())
    assert all(getattr(parsed.steps, step) for step in spec.KEYS["steps"])


def test_every_step_method_type_and_column_is_on_the_page() -> None:
    names = [*spec.KEYS["steps"], *WEIGHERS, *structure.TYPES, *structure.REQUIRED, *structure.NUMERIC, "Transform"]
    names += [*choices.DEFAULTS, *choices.WEIGHT_KEYS, *choices.SET_COLUMNS, "leave_out", *spec.KEYS["steps.screen"]]
    for step, methods in METHODS.items():
        names += [step, *methods]
    for methods in METHODS.values():
        names += [option for method in methods.values() for option in keywords(method)]
    assert [name for name in names if not re.search(rf"\b{name}\b", METHOD)] == []


def keywords(method: Callable[..., object]) -> list[str]:
    parameters = inspect.signature(method).parameters.values()
    return [p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY]


@pytest.fixture(scope="module")
def replicated() -> IndexResult:
    return index.build("eu27", uncertainty=1000)


def test_the_readme_shows_the_intervals_the_command_gives(replicated: IndexResult) -> None:
    table = README.split("in nine of ten replications |")[1].split("\n\n")[0].splitlines()[2:]
    intervals = replicated.uncertainty.intervals()
    for line, unit in zip(table, replicated.ordered(), strict=False):
        rank, low, high = replicated.ranks.at[unit, "TOTAL"], *intervals.loc[unit, ["low", "high"]]
        assert line == f"| {rank} | {replicated.names.at[unit, 'name_en']} | {low:.0f} to {high:.0f} |"
    assert len(table) == 10


@pytest.mark.parametrize("text", [PAGE, README], ids=["note", "readme"])
def test_pages_count_the_neighbours_whose_order_is_no_finding(replicated: IndexResult, text: str) -> None:
    assert f"Of the 26 pairs of neighbours, {len(replicated.uncertainty.undecided())} change places or tie" in text


def test_what_moves_the_ranking_is_what_the_note_says(replicated: IndexResult) -> None:
    for source, row in replicated.sensitivity.ranking.iterrows():
        said = re.search(rf"\| `{source}`.*\| ([\d.]+) \| ([\d.]+) \|", PAGE)
        assert said is not None
        assert (float(said[1]), float(said[2])) == (round(row["first_order"], 2), round(row["total"], 2))
    width = replicated.uncertainty.intervals().eval("high - low")
    assert f"spans {width.mean():.1f} places from end to end on average, {width['AUT']:.1f} for Austria" in PAGE
    assert width.idxmax() == "AUT"
    assert f"moves by {replicated.uncertainty.shift().mean():.2f} places" in PAGE


def test_the_note_on_the_world_index_says_what_the_index_does() -> None:
    world = index.build("world", uncertainty=1000)
    assert f"{len(world.scores)} economies, three indicators" in WORLD
    assert f"{len(world.screened.units)}\nof 249 countries" in WORLD
    assert f"{len(world.uncertainty.undecided())} of {len(world.scores) - 1} pairs of neighbours" in WORLD
    assert f"moves by {world.uncertainty.shift().mean():.1f} places" in WORLD
    total = world.sensitivity.ranking["total"]
    assert f"{total['normalise']:.2f} and {total['aggregate']:.2f}), weights hardly ({total['weights']:.2f})" in WORLD
    r = world.scores.corr()
    assert f"r = {r.at['USERS', 'INCOME']:.2f}" in WORLD
    assert f"Cronbach's alpha of the pillar {multivariate.alphas(world)['MEANS']:.2f}" in WORLD


def test_the_correlations_on_the_page_are_those_of_the_data(result: IndexResult) -> None:
    table = PAGE.split("Correlations of the indicators")[1].split("\n\n")[1]
    rows = [[cell.strip() for cell in line.strip("|").split("|")][1:] for line in table.splitlines()[2:]]
    correlations = result.raw.corr().to_numpy()
    assert len(rows) == len(correlations) - 1
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if cell:
                assert float(cell) == pytest.approx(correlations[i, j], abs=0.0051), (i, j)
    assert correlations.min() > 0


def shift(result: IndexResult, other: IndexResult) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.abs((other.ranks["TOTAL"] - result.ranks["TOTAL"]).to_numpy(np.float64))


@pytest.mark.parametrize(
    ("normalise", "aggregate", "mean", "largest"),
    [
        (Choice("zscore"), "arithmetic", 0.0, 0),
        (Choice("rank"), "arithmetic", 0.9, 3),
        (Choice("minmax", {"lower": 1}), "geometric", 0.6, 4),
    ],
)
def test_other_methods_move_the_ranking_as_the_page_says(
    result: IndexResult, normalise: Choice, aggregate: str, mean: float, largest: int
) -> None:
    steps = dataclasses.replace(result.spec.steps, normalise=normalise, aggregate=Choice(aggregate))
    moved = shift(result, index.build(dataclasses.replace(result.spec, steps=steps)))
    assert (round(moved.mean(), 1), moved.max()) == (mean, largest)


def test_no_single_indicator_decides_the_ranking(result: IndexResult, tmp_path: Path) -> None:
    lines = result.spec.data.structure.read_text(encoding="utf-8").splitlines()
    for code in result.raw.columns:
        (tmp_path / "s.csv").write_text("\n".join(line for line in lines if f",{code}," not in line), encoding="utf-8")
        data = dataclasses.replace(result.spec.data, structure=tmp_path / "s.csv")
        assert shift(result, index.build(dataclasses.replace(result.spec, data=data))).max() <= 3, code
