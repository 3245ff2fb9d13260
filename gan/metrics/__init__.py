"""Quality of generated images: pure functions over feature matrices, and the table that names them.

Needs numpy and scipy alone. A function lives in the module of its method: `from gan.metrics.frechet import fid`. The
package itself can be called, as the command `gan-bench metrics` is: `from gan import metrics; metrics(real, fake)`.
"""

import sys
from types import ModuleType
from typing import Any

from gan.metrics.compare import METRICS, TRAINING_METRICS, Comparison, Figure, Sample, Settings, compute

__all__ = ["METRICS", "TRAINING_METRICS", "Comparison", "Figure", "Sample", "Settings", "compute"]


class _Command(ModuleType):
    """A package that can be called: see `gan.api.metrics`, which does the work."""

    def __call__(self, *args: Any, **kwargs: Any) -> dict[str, Figure]:
        from gan.api import metrics

        return metrics(*args, **kwargs)


sys.modules[__name__].__class__ = _Command
