"""All figures of one comparison: a real set, a fake set, the settings, and the table of metrics."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan.errors import UsageError
from gan.metrics import frechet, intervals
from gan.metrics.inception_score import inception_score
from gan.metrics.inputs import Features, as_features, as_probabilities, same_width
from gan.metrics.kid import kid, kid_subsets
from gan.metrics.manifold import Manifold, manifold
from gan.metrics.memorisation import Calibration, memorisation


@dataclass(frozen=True)
class Sample:
    """One set of images as an extractor sees it: `features` (n, d) and, where known, `probabilities` (n, classes)."""

    features: Features
    probabilities: NDArray[np.float64] | None = None

    @classmethod
    def checked(cls, features: Any, probabilities: Any | None, side: str) -> "Sample":
        """From untrusted arrays; raises `UsageError` naming `side`, the fault and the row."""
        x = as_features(features, side)
        if probabilities is None:
            return cls(x)
        p = as_probabilities(probabilities, side)
        if len(p) != len(x):
            raise UsageError(f"The {side} set has {len(x)} rows of features and {len(p)} of probabilities.")
        return cls(x, p)


@dataclass(frozen=True)
class Settings:
    """How the metrics are defined. The defaults are those of the contract."""

    fid_ddof: int = 1
    kid_degree: int = 3
    kid_gamma: float | None = None
    kid_coef0: float = 1.0
    kid_subsets: int | None = None
    kid_subset_size: int = 1000
    is_splits: int = 1
    k: int = 5
    closed: bool = False


@dataclass(frozen=True)
class Figure:
    """One figure, as `gan-bench metrics` prints it. An interval that does not exist is null."""

    value: float
    ci_low: float | None
    ci_high: float | None
    n_real: int
    n_fake: int
    settings: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The contract's object."""
        return asdict(self)


@dataclass(frozen=True)
class Comparison:
    """Two checked sets and everything that may be shared between their metrics, computed when first asked for."""

    real: Sample
    fake: Sample
    settings: Settings = Settings()
    intervals: bool = False
    seed: int = 0
    calibration: Calibration | None = None
    """Training images with the nearness of `real` to them, where they are known."""

    @cached_property
    def manifold(self) -> Manifold:
        """Precision, recall, density and coverage."""
        return manifold(self.real.features, self.fake.features, k=self.settings.k, closed=self.settings.closed)

    @cached_property
    def manifold_errors(self) -> dict[str, float]:
        """Their standard errors."""
        real, fake, s = self.real.features, self.fake.features, self.settings
        return intervals.subset_errors(
            lambda i, j: asdict(manifold(real[i], fake[j], k=s.k, closed=s.closed)),
            len(real),
            len(fake),
            least=2 * s.k,
            seed=self.seed,
        )

    def figure(
        self, value: float, ci: tuple[float | None, float | None], settings: dict[str, Any], method: str
    ) -> Figure:
        """`value` with its sample sizes, and how it and its interval were made."""
        if self.intervals:
            settings = settings | {"interval": {"level": intervals.LEVEL, "method": method}}
        return Figure(value, *ci, len(self.real.features), len(self.fake.features), settings)


def compute(
    real: Sample,
    fake: Sample,
    metrics: Iterable[str] | None = None,
    *,
    settings: Settings = Settings(),
    with_intervals: bool = False,
    seed: int = 0,
    calibration: Calibration | None = None,
) -> dict[str, Figure]:
    """The named `metrics` (default: all that these sets allow) of `fake` against `real`, in the tables' order.

    `seed` drives the subsets of KID and of the intervals; nothing else is random. `calibration` (of `real`, by
    `gan.metrics.memorisation.calibrate`) brings the training images in, and with them `TRAINING_METRICS`. Raises
    `UsageError` for an unknown name, or a figure asked for by name whose probabilities or training images are missing.
    """
    same_width(real.features, fake.features)
    table = METRICS | TRAINING_METRICS
    wanted = tuple(METRICS if calibration is None else table) if metrics is None else checked_names(metrics)
    if calibration is None and TRAINING_METRICS.keys() & set(wanted):
        raise UsageError("Memorisation needs the training images beside the real ones, and there are none.")
    if fake.probabilities is None:
        if metrics is not None and "inception_score" in wanted:
            raise UsageError("The Inception Score needs class probabilities of the fake images, and there are none.")
        wanted = tuple(name for name in wanted if name != "inception_score")
    comparison = Comparison(real, fake, settings, with_intervals, seed, calibration)
    return {name: of(comparison) for name, of in table.items() if name in wanted}


