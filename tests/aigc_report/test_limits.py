"""What readers of the pages may start is decided by the server's settings, where it is started."""

import sys
from pathlib import Path

import pytest

from aigc_report import limits, steering
from aigc_report.errors import UserError
from gan.config import resolve
from gan.record import RunRecord
from gan.store import Store


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AIGC_REPORT_HOME", str(tmp_path))
    for name in (limits.WHO, limits.LONGEST, limits.WAITING):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def submitted(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What would have been trained."""
    asked: list[object] = []
    monkeypatch.setattr("gan.runner.submit", lambda cfg: asked.append(cfg) or "a-run")
    return asked


@pytest.mark.parametrize(
    ("who", "here", "may"),
    [
        ("", True, True), ("", False, False), ("local", True, True), ("local", False, False),
        ("anyone", False, True), ("off", True, False), ("OFF ", False, False), ("lcoal", True, False),
    ],
)  # fmt: skip
def test_who_may_start_is_enforced_where_a_run_is_started(home, submitted, monkeypatch, who, here, may) -> None:
    monkeypatch.setenv(limits.WHO, who)
    if may:
        assert steering.run(resolve(budget_s=10), here=here) == "a-run"
    else:
        with pytest.raises(UserError, match=limits.WHO):
            steering.run(resolve(budget_s=10), here=here)
    assert len(submitted) == may


def test_a_longer_run_than_allowed_is_refused_with_both_times(home, submitted, monkeypatch) -> None:
    monkeypatch.setenv(limits.LONGEST, "2m")
    steering.run(resolve(budget_s=120), here=True)
    with pytest.raises(UserError, match=r"2:01 min.*2:00 min"):
        steering.run(resolve(budget_s=121), here=True)
    with pytest.raises(UserError, match=limits.LONGEST):  # images have no seconds; how long they take is estimated
        steering.run(resolve(budget_images=10_000_000), here=True)
    assert len(submitted) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="locks are held in this process")
def test_a_full_queue_takes_no_more_and_a_place_that_is_free_does(home, submitted, monkeypatch) -> None:
    store = Store()
    monkeypatch.setenv(limits.WAITING, "2")
    waiting = [store.create(resolve(steps=1)) for _ in range(2)]
    locks = [store.lock(run_id) for run_id in waiting]
    for lock in locks:
        lock.acquire()
    with pytest.raises(UserError, match="2 runs wait"):
        steering.run(resolve(budget_s=10), here=True)
    record = store.read(waiting[0])
    store.write(RunRecord.model_validate(record.model_dump() | {"status": "running"}))
    steering.run(resolve(budget_s=10), here=True)  # the one at work does not wait
    for lock in locks:
        lock.release()
    assert len(submitted) == 1


@pytest.mark.parametrize(
    ("name", "text"), [(limits.LONGEST, "soon"), (limits.WAITING, "-1"), (limits.WAITING, "two"), (limits.WHO, "me")]
)
def test_a_setting_that_cannot_be_read_is_named_and_allows_nothing(home, submitted, monkeypatch, name, text) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(UserError, match=f'{name} is "{text}"'):
        steering.run(resolve(budget_s=10), here=True)
    assert not submitted
    assert steering.refusal(here=True) is not None


def test_claims_are_tested_and_runs_cancelled_only_by_those_who_may(home, monkeypatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr("aigc_report.claims.testing.start", lambda ids, size: asked.append(ids))
    monkeypatch.setattr("aigc_report.claims.testing.stop", lambda: asked.append("stop"))
    run_id = Store().create(resolve(steps=1))
    for refused in (
        lambda: steering.claims(["claim.update_rules"], "quick", here=False),
        lambda: steering.stop_claims(here=False),
        lambda: steering.cancel(run_id, here=False),
    ):
        with pytest.raises(UserError, match=limits.WHO):
            refused()
    assert not asked
    steering.claims(["claim.update_rules"], "quick", here=True)
    steering.stop_claims(here=True)
    assert asked == [["claim.update_rules"], "stop"]
