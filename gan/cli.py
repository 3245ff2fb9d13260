"""The command `gan-bench`. torch is loaded only by the commands that compute with it."""

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from gan import api, names, summary, worker
from gan.config import DATASETS, PRESETS, DeviceChoice
from gan.errors import UsageError
from gan.files import explain
from gan.record import RunRecord
from gan.store import Store

_CONDITIONAL = ", ".join(preset.name for preset in PRESETS.values() if preset.conditional)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="A run's id; gan-bench list shows them.", show_default=False)]


_ELSEWHERE = {
    "rename": "gan.keeping_cli",
    "delete": "gan.keeping_cli",
    "restore": "gan.keeping_cli",
    "metrics": "gan.metrics_cli",
    "suite": "gan.suite_cli",
    "experiment": "gan.experiment_cli",
}
"""Commands of other modules, some of which bring libraries along: loaded only when they are asked for."""


class _Commands(TyperGroup):
    """The commands of this module and those of `_ELSEWHERE`."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *_ELSEWHERE]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in _ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(cmd_name)(getattr(import_module(_ELSEWHERE[cmd_name]), cmd_name))
        return typer.main.get_command(alone)


app = typer.Typer(
    cls=_Commands,
    name="gan-bench",
    help="Train generative models on this machine and measure what they reach and cost.",
    epilog="Start here: gan-bench train",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.command()
def train(
    preset: Annotated[str, typer.Option(help=f"Method: {', '.join(PRESETS)}.")] = "dcgan",
    dataset: Annotated[
        str, typer.Option(metavar="NAME|DIR", help=f"Images: {', '.join(DATASETS)}, or a folder of images.")
    ] = DATASETS[0],
    budget: Annotated[str | None, typer.Option(help="Training time: 60s (the default), 2m, 1h, 90.")] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Training steps instead of a time.")] = None,
    images: Annotated[int | None, typer.Option(min=1, help="Real images seen instead of a time.")] = None,
    flops: Annotated[float | None, typer.Option(help="Operations instead of a time: 2e12.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed and steps draw the same random numbers.")] = 0,
    device: Annotated[DeviceChoice, typer.Option(help="Where to compute.")] = "auto",
    deterministic: Annotated[bool, typer.Option("--deterministic", help="The same bits every time; slower.")] = False,
    compile: Annotated[
        bool | None,
        typer.Option("--compile/--no-compile", help="torch.compile. Default: where the budget repays it."),
    ] = None,
    conditional: Annotated[
        bool, typer.Option("--conditional", help=f"Tell the networks the classes: {_CONDITIONAL}.")
    ] = False,
    loss: Annotated[str | None, typer.Option(help="For dcgan: non_saturating (the default) or saturating.")] = None,
    country: Annotated[
        str | None, typer.Option(help="Whose grid and prices: ISO 3166-1 alpha-3, e.g. DEU. Default: world averages.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train a generator within a budget, measure it, print the record.

    \b
    gan-bench train
    gan-bench train --dataset fashion-mnist --budget 2m --country DEU
    gan-bench train --preset r3gan --conditional --images 20000
    gan-bench train --dataset pictures/ --budget 5m
    gan-bench train --preset dcgan-document --steps 500 --deterministic --json

    Ctrl-C ends the run cleanly; gan-bench resume goes on with it.
    """
    cfg = api.configure(
        preset,
        dataset,
        budget=budget,
        steps=steps,
        images=images,
        flops=flops,
        loss=loss,
        country=country,
        seed=seed,
        device=device,
        deterministic=deterministic,
        compile="auto" if compile is None else "on" if compile else "off",
        conditional=conditional,
    )
    api.need_torch()
    worker.prepare_process()
    _check_machine(cfg.device, cfg.dataset, cfg.resolution)
    store = Store()
    _carry_out(store, store.create(cfg), as_json=as_json)


@app.command()
def resume(run: RunId, as_json: AsJson = False) -> None:
    """Go on with a run that was interrupted, cancelled or failed, from its last checkpoint.

    \b
    gan-bench resume 20261124-153012-dcgan-digits-3f9a
    """
    store = Store()
    if store.status(run) == "completed":
        _print_record(store.read(run), as_json=as_json)
        return
    api.need_torch()
    _carry_out(store, run, as_json=as_json, again=True)


@app.command(name="list")
def list_runs(as_json: AsJson = False) -> None:
    """List the runs on this machine, newest first."""
    store = Store()
    runs, problems = store.survey()
    called = {run.run_id: names.name(store, run.run_id) for run in runs}
    if as_json:
        listed = [{**asdict(run), "name": called[run.run_id]} for run in runs]
        _print_json({"runs": listed, "problems": [asdict(problem) for problem in problems]})
    else:
        print(summary.describe_list(runs, called))
    for problem in problems:
        print(f"Left out {store.root / problem.folder}: {problem.reason}", file=sys.stderr)


