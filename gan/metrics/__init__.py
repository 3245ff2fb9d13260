"""Quality of generated images: pure functions over feature matrices, and the table that names them.

Needs numpy alone. A function lives in the module of its method: `from gan.metrics.frechet import fid`.
"""

from gan.metrics.compare import METRICS, Comparison, Figure, Sample, Settings, compute

__all__ = ["METRICS", "Comparison", "Figure", "Sample", "Settings", "compute"]
