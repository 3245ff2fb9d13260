"""The command line `aigc-report`. Commands import what they need when they run, so that `--help` answers at once."""

import io
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from aigc_report.errors import UserError
from gan.errors import UsageError

if TYPE_CHECKING:
    from aigc_report.document import SectionCoverage

app = typer.Typer(
    name="aigc-report",
    help="The adoption of generative AI: sourced figures, a composite index and a dashboard.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

data = typer.Typer(help="The data package: sourced observations and texts.", rich_markup_mode=None)
app.add_typer(data, name="data")


@app.callback()
def _commands() -> None:
    """The adoption of generative AI: sourced figures, a composite index and a dashboard."""


@app.command()
def dashboard(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
    lang: Annotated[Literal["en", "zh"] | None, typer.Option(help="Language the pages open in.")] = None,
    first_benchmark: Annotated[
        bool, typer.Option("--first-benchmark", help="Start a quick benchmark beside it where no run exists yet.")
    ] = False,
) -> None:
    """Serve the dashboard until Ctrl-C.

    \b
    aigc-report dashboard
    aigc-report dashboard --lang zh --port 8600
    """
    from aigc_report import serve

    server = serve.command(host, port)
    serve.require_free(host, port)
    if first_benchmark:
        print(serve.start_first_benchmark(), file=sys.stderr)
    print(f"Dashboard: {serve.address(host, port, lang)}  (Ctrl-C stops it)", flush=True)
    raise typer.Exit(serve.run(server, lang))


@data.callback()
def _data_commands() -> None:
    """The data package: sourced observations and texts."""


@data.command()
def check(
    path: Annotated[Path | None, typer.Option(help="Folder of the package; the one installed where left out.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Validate the data package: every problem with its file, row and column; exit status 2 where there is one.

    Says too how far the founding document stands as data, section by section.

    \b
    aigc-report data check
    aigc-report data check --path my-data --json
    """
    from aigc_report import check as checks

    report = checks.check(path)
    if as_json:
        print(_json(report.to_json()))
    elif report.ok:
        print(f"The data package is in order: {report.rows:,} observations, digest {report.digest}.")
    else:
        print("\n".join(map(str, report.problems)))
    if report.coverage and not as_json:
        _print_coverage(report.coverage)
    if not report.ok:
        count = len(report.problems)
        raise UserError(
            "The data package has {count}; mend what is listed and check again.",
            count="1 problem" if count == 1 else f"{count} problems",
        )


@app.command()
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
        result = engine.build(spec, uncertainty=uncertainty, seed=seed, progress=_progress() if uncertainty else None)
        document, frame = result.to_json(), result.to_frame()
        upper = [str(code) for code in result.structure.index[result.structure["level"] > 1]]
    if out is not None:
        _write(out, frame.to_csv(lineterminator="\n") if out.suffix == ".csv" else _json(document) + "\n")
    elif as_json or stage is not None:
        print(_json(document))
    else:
        _print_ranking(document, upper)


def _print_coverage(coverage: "Sequence[SectionCoverage]") -> None:
    """How far the founding document stands as data: a line per section, in aligned columns."""
    width = max(len(section.title.en) for section in coverage)
    print(f"\nThe founding document as data:\n\n{'':<5}{'':<{width}}  statements  repeated  checked  languages")
    for s in coverage:
        languages = "both" if s.bilingual else "NOT BOTH"
        line = f"{s.section:<5}{s.title.en:<{width}}  {s.statements:>10}  {s.repeated:>8}  {s.checked:>7}  {languages}"
        print(line)
    total, checked = sum(s.statements for s in coverage), sum(s.checked for s in coverage)
    print(f"{'':<5}{'in all':<{width}}  {total:>10}  {sum(s.repeated for s in coverage):>8}  {checked:>7}")


@app.command()
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
        print(_json(found.to_json()))
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


@app.command()
def afford(
    run: Annotated[str, typer.Argument(help="A run on this machine: its id, as gan-bench list prints it.")],
    device: Annotated[
        str | None, typer.Option(help="The accelerator that would be rented or bought; the H100 where left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON, all countries included.")] = False,
) -> None:
    """Say what a measured run would emit and cost elsewhere, and how far it is from a frontier model.

    \b
    aigc-report afford 20261124-101500-dcgan-digits-3f2a
    aigc-report afford 20261124-101500-dcgan-digits-3f2a --json
    aigc-report afford 20261124-101500-dcgan-digits-3f2a --device "NVIDIA A100 PCIe"
    """
    from aigc_report import affordability
    from gan.store import Store

    record = Store().read(run)
    found = affordability.of(record) if device is None else affordability.of(record, device)
    if as_json:
        print(_json(found.to_json()))
    else:
        from aigc_report.affordability.text import lines

        print("\n".join(lines(found)))
        for absent in found.absent:
            print(f"Note: {absent}", file=sys.stderr)


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UserError(
            "{file} cannot be written: {reason}.", file=out, reason=(error.strerror or "").lower()
        ) from None
    print(f"Written: {out}", file=sys.stderr)


def _progress() -> Callable[[int, int], None]:
    """Says on stderr how far the replications are, at most twice a second; nothing where they are done at once."""
    shown = time.monotonic()

    def report(done: int, wanted: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > 0.5:
            shown = time.monotonic()
            print(f"{done:,} of {wanted:,} replications", file=sys.stderr, flush=True)

    return report


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


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; a mistake in usage or data is one sentence on stderr and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # names of countries are printed whatever the locale
            stream.reconfigure(encoding="utf-8")
    try:
        given = sys.argv[1:] if arguments is None else list(arguments)
        status = app(args=given or ["--help"], prog_name="aigc-report", standalone_mode=False)
    except (UserError, UsageError) as error:
        status = _refuse(str(error))
    except typer.TyperException as error:
        status = _refuse(_one_sentence(error))
    except (KeyboardInterrupt, typer.Abort):
        status = 130
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
        status = 0
    sys.exit(status)


def _refuse(sentence: str) -> int:
    print(f"aigc-report: {sentence}", file=sys.stderr)
    return 2


def _one_sentence(error: typer.TyperException) -> str:
    """The parser's own message on one line, with where to read on."""
    context = getattr(error, "ctx", None)
    text = " ".join(error.format_message().split()).removesuffix(".").replace("Value error, ", "")
    return f"{text}; see {context.command_path if context else 'aigc-report'} --help."


if __name__ == "__main__":
    main()
