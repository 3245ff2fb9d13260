"""How OpenMP threads wait. Imports no torch: it must act before torch is loaded."""

import os
from collections.abc import MutableMapping

SPINS = "10000"
"""Turns of its loop for which GNU's OpenMP waits before a thread sleeps. Images/s of DCGAN at 32 x 32, width 64, on two
cores, alone and beside one busy process: 0 turns 306 and 210, 3,000 turns 342 and 197, 10,000 turns 369 and 175,
100,000 turns 404 and 96 (2026-11-25, four seconds each, one to three times; its default is 300,000)."""


def quiet_threads(environment: MutableMapping[str, str] = os.environ) -> None:
    """Make waiting OpenMP threads sleep soon instead of spin on. Call before torch is first imported in a process.

    On two cores a spinning thread takes the core that the other thread, or a server beside the run, is waiting for;
    one that sleeps at once wakes too late for the next operation, which is a fraction of a millisecond away.
    `environment` is that of this process, or the one another process is going to be started with.
    """
    environment.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    environment.setdefault("GOMP_SPINCOUNT", SPINS)
    environment.setdefault("KMP_BLOCKTIME", "0")
