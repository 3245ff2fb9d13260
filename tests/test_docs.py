"""The documentation speaks of commands that exist: every example parses, every option is described."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

import aigc_report.cli
import gan.cli
from aigc_report import uploads
from aigc_report.diffusion import own as series_own
from aigc_report.index import own as index_own
from aigc_report.measurements import work
from gan.config import DATASETS, PRESETS
from gan.extractors import EXTRACTORS, digest
from gan.metrics import METRICS
from gan.record import NOTICES

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PROGRAMS = {"gan-bench": gan.cli.app, "aigc-report": aigc_report.cli.app}
SYNOPSIS = re.compile(r"[\[\]|…]|\b(?:DIR|FILE|ID|MANIFEST|N|NAME|OUT|PATH|RUN)\b")
"""What only a line that describes usage holds, never one to be typed."""


def commands_in(page: Path) -> list[str]:
    """Every command of ours on the page, in blocks and between backticks, comments and columns of prose cut off."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
    found = [re.split(r"  +|\s#", line.strip().removeprefix("$ "))[0] for line in lines] + inline
    ours = [command for command in found if command.split(" ")[0] in PROGRAMS]
    return [part if i == 0 else f"{c.split()[0]} {part}" for c in ours for i, part in enumerate(c.split(" · "))]


COMMANDS = sorted({(page.name, command) for page in PAGES for command in commands_in(page)})


def leaf(command: str) -> tuple[Any, Any, list[str]] | None:
    """The sub-command, its parents' context and its arguments; None for the program's name alone."""
    program, *words = shlex.split(command) if not SYNOPSIS.search(command) else command.split()
    group = typer.main.get_command(PROGRAMS[program])
    context = group.make_context(program, [], resilient_parsing=True)
    while words and not words[0].startswith("-") and hasattr(group, "get_command"):
        name, *words = words
        group = group.get_command(context, name)
        assert group is not None, f'there is no sub-command "{name}"'
        context = group.context_class(group, info_name=name, parent=context)
    return None if hasattr(group, "get_command") else (group, context, words)


def test_commands_are_found_where_they_are() -> None:
    assert len(COMMANDS) > 20
    assert ("README.md", "gan-bench list") in COMMANDS


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_every_command_in_the_documentation_exists(page: str, command: str) -> None:
    found = leaf(command)
    if found is None:
        return
    subcommand, context, words = found
    options = {option for parameter in subcommand.params for option in [*parameter.opts, *parameter.secondary_opts]}
    if SYNOPSIS.search(command) or not words:
        assert set(re.findall(r"--[a-z][a-z0-9-]*", command)) <= options | {"--help"}, page
    elif "--help" not in words:
        subcommand.make_context(context.info_name, words, parent=context.parent)  # raises what a user would read


def options_of(program: str) -> list[tuple[str, str]]:
    group = typer.main.get_command(PROGRAMS[program])
    context = group.make_context(program, [], resilient_parsing=True)
    return [
        (name, max(parameter.opts, key=len))
        for name in group.list_commands(context)
        for parameter in getattr(group.get_command(context, name), "params", [])
        if parameter.param_type_name == "option"
    ]


@pytest.mark.parametrize(("command", "option"), options_of("gan-bench"))
def test_every_option_of_gan_bench_is_described(command: str, option: str) -> None:
    page = {"metrics": "metrics.md", "suite": "suites.md", "experiment": "experiments.md"}.get(command, "gan.md")
    assert re.search(rf"{option}(?![a-z-])", doc(page))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def doc(page: str) -> str:
    return (ROOT / "docs" / page).read_text(encoding="utf-8")


def test_every_preset_data_set_metric_and_extractor_is_described() -> None:
    assert [name for name in PRESETS if f"| `{name}` |" not in doc("gan.md")] == []
    assert [name for name in DATASETS if f"| `{name}` |" not in doc("datasets.md")] == []
    assert [name for name in METRICS if f"`{name}`" not in doc("metrics.md")] == []
    assert [name for name in EXTRACTORS if f"| `{name}` | `{digest(name)}` |" not in doc("extractors.md")] == []


def test_every_notice_is_described() -> None:
    assert [code for code in NOTICES if f"`{code}`" not in doc("gan.md")] == []


def test_the_limits_of_what_readers_bring_are_those_of_the_code() -> None:
    said = (ROOT / "docs/dashboard.md").read_text(encoding="utf-8")
    most_mb, most_zip_mb = uploads.TABLE.bytes // uploads.MEGA, uploads.IMAGES.bytes // uploads.MEGA
    assert f"| {most_mb} MB, {index_own.MOST_UNITS} units, {index_own.MOST_INDICATORS} indicators |" in said
    assert f"| {most_mb} MB, {series_own.MOST_ROWS} rows |" in said
    assert f"| {most_zip_mb} MB, {work.MOST_FILES:,} files |" in said
