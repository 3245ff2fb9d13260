"""What is said about an index is right: coherence, profiles, comparisons, and the shipped specs besides eu27."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from aigc_report import catalog, index
from aigc_report.errors import UserError
from aigc_report.index import IndexResult, compare, multivariate, profiles
from aigc_report.index.methods import Choice
from aigc_report.paths import data_folder


@pytest.fixture(scope="module")
def result() -> IndexResult:
    return index.build("eu27")


def steps(spec: str, **changes: object) -> index.IndexSpec:
    found = index.find(spec)
    return dataclasses.replace(found, steps=dataclasses.replace(found.steps, **changes))


@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_correlations_and_their_significance_agree_with_scipy(result: IndexResult, method: str) -> None:
    frame = result.raw.mask(np.random.default_rng(0).random(result.raw.shape) < 0.1)
    found = multivariate.correlations(frame, method=method)
    assert len(found) == 9 * 8 / 2
    function = {"pearson": stats.pearsonr, "spearman": stats.spearmanr}[method]
    for row in found.to_dict("records"):
        pair = frame[[row["a"], row["b"]]].dropna()
        r, p = function(pair.iloc[:, 0], pair.iloc[:, 1])
        assert (row["r"], row["n"]) == (pytest.approx(r), len(pair))
        assert row["p"] == pytest.approx(p, rel=1e-6)
        assert row["significant"] == (p < 0.05)


def test_correlations_between_levels_pair_every_code_with_what_it_is_part_of(result: IndexResult) -> None:
    found = multivariate.between_levels(result).set_index(["a", "b"])["r"]
    assert found["ADOPTION", "TOTAL"] == pytest.approx(result.scores["ADOPTION"].corr(result.scores["TOTAL"]))
    assert ("AI_ANY", "FIRMS") in found.index
    assert ("AI_ANY", "TOTAL") in found.index
    assert ("AI_ANY", "PEOPLE") not in found.index


def test_flags_name_indicators_that_say_the_same_or_work_against_each_other(result: IndexResult) -> None:
    assert set(multivariate.flags(result, redundant=0.9)["flag"]) == {"redundant"}
    turned = dataclasses.replace(result, scores=result.scores.assign(AI_TEXT=-result.scores["AI_TEXT"]))
    opposed = multivariate.flags(turned)
    assert set(map(tuple, opposed[opposed["flag"] == "opposed"][["a", "b"]].to_numpy())) == {
        ("AI_ANY", "AI_TEXT"),
        ("AI_TEXT", "AI_IMAGE"),
    }


def test_alpha_is_the_mean_covariance_formula(result: IndexResult) -> None:
    frame = result.scores[["AI_ANY", "AI_TEXT", "AI_IMAGE"]]
    c = np.cov(frame.to_numpy().T)
    mean_covariance, mean_variance = c[np.triu_indices(3, 1)].mean(), np.diag(c).mean()
    expected = 3 * mean_covariance / (mean_variance + 2 * mean_covariance)
    assert multivariate.alpha(frame) == pytest.approx(expected)
    assert multivariate.alphas(result)["FIRMS"] == pytest.approx(expected)


def test_components_rebuild_the_correlations_and_explain_all_variance(result: IndexResult) -> None:
    loadings, explained = multivariate.components(result.raw)
    np.testing.assert_allclose(loadings @ loadings.T, result.raw.corr(), atol=1e-9)
    assert explained["share"].sum() == pytest.approx(1)
    assert (explained["eigenvalue"].diff().dropna() <= 1e-12).all()
    assert (loadings.sum() >= -1e-9).all()
    with pytest.raises(ValueError, match="three complete units"):
        multivariate.components(result.raw.iloc[:2])


def test_the_correlation_ratio_sees_a_curve_that_a_correlation_does_not() -> None:
    rng = np.random.default_rng(1)
    x = pd.Series(rng.uniform(-2, 2, 400))
    noise = pd.Series(rng.normal(size=400))
    y = x**2 + 0.3 * noise
    true = (x**2).var() / (x**2 + 0.3 * noise).var()
    assert abs(x.corr(y)) < 0.2
    assert multivariate.correlation_ratio(x, y) == pytest.approx(true, abs=0.04)
    assert multivariate.correlation_ratio(x, 2 * x + noise) == pytest.approx(x.corr(2 * x + noise) ** 2, abs=0.03)
    assert multivariate.correlation_ratio(x, noise) < 0.06


def test_both_parts_of_the_shipped_index_weigh_alike(result: IndexResult) -> None:
    found = multivariate.importance(result)
    assert list(found["weight"]) == [0.5, 0.5]
    assert found["share"].between(0.45, 0.55).all()


def test_strengths_come_first_and_weaknesses_last(result: IndexResult) -> None:
    best, worst = profiles.strengths(result, "ITA", 3), profiles.weaknesses(result, "ITA", 3)
    assert best["rank"].is_monotonic_increasing
    assert worst["rank"].is_monotonic_decreasing
    assert best["rank"].iloc[-1] <= worst["rank"].iloc[-1]
    assert worst["share"].iloc[0] == pytest.approx((int(worst["rank"].iloc[0]) - 1) / 26)


def test_peers_are_the_nearest_by_score_by_code_or_by_a_measure_of_ones_own(result: IndexResult) -> None:
    total = result.scores["TOTAL"]
    nearest = (total - total["DEU"]).abs().drop("DEU").idxmin()
    assert profiles.peers(result, "DEU").index[0] == nearest
    cat = catalog.load()
    people = cat.observations("wb_population", period="2023").drop_duplicates("geo").set_index("geo")["value"]
    assert set(profiles.peers(result, "DEU", people, 2).index) == {"FRA", "ITA"}
    with pytest.raises(UserError, match='no unit "ATL"'):
        profiles.peers(result, "ATL")


def test_a_raised_value_gives_the_rank_a_rebuilt_index_gives(result: IndexResult) -> None:
    what = profiles.what_if("eu27", "ROU", {"AI_ANY": 60.0, "PEOPLE_ALL": 60.0})
    changes = what.changes()
    assert changes.at["TOTAL", "rank_before"] == result.ranks.at["ROU", "TOTAL"] == 27
    assert changes.at["TOTAL", "rank_after"] < 27
    assert changes.at["AI_ANY", "score_after"] == 100
    assert what.after.raw.at["ROU", "AI_ANY"] == 60
    with pytest.raises(UserError, match='no indicator "AI"'):
        profiles.what_if("eu27", "ROU", {"AI": 1.0})


def test_the_value_needed_for_a_rank_is_just_enough(result: IndexResult) -> None:
    value = profiles.needed("eu27", "ESP", "BASE_CLOUD", 12, steps=20)
    assert value is not None
    assert profiles.what_if("eu27", "ESP", {"BASE_CLOUD": value}).after.ranks.at["ESP", "TOTAL"] <= 12
    assert profiles.what_if("eu27", "ESP", {"BASE_CLOUD": value - 0.1}).after.ranks.at["ESP", "TOTAL"] > 12
    assert profiles.needed("eu27", "ROU", "BASE_CLOUD", 1) is None
    assert profiles.needed("eu27", "DNK", "BASE_CLOUD", 1) == result.raw.at["DNK", "BASE_CLOUD"]


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic"])
def test_contributions_add_up_to_the_distance_from_the_mean_unit(method: str) -> None:
    spec = steps("eu27", normalise=Choice("minmax", {"lower": 1}), aggregate=Choice(method))
    built = spec.build()
    mean = built.scores[list(built.raw.columns)].mean()
    rest = built.scores.drop(index="DNK")
    rest.loc["mean"] = np.nan
    for unit in ("DNK", "ROU", "DEU"):
        parts = profiles.contributions(built, unit)
        by_mean = _aggregated(built, mean, method)
        assert parts.sum() == pytest.approx(built.scores.at[unit, "TOTAL"] - by_mean)
    assert (np.sign(parts) == np.sign(built.scores.loc["DEU", parts.index] - mean)).all()


def _aggregated(built: IndexResult, scores: "pd.Series[float]", method: str) -> float:
    """The total of a unit with these scores, node by node."""
    values = scores.to_dict()
    for code in reversed(built.structure.index):
        children = built.structure.index[built.structure["parent"] == code]
        if len(children):
            x = np.array([values[child] for child in children])
            values[code] = {
                "arithmetic": x.mean(),
                "geometric": np.exp(np.log(x).mean()),
                "harmonic": 1 / (1 / x).mean(),
            }[method]
    return float(values["TOTAL"])


def test_contributions_to_a_ranking_by_duels_are_refused() -> None:
    built = steps("eu27", aggregate=Choice("copeland")).build()
    with pytest.raises(UserError, match="is no mean"):
        profiles.contributions(built, "DEU")


def test_two_specs_are_compared_over_the_units_both_rank(result: IndexResult) -> None:
    other = steps("eu27", normalise=Choice("rank")).build()
    found = compare.compare(result, other)
    shift = (other.ranks["TOTAL"] - result.ranks["TOTAL"]).astype(float)
    assert found.mean_shift == pytest.approx(shift.abs().mean())
    assert found.largest == shift.abs().max()
    a, b = result.scores["TOTAL"], other.scores["TOTAL"]
    assert found.spearman == pytest.approx(stats.spearmanr(a, b).statistic)
    assert found.kendall == pytest.approx(stats.kendalltau(a, b).statistic)
    assert found.ranks["shift"].abs().is_monotonic_decreasing
    wide = compare.compare("eu27", "world")
    assert set(wide.ranks.index) | set(wide.only_a) == set(result.scores.index)
    assert "USA" in wide.only_b


def test_human_development_index_is_reproduced_for_every_country() -> None:
    built = index.build("hdi")
    published = pd.read_csv(data_folder() / "specs" / "hdi.units.csv", index_col="uCode")["PUBLISHED"]
    assert len(built.scores) == len(published) == 193
    assert (built.scores["HDI"].round(3) == published.reindex(built.scores.index)).all()


def test_the_world_index_is_called_thin_and_ranks_only_economies_with_a_figure_of_their_own() -> None:
    built = index.build("world")
    assert "thin" in built.name
    assert "thin" in built.warnings[0]
    assert (built.coverage == "observed").to_numpy().all()
    cat = catalog.load()
    rows = cat.observations("ms_ai_user_share", period="2026-03").set_index("geo")
    regional = set(rows.index[rows["flag"].str.contains("e")])
    assert regional
    assert not regional & set(built.scores.index)
    assert regional - {"WLD"} <= set(built.screened.units)
    income = np.log(built.raw["INCOME"] / cat.observations("wb_population", period="2023").set_index("geo")["value"])
    expected = 100 * (income - income[built.scores.index].min()) / np.ptp(income[built.scores.index])
    np.testing.assert_allclose(built.scores["INCOME"], expected[built.scores.index])


@pytest.mark.parametrize("name", index.shipped())
def test_every_shipped_spec_can_say_how_sure_it_is(name: str) -> None:
    document = index.build(name, uncertainty=64, seed=1).to_json()
    assert all(unit["rank_interval"] for unit in document["units"])
    assert document["sensitivity"]


def test_a_notebook_reads_spec_build_ranks() -> None:
    built = index.Spec.load("eu27").build()
    assert built.ranks["TOTAL"].idxmin() == "DNK"
    assert built.uncertainty is None
    assert index.Spec.load("eu27").build(uncertainty=50).uncertainty.intervals().at["DNK", "low"] == 1


ADDED = """name = "Synthetic"
[data]
units = "units.csv"
structure = "structure.csv"
[steps]
{steps}
"""
STRUCTURE = """Level,iCode,Direction,Weight,Parent,Type
1,A,1,1,P,Indicator
1,B,1,1,P,Indicator
1,C,{direction},1,Q,Indicator
2,P,1,1,T,Aggregate
2,Q,1,1,T,Aggregate
3,T,1,1,,Aggregate
"""


def write(folder: Path, table: pd.DataFrame, steps: str, direction: int = 1) -> str:
    table.to_csv(folder / "units.csv", index=False)
    (folder / "structure.csv").write_text(STRUCTURE.format(direction=direction), encoding="utf-8")
    (folder / "i.toml").write_text(ADDED.format(steps=steps), encoding="utf-8")
    return str(folder / "i.toml")


MINMAX = 'normalise = { method = "minmax" }\naggregate = { method = "arithmetic" }'
TABLES = st.integers(0, 10_000).map(
    lambda seed: pd.DataFrame(np.random.default_rng(seed).normal(size=(7, 3)).round(3), columns=list("ABC")).assign(
        uCode=list("stuvwxy")
    )
)


@given(TABLES, st.floats(0.1, 50), st.floats(-100, 100), st.randoms())
@settings(max_examples=15, deadline=None)
def test_scale_shift_order_of_rows_and_direction_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, table: pd.DataFrame, scale: float, shift: float, random: object
) -> None:
    folder = tmp_path_factory.mktemp("index")
    plain = index.build(write(folder, table, MINMAX)).scores
    moved = table.assign(A=scale * table["A"] + shift)
    np.testing.assert_allclose(index.build(write(folder, moved, MINMAX)).scores["T"], plain["T"], atol=1e-6)
    mixed = table.sample(frac=1, random_state=3)
    np.testing.assert_allclose(index.build(write(folder, mixed, MINMAX)).scores.loc[plain.index, "T"], plain["T"])
    turned = table.assign(C=-table["C"])
    np.testing.assert_allclose(index.build(write(folder, turned, MINMAX, -1)).scores["T"], plain["T"])


@given(TABLES, st.sampled_from("stuvwxy"), st.sampled_from("ABC"), st.floats(0, 5))
@settings(max_examples=20, deadline=None)
def test_a_better_value_never_costs_a_place(
    tmp_path_factory: pytest.TempPathFactory, table: pd.DataFrame, unit: str, code: str, more: float
) -> None:
    spec = write(tmp_path_factory.mktemp("index"), table, MINMAX)
    value = float(table.set_index("uCode").at[unit, code]) + more
    changed = profiles.what_if(spec, unit, {code: value}).changes()
    assert changed.at["T", "rank_after"] <= changed.at["T", "rank_before"]


def test_weights_and_means_can_be_set_for_a_level_or_a_node(tmp_path: Path) -> None:
    table = pd.DataFrame({"uCode": ["x", "y", "z"], "A": [1.0, 2, 4], "B": [3.0, 1, 2], "C": [2.0, 5, 9]})
    base = 'normalise = { method = "minmax", lower = 1, upper = 2 }\n'
    weighted = index.build(
        write(
            tmp_path,
            table,
            base + 'aggregate = { method = "arithmetic" }\nweights = { method = "equal", own = { A = 3 } }',
        )
    ).scores
    np.testing.assert_allclose(weighted["P"], (3 * weighted["A"] + weighted["B"]) / 4)
    mixed = index.build(
        write(tmp_path, table, base + 'aggregate = { method = "arithmetic", levels = { 3 = "geometric" } }')
    ).scores
    np.testing.assert_allclose(mixed["T"], np.sqrt(mixed["P"] * mixed["Q"]))
    np.testing.assert_allclose(mixed["P"], (mixed["A"] + mixed["B"]) / 2)
    for wrong, expected in (
        ("weights = { own = { Z = 1 } }", 'no code "Z"'),
        ('weights = { levels = { 7 = "equal" } }', "no level 7"),
        ('weights = { levels = { two = "equal" } }', '"two" is not the number of a level'),
        ('weights = { levels = { 2 = "eqal" } }', '"eqal" is not one of'),
        ("weights = { own = { A = -1 } }", "A = -1 is not a number of 0 or more"),
    ):
        with pytest.raises(UserError, match=expected):
            index.build(write(tmp_path, table, f"{MINMAX}\n{wrong}"))


def test_a_unit_with_too_few_children_has_no_score_there(tmp_path: Path) -> None:
    table = pd.DataFrame({"uCode": ["x", "y", "z"], "A": [1.0, 2, 4], "B": [3.0, np.nan, 2], "C": [2.0, 5, 9]})
    spec = MINMAX.replace('"arithmetic"', '"arithmetic", min_available = 0.6')
    scores = index.build(write(tmp_path, table, spec)).scores
    assert scores["P"].isna().tolist() == [False, True, False]
    assert scores["T"].isna().tolist() == [False, True, False]  # one of two parts is less than 60 percent


def test_a_method_of_ones_own_is_named_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from aigc_report.index.aggregate import AGGREGATORS

    def power(x: np.ndarray, weights: np.ndarray, *, p: float = 2.0) -> np.ndarray:
        return ((weights[..., None, :] * x**p).sum(axis=-1) / weights.sum(axis=-1)[..., None]) ** (1 / p)

    monkeypatch.setitem(AGGREGATORS, "power", power)
    table = pd.DataFrame({"uCode": ["x", "y", "z"], "A": [1.0, 2, 4], "B": [3.0, 1, 2], "C": [2.0, 5, 9]})
    choice = 'normalise = { method = "minmax" }\naggregate = { method = "power", p = 3 }'
    uncertain = '\n[uncertainty]\naggregate = [{ method = "power", p = 3 }, "arithmetic"]'
    spec = write(tmp_path, table, choice + uncertain)
    scores = index.build(spec).scores
    np.testing.assert_allclose(scores["P"], ((scores["A"] ** 3 + scores["B"] ** 3) / 2) ** (1 / 3))
    assert index.build(spec, uncertainty=20).uncertainty is not None


PANEL = pd.DataFrame(
    {
        "uCode": ["x", "x", "x", "y", "y", "y", "z", "z", "z"],
        "year": [2020, 2021, 2022] * 3,
        "A": [1.0, 2, 3, 4, np.nan, 6, 7, 8, 2],
        "B": [1.0, 5, 2, 3, 4, 6, 9, 8, 7],
        "C": [1.0, 3, 2, 2, 2, 6, 5, np.nan, np.nan],
    }
)


def test_a_panel_is_built_for_one_period_with_gaps_from_the_others(tmp_path: Path) -> None:
    spec = write(tmp_path, PANEL, f'panel = {{ method = "linear" }}\n{MINMAX}')
    path = Path(spec)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[steps]", 'time = "year"\nperiod = "2021"\n[steps]'), encoding="utf-8")
    built = index.build(spec)
    assert list(built.scores.index) == ["x", "y", "z"]
    assert built.coverage.at["y", "A"] == "imputed"
    assert built.scores.at["y", "A"] == pytest.approx(100 * (5 - 2) / (8 - 2))  # 5 lies between 4 and 6
    assert built.coverage.at["z", "C"] == "imputed"
    assert any("2 of 9 values are imputed (linear)" in warning for warning in built.warnings)
    path.write_text(text.replace("[steps]", 'time = "year"\n[steps]').replace("linear", "last"), encoding="utf-8")
    assert index.build(spec).raw.at["x", "A"] == 3  # the last period, unless one is named


@pytest.mark.parametrize(
    ("data", "table", "expected"),
    [
        ('time = "year"\nperiod = "1999"', PANEL, 'no period "1999"'),
        ('time = "when"', PANEL, 'there is no column "when" with the periods'),
        ('time = "year"', PANEL.assign(year=2020), 'the unit "x" stands twice in the period 2020'),
        ('time = "year"', PANEL.assign(year=[2020, None, *[2021] * 7]), "column year: a period is missing"),
        ("", PANEL.iloc[::3], "the table has one period only"),
    ],
)
def test_periods_that_make_no_sense_are_named(tmp_path: Path, data: str, table: pd.DataFrame, expected: str) -> None:
    spec = write(tmp_path, table, f'panel = {{ method = "last" }}\n{MINMAX}')
    path = Path(spec)
    path.write_text(path.read_text(encoding="utf-8").replace("[steps]", f"{data}\n[steps]"), encoding="utf-8")
    with pytest.raises(UserError, match=expected):
        index.build(spec)


def test_screening_leaves_out_what_the_limits_say_and_tells(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "uCode": list("vwxyz"),
            "A": [1.0, 2, 4, np.nan, 3],
            "B": [3.0, 1, 2, np.nan, 4],
            "C": [2.0, np.nan, np.nan, 9, np.nan],
        }
    )
    built = index.build(write(tmp_path, table, f"screen = {{ min_available = 0.5, min_units = 0.5 }}\n{MINMAX}"))
    assert set(built.screened.indicators) == {"C"}
    assert set(built.screened.units) == {"y"}
    assert list(built.scores.columns) == ["T", "P", "A", "B"]
    assert built.to_json()["screened"]["units"]["y"] == "0% of indicators are there, 50% are needed"
    assert [w for w in built.warnings if w.startswith("Screening left out 1 units: y")]
    with pytest.raises(UserError, match="fewer than two units pass"):
        index.build(write(tmp_path, table.assign(C=np.nan), f"screen = {{ min_available = 1.0 }}\n{MINMAX}"))
