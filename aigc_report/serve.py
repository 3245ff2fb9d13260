"""Serving the dashboard: find the app, take a port, hand the process over to Streamlit.

Streamlit is started by name and never imported, so the analysis stays usable without it. Settings that never change
lie beside the app, in `.streamlit/config.toml`.
"""

import importlib.util
import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

from aigc_report import limits
from aigc_report.errors import UserError

FIRST_BENCHMARK_S = 45.0
"""Seconds of training of the run that `--first-benchmark` starts: evaluation adds to them."""


def app_path() -> Path:
    """The file Streamlit serves, in a checkout and in an installed wheel alike."""
    spec = importlib.util.find_spec("dashboards")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        script = Path(folder) / "asgi.py"
        if script.is_file():
            return script
    raise UserError("The dashboard's pages are missing from this installation; install aigc-report again.")


def require_free(host: str, port: int) -> None:
    """Raise `UserError` unless this process may listen on `host`:`port`."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise UserError('"{host}" is not an address of this machine; give --host 127.0.0.1.', host=host) from None
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if (
            os.name == "posix"
        ):  # a port in TIME_WAIT counts as free, as it does for the server; elsewhere the option means sharing
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise UserError(
                "Port {port} of {host} cannot be used ({reason}); choose another: --port N, or make run PORT=N.",
                port=port,
                host=host,
                reason=(error.strerror or str(error)).lower(),
            ) from None


def address(host: str, port: int, lang: str | None = None) -> str:
    """The URL to open, in the chosen language where one is given."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/" + (f"?{urlencode({'lang': lang})}" if lang else "")


def command(host: str, port: int) -> list[str]:
    """The command line of the Streamlit server; `UserError` where Streamlit or the pages are not installed."""
    if importlib.util.find_spec("streamlit") is None:
        raise UserError("The dashboard needs Streamlit, which is not installed; add it with: pip install streamlit.")
    settings = {
        "server.address": host,
        "server.port": str(port),
        "logger.hideWelcomeMessage": "true",  # the address is printed by the command, with the language
    }
    return [
        sys.executable,
        "-m",
        "dashboards",
        "run",
        str(app_path()),
        *(f"--{key}={value}" for key, value in settings.items()),
    ]


def run(server: list[str], lang: str | None, who: limits.Who | None = None) -> int:
    """Serve until Ctrl-C or a signal; returns the server's exit status where the system cannot replace the process.

    `who` may start runs from the pages, where it is given; else the environment says so (`aigc_report.limits`).
    """
    environment = os.environ | ({"AIGC_REPORT_LANG": lang} if lang else {}) | ({limits.WHO: who} if who else {})
    if os.name == "posix":  # one process: a signal to the command reaches the server, and none is left behind
        os.execve(server[0], server, environment)
    return subprocess.call(server, env=environment)


def start_first_benchmark() -> str:
    """Start the quick default run where no run exists yet; one line that says what was done. Raises nothing."""
    try:
        return _first_benchmark()
    except Exception as error:  # the dashboard is worth serving without its first run
        return f"The first benchmark could not be started: {error}"


def _first_benchmark() -> str:
    from aigc_report.tariff import tariff
    from gan import config, runner, store

    if store.Store().list():
        return "Earlier runs are in the GAN Lab; no first benchmark is needed."
    if not runner.available():
        return 'No benchmark was started: training needs torch, which pip install "aigc-report[gan]" adds.'
    run_id = runner.submit(config.resolve(budget_s=FIRST_BENCHMARK_S, tariff=tariff("WLD")))
    return f"First benchmark started: {run_id}. Watch it in the GAN Lab."
