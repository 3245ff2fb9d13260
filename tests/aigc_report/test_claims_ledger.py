"""The ledger that ships is sound, every rule can say yes and no, and what is wrong with a file is said where it is.

Evidence made here is synthetic.
"""

import json
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from aigc_report import check, cli
from aigc_report.charts import claims as drawn
from aigc_report.charts import plotly
from aigc_report.claims import compare, declared, history, ledger, own, reach, report, standing, testing, words
from aigc_report.claims.schema import RULED
from aigc_report.claims.verdict import judge
from aigc_report.errors import UserError
from aigc_report.i18n import LANGUAGES, texts
from gan.experiments.evidence import Estimate, Evidence, Exact, Finding, Replicates

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "data"
LEDGER = ledger.load(PACKAGE)
RULES = [claim for claim in LEDGER if claim.rule is not None]
NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AIGC_REPORT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def evidence_of(values: dict[str, float | None], size, test: str = "made_up", kind=Replicates, made=NOW) -> Evidence:
    """Findings of these values with errors too small to matter; None stands for one that decides nothing."""
    findings = []
    for name, value in values.items():
        middle = 0.0 if value is None else value
        apart = 1e9 if value is None else 1e-9 * max(1.0, abs(middle))
        error = Replicates(values=[middle - apart, middle + apart, middle]) if kind is Replicates else kind(se=apart)
        findings.append(Finding(name=name, value=middle, unit="1", error=error, n=3))
    return Evidence(test=test, size=size, made=made, machine="none", findings=findings)


def test_the_shipped_ledger_has_no_fault() -> None:
    assert [str(p) for p in check.check(PACKAGE).problems] == []


def test_every_claim_has_a_verdict_or_says_why_it_has_none() -> None:
    for found in standing.stand(package=PACKAGE):
        for lang in LANGUAGES:
            said = words.sentence(texts(lang), found.verdict)
            assert said.startswith(texts(lang)(words.VERDICTS[found.verdict.code]))
        assert (found.claim.kind == "norm") == (found.verdict.code == "not_testable")
        assert found.refused is None


@pytest.mark.parametrize("claim", RULES, ids=lambda claim: claim.id)
@pytest.mark.parametrize("kind", [Replicates, Estimate])
def test_every_rule_can_give_every_verdict_it_should(claim, kind) -> None:
    by_code = {reach.combine(reach.outcomes(claim.rule, values)): values for values in reach.cases(claim.rule)}
    assert {"supported", "contradicted", "inconclusive"} <= set(by_code)
    if len({c.finding for c in claim.rule.main}) > 1:
        assert "partly_supported" in by_code
    for code, values in by_code.items():
        found = evidence_of(values, "quick" if claim.kind == "experiment" else None, kind=kind)
        assert judge([(claim, found)])[claim.id].code == code


@pytest.mark.parametrize("claim", [c for c in LEDGER if c.kind == "data"], ids=lambda claim: claim.id)
def test_every_query_finds_what_its_rule_asks_for(claim) -> None:
    found = next(s for s in standing.stand(package=PACKAGE) if s.claim.id == claim.id).verdict.evidence
    assert found is not None
    missing = {c.finding for c in claim.rule.conditions} - {f.name for f in found.findings}
    assert not missing or found.warnings


@pytest.mark.parametrize("size", ["quick", "standard", "full"])
def test_shipped_evidence_holds_what_rules_ask_for_and_is_what_it_says(size) -> None:
    from aigc_report.claims import evidence

    shelf = evidence.shelf(size, "reference", PACKAGE)
    assert shelf.problems == ()
    for claim in RULES:
        found = shelf.evidence.get(claim.test.name)
        if found is not None and claim.kind == "experiment":
            assert {c.finding for c in claim.rule.conditions} <= {f.name for f in found.findings}
            assert found.machine
    for found in shelf.evidence.values():
        for f in found.findings:
            if f.error.kind == "replicates":
                assert f.value == pytest.approx(sum(f.error.values) / len(f.error.values))


