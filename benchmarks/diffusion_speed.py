"""How much faster batched refits are than a loop over scipy: 500 bootstrap refits of Bass' model to one series.

    python benchmarks/diffusion_speed.py

Both solve the same 500 problems from the same start. Prints seconds of each, their ratio, and how far apart the sums of
squares end. The series is synthetic.
"""

import time

import numpy as np
from scipy import optimize

from aigc_report.diffusion import CURVES, intervals
from aigc_report.diffusion.design import design
from aigc_report.diffusion.fit import fit, search

REFITS = 500
REPEATS = 5


def main() -> None:
    generator = np.random.default_rng(0)
    rows = design(np.arange(1.0, 14), "per_period", "per_period")
    curve = CURVES["bass"]
    clean = rows.predict(curve, np.log([[18_713, 0.00944, 0.3748]]))[0]
    found = fit(curve, rows, clean + 150 * generator.standard_normal(len(rows)))
    drawn = found.target + 150 * generator.standard_normal((REFITS, len(rows)))
    start = np.tile(found.theta, (REFITS, 1))

    def batched() -> np.ndarray:
        return search(curve, rows, drawn, start, found.low, found.high, precision=1e-6)[1]

    def looped() -> np.ndarray:
        return np.array([2 * optimize.least_squares(lambda x, y=y: rows.predict(curve, x[None])[0] - y,
                                                    found.theta, jac=lambda x: rows.evaluate(curve, x[None])[1][0],
                                                    method="lm").cost for y in drawn])  # fmt: skip

    own_s, own = timed(batched)
    scipys_s, scipys = timed(looped)
    print(f"{REFITS} refits, {len(rows)} rows: batched {own_s:.3f} s, loop over scipy {scipys_s:.3f} s")
    print(f"ratio: {scipys_s / own_s:.1f}; sums of squares differ by at most {np.abs(own / scipys - 1).max():.1e}")
    refits_s, _ = timed(lambda: intervals.refits(found, REFITS, np.random.default_rng(0)))
    print(f"{REFITS} refits with their draws: {refits_s:.3f} s")


def timed(work):  # type: ignore[no-untyped-def]
    """The best of `REPEATS` wall-clock times, and the result."""
    best, result = np.inf, None
    for _ in range(REPEATS):
        began = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - began)
    return best, result


if __name__ == "__main__":
    main()
