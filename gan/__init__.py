"""Generative models, trained and measured on this machine.

The commands of `gan-bench` are functions here, under the same names:

    from gan import train, metrics

    record = train("r3gan", "digits", budget="30s")
    print(record.quality["fid"].value)

`import gan` loads none of them, nor torch; each is loaded when it is first asked for (`gan.api`). `gan.config`,
`gan.record`, `gan.store` and `gan.runner` import no torch either, so reading runs is cheap.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gan.api import cancel, compare, inspect, metrics, resume, sample, show, train
    from gan.api import list_runs as list

__all__ = ["cancel", "compare", "inspect", "list", "metrics", "resume", "sample", "show", "train"]


def __getattr__(name: str) -> Any:
    """A command, loaded at its first use. `metrics` is a package that can be called."""
    if name == "metrics":
        return import_module("gan.metrics")
    if name in __all__:
        return getattr(import_module("gan.api"), "list_runs" if name == "list" else name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
