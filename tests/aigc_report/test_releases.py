"""What changed between two releases of the data is read off what was recorded, and only off that."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from aigc_report import catalog, check, releases
from aigc_report.errors import UserError
from aigc_report.releases import Held

CAT = catalog.load()


@pytest.fixture
def package(tmp_path) -> Path:
    """A copy of the shipped package without its releases."""
    copy = tmp_path / "data"
    shutil.copytree(catalog.folder(), copy, ignore=shutil.ignore_patterns(releases.FILE, "reference"))
    return copy


def edited(package: Path, name: str, edit) -> None:
    file = package / "observations" / name
    frame = edit(pd.read_csv(file, dtype=str, keep_default_na=False))
    frame.to_csv(file, index=False)
    catalog._load.cache_clear()


def test_the_first_release_says_that_nothing_can_be_compared(package):
    before = releases.changes(catalog.load(package))
    assert (before.release, before.since, before.changes) == (None, None, ())
    first = releases.record("2026-01-02", package)
    assert (first.release, first.since, first.changes) == ("2026-01-02", None, ())
    assert first.observations == len(CAT.all_observations)
    found = releases.recorded(package)["2026-01-02"]
    assert sum(held.observations for held in found.values()) == first.observations


def test_a_release_tells_new_revised_and_lost_figures_apart(package):
    releases.record("2026-01-02", package)

    def edit(frame):
        one, other, third = frame["indicator"].drop_duplicates().iloc[:3]
        named.extend([one, other, third])
        rows = frame[frame["indicator"] == one]
        frame.loc[rows.index[0], "value"] = "1.25"  # revised
        doubled = frame[frame["indicator"] == other].tail(1).assign(period="2030")  # one more
        return pd.concat([frame[frame["indicator"] != third], doubled])  # gone

    named: list[str] = []
    edited(package, "eurostat_enterprises.csv", edit)
    unrecorded = releases.changes(catalog.load(package))
    assert (unrecorded.release, unrecorded.since) == (None, "2026-01-02")
    found = releases.record("2026-02-03", package)
    assert (found.release, found.since) == ("2026-02-03", "2026-01-02")
    assert found.changes == unrecorded.changes
    assert {change.kind: change.indicator for change in found.changes} == {
        "revised": named[0], "more": named[1], "gone": named[2]
    }  # fmt: skip
    more = found.of("more")[0]
    assert more.before is not None
    assert more.after == Held(more.before.observations + 1, "2030", more.after.digest)
    assert [c.kind for c in releases.compare({}, {"x": Held(1, "2025", "a")})] == ["new"]
    assert [c.kind for c in releases.compare({"x": Held(2, "2025", "b")}, {"x": Held(1, "2025", "a")})] == ["fewer"]


def test_the_order_of_rows_is_no_change(package):
    before = releases.summary(catalog.load(package))
    edited(package, "economics.csv", lambda frame: frame.iloc[::-1])
    assert releases.summary(catalog.load(package)) == before


def test_a_release_is_a_later_day_on_which_something_changed(package):
    for release, sentence in (("today", "is no day"), ("2026-02-30", "is no day")):
        with pytest.raises(UserError, match=sentence):
            releases.record(release, package)
    releases.record("2026-01-02", package)
    with pytest.raises(UserError, match="needs a later day"):
        releases.record("2026-01-02", package)
    with pytest.raises(UserError, match="Nothing changed since release 2026-01-02"):
        releases.record("2026-01-03", package)


def test_the_shipped_package_records_a_release_and_is_in_order():
    known = releases.recorded(CAT.folder)
    assert known
    assert all(held.observations > 0 for summary in known.values() for held in summary.values())
    assert not [problem for problem in check.check().problems if problem.file == releases.FILE]
