"""What an experiment hands over: findings, series for charts, warnings; and the few statistics that all of them use.

Repetitions go by seed: a mapping from seed to value. Two arms of an experiment are paired by seed, because equal seeds
share weights, noise and the choice of images. Imports no torch.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scipy import stats

from gan.experiments.evidence import Estimate, Exact, Finding, Proportion, Replicates, Series
from gan.record import RunRecord

BySeed = Mapping[int, float]
"""A quantity of each repetition."""

Text = dict[str, str]
"""In both languages: {"en": …, "zh": …}."""

Name = tuple[str, str]
"""A word or two in English and in Chinese: what an arm is called in a chart."""

LEVEL = 0.95


@dataclass
class Found:
    """What an experiment found, filled while it looks. A quantity that nothing could be found about is warned of."""

    findings: list[Finding] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def replicates(
        self, name: str, values: BySeed, about: Text, unit: str = "1", runs: Iterable[RunRecord] = (), of: str = "seeds"
    ) -> None:
        """One value a seed; the finding's value is their mean."""
        known = {seed: value for seed, value in sorted(values.items()) if math.isfinite(value)}
        if len(known) < len(values):
            self.warnings.append(f"{name}: {len(values) - len(known)} of {len(values)} values are not finite.")
        if not known:
            self.warnings.append(f"{name}: no run it could be computed from.")
            return
        error = Replicates(values=list(known.values()), labels=[f"seed {seed}" for seed in known])
        mean = sum(known.values()) / len(known)
        self._add(Finding(name=name, value=mean, unit=unit, error=error, n=len(known), of=of, about=about), runs)

    def proportion(self, name: str, successes: int, trials: int, about: Text, of: str) -> None:
        """A share of independent outcomes."""
        if trials < 1:
            self.warnings.append(f"{name}: nothing was tried.")
            return
        error = Proportion(successes=successes, trials=trials)
        self._add(Finding(name=name, value=successes / trials, unit="1", error=error, n=trials, of=of, about=about), ())

    def estimate(
        self,
        name: str,
        value: float,
        se: float,
        df: float | None,
        n: int,
        about: Text,
        unit: str = "1",
        of: str = "runs",
    ) -> None:
        """A value with its standard error, from a regression or a bootstrap."""
        error = Estimate(se=se, df=df)
        self._add(Finding(name=name, value=value, unit=unit, error=error, n=n, of=of, about=about), ())

    def exact(
        self, name: str, value: float, about: Text, unit: str = "1", n: int = 1, of: str = "calculations"
    ) -> None:
        """A value without a sample behind it."""
        self._add(Finding(name=name, value=value, unit=unit, error=Exact(), n=n, of=of, about=about), ())

    def curve(
        self,
        name: str,
        x_name: Text,
        y_name: Text,
        groups: Mapping[Name, Mapping[float, BySeed]],
        *,
        log_x: bool = False,
        log_y: bool = False,
    ) -> None:
        """A series: for each group and x, the mean over seeds with its interval (Student's t, 95 %)."""
        points: list[dict[str, float | str | None]] = []
        for (en, zh), line in groups.items():
            for x, values in sorted(line.items()):
                if values:
                    mean, low, high = interval(list(values.values()))
                    points.append({"x": x, "y": mean, "low": low, "high": high, "group": en, "group_zh": zh})
        self.series.append(Series(name=name, x_name=x_name, y_name=y_name, points=points, log_x=log_x, log_y=log_y))

    def bars(self, name: str, x_name: Text, y_name: Text, values: Mapping[Name, BySeed]) -> None:
        """A series over named arms instead of numbers."""
        points: list[dict[str, float | str | None]] = []
        for (en, zh), by_seed in values.items():
            if by_seed:
                mean, low, high = interval(list(by_seed.values()))
                points.append({"x": en, "y": mean, "low": low, "high": high, "label": en, "label_zh": zh})
        self.series.append(Series(name=name, x_name=x_name, y_name=y_name, points=points))

    def _add(self, finding: Finding, runs: Iterable[RunRecord]) -> None:
        self.findings.append(finding.model_copy(update={"runs": sorted({record.run_id for record in runs})}))


def interval(values: Sequence[float]) -> tuple[float, float | None, float | None]:
    """Mean and its 95 % interval by Student's t; ends None for a single value."""
    n = len(values)
    mean = sum(values) / n
    if n < 2:
        return mean, None, None
    sd = math.sqrt(sum((value - mean) ** 2 for value in values) / (n - 1))
    half = float(stats.t.ppf((1 + LEVEL) / 2, n - 1)) * sd / math.sqrt(n)
    return mean, mean - half, mean + half


def paired(one: BySeed, other: BySeed, how: Callable[[float, float], float]) -> dict[int, float]:
    """`how`(one, other) of every seed that both have."""
    return {seed: how(one[seed], other[seed]) for seed in sorted(one.keys() & other.keys())}


def ratio(one: BySeed, other: BySeed) -> dict[int, float]:
    """one / other by seed."""
    return paired(one, other, lambda a, b: a / b if b else math.nan)


def difference(one: BySeed, other: BySeed) -> dict[int, float]:
    """one - other by seed."""
    return paired(one, other, lambda a, b: a - b)


def quality(runs: Mapping[int, RunRecord], metric: str = "fid") -> dict[int, float]:
    """A figure of quality of the runs that have it, by seed."""
    known = {seed: record.quality[metric].value for seed, record in runs.items() if metric in record.quality}
    return {seed: value for seed, value in known.items() if value is not None}
