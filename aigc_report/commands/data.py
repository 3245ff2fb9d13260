"""`aigc-report data`: the data package, checked."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aigc_report.commands.output import as_json_text
from aigc_report.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aigc_report.document import SectionCoverage

data = typer.Typer(help="The data package: sourced observations and texts.", rich_markup_mode=None)


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
        print(as_json_text(report.to_json()))
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


@data.command()
def record(
    release: Annotated[str, typer.Option(help="Day of the release, such as 2026-11-25.")],
    path: Annotated[Path | None, typer.Option(help="Folder of the package; the one installed where left out.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what changed as JSON.")] = False,
) -> None:
    """Record what the package holds as a release, and say what changed since the one before.

    \b
    aigc-report data record --release 2026-11-25
    aigc-report data record --release 2026-11-25 --path my-data --json
    """
    from dataclasses import asdict

    from aigc_report import releases

    found = releases.record(release, path)
    if as_json:
        print(as_json_text(asdict(found)))
        return
    before = f"since {found.since}" if found.since else "the first one recorded, so nothing can be compared"
    print(f"Release {release}: {found.observations:,} observations, {before}.")
    for kind, message in releases.KINDS.items():
        if named := [change.indicator for change in found.of(kind)]:
            print(f"{message}: {', '.join(named)}")


def _print_coverage(coverage: "Sequence[SectionCoverage]") -> None:
    """How far the founding document stands as data: a line per section, in aligned columns."""
    width = max(len(section.title.en) for section in coverage)
    print(f"\nThe founding document as data:\n\n{'':<5}{'':<{width}}  statements  repeated  checked  claims  languages")
    for s in coverage:
        languages = "both" if s.bilingual else "NOT BOTH"
        counts = f"{s.statements:>10}  {s.repeated:>8}  {s.checked:>7}  {s.claims:>6}"
        print(f"{s.section:<5}{s.title.en:<{width}}  {counts}  {languages}")
    sums = [sum(getattr(s, count) for s in coverage) for count in ("statements", "repeated", "checked", "claims")]
    print(f"{'':<5}{'in all':<{width}}  {{:>10}}  {{:>8}}  {{:>7}}  {{:>6}}".format(*sums))
