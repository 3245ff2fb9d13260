"""Policy instruments: what is counted is in the table, what is not known stays so, and no score is made of it."""

import csv
import json

import pytest

from aigc_report import catalog, i18n, policy
from aigc_report.charts import words
from aigc_report.errors import UserError
from aigc_report.policy import Filters

CAT = catalog.load()
TABLE = policy.instruments(CAT)
with (CAT.folder / "policy_instruments.csv").open(encoding="utf-8", newline="") as lines:
    ROWS = list(csv.DictReader(lines))
SCHEMA = json.loads((CAT.folder / "schemas/policy_instrument.json").read_text(encoding="utf-8"))
FIELDS = {field["name"]: field for field in SCHEMA["fields"]}


def test_the_vocabularies_are_those_of_the_schema():
    assert set(policy.TYPES) == set(FIELDS["instrument_type"]["constraints"]["enum"])
    assert set(policy.STATES) == set(FIELDS["status"]["constraints"]["enum"])
    assert policy.READ in FIELDS["status"]["description"]


def test_every_fixed_word_of_the_table_is_translated():
    codes = {("type", row["instrument_type"]) for row in ROWS} | {("status", row["status"]) for row in ROWS}
    codes |= {("provision", word) for row in ROWS for word in policy.provisions(row["aigc_provisions"])}
    codes |= {("duty", duty) for duty in policy.DUTIES} | {("answer", a) for a in ("yes", "no", "unknown")}
    assert not codes - set(words.VALUES)


def test_no_instrument_is_lost_and_the_newest_comes_first():
    assert sorted(TABLE["id"]) == sorted(row["id"] for row in ROWS)
    dated = [first for first in TABLE["first"] if first]
    assert dated == sorted(dated, reverse=True)


def test_what_binds_is_what_binds_by_its_nature_or_obliges():
    for row in TABLE.itertuples():
        obliges = "yes" in (row.obliges_labelling, row.obliges_registration, row.obliges_risk_assessment)
        voluntary = row.instrument_type in ("guideline", "strategy", "standard")
        assert row.binding == (obliges or not voluntary)


def test_obligations_count_each_answer_once():
    counts = policy.obligations(TABLE).set_index(["geo", "duty"])
    for duty, column in policy.DUTIES.items():
        for geo in {row["geo"] for row in ROWS}:
            own = [row for row in ROWS if row["geo"] == geo]
            cell = counts.loc[(geo, duty)]
            assert cell["instruments"] == len(own)
            assert cell["in_force"] == sum(
                row[column] == "yes" and row["status"] in ("in_force", "partly_in_force") for row in own
            )
            assert cell["pending"] == sum(row[column] == "yes" and row["status"] == "adopted" for row in own)
            assert cell["proposed"] == sum(row[column] == "yes" and row["status"] == "proposed" for row in own)
            ended = [row for row in own if row["status"] in ("expired", "repealed")]
            assert cell["ended"] == sum(row[column] == "yes" for row in ended)
            unknown = sum(row[column] == "unknown" for row in own)
            assert cell["unknown"] == unknown - sum(row[column] == "unknown" for row in ended)
            assert cell.drop("instruments").sum() == len(own) - sum(row[column] != "yes" for row in ended)


@pytest.mark.parametrize("geo", sorted({row["geo"] for row in ROWS}))
def test_a_share_is_of_what_is_known(geo):
    found = policy.profile(TABLE[TABLE["geo"] == geo])
    standing = found.instruments - found.states["ended"]
    assert sum(found.states.values()) == found.instruments
    for share in found.shares:
        assert 0 <= share.in_force <= share.yes <= share.known
        assert share.known + share.unknown == standing
        assert share.share is None if share.known == 0 else 0 <= share.share <= 100


def test_a_profile_of_nothing_known_has_no_share():
    ended = TABLE[TABLE["state"] == "ended"]
    found = policy.profile(ended)
    assert found.topics == {}
    assert all(share.share is None for share in found.shares)


