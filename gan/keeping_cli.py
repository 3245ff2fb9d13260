"""The commands that keep runs in order: `gan-bench rename`, `delete` and `restore`."""

import json
from typing import Annotated

import typer

from gan import names, removal
from gan.store import Store

RunId = Annotated[str, typer.Argument(metavar="RUN", help="A run's id; gan-bench list shows them.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


def rename(
    run: RunId,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="At most 60 letters; empty takes the name away.", show_default=False)
    ],
    as_json: AsJson = False,
) -> None:
    """Call a run by a name of your own. Its id stays, and every command goes on taking the id.

    \b
    gan-bench rename 20261124-153012-dcgan-digits-3f9a "wide, seed 3"
    """
    kept = names.rename(Store(), run, name)
    said = f'Run {run} is called "{kept}".' if kept else f"Run {run} has no name of its own."
    print(json.dumps({"run_id": run, "name": kept}, ensure_ascii=False) if as_json else said)


def delete(
    run: RunId,
    for_good: Annotated[
        bool, typer.Option("--for-good", help="Remove its files too: it cannot be brought back.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Delete a run. gan-bench restore brings it back; a run that waits or trains is refused.

    \b
    gan-bench delete 20261124-153012-dcgan-digits-3f9a
    gan-bench delete 20261124-153012-dcgan-digits-3f9a --for-good
    """
    store = Store()
    if not for_good or run not in {gone.run_id for gone in removal.deleted(store)}:
        removal.delete(store, run)
    if for_good:
        removal.purge(store, run)
    said = f"Run {run} is gone." if for_good else f"Run {run} was deleted; gan-bench restore {run} brings it back."
    print(json.dumps({"run_id": run, "deleted": True, "restorable": not for_good}) if as_json else said)


def restore(
    run: Annotated[
        str | None, typer.Argument(metavar="RUN", help="A deleted run; without it, they are listed.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Bring a deleted run back, or list those that can be.

    \b
    gan-bench restore
    gan-bench restore 20261124-153012-dcgan-digits-3f9a
    """
    store = Store()
    if run is not None:
        removal.restore(store, run)
        print(json.dumps({"run_id": run, "restored": True}) if as_json else f"Run {run} is back.")
        return
    gone = removal.deleted(store)
    if as_json:
        print(json.dumps({"deleted": [{"run_id": each.run_id, "bytes": each.size} for each in gone]}))
    else:
        print("\n".join(f"{each.run_id}  {each.size / 1e6:.1f} MB" for each in gone) or "No run was deleted.")
