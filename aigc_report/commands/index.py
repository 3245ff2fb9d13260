"""`aigc-report index`: a composite index, printed or written."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from aigc_report.commands.output import as_json_text, progress, write
from aigc_report.errors import UserError


def index(
    spec: Annotated[str, typer.Option(help="A TOML file, or the name of a shipped index.")] = "eu27",
    stage: Annotated[
        Literal["denominated", "imputed", "treated", "normalised"] | None,
        typer.Option(help="Print the values after this step instead of the index, as JSON."),
    ] = None,
    uncertainty: Annotated[
        int | None,
        typer.Option(min=1, help="Rank intervals from so many replications, and Sobol' indices of what moves them."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Seed of the replications; the spec's own if left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print scores, ranks and warnings as JSON.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write to this file: .json or .csv.")] = None,
) -> None:
    """Build a composite index and print its ranking.

    \b
    aigc-report index
    aigc-report index --uncertainty 1000 --seed 1
    aigc-report index --json
    aigc-report index --spec my-index.toml --out ranking.csv
    aigc-report index --spec my-index.toml --stage normalised
    """
    if seed is not None and uncertainty is None:
        raise UserError("--seed is the seed of the replications; say how many with --uncertainty.")
    if stage is not None and uncertainty is not None:
        raise UserError("--stage prints values, which have no ranks; leave --uncertainty out.")
    if as_json and out is not None:
        raise UserError("Give either --json, which prints, or --out, which writes a file.")
    if out is not None and out.suffix not in (".json", ".csv"):
        raise UserError("{file} must end in .json or .csv.", file=out)
    from aigc_report import index as engine

    if stage is not None:
        values = engine.stage(spec, stage)
        document, frame, upper = engine.stage_json(stage, values), values, []
    else:
        result = engine.build(spec, uncertainty=uncertainty, seed=seed, progress=progress() if uncertainty else None)
        document, frame = result.to_json(), result.to_frame()
        upper = [str(code) for code in result.structure.index[result.structure["level"] > 1]]
    if out is not None:
        write(out, frame.to_csv(lineterminator="\n") if out.suffix == ".csv" else as_json_text(document) + "\n")
    elif as_json or stage is not None:
        print(as_json_text(document))
    else:
        _print_ranking(document, upper)


def _print_ranking(document: dict[str, Any], upper: Sequence[str]) -> None:
    """Ranks with their intervals and the scores of the codes in `upper`, the total first, as aligned text.

    Below it what moves the ranking; warnings on stderr.
    """
    units, basis = document["units"], document.get("uncertainty")
    name_width = max(len(unit["name"]) for unit in units)
    widths = {code: max(len(code), 5) for code in upper}
    largest = max((abs(score) for unit in units if (score := unit["scores"][upper[0]]) is not None), default=0.0)
    decimals = 1 if largest > 10 else 3  # an index from 0 to 1 needs more of them than one from 0 to 100
    interval = f"{'interval':>9}  " if basis else ""
    codes = "  ".join(f"{c:>{w}}" for c, w in widths.items())
    print(f"{document['name']}\n\nrank  {interval}{'':<{name_width}}  {codes}")
    for unit in units:
        rank = unit["ranks"][upper[0]]
        shown = {code: "-" if (score := unit["scores"][code]) is None else f"{score:.{decimals}f}" for code in upper}
        scores = "  ".join(f"{shown[code]:>{width}}" for code, width in widths.items())
        ends = unit["rank_interval"]
        span = "-" if ends is None else f"{ends['low']:.0f} to {ends['high']:.0f}"
        interval = f"{span:>9}  " if basis else ""
        print(f"{'-' if rank is None else rank:>4}  {interval}{unit['name']:<{name_width}}  {scores}")
    if basis:
        low, _, high = basis["percentiles"]
        print(
            f"\nInterval: percentiles {low:g} to {high:g} of the rank over {basis['replications']:,} replications, "
            f"seed {basis['seed']}.\n\n{'what moves the ranking':<24}{'alone':>8}{'with the others':>18}"
        )
        for row in document["sensitivity"]:
            shares = ["-" if row[key] is None else f"{row[key]:.2f}" for key in ("first_order", "total")]
            print(f"{row['source']:<24}{shares[0]:>8}{shares[1]:>18}")
    for warning in document["warnings"]:
        print(f"Note: {warning}", file=sys.stderr)