def test_rules_that_were_recorded_are_those_of_the_ledger() -> None:
    versions = {(c.id, v.version): v.digest for c in RULES for v in c.rule.versions}
    recorded = declared.recorded(PACKAGE)
    assert {key: versions.get(key) for key in recorded} == recorded


def test_a_claim_is_found_by_id_by_statement_and_by_words_of_either_language() -> None:
    assert LEDGER["claim.update_rules"] in LEDGER.about("math.gradient_sign")
    assert ledger.holds_words(LEDGER["claim.update_rules"], "NETWORKS 更新式")
    assert not ledger.holds_words(LEDGER["claim.update_rules"], "networks elephants")
    with pytest.raises(UserError, match=r"claim\.update_rules"):
        LEDGER["claim.updated_rules"]


# A file of one's own, and its faults

WORDS = {"en": "Words", "zh": "文字"}
CONDITION = {"finding": "x", "is": "above", "threshold": 1, "role": "main", "reason": WORDS}


def entry(id: str = "claim.mine", **changes) -> dict:
    return {
        "id": id,
        "kind": "experiment",
        "section": "8.3",
        "about": ["challenge.labels"],
        "factor": "barriers",
        "readers": ["public"],
        "statement": {"en": "Mine", "zh": "我的"},
        "reading": WORDS,
        "test": {"experiment": "made_up", "described": WORDS},
        "rule": {"version": 1, "declared": "2026-11-25", "conditions": [CONDITION]},
        "limits": WORDS,
        "changes_mind": WORDS,
    } | changes


class MadeUp:
    """Stands for an experiment."""

    sizes = ("quick",)
    title = {"en": "Made up", "zh": "虚构"}  # noqa: RUF012


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """An experiment and a query that only these tests know."""

    def asked(cat, share: float = 0.5) -> Evidence:
        found = Finding(name="share", value=share, unit="1", error=Exact(), n=2, of="rows")
        return Evidence(test="asked", made=NOW, machine="", findings=[found])

    experiments, queries = dict(declared.experiments()), dict(declared.queries())
    monkeypatch.setattr(declared, "experiments", lambda: experiments | {"made_up": MadeUp})
    monkeypatch.setattr(declared, "queries", lambda: queries | {"asked": asked})
    monkeypatch.setattr(declared, "estimate_s", lambda experiments, size: 60.0)


@pytest.fixture
def mine(tmp_path: Path, tables):
    def write(*entries: dict, name: str = "mine.yaml") -> Path:
        path = tmp_path / name
        path.write_text(yaml.safe_dump(list(entries), allow_unicode=True), encoding="utf-8")
        return path

    return write


