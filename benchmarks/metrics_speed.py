"""Metrics from given features against the libraries people use: seconds, ratio, agreement, peak memory.

    python benchmarks/metrics_speed.py                  # 5,000 x 128 (the embedded extractors' size) and 10,000 x 2,048
    python benchmarks/metrics_speed.py --quick          # the small size only
    python benchmarks/metrics_speed.py --memory         # 50,000 x 128 a side, the neighbour figures: peak memory

Every figure is computed by all sides in this process, in turns, on the same float32 features; the median of three turns
counts (one where it takes longer than ten seconds). Four minutes on two cores. References: torchmetrics'
FrechetInceptionDistance (features handed through), torch-fidelity's FID and its KID (100 subsets of 1,000), clean-fid's
formula for FID (scipy's matrix square root of numpy's covariances, written down here), prdc (k = 5).
"""

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import psutil
import scipy.linalg
import torch

from gan.device import processor_name
from gan.metrics import Sample, compute
from gan.metrics.frechet import fid
from gan.metrics.kid import kid, kid_subsets
from gan.metrics.manifold import manifold

LONG_S = 10.0
TURNS = 3


def features(n: int, d: int, shift: float, seed: int) -> np.ndarray:
    """Correlated, non-negative features as networks give them (synthetic: only their size and spread matter here)."""
    rng = np.random.default_rng(seed)
    mix = rng.normal(size=(d, d)).astype(np.float32) / np.sqrt(d)
    return np.maximum(rng.normal(size=(n, d)).astype(np.float32) @ mix + shift, 0).astype(np.float32)


Timed = tuple[float, Any]
"""Median seconds of a computation, and what it returned."""


def in_turns(*works: Callable[[], Any]) -> list[Timed]:
    """Each of `works` timed: one after the other and again, so that a busy spell of the machine meets all of them."""
    times: list[list[float]] = [[] for _ in works]
    results: list[Any] = [None for _ in works]
    for _ in range(TURNS):
        for i, work in enumerate(works):
            if times[i] and times[i][0] > LONG_S:
                continue
            begun = time.perf_counter()
            results[i] = work()
            times[i].append(time.perf_counter() - begun)
    return [(statistics.median(each), result) for each, result in zip(times, results, strict=True)]


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


def torch_fidelity_fid(real: np.ndarray, fake: np.ndarray) -> float:
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric

    statistics_of = [fid_features_to_statistics(torch.from_numpy(x).double()) for x in (real, fake)]
    return float(fid_statistics_to_metric(*statistics_of, verbose=False)["frechet_inception_distance"])


def clean_fids_formula(real: np.ndarray, fake: np.ndarray) -> float:
    real, fake = real.astype(np.float64), fake.astype(np.float64)
    mean_r, mean_f = real.mean(axis=0), fake.mean(axis=0)
    s_r, s_f = np.cov(real, rowvar=False), np.cov(fake, rowvar=False)
    root = np.real(scipy.linalg.sqrtm(s_r @ s_f))
    return float(((mean_r - mean_f) ** 2).sum() + np.trace(s_r) + np.trace(s_f) - 2 * np.trace(root))


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


def line(name: str, ours: Timed, theirs: Timed, reference: str, agreement: str) -> None:
    seconds, ratio = f"{ours[0]:>8.2f} s  {theirs[0]:>8.2f} s", theirs[0] / ours[0]
    print(f"  {name:<40}{seconds}  {ratio:>6.2f} x  {reference:<25}{agreement}", flush=True)


def compare(n: int, d: int) -> None:
    real, fake = features(n, d, 0.0, 1), features(n, d, 0.05, 1)
    fake = fake[np.random.default_rng(2).permutation(n)] + features(n, d, 0.0, 3) * 0.1
    print(f"{n:,} x {d:,} a side: ours, reference, ratio")
    references = {
        "torchmetrics, float64": torchmetrics_fid,
        "torch-fidelity": torch_fidelity_fid,
        "clean-fid's formula": clean_fids_formula,
    }
    ours, *others = in_turns(lambda: fid(real, fake), *(lambda f=f: f(real, fake) for f in references.values()))
    for reference, theirs in zip(references, others, strict=True):
        agreement = f"relative difference {abs(ours[1] - theirs[1]) / abs(theirs[1]):.1e}"
        line("FID", ours, theirs, reference, agreement)
    ours, whole, theirs = in_turns(
        lambda: kid_subsets(real, fake, subsets=100, size=1000, seed=0),
        lambda: kid(real, fake),
        lambda: torch_fidelity_kid(real, fake),
    )
    agreement = f"relative difference {abs(ours[1].value - theirs[1]) / abs(theirs[1]):.1e}"
    line("KID, 100 subsets of 1,000", ours, theirs, "torch-fidelity", agreement)
    line("KID, full sets, with its standard error", whole, theirs, "torch-fidelity, subsets", f"{whole[1].value:.5g}")
    ours, theirs = in_turns(lambda: manifold(real, fake, k=5), lambda: prdc_figures(real, fake))
    worst = max(abs(getattr(ours[1], name) - value) for name, value in theirs[1].items())
    line("precision, recall, density, coverage", ours, theirs, "prdc", f"largest difference {worst:.1e}")


def everything() -> None:
    rng = np.random.default_rng(5)
    p = rng.dirichlet(np.ones(10), size=5_000)
    real, fake = Sample(features(5_000, 128, 0.0, 1), p), Sample(features(5_000, 128, 0.05, 2), p)
    [(elapsed, _)] = in_turns(lambda: compute(real, fake))
    print(f"all figures together at 5,000 x 128: {elapsed:.2f} s")


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
