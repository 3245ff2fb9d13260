"""For every test: programs that it starts can be ended by Ctrl-C, however the tests themselves were started."""

import signal


def pytest_configure() -> None:
    # a shell's background jobs ignore Ctrl-C, and would hand that on to every program that tests start
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