ASKED = {
    "kind": "data",
    "test": {"query": {"name": "asked", "share": 0.8}, "described": WORDS},
    "rule": {
        "version": 1,
        "declared": "2026-11-25",
        "conditions": [CONDITION | {"finding": "share", "threshold": 0.5}],
    },
}
FAULTY = {
    "another kind": ({"kind": "opinion"}, '"opinion" is no kind'),
    "no reason": ({"rule": {"version": 1, "declared": "2026-11-25", "conditions": [
        {k: v for k, v in CONDITION.items() if k != "reason"}]}}, r"needs the field rule\.conditions\.0\.reason"),
    "no Chinese": ({"statement": {"en": "Mine"}}, "The text is missing in this language"),
    "unknown statement": ({"about": ["challenge.none"]}, r"challenge\.none, which is no id"),
    "unknown section": ({"section": "12"}, "no section 12"),
    "unknown experiment": ({"test": {"experiment": "none", "described": WORDS}}, 'no experiment "none"'),
    "unknown query": (ASKED | {"test": {"query": {"name": "none"}, "described": WORDS}}, 'no query "none"'),
    "query asked wrongly": (
        ASKED | {"test": {"query": {"name": "asked", "place": "EU27"}, "described": WORDS}}, "'place'"),
    "two tests": (
        {"test": {"experiment": "made_up", "query": {"name": "asked"}, "described": WORDS}}, "experiment, query"),
    "no rule": ({"rule": None}, "needs a rule"),
    "rule of a norm": ({"kind": "norm", "test": {"norm": {"measure": WORDS}, "described": WORDS}}, "has no rule"),
    "two numbers for above": ({"rule": {"version": 1, "declared": "2026-11-25", "conditions": [
        CONDITION | {"threshold": [1, 2]}]}}, "takes one number"),
    "words for a threshold": ({"rule": {"version": 1, "declared": "2026-11-25", "conditions": [
        CONDITION | {"threshold": "much"}]}}, "a threshold is a number"),
    "only guards": ({"rule": {"version": 1, "declared": "2026-11-25", "conditions": [
        CONDITION | {"role": "guard"}]}}, "no condition with role: main"),
    "passes whatever happens": ({"rule": {"version": 1, "declared": "2026-11-25", "conditions": [
        CONDITION, CONDITION | {"threshold": 2, "role": "guard"}]}}, "contradicted"),
    "a version without its predecessor": ({"rule": {"version": 2, "declared": "2026-11-25", "conditions": [
        CONDITION]}}, "all before it: 1"),
    "a fact without a source": ({"kind": "fact", "rule": None, "test": {"described": WORDS, "facts": [
        {"about": "paper.gan", "holds": True, "source": "none", "note": WORDS}]}}, '"none" is not in sources.csv'),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTY)
def test_a_fault_is_one_sentence_with_its_place_and_nothing_is_added(mine, fault) -> None:
    changes, expected = FAULTY[fault]
    with pytest.raises(UserError, match=expected) as refused:
        own.add(mine(entry(**changes)), LEDGER.claims)
    assert "mine.yaml, row" in str(refused.value)
    assert not own.folder().exists()


def test_faults_of_the_shipped_file_are_found_by_the_check(tmp_path) -> None:
    package = tmp_path / "data"
    shutil.copytree(PACKAGE, package)
    path = package / "document/claims.yaml"
    content = path.read_text(encoding="utf-8")
    path.write_text(content.replace("about: [math.derivation]", "about: [math.none]"), encoding="utf-8")
    line = content[: content.index("about: [math.derivation]")].count("\n") + 1
    (found,) = check.check(package).problems
    assert (found.type, found.file, found.row) == ("id-unknown", "document/claims.yaml", line)


def test_a_claim_of_ones_own_is_listed_beside_the_shipped_ones_and_marked(mine) -> None:
    added, kept = own.add(mine(entry(), entry("claim.asked", **ASKED)), LEDGER.claims)
    assert [claim.id for claim in added] == ["claim.mine", "claim.asked"]
    assert kept.parent == own.folder()
    found = {s.claim.id: s for s in standing.stand(package=PACKAGE)}
    assert found["claim.mine"].own
    assert not found["claim.update_rules"].own
    assert found["claim.mine"].verdict.code == "untested"
    assert found["claim.asked"].verdict.code == "supported"


def test_an_id_that_is_taken_is_refused(mine) -> None:
    with pytest.raises(UserError, match=r"claim\.update_rules belongs to another claim"):
        own.add(mine(entry("claim.update_rules")), LEDGER.claims)


def test_a_rule_of_ones_own_changes_only_with_its_version(mine) -> None:
    own.add(mine(entry()), LEDGER.claims)
    changed = [CONDITION | {"threshold": 2}]
    silent = entry(rule={"version": 1, "declared": "2026-11-25", "conditions": changed})
    with pytest.raises(UserError, match="raise the version"):
        own.add(mine(silent), LEDGER.claims)
    before = {"version": 1, "date": "2026-11-25", "why": WORDS, "conditions": [CONDITION]}
    rule = {"version": 2, "declared": "2026-11-26", "conditions": changed, "changes": [before]}
    (claim,), _ = own.add(mine(entry(rule=rule)), LEDGER.claims)
    assert [v.version for v in claim.rule.versions] == [1, 2]


