"""What the runs of a suite say together: spread over seeds, paired comparison with a baseline, frontier, growth.

Seeds differ in weights, order of images and latents, so the spread over seeds is that of the method on this machine.
It holds nothing about other data or larger models. Intervals are Student's t over seeds,
95 %; with one seed there is none.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean, stdev
from typing import Any

from pydantic import BaseModel, ConfigDict

from gan.config import BUDGETS
from gan.record import RunRecord
from gan.suite.ledger import Ledger
from gan.suite.plan import ScalingFactor, baseline_of

LEVEL = 0.95
COSTS: dict[str, tuple[str, str]] = {
    "train_s": ("training time", "s"),
    "flops_total": ("operations", "FLOP"),
    "energy_kwh": ("energy", "kWh"),
    "peak_memory_bytes": ("peak memory", "bytes"),
}
"""Costs over which a frontier is drawn: field of the record's cost to label and unit."""
FIXED_BY = {"budget_s": "train_s", "budget_flops": "flops_total"}
"""The cost that a budget makes equal for all runs: what differs in it is chance, and ranks nobody."""
LOWER_IS_BETTER = frozenset({"fid", "kid"})
SHARES = frozenset({"precision", "recall", "coverage", "class_coverage", "class_balance"})
QUALITY = "fid"
"""The quality of the frontier, the ranking and the comparison."""
RESPONSES: dict[str, tuple[str, str]] = {
    "s_per_image": ("training time an image", "s"),
    "train_s": ("training time of the budget", "s"),
    "energy_kwh": ("energy of the budget", "kWh"),
    "flops_per_image": ("operations an image", "FLOP"),
}
"""What growth is fitted for."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Spread(_Model):
    """A figure over seeds. `low`, `high` are None with a single seed; `floor` is the mean real-against-real floor."""

    mean: float
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    n: int
    floor: float | None = None


class Group(_Model):
    """One preset on one data set with one variation: every seed together."""

    group: str
    preset: str
    dataset: str
    variation: dict[str, Any] = {}
    runs: list[str]
    completed: int
    failed: int
    metrics: dict[str, Spread] = {}
    cost: dict[str, Spread] = {}
    images_seen: Spread | None = None


class Comparison(_Model):
    """Mean difference `group` minus `baseline` over the seeds both have, with its paired interval."""

    dataset: str
    group: str
    baseline: str
    metric: str
    difference: float
    low: float | None
    high: float | None
    pairs: int

    @property
    def verdict(self) -> str:
        """`better`, `worse`, or `undecided` where the interval holds zero or does not exist."""
        if self.low is None or self.high is None or self.low <= 0 <= self.high:
            return "undecided"
        below = self.high < 0
        return "better" if below == (self.metric in LOWER_IS_BETTER) else "worse"


class Frontier(_Model):
    """Groups that no other beats in both quality and `cost`, cheapest first, within one data set."""

    dataset: str
    cost: str
    groups: list[str]


class Growth(_Model):
    """response = c · factor^exponent, fitted on logarithms over all runs that differ in `factor` alone.

    An extrapolation beyond `from_value..to_value` assumes that the law holds there.
    """

    dataset: str
    preset: str
    factor: str
    response: str
    exponent: float
    low: float | None
    high: float | None
    runs: int
    from_value: float
    to_value: float
    extrapolated_to: float | None = None
    extrapolated: float | None = None
    extrapolated_low: float | None = None
    extrapolated_high: float | None = None


class Results(_Model):
    """`results.json`: the document that `gan-bench suite --json` prints."""

    suite_id: str
    suite: str
    title: str
    question: str
    created: str
    finished: str | None
    planned: int
    settled: int
    budget: str
    machine: list[str]
    groups: list[Group]
    comparisons: list[Comparison]
    frontiers: list[Frontier]
    growth: list[Growth] = []
    runs: list[dict[str, Any]]
    notes: list[str] = []
    baselines: dict[str, str] = {}
    """Data set to the group that the others on it are compared with; results of earlier versions do not say."""

    def is_baseline(self, group: Group) -> bool:
        """Is `group` what the others are compared with? One with no run to compare is not for that."""
        return self.baselines.get(group.dataset, group.group) == group.group


def conclude(ledger: Ledger, records: dict[str, RunRecord]) -> Results:
    """All that the `records` (by member key) say together, so far."""
    members = ledger.members()
    groups, values = [], dict[str, dict[int, RunRecord]]()
    for name in dict.fromkeys(member.group for member in members):
        mine = [member for member in members if member.group == name]
        known = [records[member.key] for member in mine if member.key in records]
        measured = {r.config.seed: r for r in known if r.status == "completed" and r.quality}
        values[name] = measured
        groups.append(_group(name, mine[0].config.preset, mine[0].config.dataset, mine[0].variation, known, measured))
    comparisons = [
        comparison
        for group in groups
        if group.group != (base := baseline_of(ledger.plan, group.dataset))
        for metric in group.metrics
        if (comparison := _compare(group, base, values.get(base, {}), values[group.group], metric)) is not None
    ]
    return Results(
        suite_id=ledger.suite_id,
        suite=ledger.plan.name,
        title=ledger.plan.title,
        question=ledger.plan.question,
        created=ledger.created,
        finished=ledger.finished,
        planned=len(members),
        settled=sum(record.status in ("completed", "failed", "cancelled") for record in records.values()),
        budget=_budget(ledger),
        machine=sorted(
            {
                f"{r.device.type}: {r.device.name}, {r.device.threads or '-'} threads"
                for r in records.values()
                if r.device
            }
        ),
        groups=groups,
        comparisons=comparisons,
        frontiers=[
            f
            for dataset in ledger.plan.datasets
            for cost in COSTS
            if cost not in {FIXED_BY.get(budget) for budget in ledger.plan.budgets}
            and (f := frontier(groups, dataset, cost)).groups
        ],
        growth=_growth(ledger, values, groups),
        runs=[_line(member.key, member.group, records.get(member.key)) for member in members],
        notes=_notes(ledger, groups, records),
        baselines={dataset: baseline_of(ledger.plan, dataset) for dataset in ledger.plan.datasets},
    )


def spread(
    values: Sequence[float], floors: Iterable[float | None] = (), *, low: float = -math.inf, high: float = math.inf
) -> Spread | None:
    """Mean, standard deviation (n - 1) and Student's t interval of `values`, cut to `low`..`high`; None for none."""
    if not values:
        return None
    known = [floor for floor in floors if floor is not None]
    mean, floor = fmean(values), fmean(known) if known else None
    if len(values) == 1:
        return Spread(mean=mean, n=1, floor=floor)
    sd = stdev(values)
    half = student(len(values) - 1) * sd / math.sqrt(len(values))
    return Spread(mean=mean, sd=sd, low=max(low, mean - half), high=min(high, mean + half), n=len(values), floor=floor)


