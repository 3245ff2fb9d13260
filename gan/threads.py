"""How OpenMP threads wait. Imports no torch: it must act before torch is loaded."""

import os


def quiet_threads() -> None:
    """Make waiting OpenMP threads sleep instead of spin. Call before torch is first imported in a process.

    On two cores a spinning thread takes the core that the other thread, or a server beside the run, is waiting for.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("KMP_BLOCKTIME", "0")
