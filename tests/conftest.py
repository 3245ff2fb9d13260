"""For every test: programs that it starts can be ended by Ctrl-C, and the options that only some tests read."""

import signal

import pytest


def pytest_configure() -> None:
    # a shell's background jobs ignore Ctrl-C, and would hand that on to every program that tests start
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    # read in tests/browser, declared here: pytest reads options only of the topmost conftest
    group = parser.getgroup("journeys of analysts in a real browser")
    group.addoption("--every-screen", action="store_true", help="both languages on both screens, not two of the four")
    group.addoption("--pictures", metavar="FOLDER", help="keep a picture of the screen at the end of each journey")