def test_a_kept_file_that_was_broken_by_hand_is_left_out_and_said(mine) -> None:
    own.add(mine(entry()), LEDGER.claims)
    (own.folder() / "mine.yaml").write_text("- id: [", encoding="utf-8")
    found = ledger.load(PACKAGE)
    assert len(found) == len(LEDGER)
    assert "mine.yaml" in found.problems[0]


# Evidence, history, a test on this machine


def leave(home: Path, values: dict[str, float | None], made=NOW, name: str = "made_up") -> Path:
    """Evidence as an experiment leaves it on this machine."""
    path = home / f"experiments/quick/{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(evidence_of(values, "quick", name, made=made).model_dump_json(), encoding="utf-8")
    return path


def one(id: str = "claim.mine", size=None):
    return next(s for s in standing.stand(size, PACKAGE) if s.claim.id == id)


def test_evidence_on_this_machine_settles_a_claim_until_it_changes(mine, home) -> None:
    own.add(mine(entry()), LEDGER.claims)
    leave(home, {"x": 2.0})
    assert (one().verdict.code, one().verdict.basis, one().verdict.size) == ("supported", "local", "quick")
    leave(home, {"x": 0.5}, made=datetime(2026, 12, 2, tzinfo=UTC))
    assert one().verdict.code == "contradicted"
    assert one(size="standard").verdict.code == "untested"


@pytest.mark.parametrize("content", ["", "{}", "null", '{"test": "another"}'])
def test_evidence_that_cannot_be_read_is_passed_over_with_its_reason(mine, home, content) -> None:
    from aigc_report.claims import evidence

    own.add(mine(entry()), LEDGER.claims)
    leave(home, {"x": 2.0}).write_text(content, encoding="utf-8")
    assert one().verdict.code == "untested"
    (problem,) = evidence.shelf("quick", "local").problems
    assert "made_up.json" in problem


def test_the_history_shows_the_rule_before_its_test(mine, home) -> None:
    own.add(mine(entry()), LEDGER.claims)
    leave(home, {"x": 2.0})
    history.record([one().verdict], NOW)
    events = history.of(one().claim, [], PACKAGE)
    assert [(e.what, e.day.isoformat()) for e in events] == [("declared", "2026-11-25"), ("tested", "2026-12-01")]
    assert events[1].test.verdict == "supported"
    assert all(words.event(texts(lang), event) for event in events for lang in LANGUAGES)


def test_a_half_written_line_of_the_history_costs_that_line_only(mine, home) -> None:
    own.add(mine(entry()), LEDGER.claims)
    leave(home, {"x": 2.0})
    history.record([one().verdict], NOW)
    with history.path().open("a", encoding="utf-8") as file:
        file.write('{"claim": "claim.mi')
    assert len(history.read()) == 1


def test_a_rule_that_changed_in_silence_after_a_test_is_marked(mine, home) -> None:
    own.add(mine(entry()), LEDGER.claims)
    leave(home, {"x": 2.0})
    history.record([one().verdict], NOW)
    kept = own.folder() / "mine.yaml"
    kept.write_text(kept.read_text(encoding="utf-8").replace("threshold: 1", "threshold: 1.5"), encoding="utf-8")
    assert "rule_changed" in one().verdict.notices


EXPERIMENT = """
import json, os, pathlib, signal, sys, time
folder = pathlib.Path(os.environ["AIGC_REPORT_HOME"]) / "experiments" / "quick"
folder.mkdir(parents=True, exist_ok=True)
(folder / "progress.json").write_text(json.dumps({"done": 1, "total": 4, "experiment": sys.argv[1], "eta_s": 3.0}))
if os.environ.get("WAIT"):
    signal.signal(signal.SIGINT, lambda *_: ((folder / "told").touch(), sys.exit(130)))
    os.kill(os.getppid(), signal.SIGTERM)
    time.sleep(60)
(folder / "made_up.json").write_text(os.environ["EVIDENCE"])
sys.exit(int(os.environ.get("STATUS", "0")))
"""