def student(degrees: int) -> float:
    """97.5 % quantile of Student's t with `degrees` degrees of freedom."""
    from scipy.stats import t

    return float(t.ppf(0.5 + LEVEL / 2, degrees))


def frontier(groups: Sequence[Group], dataset: str, cost: str) -> Frontier:
    """The groups of `dataset` that no other beats in mean quality and mean `cost` at once, cheapest first."""
    points = [
        (group.cost[cost].mean, group.metrics[QUALITY].mean, group.group)
        for group in groups
        if group.dataset == dataset and QUALITY in group.metrics and cost in group.cost
    ]
    return Frontier(dataset=dataset, cost=cost, groups=unbeaten(points))


def best(results: Results) -> list[tuple[str, float]]:
    """The group of lowest mean FID of each data set, and that mean: quality does not compare across data sets."""
    found: dict[str, tuple[float, str]] = {}
    for group in results.groups:
        if (fid := group.metrics.get(QUALITY)) is not None:
            found[group.dataset] = min(found.get(group.dataset, (fid.mean, group.group)), (fid.mean, group.group))
    return [(name, value) for value, name in found.values()]


def unbeaten(points: Iterable[tuple[float, float, str]]) -> list[str]:
    """Of points (cost, quality, name), lower being better in both, those that none beats in both, cheapest first."""
    kept: list[tuple[float, float, str]] = []
    for spent, quality, name in sorted(points):
        if all(quality < better for _, better, _ in kept):
            kept.append((spent, quality, name))
    return [name for _, _, name in kept]


