"""How OpenMP threads wait. Imports no torch: it must act before torch is loaded."""

import os
from collections.abc import MutableMapping


def quiet_threads(environment: MutableMapping[str, str] = os.environ) -> None:
    """Make waiting OpenMP threads sleep instead of spin. Call before torch is first imported in a process.

    On two cores a spinning thread takes the core that the other thread, or a server beside the run, is waiting for.
    `environment` is that of this process, or the one another process is going to be started with.
    """
    environment.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    environment.setdefault("KMP_BLOCKTIME", "0")
