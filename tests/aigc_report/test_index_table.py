"""An index over a user's own table: right when the table is, and one sentence with the place when it is not."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigc_report import index
from aigc_report.errors import UserError

UNITS = """uCode,uName,Region,Pop,A,B,C
aa,Aland,north,10,1,5,100
bb,Beland,north,20,2,,90
cc,Celand,south,40,4,7,80
dd,Deland,south,50,9,8,10
"""
STRUCTURE = """Level,iCode,iName,Direction,Weight,Denominator,Parent,Type
1,A,First,1,1,Pop,P,Indicator
1,B,Second,1,3,,P,Indicator
1,C,Third,-1,1,,Q,Indicator
2,P,One,1,2,,T,Aggregate
2,Q,Two,1,1,,T,Aggregate
3,T,Total,1,1,,,Aggregate
,Region,Region,,,,,Group
,Pop,People,,,,,Denominator
"""
SPEC = """name = "Mine"
[data]
units = "units.csv"
structure = "structure.csv"
[steps]
denominate = true
impute = { method = "group_mean", group = "Region" }
treat = { method = "winsorise", max_points = 5, skew = 2.0, kurtosis = 3.5 }
normalise = { method = "minmax", lower = 1, upper = 100 }
weights = "original"
aggregate = { method = "arithmetic" }
"""
PLAIN = (
    SPEC.split("[steps]")[0]
    + """[steps]
normalise = { method = "minmax" }
aggregate = { method = "arithmetic" }
"""
)
ONE_INDICATOR = "Level,iCode,Direction,Weight,Parent,Type\n1,A,1,1,T,Indicator\n2,T,1,1,,Aggregate\n"


def write(folder: Path, units: str = UNITS, structure: str = STRUCTURE, spec: str = SPEC) -> str:
    for name, text in (("units.csv", units), ("structure.csv", structure), ("mine.toml", spec)):
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder / "mine.toml")


def test_all_steps_together_give_what_a_calculation_by_hand_gives(tmp_path: Path) -> None:
    result = index.build(write(tmp_path))
    a = [1 / 10, 2 / 20, 4 / 40, 9 / 50]  # A per head; the first three are equal
    b = [5, 5, 7, 8]  # B of Beland: the mean of the north, which is Aland's
    c = [100, 90, 80, 10]

    def scaled(x: list[float], sign: int) -> list[float]:
        x = [sign * v for v in x]
        return [1 + 99 * (v - min(x)) / (max(x) - min(x)) for v in x]

    p = [(u + 3 * v) / 4 for u, v in zip(scaled(a, 1), scaled(b, 1), strict=True)]
    total = [(2 * u + v) / 3 for u, v in zip(p, scaled(c, -1), strict=True)]
    np.testing.assert_allclose(result.scores["T"], total)
    np.testing.assert_allclose(result.scores["P"], p)
    assert list(result.scores.columns) == ["T", "P", "Q", "A", "B", "C"]
    assert list(result.ordered()) == ["dd", "cc", "bb", "aa"]
    assert result.coverage.at["bb", "B"] == "imputed"
    assert any("1 of 12 values are imputed (group_mean)" in warning for warning in result.warnings)


def test_json_has_the_contracts_fields_in_rank_order(tmp_path: Path) -> None:
    document = json.loads(json.dumps(index.build(write(tmp_path)).to_json(), allow_nan=False))
    assert {"name", "units", "sensitivity", "warnings"} <= set(document)
    assert document["sensitivity"] is None
    first = document["units"][0]
    assert (first["unit"], first["name"], first["rank_interval"]) == ("dd", "Deland", None)
    assert first["ranks"]["T"] == 1
    assert [u["ranks"]["T"] for u in document["units"]] == [1, 2, 3, 4]


@pytest.mark.parametrize("name", ["denominated", "imputed", "treated", "normalised"])
def test_each_stage_shows_the_values_after_its_step(tmp_path: Path, name: str) -> None:
    values = index.stage(write(tmp_path), name)
    assert list(values.columns) == ["A", "B", "C"]
    document = index.stage_json(name, values)
    assert [unit["unit"] for unit in document["units"]] == ["aa", "bb", "cc", "dd"]
    assert (document["units"][1]["values"]["B"] is None) == (name == "denominated")


def test_equal_scores_share_a_rank_and_the_next_is_skipped(tmp_path: Path) -> None:
    units = "uCode,A\naa,5\nbb,9\ncc,5\ndd,1\n"
    result = index.build(write(tmp_path, units, ONE_INDICATOR, PLAIN))
    assert dict(result.ranks["T"]) == {"aa": 2, "bb": 1, "cc": 2, "dd": 4}


def test_a_unit_without_any_value_has_no_score_and_no_rank(tmp_path: Path) -> None:
    units = "uCode,A\naa,5\nbb,\ncc,2\n"
    last = index.build(write(tmp_path, units, ONE_INDICATOR, PLAIN)).to_json()["units"][-1]
    assert (last["unit"], last["scores"]["T"], last["ranks"]["T"], last["missing"]) == ("bb", None, None, ["A"])


def test_a_table_as_r_or_a_spreadsheet_writes_it_is_read_unchanged(tmp_path: Path) -> None:
    plain = index.build(write(tmp_path)).scores
    quoted = "\ufeff" + UNITS.replace("Aland", '"Aland"').replace(",,", ",NA,").replace("\n", "\r\n")
    structure = STRUCTURE.replace(",,", ",NA,").replace(",,", ",NA,").replace("\n,", "\nNA,")
    np.testing.assert_allclose(index.build(write(tmp_path, quoted, structure)).scores, plain)


HDI_2022 = {
    # life expectancy, expected and mean years of schooling, GNI per head (2017 PPP $), published HDI: UNDP, Human
    # Development Report 2023/24. Australia passes the goalpost of schooling, Liechtenstein and Qatar that of income.
    "AUS": (83.579, 21.0800209, 12.72681999, 49257.1352, 0.946),
    "LIE": (84.656, 15.46640015, 12.351169, 146673.2415, 0.942),
    "QAT": (81.559, 13.26426983, 10.1317219, 95944.37754, 0.875),
    "AFG": (62.879, 10.70538475, 2.514790058, 1335.205733, 0.462),
    "ALB": (76.833, 14.48746967, 10.12114431, 15293.32651, 0.789),
}


def test_human_development_index_is_reproduced_to_three_decimals(tmp_path: Path) -> None:
    units = "code,le,eys,mys,gni\n" + "".join(f"{c},{a},{b},{d},{e}\n" for c, (a, b, d, e, _) in HDI_2022.items())
    structure = """Level,iCode,Direction,Weight,Parent,Type,Low,High,Transform,Aggregation
