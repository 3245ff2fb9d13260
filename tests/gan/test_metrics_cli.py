"""`gan-bench metrics`: every option reaches the figure it belongs to, and shows in its settings.

Reading of folders and files, and mistakes: `test_metrics_compare.py`.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gan import cli


@pytest.fixture(scope="module")
def features(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synthetic features on a coarse grid, so that ties and duplicates occur."""
    folder = tmp_path_factory.mktemp("features")
    random = np.random.default_rng(0)
    for name, shift in (("real", 0), ("fake", 1)):
        x = np.round(random.normal(shift, 2, (120, 3)))
        p = random.dirichlet(np.ones(4), 120)
        np.savez(folder / f"{name}.npz", features=x, probabilities=p)
    return folder


@pytest.fixture
def measure(features: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*options: str) -> Any:
        with pytest.raises(SystemExit) as end:
            cli.main(
                ["metrics", "--real", f"{features}/real.npz", "--fake", f"{features}/fake.npz", *options, "--json"]
            )
        assert end.value.code in (0, None)
        out, err = capsys.readouterr()
        assert err == ""
        return json.loads(out)

    return run


@pytest.mark.parametrize(
    ("options", "metric", "shown"),
    [
        ((), "fid", {"ddof": 1}),
        (("--fid-ddof", "0"), "fid", {"ddof": 0}),
        ((), "kid", {"degree": 3, "gamma": 1 / 3, "coef0": 1.0, "subsets": None, "subset_size": None}),
        (("--kid-degree", "2"), "kid", {"degree": 2}),
        (("--kid-gamma", "0.5"), "kid", {"gamma": 0.5}),
        (("--kid-coef0", "0"), "kid", {"coef0": 0.0}),
        (("--kid-subset-size", "20", "--seed", "4"), "kid", {"subsets": 100, "subset_size": 20, "seed": 4}),
        (("--kid-subsets", "7", "--kid-subset-size", "20"), "kid", {"subsets": 7, "subset_size": 20}),
        ((), "inception_score", {"splits": 1}),
        (("--is-splits", "4"), "inception_score", {"splits": 4}),
        ((), "precision", {"k": 5, "closed": False}),
        (("--k", "2"), "density", {"k": 2}),
        (("--closed",), "coverage", {"closed": True}),
    ],
)
def test_an_option_changes_its_figure_and_says_so(
    measure: Any, options: tuple[str, ...], metric: str, shown: dict[str, Any]
) -> None:
    plain, changed = measure(), measure(*options)
    settings = changed[metric]["settings"]
    assert {name: settings[name] for name in shown} == shown
    assert (plain[metric]["value"] != changed[metric]["value"]) == bool(options)
    others = {"kid"} | ({"precision", "recall", "density", "coverage"} if {"--k", "--closed"} & set(options) else set())
    for name in plain.keys() - others - {metric}:
        assert plain[name] == changed[name]


def test_intervals_repeat_with_their_seed_and_name_their_method(measure: Any) -> None:
    one, again, other = (measure("--intervals", "--seed", seed) for seed in ("1", "1", "2"))
    assert one == again
    assert one["fid"]["ci_low"] <= one["fid"]["value"] <= one["fid"]["ci_high"]
    assert one["coverage"]["ci_low"] != other["coverage"]["ci_low"]
    assert one["coverage"]["value"] == other["coverage"]["value"]
    assert {figure["settings"]["interval"]["level"] for figure in one.values()} == {0.95}


def test_only_what_was_asked_for_is_computed(measure: Any) -> None:
    assert list(measure("--metrics", "kid, fid")) == ["fid", "kid"]
