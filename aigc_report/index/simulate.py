"""Replications of an index: what varies is drawn, and all replications are scored at once.

Drawn alternatives leave few distinct tables of normalised indicators; each is prepared once, and the replications that
share one are aggregated together. Memory is bounded by chunks. The same seed gives the same draws on every machine.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from aigc_report.errors import phrase
from aigc_report.i18n import N_
from aigc_report.index import aggregate, choices, impute, normalise, replicate, treat, weights
from aigc_report.index.build import Inputs, gather, located, prepare, read, score
from aigc_report.index.fault import Fault
from aigc_report.index.methods import bind
from aigc_report.index.places import places
from aigc_report.index.result import IndexResult
from aigc_report.index.spec import METHODS, IndexSpec
from aigc_report.index.uncertainty import Ranks

Array = npt.NDArray[np.float64]
Table = TypeVar("Table")
Progress = Callable[[int, int], None]
"""Called with the number of replications done and wanted; it may raise to cancel."""
CHUNK_BYTES = 32 * 2**20
"""Scores held at once while a group of replications is aggregated."""


@dataclass(frozen=True)
class Draws:
    """R replications: the alternative of every source, (R, sources), and the weights' noise, -1..1, (R, codes)."""

    levels: npt.NDArray[np.int64]
    noise: Array

    def __len__(self) -> int:
        return len(self.levels)

    def swapped(self, other: "Draws", source: int, *, noise: bool) -> "Draws":
        """These draws with one source from `other`."""
        levels = self.levels.copy()
        levels[:, source] = other.levels[:, source]
        return Draws(levels, other.noise if noise else self.noise)


@dataclass(frozen=True)
class Prepared:
    """Normalised indicators (n × k) under one set of choices, the method of every aggregate, weights by method."""

    x: Array
    methods: Mapping[str, aggregate.Aggregator]
    weights: Array  # alternatives × codes