def test_topics_are_counted_over_what_has_not_ended():
    standing = [row for row in ROWS if row["status"] not in ("expired", "repealed")]
    found = policy.profile(TABLE).topics
    assert found["labelling"] == sum("labelling" in row["aigc_provisions"].split(";") for row in standing)
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_types_by_year_add_up_to_the_table():
    counts = policy.by_type_and_year(TABLE)
    assert int(counts.to_numpy().sum()) == len(ROWS)
    assert counts.columns[-1] == policy.NO_YEAR
    assert counts.at["law", "2024"] == sum(
        row["instrument_type"] == "law" and (row["date_adopted"] or row["date_in_force"])[:4] == "2024" for row in ROWS
    )


def test_filters_keep_what_matches_all_of_them():
    found = policy.select(TABLE, Filters(geo="USA", type="law", duty="labelling", year="2025"))
    wanted = {
        row["id"]
        for row in ROWS
        if (row["geo"], row["instrument_type"], row["obliges_labelling"]) == ("USA", "law", "yes")
        and (row["date_adopted"] or row["date_in_force"]).startswith("2025")
    }
    assert set(found["id"]) == wanted == {"us_ca_ab853", "us_ny_s8420a"}
    assert len(policy.select(TABLE, Filters())) == len(ROWS)
    assert policy.select(TABLE, Filters(geo="USA", status="in_force", words="deepfake nothing")).empty
    with pytest.raises(UserError, match="labelling, registration, risk_assessment, funding"):
        policy.select(TABLE, Filters(duty="penalties"))


def test_a_search_reads_both_languages_whatever_the_page_speaks():
    both = policy.text_of(TABLE, lambda key, code: [words.value(i18n.texts(lang), key, code) for lang in ("en", "zh")])
    assert set(policy.select(TABLE, Filters(words="生成内容标识"), both)["id"]) == {
        row["id"] for row in ROWS if row["obliges_labelling"] == "yes"
    }
    assert "dk_deepfake_bill" in set(policy.select(TABLE, Filters(words="Ophavsret"))["id"])
    assert list(policy.select(TABLE, Filters(words="PL 2338"))["id"]) == ["br_pl2338"]


def test_every_instrument_without_a_date_in_force_is_named_once():
    found = policy.undated(TABLE)
    parts = [*found.guidance["id"], *found.pending["id"], *found.unread["id"]]
    assert sorted(parts) == sorted(row["id"] for row in ROWS if not row["date_in_force"])
    assert len(found) == len(parts)
    assert set(found.undated["id"]) == {r["id"] for r in ROWS if not r["date_in_force"] and not r["date_adopted"]}


def test_what_was_to_come_into_force_after_the_reading_is_named():
    for row in policy.scheduled(TABLE).itertuples():
        assert row.date_in_force[:7] > policy.READ
        assert row.status == "adopted"
    later = {row["id"] for row in ROWS if row["date_in_force"][:7] > policy.READ}
    assert set(policy.scheduled(TABLE)["id"]) == later


def test_the_time_line_holds_every_known_date_and_says_which_are_not_exact():
    events = policy.timeline(TABLE)
    assert len(events) == sum(bool(row["date_adopted"]) + bool(row["date_in_force"]) for row in ROWS)
    assert (events["exact"] == (events["date"].str.len() == 10)).all()
    for row in events.itertuples():
        assert int(row.at) == int(row.date[:4])
    assert events["at"].is_monotonic_increasing


def test_nothing_dated_makes_an_empty_time_line():
    events = policy.timeline(TABLE[TABLE["first"] == ""])
    assert events.empty
    assert {"at", "event", "exact"} <= set(events.columns)


def test_the_countries_with_a_comparable_figure_are_members_of_the_survey():
    found = policy.surveyed(CAT, TABLE)
    assert set(found) == {"DNK", "ESP", "FRA", "ITA"}
