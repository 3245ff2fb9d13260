"""One claim on a page: verdicts here and shipped, evidence in numbers and charts, rule and reasons, history."""

import html
import json
from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from aigc_report import catalog, document
from aigc_report.charts import claims as drawn
from aigc_report.claims import compare, history, report, words
from aigc_report.claims.schema import Claim
from aigc_report.claims.standing import Standing
from aigc_report.claims.verdict import Outcome, Verdict
from aigc_report.i18n import Texts
from dashboards.ui import charts, claims, claims_badge, claims_test, downloads, runs, sources, state, statements
from dashboards.ui.boundary import boundary


def show(t: Texts, standing: Standing) -> None:
    """The claim with everything that is known of it."""
    everything = t("All claims")
    st.markdown(f"[{everything}](claims?{urlencode({'lang': t.lang})})")
    st.header(standing.claim.statement[t.lang])
    st.caption(claims.place(t, standing))
    verdict = _chosen(t, standing)
    _verdicts(t, standing, verdict)
    _reading(t, standing.claim)
    if verdict.outcomes:
        st.subheader(t("Evidence"))
        _evidence(t, verdict)
        _pictures(t, standing.claim, verdict)
    if verdict.facts:
        st.subheader(t("What was looked up"))
        _facts(t, verdict)
    _rule(t, standing.claim)
    _words(t, standing.claim)
    if standing.claim.kind == "experiment":
        claims_test.show(t, [standing.claim])
    _provenance(t, standing, verdict)
    _about(t, standing)


def _chosen(t: Texts, standing: Standing) -> Verdict:
    """The verdict whose evidence is looked at; a choice where there are several."""
    if len(standing.verdicts) == 1:
        return standing.verdict
    named = {f"{v.size or 'data'}-{v.basis}": v for v in standing.verdicts}
    chosen = state.choice(
        st.segmented_control,
        t("Evidence to look at"),
        list(named),
        key="evidence",
        required=True,
        format_func=lambda key: _named(t, named[key]),
    )
    return named[chosen]


def _named(t: Texts, verdict: Verdict) -> str:
    """Evidence in a few words: how large, and made where."""
    size = t(words.SIZES[verdict.size]) if verdict.size else t("published figures")
    made = words.BASES[verdict.basis] if verdict.basis else ""
    return t("{size}, {basis}", size=size, basis=t(made))


def _verdicts(t: Texts, standing: Standing, verdict: Verdict) -> None:
    """The verdict looked at; beside it the one of the other basis, and why they differ."""
    other = standing.by("reference" if verdict.basis == "local" else "local", verdict.size)
    columns = st.columns(2, gap="large") if other is not None else [st.container()]
    for column, one in zip(columns, [verdict, *([other] if other is not None else [])], strict=True):
        with column, st.container(border=True):
            head = f"<small>{html.escape(_named(t, one))}</small>" if one.outcomes else ""
            st.html(
                f'<div class="claim-verdict">{head}{claims_badge.badge(t, one.code)}'
                f"<p>{html.escape(words.sentence(t, one))}</p></div>"
            )
    for notice in verdict.notices:
        st.warning(t(words.NOTICES[notice]), icon=":material/history:")
    if standing.refused is not None:
        st.warning(standing.refused.text(t), icon=":material/warning:")
    if other is not None:
        here, shipped = (verdict, other) if verdict.basis == "local" else (other, verdict)
        st.markdown("\n".join(f"- {line}" for line in compare.explain(t, here, shipped)))


def _reading(t: Texts, claim: Claim) -> None:
    pairs = [(t("What we take it to mean"), claim.reading), (t("Test"), claim.test.described)]
    if claim.test.norm is not None:
        pairs.append((t("What would show it"), claim.test.norm.measure))
        if claim.test.norm.complies is not None:
            pairs.append((t("This product"), claim.test.norm.complies))
    rows = "".join(f"<dt>{html.escape(head)}</dt><dd>{html.escape(text[t.lang])}</dd>" for head, text in pairs)
    st.html(f'<dl class="about facts">{rows}</dl>')


