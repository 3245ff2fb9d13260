"""The command line `aigc-report`: its commands, gathered from `aigc_report.commands`, and how it refuses.

Commands import what they need when they run, so that `--help` answers at once.
"""

import io
import sys
from collections.abc import Sequence

import typer

from aigc_report.commands.afford import afford
from aigc_report.commands.brief import brief, verify
from aigc_report.commands.claims import claims
from aigc_report.commands.dashboard import dashboard
from aigc_report.commands.data import data
from aigc_report.commands.forecast import forecast
from aigc_report.commands.index import index
from aigc_report.errors import UserError
from gan.errors import UsageError

app = typer.Typer(
    name="aigc-report",
    help="The adoption of generative AI: sourced figures, a composite index and a dashboard.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(data, name="data")
app.add_typer(claims, name="claims")
for command in (dashboard, index, forecast, afford, brief, verify):
    app.command()(command)


@app.callback()
def _commands() -> None:
    """The adoption of generative AI: sourced figures, a composite index and a dashboard."""


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