def power_law(x: Sequence[float], y: Sequence[float], at: float | None = None) -> dict[str, float | None]:
    """Least squares of log y on log x: exponent with its t interval, and the prediction `at` with its own.

    Needs two different x; intervals need three points that do not all lie on the line by construction.
    """
    u, v = [math.log(value) for value in x], [math.log(value) for value in y]
    mu, mv, n = fmean(u), fmean(v), len(u)
    sxx = sum((value - mu) ** 2 for value in u)
    slope = sum((a - mu) * (b - mv) for a, b in zip(u, v, strict=True)) / sxx
    fit: dict[str, float | None] = {"exponent": slope, "low": None, "high": None}
    fit |= {"extrapolated_to": at, "extrapolated": None, "extrapolated_low": None, "extrapolated_high": None}
    variance = sum((b - mv - slope * (a - mu)) ** 2 for a, b in zip(u, v, strict=True)) / (n - 2) if n > 2 else None
    if variance is not None:
        half = student(n - 2) * math.sqrt(variance / sxx)
        fit |= {"low": slope - half, "high": slope + half}
    if at is not None:
        there = mv + slope * (math.log(at) - mu)
        fit["extrapolated"] = math.exp(there)
        if variance is not None:
            half = student(n - 2) * math.sqrt(variance * (1 + 1 / n + (math.log(at) - mu) ** 2 / sxx))
            fit |= {"extrapolated_low": math.exp(there - half), "extrapolated_high": math.exp(there + half)}
    return fit


def _group(
    name: str,
    preset: str,
    dataset: str,
    variation: dict[str, Any],
    known: Sequence[RunRecord],
    measured: dict[int, RunRecord],
) -> Group:
    runs = list(measured.values())
    metrics = {
        metric: found
        for metric in dict.fromkeys(metric for run in runs for metric in run.quality)
        if (
            found := spread(
                [v for run in runs if metric in run.quality and (v := run.quality[metric].value) is not None],
                [run.quality[metric].reference_floor for run in runs if metric in run.quality],
                **_range(metric),
            )
        )
        is not None
    }
    fields = (*COSTS, "images_per_s", "co2_g", "wall_s", "peak_flops_share")
    cost = {
        field: found
        for field in fields
        if (found := spread([float(v) for run in runs if (v := getattr(run.cost, field)) is not None], low=0))
        is not None
    }
    return Group(
        group=name,
        preset=preset,
        dataset=dataset,
        variation=variation,
        runs=[record.run_id for record in known],
        completed=len(runs),
        failed=sum(record.status == "failed" for record in known),
        metrics=metrics,
        cost=cost,
        images_seen=spread([float(run.images_seen) for run in runs], low=0),
    )


def _compare(
    group: Group, base: str, theirs: dict[int, RunRecord], mine: dict[int, RunRecord], metric: str
) -> Comparison | None:
    differences = [
        a - b
        for seed in sorted(mine.keys() & theirs.keys())
        if (a := _value(mine[seed], metric)) is not None and (b := _value(theirs[seed], metric)) is not None
    ]
    found = spread(differences)
    if found is None:
        return None
    return Comparison(
        dataset=group.dataset,
        group=group.group,
        baseline=base,
        metric=metric,
        difference=found.mean,
        low=found.low,
        high=found.high,
        pairs=found.n,
    )


def _range(metric: str) -> dict[str, float]:
    """What a mean of `metric` can be at all: an interval of few seeds easily passes the end of the scale."""
    if metric in SHARES:
        return {"low": 0.0, "high": 1.0}
    return {} if metric == "kid" else {"low": 0.0}  # KID is unbiased, so that it can be negative


def _value(record: RunRecord, metric: str) -> float | None:
    found = record.quality.get(metric)
    return None if found is None else found.value