def checked_names(names: Iterable[str]) -> tuple[str, ...]:
    """`names` as they are; `UsageError` for one that is in no table."""
    names = tuple(names)
    for name in names:
        if name not in METRICS and name not in TRAINING_METRICS:
            raise UsageError(
                f'There is no metric "{name}". Choose from: {", ".join(METRICS)}; with training images: '
                f"{', '.join(TRAINING_METRICS)}."
            )
    return names


def _fid(c: Comparison) -> Figure:
    real, fake, ddof = c.real.features, c.fake.features, c.settings.fid_ddof
    value = frechet.fid(real, fake, ddof=ddof)
    error = frechet.fid_standard_error(real, fake, ddof=ddof) if c.intervals else np.nan
    return c.figure(value, intervals.around(value, error, low=0), {"ddof": ddof}, "infinitesimal jackknife")


def _kid(c: Comparison) -> Figure:
    real, fake, s = c.real.features, c.fake.features, c.settings
    kernel: dict[str, Any] = {"degree": s.kid_degree, "gamma": s.kid_gamma, "coef0": s.kid_coef0}
    shown = kernel | {"gamma": 1 / real.shape[1] if s.kid_gamma is None else s.kid_gamma}
    if s.kid_subsets is None:
        result = kid(real, fake, **kernel)
        shown |= {"subsets": None, "subset_size": None}
    else:
        drawn = kid_subsets(real, fake, subsets=s.kid_subsets, size=s.kid_subset_size, seed=c.seed, **kernel)
        full = kid(real, fake, **kernel).standard_error if c.intervals else np.nan
        result = replace(drawn, standard_error=float(np.hypot(drawn.standard_error, full)))
        shown |= {"subsets": s.kid_subsets, "subset_size": s.kid_subset_size, "seed": c.seed}
    error = result.standard_error if c.intervals else np.nan
    return c.figure(result.value, intervals.around(result.value, error), shown, "delete-one jackknife")


def _inception_score(c: Comparison) -> Figure:
    assert c.fake.probabilities is not None
    value, error = inception_score(c.fake.probabilities, splits=c.settings.is_splits)
    ci = intervals.around(value, error if c.intervals else np.nan, low=1, high=c.fake.probabilities.shape[1])
    return c.figure(value, ci, {"splits": c.settings.is_splits}, "delta method")


def _of_manifold(name: str, high: float) -> Callable[[Comparison], Figure]:
    def of(c: Comparison) -> Figure:
        value = getattr(c.manifold, name)
        error = c.manifold_errors.get(name, np.nan) if c.intervals else np.nan
        ci = intervals.around(value, error, quantile=intervals.STUDENT_QUANTILE, low=0, high=high)
        return c.figure(value, ci, {"k": c.settings.k, "closed": c.settings.closed}, "delete-d jackknife")

    return of


def _memorisation(c: Comparison) -> Figure:
    assert c.calibration is not None
    found = memorisation(c.fake.features, c.calibration)
    settings = {
        "quantile": c.calibration.quantile,
        "limit": c.calibration.limit if np.isfinite(c.calibration.limit) else None,
        "floor": found.floor,
        "n_train": len(c.calibration.train),
    }
    ci = (found.ci_low, found.ci_high) if c.intervals else (None, None)
    return c.figure(found.value, ci, settings, "Wilson, over the order statistics of the limit")


METRICS: dict[str, Callable[[Comparison], Figure]] = {
    "fid": _fid,
    "kid": _kid,
    "inception_score": _inception_score,
    "precision": _of_manifold("precision", 1),
    "recall": _of_manifold("recall", 1),
    "density": _of_manifold("density", np.inf),
    "coverage": _of_manifold("coverage", 1),
}
"""Every metric by name: a function from a comparison to its figure."""

TRAINING_METRICS: dict[str, Callable[[Comparison], Figure]] = {"memorisation": _memorisation}
"""Metrics that need the training images too."""