def _evidence(t: Texts, verdict: Verdict) -> None:
    """A row for each condition: what was found, what was needed, how likely chance explains it."""
    heads = [t("Found"), t("95% interval"), t("Rests on"), t("Needed"), t("p, adjusted"), t("Outcome")]
    st.html(_rows(["", *heads], [_row(t, o) for o in verdict.outcomes]))
    st.caption(
        t("Nothing was sampled, so nothing is left to chance: findings are compared with their thresholds as they are.")
        if verdict.together == 0
        else t(
            "p: how likely chance alone puts a finding this far from its threshold (two-sided), adjusted for the {n} "
            "conditions that were judged together (Benjamini-Hochberg). A condition is decided below {level}; exact "
            "findings are compared as they are. Intervals are not adjusted.",
            n=verdict.together,
            level=t.number(0.05),
        )
    )
    found = verdict.evidence
    if found is not None and found.warnings:
        with st.expander(t("To mind ({n})", n=len(found.warnings))):
            st.markdown("\n".join(f"- {t(warning)}" for warning in found.warnings))


def _row(t: Texts, o: Outcome) -> list[str]:
    guard = t(words.ROLES["guard"])
    role = "" if o.condition.role == "main" else f" ({html.escape(guard)})"
    if o.finding is None:
        return [f"{html.escape(o.condition.finding)}{role}", "", "", "", "", "", html.escape(t(words.WHY["missing"]))]
    state_of = t(words.STATES[o.state]) + (f" ({t(words.WHY[o.why])})" if o.why else "")
    ends = t("{low} to {high}", low=t.number(o.interval[0]), high=t.number(o.interval[1])) if o.interval else ""
    code = f"<br><code>{html.escape(o.condition.finding)}</code>"
    return [
        f"{html.escape(words.name(t, o.finding))}{role}{code}",
        f"<b>{html.escape(words.amount(t, o.finding.value, o.finding.unit))}</b>",
        html.escape(ends),
        html.escape(words.sample(t, o.finding)),
        html.escape(words.wanted(t, o.condition, o.finding.unit)),
        html.escape(
            "" if o.adjusted is None else f"< {t.number(0.001)}" if o.adjusted < 0.001 else t.number(o.adjusted)
        ),
        html.escape(state_of),
    ]


def _pictures(t: Texts, claim: Claim, verdict: Verdict) -> None:
    """The series of the evidence; without any, the findings beside their thresholds."""
    found = verdict.evidence
    if found is None:
        return
    if not found.series:
        if drawn.comparable(verdict):
            charts.show(t, drawn.findings, t, claim, verdict)
        return
    for start in range(0, len(found.series), 2):
        for column, series in zip(st.columns(2, gap="large"), found.series[start : start + 2], strict=False):
            with column:
                charts.show(t, drawn.evidence, t, claim, verdict, series.name)


def _facts(t: Texts, verdict: Verdict) -> None:
    cat = catalog.load()
    lines = []
    for fact in verdict.facts:
        source = sources.cite(t, cat, fact.source) if fact.source in cat.sources.index else fact.source
        holds, cited = t(words.HOLDS[fact.holds]), t("Source: {sources}", sources=source)
        lines.append(f"- `{fact.about}` **{holds}**: {fact.note[t.lang]} {cited}")
    st.markdown("\n".join(lines))


def _rule(t: Texts, claim: Claim) -> None:
    """The rule with the reason for each threshold, and when it was declared."""
    if claim.rule is None:
        return
    st.subheader(t("Rule"))
    st.caption(
        t(
            "Version {version}, declared on {date}. All conditions hold: supported; all fail: contradicted; some hold "
            "and some fail: partly supported; otherwise, or where a guard does not hold: inconclusive.",
            version=claim.rule.version,
            date=t.period(claim.rule.declared.isoformat()),
        )
    )
    rows = [
        [
            f"<code>{html.escape(c.finding)}</code>",
            html.escape(words.wanted(t, c)),
            html.escape(t(words.ROLES[c.role])),
            html.escape(c.reason[t.lang]),
        ]
        for c in claim.rule.conditions
    ]
    st.html(_rows([t("Finding"), t("Needed"), t("Role"), t("Why this threshold")], rows))


