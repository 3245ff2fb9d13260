"""Robustness of an index (Handbook, step 8): intervals of its ranks and what moves them, from one set of draws."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from aigc_report.index import sensitivity
from aigc_report.index.build import Inputs
from aigc_report.index.result import IndexResult
from aigc_report.index.simulate import Draws, Plan, Progress
from aigc_report.index.spec import IndexSpec
from aigc_report.index.uncertainty import Ranks, Uncertainty

Array = npt.NDArray[np.float64]
BLOCK = 4096
"""Base samples drawn together, stratified within the block; fixed, so that memory limits do not change the draws."""


def analyse(
    spec: str | IndexSpec | Inputs,
    replications: int | None = None,
    seed: int | None = None,
    *,
    codes: Sequence[str] = (),
    with_sensitivity: bool = True,
    progress: Progress | None = None,
) -> IndexResult:
    """The index with rank intervals from `replications` and, unless left out, Sobol' indices from as many base samples.

    Number and seed are the spec's own where left out; intervals are those of the total and of `codes`.
    """
    plan = Plan(spec)
    nominal = plan.nominal
    count = plan.choices.replications if replications is None else replications
    number = plan.choices.seed if seed is None else seed
    wanted = tuple(dict.fromkeys((nominal.total, *codes)))
    d, n = len(plan.sources), len(plan.units)
    per_sample = 2 * d + 2 if with_sensitivity else 1
    ranks: dict[str, list[Ranks]] = {code: [] for code in wanted}
    sums: list[Array] = []
    size = -(-count // sensitivity.GROUPS)
    base = nominal.ranks[nominal.total].to_numpy(np.float64, na_value=np.nan)
    labels = {source.key: source.labels() for source in plan.sources}
    for number_of_block, start in enumerate(range(0, count, BLOCK)):
        m = min(BLOCK, count - start)
        rng = np.random.default_rng([number, number_of_block])
        a = plan.draw(m, rng)
        report = _counted(progress, start * per_sample, count * per_sample)
        for code, found in plan.ranks(a, wanted, progress=report).items():
            ranks[code].append(found)
        if not with_sensitivity:
            continue
        b = plan.draw(m, rng)
        noisy = [source.key == "weights" and a.noise.shape[1] > 0 for source in plan.sources]
        others = [b]
        for source in range(d):
            others += [a.swapped(b, source, noise=noisy[source]), b.swapped(a, source, noise=noisy[source])]
        report = _counted(progress, start * per_sample + m, count * per_sample)
        placed = plan.ranks(_joined(others), (nominal.total,), progress=report)[nominal.total]
        outcome = _outcomes(np.concatenate([ranks[nominal.total][-1], placed]), base).reshape(per_sample, m, n + 1)
        terms = np.stack(
            [
                sensitivity.terms(outcome[0], outcome[1], outcome[2 + 2 * source], outcome[3 + 2 * source])
                for source in range(d)
            ],
            axis=1,
        )  # samples × sources × (shift, units) × 3
        sums.append(np.add.reduceat(terms, np.arange(0, m, size), axis=0))
    uncertain = Uncertainty(
        {code: np.concatenate(found) for code, found in ranks.items()},
        nominal.ranks[list(wanted)],
        nominal.total,
        labels,
        number,
        plan.choices.percentiles,
    )
    found_sensitivity = None
    if with_sensitivity:
        rng = np.random.default_rng([number, 2**31])
        found_sensitivity = sensitivity.summarise(np.concatenate(sums), list(labels), plan.units, labels, count, rng)
    return replace(nominal, uncertainty=uncertain, sensitivity=found_sensitivity)


def _outcomes(ranks: Ranks, nominal: Array) -> Array:
    """What is explained, per replication: the mean shift of the ranking, then the rank of every unit."""
    own = ranks.astype(np.float64)
    scored = (ranks > 0) & ~np.isnan(nominal)
    shift = np.where(scored, np.abs(own - np.nan_to_num(nominal)), 0.0).sum(axis=1) / np.maximum(scored.sum(axis=1), 1)
    return np.column_stack([shift, own])


def _joined(draws: Sequence[Draws]) -> Draws:
    return Draws(np.concatenate([d.levels for d in draws]), np.concatenate([d.noise for d in draws]))


def _counted(progress: Progress | None, done: int, wanted: int) -> Progress | None:
    return None if progress is None else lambda part, _: progress(done + part, wanted)
