"""`aigc-report dashboard`: serve the pages."""

import sys
from typing import Annotated, Literal

import typer


def dashboard(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
    lang: Annotated[Literal["en", "zh"] | None, typer.Option(help="Language the pages open in.")] = None,
    first_benchmark: Annotated[
        bool, typer.Option("--first-benchmark", help="Start a quick benchmark beside it where no run exists yet.")
    ] = False,
    runs: Annotated[
        Literal["off", "local", "anyone"] | None,
        typer.Option(help="Who may start runs from the pages; local, the default: readers on this machine."),
    ] = None,
) -> None:
    """Serve the dashboard until Ctrl-C.

    \b
    aigc-report dashboard
    aigc-report dashboard --lang zh --port 8600
    """
    import os

    from aigc_report import limits, serve

    limits.read(
        os.environ | ({limits.WHO: runs} if runs else {})
    )  # a limit that cannot be read is refused now, not when the first reader starts a run
    server = serve.command(host, port)
    serve.require_free(host, port)
    if first_benchmark:
        print(serve.start_first_benchmark(), file=sys.stderr)
    print(f"Dashboard: {serve.address(host, port, lang)}  (Ctrl-C stops it)", flush=True)
    raise typer.Exit(serve.run(server, lang, runs))