def _words(t: Texts, claim: Claim) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(t("What the test cannot say"))
        st.markdown(claim.limits[t.lang])
    with right:
        st.subheader(t("What would change the verdict"))
        st.markdown(claim.changes_mind[t.lang])


def _provenance(t: Texts, standing: Standing, verdict: Verdict) -> None:
    """History, runs and settings behind the evidence, a line to cite, and the whole as JSON or CSV."""
    st.subheader(t("Where it comes from"))
    shipped = [v for v in standing.verdicts if v.basis == "reference" and v.size is not None]
    events = history.of(standing.claim, shipped, catalog.folder())
    if events:
        with st.expander(t("History: rules and tests ({n})", n=len(events))):
            st.markdown("\n".join(f"- {words.event(t, event)}" for event in events))
    if verdict.evidence is not None:
        with st.expander(t("How the evidence was made")), boundary(t, "provenance"):
            _made(t, verdict)
    st.caption(t("To cite:"))
    st.code(report.citation(standing, t.lang, verdict), language=None, wrap_lines=True)
    with st.container(horizontal=True):
        st.download_button(
            t("Claim (JSON)"),
            lambda: json.dumps(report.whole(standing), ensure_ascii=False, allow_nan=False, indent=1).encode(),
            file_name=f"{standing.claim.id}.json",
            mime="application/json",
            key="claim-json",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
        downloads.button(t, report.table([standing]), standing.claim.id)


def _made(t: Texts, verdict: Verdict) -> None:
    """Machine, time, settings, program and the raw runs or observations."""
    found = verdict.evidence
    assert found is not None
    pairs = [
        (t("Made"), t.moment(found.made.isoformat())),
        (t("Machine"), found.machine),
        (t("Took"), t.duration(found.took_s) if found.took_s else ""),
        (t("Seeds"), t.join([str(seed) for seed in found.seeds])),
        (t("Settings"), t.join([f"{key} {value}" for key, value in found.settings.items()])),
        (t("Program"), found.code_digest[:16]),
    ]
    rows = "".join(f"<dt>{html.escape(head)}</dt><dd>{html.escape(said)}</dd>" for head, said in pairs if said)
    st.html(f'<dl class="about facts">{rows}</dl>')
    named = dict.fromkeys(run for finding in found.findings for run in finding.runs)
    if named:
        st.markdown(t("Runs: {runs}", runs=t.join([_run(t, run, verdict.basis == "local") for run in named])))
    rows_used = dict.fromkeys(row for finding in found.findings for row in finding.rows)
    if rows_used:
        st.markdown(t("Observations ({n}):", n=len(rows_used)))
        st.code("\n".join(rows_used), language=None, height=180)


def _run(t: Texts, run_id: str, here: bool) -> str:
    """A run's id, linked to the GAN Lab where the run is on this machine."""
    known = here and (runs.store().root / run_id / "record.json").is_file()
    return f"[`{run_id}`](gan-lab?{urlencode({'lang': t.lang, 'run': run_id})})" if known else f"`{run_id}`"


def _about(t: Texts, standing: Standing) -> None:
    """The statements of the founding document that the claim is about."""
    doc = document.load()
    known = {s.id for s in doc}
    named = [id for id in dict.fromkeys(claims_badge.named(standing)) if id in known]
    if named:
        st.subheader(t("What the document says"))
        statements.show(t, [doc[id] for id in named])


def _rows(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of HTML cells that becomes cards on a phone."""
    head = "".join(f"<th>{html.escape(h)}</th>" for h in heads)
    body = "".join(f"<tr>{''.join(map(_cell, heads, row))}</tr>" for row in rows)
    return f'<table class="rows"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _cell(head: str, content: str) -> str:
    """A cell; what is in it stays together where a phone sets its head beside it."""
    inside = f"<div>{content}</div>" if content else ""
    return f'<td data-head="{html.escape(head)}">{inside}</td>'
