"""An index of a reader's own: its weights, its methods, its table, and the file it takes away."""

import json
import subprocess
import sys

import numpy as np
import pytest

from aigc_report import index, uploads
from aigc_report.errors import UserError
from aigc_report.i18n import texts
from aigc_report.index import own, variant, write
from aigc_report.index.build import read, score
from aigc_report.index.variant import Variant

EU27 = read("eu27")


def brought(text: str, name: str = "mine.csv") -> uploads.Table:
    return uploads.table(text.encode(), name)


def test_the_variant_that_changes_nothing_ranks_as_published():
    found = variant.rank(EU27, Variant(), ["ADOPTION"], replications=50)
    assert found.ranks.equals(index.build("eu27").ranks)
    assert set(found.uncertainty.ranks) == {"TOTAL", "ADOPTION"}


def test_a_weight_of_zero_takes_a_part_out_of_the_total():
    found = variant.rank(EU27, Variant(weights=(("ENABLING", 0.0),)), replications=20)
    np.testing.assert_allclose(found.scores["TOTAL"], found.scores["ADOPTION"])


def test_weights_that_sum_to_zero_are_refused_in_a_sentence():
    with pytest.raises(UserError, match="sum to 0"):
        variant.rank(EU27, Variant(weights=(("ENABLING", 0.0), ("ADOPTION", 0.0))), replications=20)


@pytest.mark.parametrize("aggregate", variant.AGGREGATIONS)
@pytest.mark.parametrize("normalise", variant.NORMALISATIONS)
def test_every_offered_method_goes_with_every_other(normalise, aggregate):
    found = variant.rank(EU27, Variant(normalise=normalise, aggregate=aggregate), replications=5)
    assert found.ranks["TOTAL"].notna().all()


def test_weights_survive_the_address_and_nonsense_in_it_does_not():
    chosen = Variant(weights=(("FIRMS", 2.0), ("SKILLS", 0.25)))
    published = dict.fromkeys(EU27.structure.ordered(), 1.0)
    assert variant.parse_weights(chosen.weights_text, published) == chosen.weights
    assert variant.parse_weights("FIRMS:nan,NOWHERE:1,SKILLS:99,BASE:x,,PEOPLE:-1", published) == ()


@pytest.mark.parametrize(("largest", "most"), [(0.3, 0.5), (1, 5), (5, 5), (30, 50), (60, 100)])
def test_the_largest_weight_on_offer_holds_those_of_the_spec(largest, most):
    assert variant.most_weight({"A": 0.1, "B": largest}) == pytest.approx(most)
    assert variant.parse_weights(f"B:{largest}", {"B": largest}) == (("B", largest),)


def test_shares_of_the_total_add_up_at_every_level():
    shares = variant.shares(EU27, {"FIRMS": 3.0})
    assert shares["FIRMS"] == pytest.approx(3 * shares["PEOPLE"])
    assert sum(shares[code] for code in EU27.structure.indicators) == pytest.approx(1)


@pytest.mark.parametrize("name", ["eu27", "world", "hdi"])
def test_a_spec_taken_away_builds_the_same_index_elsewhere(tmp_path, name):
    inputs = read(name)
    path = tmp_path / own.SPEC_FILE
    path.write_text(write.toml(inputs.spec, "taken away"), encoding="utf-8")
    if inputs.spec.data.units is not None:  # tables of one's own go along
        for file in (inputs.spec.data.units, inputs.spec.data.structure):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    again = index.build(str(path))
    assert again.scores.equals(index.build(name).scores)
    assert again.spec.uncertainty == inputs.spec.uncertainty
    assert again.spec.not_scored == inputs.spec.not_scored


