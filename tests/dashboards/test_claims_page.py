"""The Claims page: filters and one claim by its address, evidence of this machine beside what ships, badges elsewhere.

Evidence made here is synthetic.
"""

import html
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aigc_report.claims import declared, ledger, own, standing, words
from aigc_report.i18n import LANGUAGES, texts
from gan.experiments.evidence import Evidence, Finding, Replicates, Series

APP = Path(__file__).parents[2] / "dashboards/app.py"

MINE = """
- id: claim.mine
  kind: experiment
  section: "8.3"
  about: [challenge.labels]
  factor: barriers
  readers: [public]
  statement: {en: Mine is faster, zh: 我的更快}
  reading: {en: What it means, zh: 含义}
  test: {experiment: made_up, described: {en: What is done, zh: 做法}}
  rule:
    version: 1
    declared: 2026-11-25
    conditions:
      - {finding: x, is: above, threshold: 1, role: main, reason: {en: Because of x, zh: 因为}}
      - {finding: g, is: above, threshold: 0, role: guard, reason: {en: Else nothing shows, zh: 否则看不出}}
  limits: {en: Not much, zh: 不多}
  changes_mind: {en: A slower run, zh: 更慢的运行}
"""


class MadeUp:
    sizes = ("quick", "standard")
    title = {"en": "Made up", "zh": "虚构"}  # noqa: RUF012


@pytest.fixture
def settled(tmp_path, monkeypatch) -> Path:
    """A home with a claim of one's own and evidence for it, as an experiment would have left it."""
    monkeypatch.setenv("AIGC_REPORT_HOME", str(tmp_path / "home"))
    experiments = dict(declared.experiments())
    monkeypatch.setattr(declared, "experiments", lambda: experiments | {"made_up": MadeUp})
    monkeypatch.setattr(declared, "estimate_s", lambda experiments, size: 90.0)
    path = tmp_path / "mine.yaml"
    path.write_text(MINE, encoding="utf-8")
    own.add(path, ledger.load().shipped)
    said = {"en": "How fast", "zh": "速度"}
    findings = [
        Finding(name=name, value=2.0, unit="1", error=Replicates(values=[1.9, 2.0, 2.1]), n=3, about=said, runs=["r1"])
        for name in ("x", "g")
    ]
    points = [{"x": float(n), "y": n / 2, "low": n / 3, "high": float(n), "group": "fast"} for n in (1, 10, 100)]
    series = Series(name="by_n", x_name={"en": "Images", "zh": "图像"}, y_name=said, points=points, log_x=True)
    arms = [{"x": "one", "y": 1.0, "low": 0.5, "high": None, "label": "one"}, {"x": "two", "y": 2.0, "label": "two"}]
    rows = Series(name="arms", x_name={"en": "Arm", "zh": "组"}, y_name=said, points=arms)
    for size in ("quick", "standard"):
        found = Evidence(
            test="made_up", size=size, made=datetime(2026, 12, 1, tzinfo=UTC), machine="a machine", seeds=[0, 1, 2],
            findings=findings, series=[series, rows] if size == "quick" else [], warnings=["mind this"],
        )  # fmt: skip
        left = tmp_path / f"home/experiments/{size}/made_up.json"
        left.parent.mkdir(parents=True)
        left.write_text(found.model_dump_json(), encoding="utf-8")
    return tmp_path


def show(lang: str, view: str = "claims", **query: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["lang"] = lang
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    app.switch_page(f"views/{view}.py")
    app.run()
    assert not app.exception
    assert not [w.value for w in app.warning if "log of the server" in w.value or "服务器日志" in w.value]
    return app


def shown(app: AppTest) -> str:
    return html.unescape("".join(block.proto.body for block in app.get("html")))


def test_filters_stand_in_the_address_and_leave_what_meets_them(no_runs):
    body = shown(show("en", verdict="contradicted", reader="research"))
    wanted = standing.select(standing.stand(), verdict="contradicted", reader="research")
    assert {s.claim.id for s in wanted} >= {"claim.update_rules"}
    for found in standing.stand():
        assert (f"{found.claim.id} ·" in body) == (found in wanted)


def test_words_that_no_claim_holds_get_a_way_out(no_runs):
    assert any("No claim matches" in info.value for info in show("en", q="elephants").info)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_claim_shows_verdict_evidence_rule_limits_and_provenance(settled, lang):
    t = texts(lang)
    app = show(lang, id="claim.mine", evidence="quick-local")
    body = shown(app)
    found = next(s for s in standing.stand() if s.claim.id == "claim.mine")
    assert t(words.VERDICTS["supported"]) in body
    assert words.sentence(t, found.verdicts[1]) in body
    for said in (found.claim.reading, found.claim.rule.conditions[0].reason, found.claim.test.described):
        assert said[lang] in body
    assert {found.claim.limits[lang], found.claim.changes_mind[lang]} <= {m.value for m in app.markdown}
    assert len(app.get("plotly_chart")) == 2
    assert any("claim.mine" in code.value for code in app.code)
    assert any("r1" in m.value for m in app.markdown)


def test_evidence_without_a_series_is_drawn_beside_the_thresholds(settled):
    app = show("en", id="claim.mine", evidence="standard-local")
    assert len(app.get("plotly_chart")) == 1


@pytest.mark.parametrize("id", ["claim.derivation", "claim.update_rules"])
def test_facts_stand_without_evidence(no_runs, id):
    app = show("zh", id=id)
    found = next(s for s in standing.stand() if s.claim.id == id)
    assert words.sentence(texts("zh"), found.verdict) in shown(app)


def test_a_statement_of_the_document_carries_the_verdict_of_its_claims(settled):
    body = shown(show("en", "document", id="challenge.labels"))
    assert "claims?lang=en&id=claim.mine" in body
    assert "✓" in body


def test_a_test_can_be_started_where_training_is_installed(settled, monkeypatch):
    asked = []
    monkeypatch.setattr("dashboards.ui.claims_test.testing.start", lambda ids, size: asked.append((ids, size)))
    monkeypatch.setattr("dashboards.ui.claims_test.runner.available", lambda: True)
    app = show("en", id="claim.mine")
    assert any("1 min 30 s" in caption.value for caption in app.caption)
    app.button(key="test-here").click().run()
    assert asked == [(["claim.mine"], "quick")]
