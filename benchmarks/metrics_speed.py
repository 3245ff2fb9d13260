"""Metrics from given features against the libraries people use: seconds, ratio, agreement, peak memory.

    python benchmarks/metrics_speed.py                  # 5,000 x 128 (the embedded extractors' size) and 10,000 x 2,048
    python benchmarks/metrics_speed.py --quick          # the small size only
    python benchmarks/metrics_speed.py --memory         # 50,000 x 128 a side, the neighbour figures: peak memory

Every figure is computed by both sides in this process, one after the other, on the same float32 features; the median
of three runs counts (one run where a run takes longer than ten seconds). References: torchmetrics'
FrechetInceptionDistance (features handed through), torch-fidelity's KID (100 subsets of 1,000), prdc (k = 5).
"""

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import psutil
import torch

from gan.device import processor_name
from gan.metrics import Sample, compute
from gan.metrics.frechet import fid
from gan.metrics.kid import kid, kid_subsets
from gan.metrics.manifold import manifold

LONG_S = 10.0


def features(n: int, d: int, shift: float, seed: int) -> np.ndarray:
    """Correlated, non-negative features as networks give them (synthetic: only their size and spread matter here)."""
    rng = np.random.default_rng(seed)
    mix = rng.normal(size=(d, d)).astype(np.float32) / np.sqrt(d)
    return np.maximum(rng.normal(size=(n, d)).astype(np.float32) @ mix + shift, 0).astype(np.float32)


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Median time of `work` and what it returned."""
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - begun)
        if times[0] > LONG_S:
            break
    return statistics.median(times), result


def torchmetrics_fid(real: np.ndarray, fake: np.ndarray) -> float:
    from torchmetrics.image.fid import FrechetInceptionDistance

    through = torch.nn.Identity()
    through.num_features = real.shape[1]
    metric = FrechetInceptionDistance(feature=through, normalize=True, input_img_size=(1,))
    metric.used_custom_model = True
    metric.set_dtype(torch.float64)
    metric.update(torch.from_numpy(real), real=True)
    metric.update(torch.from_numpy(fake), real=False)
    return float(metric.compute())


def torch_fidelity_kid(real: np.ndarray, fake: np.ndarray) -> float:
    from torch_fidelity.metric_kid import kid_features_to_metric

    options = {"kid_subsets": 100, "kid_subset_size": 1000, "verbose": False, "rng_seed": 0}
    return float(
        kid_features_to_metric(torch.from_numpy(real), torch.from_numpy(fake), **options)[
            "kernel_inception_distance_mean"
        ]
    )


def prdc_figures(real: np.ndarray, fake: np.ndarray) -> dict[str, float]:
    from prdc import compute_prdc

    return {k: float(v) for k, v in compute_prdc(real, fake, nearest_k=5).items()}


def line(name: str, ours: float, theirs: float, reference: str, agreement: str) -> None:
    print(
        f"  {name:<42}{ours:>8.2f} s  {theirs:>8.2f} s  {theirs / ours:>6.1f} x  {reference:<24}{agreement}", flush=True
    )


def compare(n: int, d: int) -> None:
    real, fake = features(n, d, 0.0, 1), features(n, d, 0.05, 1)
    fake = fake[np.random.default_rng(2).permutation(n)] + features(n, d, 0.0, 3) * 0.1
    print(f"{n:,} x {d:,} a side: ours, reference, ratio")
    a, x = seconds(lambda: fid(real, fake))
    b, y = seconds(lambda: torchmetrics_fid(real, fake))
    line("FID", a, b, "torchmetrics, float64", f"relative difference {abs(x - y) / abs(y):.1e}")
    a, u = seconds(lambda: kid_subsets(real, fake, subsets=100, size=1000, seed=0))
    b, v = seconds(lambda: torch_fidelity_kid(real, fake))
    line("KID, 100 subsets of 1,000", a, b, "torch-fidelity", f"{u.value:.5g} and {v:.5g} (other subsets drawn)")
    a, w = seconds(lambda: kid(real, fake))
    line("KID, full sets, with its standard error", a, b, "torch-fidelity, subsets", f"{w.value:.5g}")
    a, m = seconds(lambda: manifold(real, fake, k=5))
    b, p = seconds(lambda: prdc_figures(real, fake))
    worst = max(abs(getattr(m, name) - p[name]) for name in ("precision", "recall", "density", "coverage"))
    line("precision, recall, density, coverage", a, b, "prdc", f"largest difference {worst:.1e}")


def everything() -> None:
    rng = np.random.default_rng(5)
    p = rng.dirichlet(np.ones(10), size=5_000)
    real, fake = Sample(features(5_000, 128, 0.0, 1), p), Sample(features(5_000, 128, 0.05, 2), p)
    a, _ = seconds(lambda: compute(real, fake))
    print(f"all figures together at 5,000 x 128: {a:.2f} s")


def memory() -> None:
    real, fake = features(50_000, 128, 0.0, 1), features(50_000, 128, 0.05, 2)
    before = psutil.Process().memory_info().rss
    begun = time.perf_counter()
    manifold(real, fake, k=5)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    elapsed, above = time.perf_counter() - begun, (peak - before) / 1e6
    print(f"neighbour figures at 50,000 x 128: {elapsed:.0f} s, {above:.0f} MB above the data")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--memory", action="store_true")
    asked = parser.parse_args()
    versions = f"Python {platform.python_version()}, numpy {np.__version__}"
    print(f"{processor_name()}, {psutil.cpu_count()} processors, {versions}")
    if asked.memory:
        memory()
        return
    everything()
    compare(5_000, 128)
    if not asked.quick:
        compare(10_000, 2_048)


if __name__ == "__main__":
    main()