def test_the_command_line_takes_the_file_of_a_variant(tmp_path):
    chosen = Variant(weights=(("FIRMS", 2.0),), normalise="zscore", aggregate="geometric")
    path = tmp_path / "index.toml"
    path.write_text(write.toml(chosen.apply(EU27.spec)), encoding="utf-8")
    command = [sys.executable, "-m", "aigc_report.cli", "index", "--spec", str(path), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    ranks = variant.rank(EU27, chosen, replications=5).ranks["TOTAL"]
    assert {unit["unit"]: unit["ranks"]["TOTAL"] for unit in json.loads(done.stdout)["units"]} == ranks.to_dict()


def test_the_template_is_an_index_with_and_without_its_structure():
    table, structure = own.template()
    mine, described = brought(table), brought(structure, "structure.csv")
    assert own.faults(mine, described) == own.faults(mine) == []
    whole = variant.rank(own.inputs(mine, described), Variant(), replications=20)
    assert whole.ranks["TOTAL"].equals(index.build("eu27").ranks["TOTAL"])
    flat = variant.rank(own.inputs(mine), Variant(), replications=20)
    assert list(flat.structure.index) == ["TOTAL", *EU27.structure.indicators]


def test_where_less_is_better_the_order_turns_round():
    mine = brought("place,price\nA,1\nB,2\nC,3\n")
    ranks = [score_of(own.inputs(mine, less_is_better=less)) for less in ((), ("price",))]
    assert [list(found) for found in ranks] == [[3, 2, 1], [1, 2, 3]]


def score_of(inputs):
    from aigc_report.index.build import prepare

    return score(inputs, prepare(inputs)).ranks["TOTAL"]


def test_every_fault_of_a_table_is_named_with_its_row_at_once():
    mine = brought("uCode,a,b,c,note\nX,1,2,5,x\nX,k,2,6,y\n,3,2,7,z\nZ,4,2,NA,w\n")
    said = [str(fault) for fault in own.faults(mine)]
    assert said == [
        "mine.csv, row 4, column uCode: the unit has no code.",
        'mine.csv, row 3, column uCode: the unit "X" stands twice; every unit needs one row, or a column Time with '
        "its period.",
        'mine.csv, row 3, column a: "k" is not a number; leave missing cells empty.',
        "mine.csv, column b: every unit has the same value or none, so it ranks nobody; leave it out.",
    ]


def test_a_structure_that_names_what_the_table_lacks_is_said_so():
    _, structure = own.template()
    (fault, *_) = own.faults(brought("uCode,AI_ANY\nA,1\nB,2\nC,4\n"), brought(structure, "structure.csv"))
    assert str(fault) == 'structure.csv names the column "AI_TEXT", but mine.csv has none.'


def test_a_table_without_numbers_is_no_index():
    (fault,) = own.faults(brought("a,b\nx,y\nz,w\nv,u\n"))
    assert "has no column of numbers" in str(fault)


def test_gaps_are_filled_only_where_that_is_chosen():
    mine = brought("place,a,b\nA,1,5\nB,,6\nC,3,7\nD,4,9\n")
    inputs = own.inputs(mine)
    assert variant.rank(inputs, Variant(), replications=5).coverage.at["B", "a"] == "missing"
    assert variant.rank(inputs, Variant(impute="median"), replications=5).coverage.at["B", "a"] == "imputed"


def test_a_fault_of_the_structure_is_said_in_one_language():
    mine = brought("place,a,b\nA,1,5\nB,2,6\nC,3,9\n")
    described = brought(
        "Level,iCode,iName,Direction,Weight,Parent,Type\n1,a,A,2,1,T,Indicator\n2,T,Total,1,1,,Aggregate\n", "parts.csv"
    )
    (fault,) = own.faults(mine, described)
    assert str(fault) == "parts.csv, row 2, column Direction: it must be 1 (more is better) or -1 (less is better)."
    assert fault.text(texts("zh")) == "parts.csv，第2行，Direction列：必须为1（越高越好）或-1（越低越好）。"


def test_a_step_that_cannot_be_done_says_so_in_chinese_too():
    inputs = own.inputs(brought("place,a,b\nA,-1,5\nB,-2,6\nC,0,9\n"))
    with pytest.raises(UserError) as caught:
        variant.rank(inputs, Variant(normalise="fracmax"), replications=5)
    assert caught.value.text(texts("zh")) == "mine.csv，a列：“占最高值的比例”要除以最高值，而最高值为0。"


def test_an_outlier_that_z_scores_put_below_zero_is_ranked_without_them():
    """Synthetic: 40 units near 0 and one far below."""
    rows = "".join(f"u{i},{i % 7},{i % 5}\n" for i in range(40))
    usual, outlying = (own.inputs(brought(f"place,a,b\n{rows}far,{value},1\n")) for value in (3, -9999))
    assert own.ZSCORE in usual.spec.uncertainty["normalise"]
    assert own.ZSCORE not in outlying.spec.uncertainty["normalise"]
    assert variant.rank(outlying, Variant(), replications=50).ranks.at["far", "TOTAL"] == 41


def test_denominators_that_a_structure_names_are_applied():
    mine = brought("place,cars,people\nA,10,10\nB,20,40\nC,30,90\n")
    described = brought(
        "Level,iCode,iName,Direction,Weight,Parent,Type,Denominator\n1,cars,Cars,1,1,TOTAL,Indicator,people\n"
        "2,TOTAL,Total,1,1,,Aggregate,\n,people,People,,,,Denominator,\n",
        "parts.csv",
    )
    inputs = own.inputs(mine, described)
    assert list(score_of(inputs)) == [1, 2, 3]
    assert "denominate = true" in write.toml(inputs.spec)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("u,a\n" + "".join(f"{i},{i}\n" for i in range(501)), "has 501 units; at most 500"),
        ("u," + ",".join(f"i{k}" for k in range(101)) + "\n" + f"{'1,' * 101}2\n" * 3, "has 101 indicators"),
        ("uCode,uName,a\nA,Same,1\nB,Same,2\nC,Other,3\n", 'row 3, column uName: the name "Same" stands twice'),
        ("u,a\nA,1\n", "has 1 rows; a ranking needs at least 3"),
        ("u,Time,a\nA,1,1\nA,2,2\nB,1,3\nB,2,4\n", "has 2 rows; a ranking needs at least 3"),
    ],
)
def test_what_cannot_be_ranked_here_is_said_before_it_is_tried(text, said):
    assert any(said in str(fault) for fault in own.faults(brought(text)))