1,le,1,1,Health,Indicator,20,85,,
1,eys,1,1,Education,Indicator,0,18,,
1,mys,1,1,Education,Indicator,0,15,,
1,gni,1,1,Income,Indicator,100,75000,log,
2,Health,1,1,HDI,Aggregate,,,,
2,Education,1,1,HDI,Aggregate,,,,
2,Income,1,1,HDI,Aggregate,,,,
3,HDI,1,,,Aggregate,,,,geometric
"""
    result = index.build(write(tmp_path, units, structure, PLAIN.replace("minmax", "goalposts")))
    assert {code: round(score, 3) for code, score in result.scores["HDI"].items()} == {
        code: values[-1] for code, values in HDI_2022.items()
    }


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(4)))
def test_the_order_of_rows_changes_nothing(tmp_path_factory: pytest.TempPathFactory, order: list[int]) -> None:
    header, *rows = UNITS.splitlines()
    shuffled = "\n".join([header, *(rows[i] for i in order)]) + "\n"
    spec = SPEC.replace("arithmetic", "copeland")
    here, there = tmp_path_factory.mktemp("a"), tmp_path_factory.mktemp("b")
    one, other = index.build(write(here, spec=spec)), index.build(write(there, shuffled, spec=spec))
    assert dict(one.scores["T"]) == pytest.approx(dict(other.scores["T"]))


def test_raising_a_value_never_lowers_a_unit(tmp_path: Path) -> None:
    before = index.build(write(tmp_path)).scores["T"]["cc"]
    raised = UNITS.replace("cc,Celand,south,40,4,7", "cc,Celand,south,40,6,7.5")
    after = index.build(write(tmp_path, raised)).scores["T"]["cc"]
    assert after > before


GEOMETRIC = SPEC.replace("lower = 1", "lower = 0").replace("arithmetic", "geometric")
BROKEN: dict[str, tuple[dict[str, str], str]] = {
    "text where a number belongs": (
        {"units": UNITS.replace("9,8,10", "9,n/a,10")},
        'units.csv, row 5, column B: "n/a" is not a number; leave missing cells empty.',
    ),
    "infinite": ({"units": UNITS.replace("9,8,10", "9,inf,10")}, 'units.csv, row 5, column B: "inf" is not a number'),
    "unit twice": (
        {"units": UNITS.replace("dd,", "aa,")},
        'units.csv, row 5, column uCode: the unit "aa" stands twice',
    ),
    "unit without a code": ({"units": UNITS.replace("dd,D", ",D")}, "row 5, column uCode: the unit has no code"),
    "column missing": ({"units": UNITS.replace("C\n", "X\n")}, "row 4, column iCode: "),
    "column twice": ({"units": UNITS.replace(",B,C\n", ",B,B\n")}, 'units.csv, row 1: the column "B" stands twice'),
    "ragged row": ({"units": UNITS.replace("9,8,10", "9,8")}, "units.csv, row 5 has 6 cells where the header has 7"),
    "no rows": ({"units": "uCode,A\n"}, "units.csv has no rows"),
    "indicator without any value": (
        {"units": UNITS.replace(",1,5,", ",1,,").replace(",4,7,", ",4,,").replace(",9,8,", ",9,,")},
        "units.csv, column B: no unit has a value",
    ),
    "constant indicator": (
        {"units": UNITS.replace(",100\n", ",10\n").replace(",90\n", ",10\n").replace(",80\n", ",10\n")},
        "units.csv, column C: every unit has the same value",
    ),
    "zero under a geometric mean": (
        {"spec": GEOMETRIC},
        "units.csv, row 2, column A: P takes a geometric mean, which needs scores above 0, but A is 0 for aa",
    ),
    "zero denominator": ({"units": UNITS.replace("bb,Beland,north,20", "bb,Beland,north,0")}, "row 3, column Pop"),
    "group that does not exist": ({"spec": SPEC.replace("Region", "Continent")}, 'there is no group "Continent"'),
    "circle": (
        {
            "structure": STRUCTURE.replace("2,P,One,1,2,,T,", "2,P,One,1,2,,Q,").replace(
                "2,Q,Two,1,1,,T,", "2,Q,Two,1,1,,P,"
            )
        },
        "runs in a circle",
    ),
    "orphan": (
        {"structure": STRUCTURE.replace("1,1,Pop,P,I", "1,1,Pop,,I")},
        'row 2, column Parent: the indicator "A"',
    ),
    "unknown parent": (
        {"structure": STRUCTURE.replace(",Q,Ind", ",Z,Ind")},
        'row 4, column Parent: there is no aggregate "Z"',
    ),
    "two totals": (
        {"structure": STRUCTURE.replace("2,Q,Two,1,1,,T,", "2,Q,Two,1,1,,,")},
        "only one aggregate may have no parent",
    ),
    "empty aggregate": ({"structure": STRUCTURE + "2,R,R,1,1,,T,Aggregate\n"}, 'row 10, column iCode: nothing has "R"'),
    "direction": ({"structure": STRUCTURE.replace("Third,-1", "Third,0")}, "row 4, column Direction: it must be 1"),
    "weight": (
        {"structure": STRUCTURE.replace("Second,1,3", "Second,1,-3")},
        "row 3, column Weight: it must be a number of 0",
    ),
    "weights of zero": (
        {"structure": STRUCTURE.replace("One,1,2", "One,1,0").replace("Two,1,1", "Two,1,0")},
        "row 7, column Weight: the weights below T sum to 0",
    ),
    "code twice": ({"structure": STRUCTURE.replace("1,B,", "1,A,")}, 'row 3, column iCode: the code "A" stands twice'),
    "type": (
        {"structure": STRUCTURE.replace("Indicator", "indicator")},
        'column Type: "indicator" is not one of Indicator',
    ),
    "level": ({"structure": STRUCTURE.replace("3,T,", "2,T,")}, "must stand at a higher level"),
    "structure without a column": ({"structure": STRUCTURE.replace("Parent", "parent")}, "has no column Parent"),
    "unknown step": ({"spec": SPEC + "smooth = true\n"}, 'mine.toml, [steps]: there is no key "smooth"'),
    "unknown method": ({"spec": SPEC.replace('"minmax"', '"minmix"')}, 'step normalise: there is no method "minmix"'),
    "unknown option": (
        {"spec": SPEC.replace("upper =", "uper =")},
        'minmax has no option "uper"; it takes lower, upper',
    ),
    "not TOML": ({"spec": SPEC + "[[["}, "mine.toml is not valid TOML"),
    "no name": ({"spec": SPEC.replace('name = "Mine"', "")}, "mine.toml, top level: name is missing"),
    "no aggregate": ({"spec": SPEC.replace("aggregate", "# aggregate")}, "the spec has no step aggregate"),
    "table that is not there": ({"spec": SPEC.replace("units.csv", "none.csv")}, "none.csv does not exist"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_input_is_one_sentence_that_names_the_place(tmp_path: Path, case: str) -> None:
    changes, expected = BROKEN[case]
    with pytest.raises(UserError) as refusal:
        index.build(write(tmp_path, **changes))
    message = str(refusal.value)
    assert expected in message
    assert "\n" not in message
    assert message.endswith(".")


def test_a_table_that_is_no_text_is_refused(tmp_path: Path) -> None:
    spec = write(tmp_path)
    (tmp_path / "units.csv").write_bytes(bytes(itertools.islice(itertools.cycle(range(256)), 999)))
    with pytest.raises(UserError, match="not UTF-8"):
        index.build(spec)


def test_a_stage_can_be_printed_where_the_index_cannot_be_built(tmp_path: Path) -> None:
    values = index.stage(write(tmp_path, spec=GEOMETRIC), "normalised")
    assert math.isclose(values.to_numpy().min(), 0)


def test_a_column_the_structure_does_not_know_is_named_not_dropped_in_silence(tmp_path: Path) -> None:
    header, *rows = UNITS.splitlines()
    units = "\n".join([f"{header},Z", *(f"{row},1" for row in rows)]) + "\n"
    result = index.build(write(tmp_path, units))
    assert any("not used: Z" in warning for warning in result.warnings)
