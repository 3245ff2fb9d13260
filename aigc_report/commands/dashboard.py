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
