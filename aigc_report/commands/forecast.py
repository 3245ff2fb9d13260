"""`aigc-report forecast`: a series continued, with its back-test."""

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from aigc_report.commands.output import as_json_text
from aigc_report.errors import UserError


def forecast(
    series: Annotated[str | None, typer.Option(help="A shipped series, by name.")] = None,
    table: Annotated[
        Path | None, typer.Option("--csv", help="A table with columns period and value, earliest row first.")
    ] = None,
    cumulative: Annotated[
        bool, typer.Option("--cumulative", help="Values of the table are levels, not what each period added.")
    ] = False,
    time_from_period: Annotated[
        bool, typer.Option("--time-from-period", help="Let time follow the periods of the table instead of its rows.")
    ] = False,
    model: Annotated[str, typer.Option(help="auto, bass, gompertz, logistic, naive, drift or damped.")] = "auto",
    loss: Annotated[
        Literal["per_period", "cumulative"] | None,
        typer.Option(help="What is fitted; by default per_period for a table, and as declared for a shipped series."),
    ] = None,
    horizon: Annotated[int | None, typer.Option(min=1, max=200, help="Rows ahead.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the intervals.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the forecast as JSON.")] = False,
) -> None:
    """Forecast adoption, with intervals and the back-test error beside the naive model's.

    \b
    aigc-report forecast --series us-firms
    aigc-report forecast --csv sales.csv --model bass --horizon 8 --json
    aigc-report forecast --csv users.csv --cumulative --time-from-period
    """
    if (series is None) == (table is None):
        raise UserError("Give either --series with the name of a shipped series, or --csv with a table.")
    if series is not None and (cumulative or time_from_period):
        raise UserError("--cumulative and --time-from-period say how to read --csv; a shipped series knows.")
    from aigc_report import diffusion

    if table is not None:
        chosen = diffusion.read(table, levels=cumulative, time_from_period=time_from_period)
    else:
        chosen = diffusion.load(str(series))
    found = diffusion.forecast(chosen, model, loss=loss, horizon=horizon, seed=seed)
    if as_json:
        print(as_json_text(found.to_json()))
    else:
        _print_forecast(found.to_json())


def _print_forecast(document: dict[str, Any]) -> None:
    """The forecast as aligned text: parameters, back-tests, coming rows; warnings on stderr."""

    def shown(value: float | None) -> str:
        return "-" if value is None else f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}"

    print(f"{document['series']}: {document['model']}\n")
    for name, found in document["parameters"].items():
        print(f"{name:>6}  {shown(found['value']):>10}  {shown(found['low']):>10} to {shown(found['high'])}")
    if document["backtest"]:
        print(f"\n{'back-test':<10}  {'RMSE':>10}  {'MASE':>6}  inside the interval")
        for candidate in document["candidates"]:
            tested = candidate["backtest"]
            mark = " *" if candidate["model"] == document["model"] else ""
            inside = f"{tested['coverage']:.0%}"
            print(f"{candidate['model']:<10}  {shown(tested['rmse']):>10}  {shown(tested['mase']):>6}  {inside}{mark}")
    print(f"\n{'period':<12}  {'value':>10}  {'low':>10}  {'high':>10}")
    for row in document["forecast"]:
        cells = "  ".join(f"{shown(row[key]):>10}" for key in ("value", "low", "high"))
        print(f"{row['period']:<12}  {cells}")
    for warning in document["warnings"]:
        print(f"Note: {warning}", file=sys.stderr)
