"""What docs/index-eu27.md says is so: its example is a spec, its lists are complete, its findings hold."""

import dataclasses
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from aigc_report import index
from aigc_report.index import IndexResult, spec, structure
from aigc_report.index.methods import Choice
from aigc_report.index.spec import METHODS
from aigc_report.index.weights import WEIGHERS

PAGE = (Path(__file__).parents[2] / "docs" / "index-eu27.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def result() -> IndexResult:
    return index.build("eu27")


def test_the_example_spec_is_a_spec() -> None:
    example = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    parsed = spec.parse(tomllib.loads(example[1]), Path())
    assert all(getattr(parsed.steps, step) for step in spec.KEYS["steps"])


def test_every_step_method_type_and_column_is_on_the_page() -> None:
    names = [*spec.KEYS["steps"], *WEIGHERS, *structure.TYPES, *structure.REQUIRED, "Low", "High", "Transform"]
    for step, methods in METHODS.items():
        names += [step, *methods]
    assert [name for name in names if not re.search(rf"\b{name}\b", PAGE)] == []


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