def _response(name: str) -> Callable[[RunRecord], float | None]:
    def of(record: RunRecord) -> float | None:
        cost, images = record.cost, record.images_seen
        if name == "s_per_image":
            return cost.train_s / images if cost.train_s and images else None
        if name == "flops_per_image":
            return cost.flops_total / images if cost.flops_total and images else None
        found: float | None = getattr(cost, name)
        return found

    return of


def _factor(record: RunRecord, factor: ScalingFactor) -> float | None:
    """The factor's value in `record`; the number of training images is the data set's own where none was asked for."""
    if factor == "train_images":
        return float(record.dataset.size) if record.dataset else None
    return float(getattr(record.config, factor))


def _growth(ledger: Ledger, values: dict[str, dict[int, RunRecord]], groups: Sequence[Group]) -> list[Growth]:
    """A power law for every factor of `[scaling]`: over the groups that differ from the first variation in it alone."""
    plan = ledger.plan
    if plan.scaling is None:
        return []
    first, found = plan.settings[0], []
    for dataset in plan.datasets:
        for preset in plan.presets:
            for factor in plan.scaling.factors:
                runs = [
                    record
                    for group in groups
                    if (group.dataset, group.preset) == (dataset, preset)
                    if _but(group.variation, factor) == _but(first, factor)
                    for record in values[group.group].values()
                ]
                for response in RESPONSES:
                    points = [
                        (x, y)
                        for record in runs
                        if (x := _factor(record, factor)) and (y := _response(response)(record))
                    ]
                    if len({x for x, _ in points}) < 2:
                        continue
                    xs, ys = [x for x, _ in points], [y for _, y in points]
                    found.append(
                        Growth.model_validate(
                            {
                                "dataset": dataset,
                                "preset": preset,
                                "factor": factor,
                                "response": response,
                                "runs": len(points),
                                "from_value": min(xs),
                                "to_value": max(xs),
                                **power_law(xs, ys, at=2 * max(xs)),
                            }
                        )
                    )
    return found


def _but(variation: dict[str, Any], factor: str) -> dict[str, Any]:
    """What a variation sets beside `factor` and its budget."""
    return {name: value for name, value in variation.items() if name != factor and name not in BUDGETS}


def _line(key: str, group: str, record: RunRecord | None) -> dict[str, Any]:
    line: dict[str, Any] = {"key": key, "group": group, "run_id": None, "status": "planned"}
    if record is not None:
        line |= {"run_id": record.run_id, "status": record.status, "seed": record.config.seed}
        line |= {"images_seen": record.images_seen, "steps": record.steps_done}
        line |= {name: metric.value for name, metric in record.quality.items()}
        line |= {field: getattr(record.cost, field) for field in (*COSTS, "images_per_s", "co2_g")}
        line["warnings"] = len(record.notices)
    return line


def _budget(ledger: Ledger) -> str:
    (name, value), *_ = ledger.plan.budgets.items()
    words = {"budget_s": "s of training", "steps": "steps", "budget_images": "images", "budget_flops": "operations"}
    return f"{value:,g} {words[name]} a run" if value < 1e9 else f"{value:.3g} {words[name]} a run"


def _notes(ledger: Ledger, groups: Sequence[Group], records: dict[str, RunRecord]) -> list[str]:
    notes = []
    seeds = len(ledger.plan.seeds)
    if seeds == 1:
        notes.append("One seed: there is no spread, so differences between groups may be chance.")
    elif seeds < 5:
        notes.append(
            f"Intervals rest on {seeds} seeds and are wide; several comparisons were made, none is corrected for."
        )
    disturbed = sum(any(n.code == "foreign_load" for n in r.notices) for r in records.values())
    if disturbed:
        notes.append(
            f"Other processes disturbed {disturbed} of {len(records)} runs: time, speed and energy are not clean."
        )
    if failed := sum(group.failed for group in groups):
        notes.append(f"{failed} runs failed; their groups rest on the others.")
    digests = {r.extractor.digest for r in records.values() if r.extractor}
    if len(digests) > 1:
        notes.append("Quality was measured in different features for different data sets: compare within one data set.")
    notes.append("Small models on small images: the order of methods here says little about large models.")
    return notes
