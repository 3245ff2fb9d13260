"""`aigc-report afford`: a measured run, everywhere."""

import sys
from typing import Annotated

import typer

from aigc_report.commands.output import as_json_text


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
        print(as_json_text(found.to_json()))
    else:
        from aigc_report.affordability.text import lines

        print("\n".join(lines(found)))
        for absent in found.absent:
            print(f"Note: {absent}", file=sys.stderr)