@app.command()
def show(run: RunId, as_json: AsJson = False) -> None:
    """Print what is known of a run: status, quality, cost, notes."""
    _print_record(Store().read(run), as_json=as_json)


@app.command()
def compare(
    runs: Annotated[list[str], typer.Argument(metavar="RUN RUN...", help="Two runs or more.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Set runs side by side: quality, cost, and the settings in which they differ.

    Quality is compared only between runs that were measured on the same data with the same feature extractor.
    """
    store = Store()
    result = summary.compare([store.read(run) for run in runs])
    if as_json:
        _print_json(result)
    else:
        print(summary.describe_comparison(result))


@app.command()
def cancel(run: RunId, as_json: AsJson = False) -> None:
    """Ask a queued or running run to stop; it keeps what it has learnt so far."""
    store = Store()
    store.cancel(run)
    if as_json:
        _print_json({"run_id": run, "status": store.status(run), "cancel_requested": True})
    else:
        print(f"Run {run} was asked to stop.")


@app.command()
def sample(
    run: RunId,
    count: Annotated[int, typer.Option(min=1, help="Number of images.")],
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder for 000000.png, 000001.png …")],
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other images.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Generate images with a run's averaged weights, a PNG each.

    \b
    gan-bench sample 20261124-153012-dcgan-digits-3f9a --count 100 --out pictures/

    Pictures of an earlier sample in the folder are replaced; a folder with any other PNG is refused.
    """
    store = Store()
    record = store.read(run)
    api.need_torch()
    worker.prepare_process()
    from gan import checkpoint, generate

    generate.export(checkpoint.load_generator(store.path(run), record), count, seed, out)
    if as_json:
        resolution = record.config.resolution
        _print_json({"run_id": run, "count": count, "out": str(out), "seed": seed, "resolution": resolution})
    else:
        print(f"{count} images in {out}")


@app.command()
def inspect(
    preset: Annotated[str, typer.Argument(help=f"Method: {', '.join(PRESETS)}.", show_default=False)],
    dataset: Annotated[str, typer.Option(help=f"Images: {', '.join(DATASETS)}.")] = DATASETS[0],
    conditional: Annotated[bool, typer.Option("--conditional", help=f"For {_CONDITIONAL}.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the networks of a method, layer by layer: shapes, parameters, operations.

    \b
    gan-bench inspect r3gan
    gan-bench inspect flow-matching --dataset fashion-mnist
    """
    found = api.inspect(preset, dataset, conditional=conditional)
    if as_json:
        _print_json(asdict(found))
    else:
        print(found)


def _check_machine(device: DeviceChoice, dataset: str, resolution: int) -> None:
    """Refuse what this machine cannot do before a run exists, and name the files that are left out."""
    from gan import datasets
    from gan.device import choose

    choose(device)
    data = datasets.load(dataset, resolution)
    for file, reason in data.unreadable:
        print(f"{file} is left out: it cannot be read as an image ({reason}).", file=sys.stderr)
    if data.unreadable:
        print(
            f"{len(data.train) + len(data.held_out)} images, {len(data.unreadable)} unreadable files", file=sys.stderr
        )


def _carry_out(store: Store, run_id: str, *, as_json: bool, again: bool = False) -> None:
    print(f"Run {run_id} in {store.path(run_id)}", file=sys.stderr)
    record, status = worker.carry_out(store, run_id, sys.stderr, again=again)
    _print_record(record, as_json=as_json)
    raise typer.Exit(status)


def _print_record(record: RunRecord, *, as_json: bool) -> None:
    print(record.model_dump_json(indent=2) if as_json else summary.describe(record))


def _print_json(document: dict[str, Any]) -> None:
    print(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; a mistake in usage or data is one sentence on stderr and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        given = sys.argv[1:] if arguments is None else list(arguments)
        status = app(args=given or ["--help"], prog_name="gan-bench", standalone_mode=False)
    except UsageError as error:
        status = _refuse(str(error))
    except typer.TyperException as error:
        text = " ".join(error.format_message().split()).removesuffix(".")
        status = _refuse(f"{text}; see gan-bench --help.")
    except (KeyboardInterrupt, typer.Abort):
        status = 130
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
        status = 0
    except OSError as error:  # a disk that is full, a folder of somebody else's
        status = _refuse(explain(error))
    sys.exit(status)


def _refuse(sentence: str) -> int:
    print(f"gan-bench: {sentence}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