@pytest.fixture
def program(mine, tmp_path, monkeypatch):
    """A small program in place of the real experiments: it leaves evidence, or waits to be told to end."""
    own.add(mine(entry(), entry("claim.asked", **ASKED)), LEDGER.claims)
    script = tmp_path / "experiment.py"
    script.write_text(EXPERIMENT, encoding="utf-8")
    monkeypatch.setattr(testing, "EXPERIMENT", (str(script),))
    monkeypatch.setattr(testing.runner, "available", lambda: True)
    monkeypatch.setenv("EVIDENCE", evidence_of({"x": 2.0}, "quick").model_dump_json())
    return script


def test_a_test_runs_the_experiments_and_keeps_what_it_found(program) -> None:
    done = testing.run(["claim.mine", "claim.asked"], "quick", pytest.fail)
    assert {s.claim.id: s.verdict.code for s in done.standings} == {
        "claim.mine": "supported",
        "claim.asked": "supported",
    }
    assert done.status == 0
    assert {line.claim for line in history.read()} == {"claim.mine", "claim.asked"}
    now = testing.progress()
    assert (now.running, now.fraction, now.experiment, now.request.status) == (False, 0.25, "made_up", 0)


def test_a_test_that_is_told_to_end_tells_the_experiments_and_says_it_was_interrupted(
    program, home, monkeypatch
) -> None:
    monkeypatch.setenv("WAIT", "1")
    with pytest.raises(KeyboardInterrupt):
        testing.run(["claim.mine"], "quick", pytest.fail)
    assert (home / "experiments/quick/told").exists()
    assert testing.progress().request.status == testing.INTERRUPTED
    monkeypatch.delenv("WAIT")
    assert testing.run(["claim.mine"], "quick", pytest.fail).standings[0].verdict.code == "supported"


def test_an_experiment_that_failed_leaves_its_exit_status(program, monkeypatch, capsys) -> None:
    monkeypatch.setenv("STATUS", "1")
    with pytest.raises(SystemExit) as left:
        cli.main(["claims", "test", "claim.mine", "--json"])
    assert left.value.code == 1
    assert json.loads(capsys.readouterr().out)["claims"][0]["verdict"] == "supported"


def test_two_tests_at_once_are_refused(program) -> None:
    with testing._lock(), pytest.raises(UserError, match="Another process"):
        testing.run(["claim.mine"], "quick", pytest.fail)


def test_a_test_started_from_a_page_outlives_its_starter_and_leaves_how_it_ended(home) -> None:
    testing.start(["claim.update_rules"], "quick")
    give_up = time.monotonic() + 60
    while (now := testing.progress()) is None or now.running or now.request.finished is None:
        assert time.monotonic() < give_up
        time.sleep(0.05)
    assert (now.request.claims, now.request.status) == (["claim.update_rules"], 0)
    with testing._lock(), pytest.raises(UserError, match="Another process"):
        testing.start(["claim.update_rules"], "quick")


def test_without_training_named_experiments_are_refused_and_figures_still_asked(program, monkeypatch) -> None:
    monkeypatch.setattr(testing.runner, "available", lambda: False)
    from gan.errors import UsageError

    with pytest.raises(UsageError, match="aigc-report"):
        testing.run(["claim.mine"], "quick", pytest.fail)
    said: list[str] = []
    done = testing.run([], "quick", said.append)
    assert any("left out" in line for line in said)
    assert next(s for s in done.standings if s.claim.id == "claim.asked").verdict.code == "supported"


# Words and documents


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_verdict_says_what_it_rests_on(mine, home, lang) -> None:
    own.add(mine(entry()), LEDGER.claims)
    leave(home, {"x": 2.0})
    t = texts(lang)
    said = words.sentence(t, one().verdict)
    for part in ("3", "2026", t(words.SIZES["quick"]), t(words.BASES["local"]), "1"):
        assert part in said
    assert words.findings(t, one().verdict)[0].count("2") >= 1
    assert "claim.mine" in report.citation(one(), lang)