def test_countries_given_by_code_alone_have_their_names():
    found = own.inputs(brought("iso3,a\nDEU,1\nFRA,2\nITA,4\n")).data.names
    assert list(found["name_zh"]) == ["德国", "法国", "意大利"]
    assert list(own.inputs(brought("iso3,a\nDEU,1\nFRA,2\nXXX,4\n")).data.names["name_en"]) == ["DEU", "FRA", "XXX"]


GOALPOSTS = """Level,iCode,iName,Direction,Weight,Parent,Type,Low,High
1,life,Life,1,1,T,Indicator,20,85
1,poverty,Poverty,-1,1,T,Indicator,0,50
2,T,Total,1,1,,Aggregate,,
"""


def test_goalposts_of_a_structure_scale_its_indicators_whoever_is_in_the_table():
    mine, described = brought("place,life,poverty\nA,72,10\nB,46,40\nC,90,60\n"), brought(GOALPOSTS, "parts.csv")
    inputs = own.inputs(mine, described)
    found = variant.rank(inputs, Variant(), replications=20)
    np.testing.assert_allclose(found.scores["life"], [80, 40, 100])  # (72 - 20) / (85 - 20), C beyond its goalpost
    np.testing.assert_allclose(found.scores["poverty"], [80, 20, 0])
    assert {"method": "goalposts", "lower": 1, "upper": 100} in inputs.spec.uncertainty["normalise"]
    assert [texts("en")(said, **values) for said, values in own.remarks(inputs.structure)] == [
        "Indicators are scaled from their lower to their upper goalpost (Low, High); a value beyond one counts as the "
        "goalpost."
    ]
    lowest = variant.rank(inputs, Variant(normalise="minmax"), replications=5).scores
    np.testing.assert_allclose(lowest.loc["B", "life"], 0)


@pytest.mark.parametrize("aggregate", variant.AGGREGATIONS)
@pytest.mark.parametrize("treat", ["", *variant.TREATMENTS])
def test_goalposts_go_with_every_mean_and_with_outliers(aggregate, treat):
    """Synthetic: thirty units near 50 and some so far out that winsorising alone would take logarithms."""
    rows = "".join(f"u{i},{50 + i % 7},{i % 5}\n" for i in range(30)) + "".join(
        f"far{i},{9**i},1\n" for i in range(4, 12)
    )
    inputs = own.inputs(brought(f"place,life,poverty\n{rows}"), brought(GOALPOSTS, "parts.csv"))
    found = variant.rank(inputs, Variant(aggregate=aggregate, treat=treat), replications=5)
    assert found.ranks["T"].notna().all()
    assert found.scores["life"].max() == 100  # in the unit of the goalposts, whatever was done about outliers


def test_goalposts_that_some_indicators_lack_are_not_used_and_the_page_can_say_so():
    described = brought(GOALPOSTS.replace("0,50", ",50"), "parts.csv")
    inputs = own.inputs(brought("place,life,poverty\nA,72,10\nB,46,40\nC,90,60\n"), described)
    assert inputs.spec.steps.normalise == variant.NORMALISATIONS["minmax"]
    ((said, values),) = own.remarks(inputs.structure)
    assert "and 1 lack one (poverty)" in texts("en")(said, **values)
    assert own.remarks(EU27.structure) == []
