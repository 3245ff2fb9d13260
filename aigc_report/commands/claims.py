"""`aigc-report claims`: the ledger with its verdicts, one claim in full, tests, history, claims of one's own."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from aigc_report.commands.output import as_json_text

if TYPE_CHECKING:
    from aigc_report.claims.standing import Standing
    from aigc_report.i18n import Texts

claims = typer.Typer(
    help="The claims of the founding document, each with its test and its verdict.", rich_markup_mode=None
)

Code = Literal["supported", "partly_supported", "contradicted", "inconclusive", "untested", "not_testable"]
Size = Literal["quick", "standard", "full"]
Ids = Annotated[list[str] | None, typer.Argument(metavar="ID", help="Claims by id; all where none is given.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="A claim's id; aigc-report claims lists them.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Lang = Annotated[Literal["en", "zh"], typer.Option(help="Language of what is printed.")]
OfVerdict = Annotated[Code | None, typer.Option("--verdict", help="Only claims with this verdict.")]
OfFactor = Annotated[
    Literal["maturity", "demand", "barriers", "business", "policy"] | None,
    typer.Option("--factor", help="Only claims on this factor."),
]
OfReader = Annotated[
    Literal["government", "enterprise", "research", "practitioner", "public"] | None,
    typer.Option("--reader", help="Only claims that concern this group."),
]
OfKind = Annotated[
    Literal["experiment", "data", "fact", "norm"] | None,
    typer.Option("--kind", help="Only claims settled this way."),
]
AtSize = Annotated[Size | None, typer.Option("--size", help="Experiments at this size; else the largest there is.")]


@claims.callback(invoke_without_command=True)
def _claims_commands(
    context: typer.Context,
    verdict: OfVerdict = None,
    factor: OfFactor = None,
    reader: OfReader = None,
    kind: OfKind = None,
    size: AtSize = None,
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """The claims of the founding document, each with its test and its verdict; without a word, all of them.

    \b
    aigc-report claims --verdict contradicted
    aigc-report claims show claim.labels
    aigc-report claims test --size quick
    aigc-report claims add mine.yaml
    """
    if context.invoked_subcommand is None:
        _list(verdict, factor, reader, kind, size, lang, as_json)


@claims.command(name="list")
def list_claims(
    verdict: OfVerdict = None,
    factor: OfFactor = None,
    reader: OfReader = None,
    kind: OfKind = None,
    size: AtSize = None,
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """List the claims with their verdicts.

    \b
    aigc-report claims list --factor barriers --kind experiment
    aigc-report claims list --size quick --json
    """
    _list(verdict, factor, reader, kind, size, lang, as_json)


@claims.command()
def show(id: Id, size: AtSize = None, lang: Lang = "en", as_json: AsJson = False) -> None:
    """Print one claim in full: reading, test, rule with its thresholds and their reasons, evidence, every verdict.

    \b
    aigc-report claims show claim.update_rules
    """
    from aigc_report.claims import report
    from aigc_report.i18n import texts

    standing = _one(id, size)
    print(as_json_text(report.whole(standing)) if as_json else _described(texts(lang), standing))


@claims.command(name="test")
def put_to_the_test(
    ids: Ids = None,
    size: Annotated[Size, typer.Option(help="How much the experiments may take.")] = "quick",
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """Put claims to the test on this machine and print the verdicts: experiments are run, figures asked anew.

    \b
    aigc-report claims test
    aigc-report claims test claim.labels --size standard

    All of them at size quick take about a quarter of an hour on two cores. Ctrl-C stops; the same command goes on.
    """
    from aigc_report.claims import report, testing
    from aigc_report.i18n import texts

    done = testing.run(ids or [], size, lambda line: print(line, file=sys.stderr, flush=True))
    if as_json:
        print(as_json_text(report.listed(done.standings)))
    else:
        print(_table(texts(lang), done.standings))
    if done.status:
        print("Some experiments did not finish; the same command goes on where they stopped.", file=sys.stderr)
        raise typer.Exit(1)


@claims.command()
def history(id: Id, lang: Lang = "en", as_json: AsJson = False) -> None:
    """Print when a claim's rule was declared, each version with its digest, and the tests that ran under it.

    \b
    aigc-report claims history claim.update_rules
    """
    from aigc_report import catalog
    from aigc_report.claims import history as past
    from aigc_report.claims import report
    from aigc_report.i18n import texts

    standing = _one(id, None)
    shipped = [v for v in standing.verdicts if v.basis == "reference" and v.size is not None]
    events = past.of(standing.claim, shipped, catalog.folder())
    if as_json:
        print(as_json_text({"id": id, "history": [report.event(event) for event in events]}))
        return
    from aigc_report.claims import words

    print("\n".join(words.event(texts(lang), event) for event in events) or f"{id} has no rule and no tests.")


@claims.command()
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A YAML file with claims of your own.")],
    as_json: AsJson = False,
) -> None:
    """Check claims of your own and keep them: listed beside the shipped ones from then on, and marked as yours.

    \b
    aigc-report claims add mine.yaml
    """
    from aigc_report.claims import ledger, own

    known = ledger.load()
    others = [claim for claim in known if claim.id in known.own]
    added, kept = own.add(file, known.shipped, others)
    if as_json:
        print(as_json_text({"file": str(kept), "added": [claim.id for claim in added]}))
    else:
        print(f"Added to the ledger: {', '.join(claim.id for claim in added)}. Kept in {kept}.")


def _list(
    verdict: Code | None,
    factor: str | None,
    reader: str | None,
    kind: str | None,
    size: Size | None,
    lang: str,
    as_json: bool,
) -> None:
    from aigc_report.claims import ledger, report, standing
    from aigc_report.i18n import texts

    known = ledger.load()
    for problem in known.problems:
        print(f"Left out: {problem}", file=sys.stderr)
    chosen = {"verdict": verdict or "", "factor": factor or "", "reader": reader or "", "kind": kind or ""}
    found = standing.select(standing.stand(size), **chosen)
    print(as_json_text(report.listed(found)) if as_json else _table(texts(lang), found))


def _one(id: str, size: Size | None) -> "Standing":
    from aigc_report.claims import ledger, standing

    claim = ledger.load()[id]
    return next(s for s in standing.stand(size) if s.claim.id == claim.id)


def _table(t: "Texts", found: "tuple[Standing, ...]") -> str:
    """A claim a paragraph: verdict and id, the statement, what the verdict rests on; the tally at the end."""
    from aigc_report.claims import words

    lines = []
    for s in found:
        head = [f"{words.SIGNS[s.verdict.code]} {t(words.VERDICTS[s.verdict.code])}", s.claim.id]
        lines.append("  ".join([*head, t("your own")] if s.own else head))
        lines.append(f"    {s.claim.statement[t.lang]}")
        lines.append(f"    {words.sentence(t, s.verdict)}")
        lines += [f"    - {line}" for line in words.findings(t, s.verdict)]
        if s.refused is not None:
            lines.append(f"    {s.refused.text(t)}")
        lines.append("")
    counts = Counter(s.verdict.code for s in found)
    tally = t.join([f"{t(words.VERDICTS[code])} {counts[code]}" for code in words.VERDICTS if counts[code]])
    return "\n".join([*lines, tally or t("No claim meets these filters.")])


def _described(t: "Texts", standing: "Standing") -> str:
    """A claim in full as text."""
    from aigc_report.claims import compare, report, words

    claim, verdict = standing.claim, standing.verdict
    parts: list[tuple[str, Any]] = [
        (f"{words.SIGNS[verdict.code]} {claim.statement[t.lang]}", words.sentence(t, verdict)),
        (t("Evidence"), words.findings(t, verdict) or words.facts(t, verdict)),
        (t("What we take it to mean"), claim.reading[t.lang]),
        (t("Test"), claim.test.described[t.lang]),
        (t("Rule"), words.rule(t, claim)),
        (t("Norm"), words.norm(t, claim)),
        (t("What the test cannot say"), claim.limits[t.lang]),
        (t("What would change the verdict"), claim.changes_mind[t.lang]),
        (t("To mind"), [t(words.NOTICES[notice]) for notice in verdict.notices]),
        (t("Other verdicts"), [words.sentence(t, v) for v in standing.verdicts[1:]]),
    ]
    here, shipped = standing.by("local"), standing.by("reference")
    if here is not None and shipped is not None:
        parts.append((t("Here and shipped"), compare.explain(t, here, shipped)))
    parts.append((t("To cite"), report.citation(standing, t.lang)))
    return "\n\n".join(f"{head}\n{_indented(body)}" for head, body in parts if body)


def _indented(body: str | list[str]) -> str:
    return f"    {body}" if isinstance(body, str) else "\n".join(f"    - {line}" for line in body)
