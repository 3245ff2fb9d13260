"""The command `gan-bench suite`: many runs under one plan, and what they say together."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from gan.config import DeviceChoice
from gan.errors import UsageError
from gan.files import write_atomically
from gan.store import Store
from gan.suite import carry_out, cluster, plan, report
from gan.suite import ledger as ledgers
from gan.tariffs import find_tariff


def suite(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A named suite, a TOML file, or the id of one to go on with; without it, the named are listed.",
            show_default=False,
        ),
    ] = None,
    on: Annotated[
        Literal["local", "ray"], typer.Option(help="This machine, one run at a time, or a Ray cluster.")
    ] = "local",
    device: Annotated[DeviceChoice, typer.Option(help="Where to compute.")] = "auto",
    country: Annotated[str | None, typer.Option(help="Whose grid and prices: ISO 3166-1 alpha-3, e.g. DEU.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew, even where this suite is unfinished.")] = False,
    cpus: Annotated[float, typer.Option(min=0.1, help="On Ray: processors set aside for each run.")] = 1.0,
    gpus: Annotated[float, typer.Option(min=0, help="On Ray: boards set aside for each run.")] = 0.0,
    out: Annotated[Path | None, typer.Option(help="Also write the results here: .json, .csv, .md or .svg.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")] = False,
) -> None:
    """Train every run of a suite, and print what they say together: means over seeds, comparison, frontier.

    \b
    gan-bench suite
    gan-bench suite quick
    gan-bench suite ladder --country DEU --out ladder.md
    gan-bench suite my-suite.toml --on ray --cpus 1

    Ctrl-C stops it; the same command goes on where it was.
    """
    if name is None:
        for known in plan.shipped():
            asked = plan.load(known)
            print(f"{known:<10} {len(plan.members(asked)):>3} runs  {asked.title}", file=sys.stdout)
        return
    if out is not None and out.suffix not in _WRITERS:
        raise UsageError(f"{out} must end in one of: {', '.join(_WRITERS)}.")
    begun = ledgers.find(name)
    executor = cluster.on_ray(cluster.Share(cpus, gpus)) if on == "ray" else carry_out.one_after_the_other
    ledger = begun or ledgers.begin(plan.load(name), device, find_tariff(country), fresh=fresh)
    print(f"Suite {ledger.suite_id} in {ledgers.folder(ledger)}", file=sys.stderr)
    result = carry_out.carry_out(ledger, executor, Store(), sys.stderr)
    if out is not None:
        write_atomically(out, (ledgers.folder(ledger) / _WRITERS[out.suffix]).read_text(encoding="utf-8"))
    print(result.model_dump_json(indent=2) if as_json else report.describe(result))
    if result.groups and all(group.completed == 0 for group in result.groups):
        raise typer.Exit(1)


_WRITERS = {".json": ledgers.RESULTS, ".csv": "results.csv", ".md": "results.md", ".svg": "frontier.svg"}
"""Ending of `--out` to the file of the suite that is copied there."""