def test_the_difference_between_here_and_shipped_is_explained(mine, home) -> None:
    own.add(mine(entry()), LEDGER.claims)
    leave(home, {"x": 2.0})
    shipped = judge([(one().claim, evidence_of({"x": 0.5}, "quick"))], size="quick", basis="reference")["claim.mine"]
    for lang in LANGUAGES:
        head, *differences = compare.explain(texts(lang), one().verdict, shipped)
        assert head == texts(lang)("They differ. What differs between the two:")
        assert any("x" in line for line in differences)
    assert compare.explain(texts("en"), one().verdict, one().verdict) == ["Both say the same."]


def printed(capsys, *arguments: str) -> dict:
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    assert left.value.code in (0, None)
    out, _ = capsys.readouterr()
    return json.loads(out)


def test_the_command_prints_the_document_of_the_contract(capsys) -> None:
    listed = printed(capsys, "claims", "--json")
    assert [claim["id"] for claim in listed["claims"]] == [claim.id for claim in LEDGER]
    for claim in listed["claims"]:
        assert {"id", "section", "kind", "statement", "verdict", "evidence", "size", "tested"} <= set(claim)
        assert set(claim["statement"]) == {"en", "zh"}
    assert {c["kind"] for c in printed(capsys, "claims", "list", "--kind", "fact", "--json")["claims"]} == {"fact"}
    whole = printed(capsys, "claims", "show", "claim.update_rules", "--json")
    assert {"reading", "test", "rule", "limits", "changes_mind", "verdicts"} <= set(whole)
    assert printed(capsys, "claims", "history", "claim.update_rules", "--json")["history"] == []


def test_a_claim_of_ones_own_is_added_from_the_command_line(mine, capsys) -> None:
    path = mine(entry())
    assert printed(capsys, "claims", "add", str(path), "--json")["added"] == ["claim.mine"]
    with pytest.raises(SystemExit) as left:
        cli.main(["claims", "show", "claim.none"])
    assert left.value.code == 2
    assert "There is no claim" in capsys.readouterr().err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_prints_claims_in_both_languages(mine, home, capsys, lang) -> None:
    own.add(mine(entry()), LEDGER.claims)
    leave(home, {"x": 2.0})
    for arguments in (
        ["claims", "list"],
        ["claims", "show", "claim.mine"],
        ["claims", "show", "claim.mine", "--size", "quick"],
    ):
        with pytest.raises(SystemExit):
            cli.main([*arguments, "--lang", lang])
        out = capsys.readouterr().out
        assert texts(lang)(words.VERDICTS["supported"]) in out


def test_the_table_has_a_row_for_each_condition_and_each_fact(mine, home) -> None:
    own.add(mine(entry()), LEDGER.claims)
    leave(home, {"x": 2.0})
    table = report.table([one(), one("claim.update_rules"), one("claim.derivation")])
    assert list(table["claim"]) == ["claim.mine", *["claim.update_rules"] * 4, "claim.derivation"]
    assert table["value"].iloc[0] == pytest.approx(2.0)


def test_only_claims_with_rules_have_a_rule() -> None:
    assert all((claim.rule is not None) == (claim.kind in RULED) for claim in LEDGER)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_evidence_can_be_drawn(mine, home, lang) -> None:
    own.add(mine(entry()), LEDGER.claims)
    leave(home, {"x": 2.0})
    t = texts(lang)
    for found in standing.stand(package=PACKAGE):
        for verdict in found.verdicts:
            series = verdict.evidence.series if verdict.evidence else []
            described = [drawn.evidence(t, found.claim, verdict, one.name) for one in series]
            described += [drawn.findings(t, found.claim, verdict)] if drawn.comparable(verdict) else []
            for chart in described:
                assert chart.alt
                assert plotly.render(chart).data