class Plan:
    """An index ready to be replicated. Tables are read and prepared once; `ranks` may be called as often as wanted."""

    def __init__(self, spec: str | IndexSpec | Inputs) -> None:
        self.inputs: Inputs = read(spec)
        self.spec = self.inputs.spec
        self.structure = self.inputs.structure
        self.choices = choices.parse(self.spec, self.structure)
        self.tree = replicate.Tree.of(self.structure, list(map(str, self.inputs.data.values.columns)))
        self._prepared: dict[tuple[int, ...], Prepared] = {}
        self._tables: dict[Any, Any] = {}

    @cached_property
    def nominal(self) -> IndexResult:
        """The index as the spec says."""
        with located(self.inputs):
            return score(self.inputs, prepare(self.inputs))

    @property
    def sources(self) -> tuple[choices.Source, ...]:
        """What varies."""
        return self.choices.sources

    @property
    def units(self) -> list[str]:
        """The units, in the order of the ranks."""
        return [str(unit) for unit in self.inputs.data.values.index]

    def draw(self, count: int, rng: np.random.Generator) -> Draws:
        """`count` replications. Every source, and every weight's noise, is stratified: each slice of its range is drawn
        once (a Latin hypercube), which narrows the error of what is estimated and leaves the distribution as it is."""
        noisy = len(self._noise) if self._noise.any() else 0
        strata = rng.permuted(np.tile(np.arange(count), (len(self.sources) + noisy, 1)), axis=1).T
        uniform = (strata + rng.random(strata.shape)) / count
        sizes = np.array([len(source.alternatives) for source in self.sources])
        levels = np.minimum((uniform[:, : len(sizes)] * sizes).astype(np.int64), sizes - 1)
        return Draws(levels, 2 * uniform[:, len(sizes) :] - 1)

    def ranks(
        self,
        draws: Draws,
        codes: Sequence[str],
        own_weights: Mapping[str, float] | None = None,
        progress: Progress | None = None,
    ) -> dict[str, Ranks]:
        """Places in every one of `codes`: code to (R, units), 0 where missing. `own_weights` replaces single weights.

        Raises `UserError` where an alternative cannot be applied, and names the choices that meet there.
        """
        if not self._noise.any():  # alternatives alone: the same ones need scoring once
            distinct, back = np.unique(draws.levels, axis=0, return_inverse=True)
            if len(distinct) < len(draws):
                scored = self._ranks(Draws(distinct, np.zeros((len(distinct), 0))), codes, own_weights, progress)
                return {code: found[back.ravel()] for code, found in scored.items()}
        return self._ranks(draws, codes, own_weights, progress)

    def _ranks(
        self, draws: Draws, codes: Sequence[str], own: Mapping[str, float] | None, progress: Progress | None
    ) -> dict[str, Ranks]:
        n = len(self.units)
        found = {code: np.zeros((len(draws), n), dtype=np.int16 if n < 2**15 else np.int32) for code in codes}
        shaping = [position for position, source in enumerate(self.sources) if source.step in METHODS]
        step = max(1, CHUNK_BYTES // (8 * n * (len(self.tree.nodes) + 4)))
        done = 0
        with located(self.inputs):
            for key, rows in _groups(draws.levels[:, shaping]):
                prepared = self._prepare(key)
                for start in range(0, len(rows), step):
                    part = rows[start : start + step]
                    scored = self._scores(prepared, draws, part, own, key)
                    for code in codes:
                        found[code][part] = places(scored[code])
                    done += len(part)
                    if progress is not None:
                        progress(done, len(draws))
        return found

    def scores(self, draws: Draws) -> dict[str, Array]:
        """Scores of every aggregate, code to (R, units); for checks, as it holds all of them at once."""
        n = len(self.units)
        found = {node.code: np.full((len(draws), n), np.nan) for node in self.tree.nodes}
        shaping = [position for position, source in enumerate(self.sources) if source.step in METHODS]
        with located(self.inputs):
            for key, rows in _groups(draws.levels[:, shaping]):
                for code, values in self._scores(self._prepare(key), draws, rows, None, key).items():
                    found[code][rows] = values
        return found

    def _scores(
        self,
        prepared: Prepared,
        draws: Draws,
        rows: npt.NDArray[np.int64],
        own: Mapping[str, float] | None,
        key: tuple[int, ...],
    ) -> dict[str, Array]:
        try:
            return replicate.scores(
                prepared.x,
                self._weights(prepared, draws, rows, own),
                self.tree,
                prepared.methods,
                units=self.units,
                least=self.spec.steps.min_available,
            )
        except Fault as fault:
            raise self._met(fault, key) from None

    def _weights(
        self, prepared: Prepared, draws: Draws, rows: npt.NDArray[np.int64], own: Mapping[str, float] | None
    ) -> Array:
        """A row of weights per replication: those it starts from, with noise, without the indicator left out."""
        at = {source.key: position for position, source in enumerate(self.sources)}
        start = prepared.weights
        if own:
            start = start.copy()
            for code, weight in own.items():
                start[:, self.tree.codes.index(code)] = weight
        w: Array
        if "weights" in at and len(start) > 1:
            w = start[draws.levels[rows, at["weights"]]]
        else:
            w = np.repeat(start[:1], len(rows), axis=0)
        if draws.noise.shape[1]:
            w = w * (1 + self._noise * draws.noise[rows])
        if "leave_out" in at:
            w[:, self._indicator_positions] *= self._kept[draws.levels[rows, at["leave_out"]]]
        return w

    @cached_property
    def _noise(self) -> Array:
        """How far each code's weight may move, as a share of it."""
        by_level = self.choices.weights.noise or {}
        levels = [int(self.structure.lines[code].level) for code in self.tree.codes]
        factors: Array = np.array([by_level.get(level, 0.0) for level in levels])
        return factors

    @cached_property
    def _indicator_positions(self) -> list[int]:
        return [self.tree.codes.index(code) for code in self.tree.indicators]

    @cached_property
    def _kept(self) -> Array:
        """Per alternative of ``leave_out``, 1 for the indicators that stay and 0 for the one that does not."""
        source = next(source for source in self.sources if source.key == "leave_out")
        kept: Array = np.array([[float(code != out) for code in self.tree.indicators] for out in source.alternatives])
        return kept

    def _prepare(self, key: tuple[int, ...]) -> Prepared:
        """The steps up to the weights under the alternatives `key`; what other keys share with it is not done again."""
        if key in self._prepared:
            return self._prepared[key]
        shaping = tuple(source for source in self.sources if source.step in METHODS)
        steps = choices.apply(self.spec, shaping, key).steps
        until = {
            step: tuple(p for source, p in zip(shaping, key, strict=True) if _before(source.step, step))
            for step in ("panel", "impute")
        }
        try:
            values = self._once(("gathered", *until["panel"]), lambda: gather(self.inputs, steps)[1])
            if (how := steps.impute) is not None:
                method = bind(impute.IMPUTERS, how, "impute")
                groups = self.inputs.data.groups
                values = self._once(("imputed", *until["impute"]), lambda: impute.impute(values, groups, method))
            columns = self._once(("columns", *until["impute"]), lambda: _columns(values))
            if steps.treat is not None:
                columns = self._each(columns, bind(treat.TREATERS, steps.treat, "treat"), repr(steps.treat), _treated)
            if steps.normalise is not None:
                normaliser = bind(normalise.NORMALISERS, steps.normalise, "normalise")
                columns = self._each(columns, normaliser, repr(steps.normalise), self._normalised)
            x = np.column_stack([columns[code] for code in self.tree.indicators])
            assert steps.aggregate is not None
            methods = aggregate.methods(self.structure, steps.aggregate, steps.aggregate_levels)
            used = {*(self.choices.weights.methods or (steps.weights,)), *steps.weight_levels.values()}
            fixed = used <= weights.WHATEVER_THE_VALUES
            starts = self._once(("weights",), lambda: self._starts(x)) if fixed else self._starts(x)
            self._prepared[key] = Prepared(x, methods, starts)
        except Fault as fault:
            raise self._met(fault, key) from None
        return self._prepared[key]

    def _once(self, key: Any, make: Callable[[], Table]) -> Table:
        if key not in self._tables:
            self._tables[key] = make()
        found: Table = self._tables[key]
        return found

    def _each(
        self, columns: Mapping[str, Array], method: Any, name: str, do: Callable[[str, Array, Any], Array]
    ) -> dict[str, Array]:
        """`do` for every indicator, once for each distinct column of values: most alternatives leave most alone."""
        found = {}
        for code, values in columns.items():
            key = (name, code, values.tobytes())
            if key not in self._tables:
                self._tables[key] = do(code, values, method)
            found[code] = self._tables[key]
        return found

    def _normalised(self, code: str, values: Array, method: normalise.Normaliser) -> Array:
        return normalise.column(values, self.structure.lines[code], self.units, method)

    def _starts(self, x: Array) -> Array:
        """The weights a replication can start from, a row per alternative of ``weights``."""
        steps, varied = self.spec.steps, self.choices.weights
        frame = pd.DataFrame(x, index=self.units, columns=list(self.tree.indicators))
        by_method = [
            weights.weigh(frame, self.structure, method, steps.weight_levels, steps.own_weights)
            for method in varied.methods or (steps.weights,)
        ]
        rows = [w.reindex(list(self.tree.codes)).to_numpy(np.float64) for w in by_method]
        if varied.sets:
            at = {code: position for position, code in enumerate(self.tree.codes)}
            nominal, rows = rows[0], []
            for own in varied.sets.values():
                row = nominal.copy()
                for code, weight in own.items():
                    row[at[code]] = weight
                rows.append(row)
        for row in rows:
            for node in self.tree.nodes:
                if np.isclose(row[list(node.positions)].sum(), 0):
                    raise Fault(N_("the weights below {code} sum to 0"), code=node.code, field="Weight")
        return np.array(rows)

    def _met(self, fault: Fault, key: tuple[int, ...]) -> Fault:
        """`fault` with the alternatives under which it arises."""
        shaping = [source for source in self.sources if source.step in METHODS]
        met = "; ".join(
            f"{source.key} = {source.labels()[position]}" for source, position in zip(shaping, key, strict=True)
        )
        return Fault(
            N_("with {met} of [uncertainty], {message}"),
            code=fault.code,
            unit=fault.unit,
            field=fault.field,
            met=met or phrase(N_("the weights")),
            message=fault.phrase,
        )


def _groups(levels: npt.NDArray[np.int64]) -> list[tuple[tuple[int, ...], npt.NDArray[np.int64]]]:
    """The distinct rows of `levels` and, for each, where it stands."""
    if levels.shape[1] == 0:
        return [((), np.arange(len(levels)))]
    distinct, at = np.unique(levels, axis=0, return_inverse=True)
    order = np.argsort(at.ravel(), kind="stable")
    edges = np.searchsorted(at.ravel()[order], np.arange(1, len(distinct)))
    return [
        (tuple(int(value) for value in key), rows) for key, rows in zip(distinct, np.split(order, edges), strict=True)
    ]


def _before(step: str, other: str) -> bool:
    """Whether `step` runs before `other` or is it."""
    order = list(METHODS)
    return order.index(step) <= order.index(other)


def _columns(values: pd.DataFrame) -> dict[str, Array]:
    return {str(code): values[code].to_numpy(np.float64) for code in values.columns}


def _treated(code: str, values: Array, method: treat.Treater) -> Array:
    return method(values.copy())[0]
