"""How fast the index is drawn again: all replications at once against the plain loop over `build`, in one run.

python benchmarks/index_speed.py [FOLDER]

FOLDER holds COINr's ASEM example as `iData.csv` and `iMeta.csv` (`write.csv(COINr::ASEM_iData, …)` in R). Without it
a synthetic table of the same shape is used: 51 units, 49 indicators, 8 aggregates, 2 sub-indices, 1 total.

The reference that counts is the plain loop of this package, timed here. COINr's own 0.20 to 0.25 s a replication (ASEM,
four uncertain choices, two cores at 2.8 GHz) was measured on another day and is quoted as context.
"""

import dataclasses
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from aigc_report.index import choices, robustness, simulate

COINR_S = (0.20, 0.25)
UNITS, INDICATORS = 51, 49
SPEC = """name = "Speed"
[data]
units = "iData.csv"
structure = "iMeta.csv"
[steps]
impute    = {{ method = "group_mean", group = "{group}" }}
treat     = {{ method = "winsorise", max_points = 5 }}
normalise = {{ method = "minmax", lower = 1, upper = 100 }}
aggregate = {{ method = "arithmetic" }}
[uncertainty]
treat.max_points = [1, 2, 3, 5]
normalise = [{{ method = "minmax", lower = 1, upper = 100 }}, {{ method = "zscore", mean = 30, sd = 2 }}]
aggregate = ["arithmetic", "geometric"]
{more}
"""
FOUR = "weights = {{ noise = 0.25, levels = [2, 3] }}"
EIGHT = """weights = {{ noise = 0.25, levels = [1, 2, 3] }}
impute = [{{ method = "group_mean", group = "{group}" }}, "mean", "median"]
treat.skew = [1.5, 2.0, 2.5]
treat.kurtosis = [3.0, 3.5, 4.0]
leave_out = true"""


def synthetic(folder: Path) -> str:
    """A table and a structure of ASEM's shape with 64 gaps; returns the column of groups."""
    rng = np.random.default_rng(0)
    codes = [f"I{i}" for i in range(INDICATORS)]
    values = np.exp(rng.normal(size=(UNITS, INDICATORS)) * rng.uniform(0.2, 1.5, INDICATORS))
    values.flat[rng.choice(values.size, 64, replace=False)] = np.nan
    table = pd.DataFrame(values, columns=codes).assign(uCode=[f"u{i}" for i in range(UNITS)])
    table.assign(G=np.resize(list("ABCD"), UNITS)).to_csv(folder / "iData.csv", index=False)
    rows = [(1, code, 1, f"P{i % 8}", "Indicator") for i, code in enumerate(codes)]
    rows += [(2, f"P{i}", 1, f"S{i % 2}", "Aggregate") for i in range(8)]
    rows += [(3, "S0", 1, "T", "Aggregate"), (3, "S1", 1, "T", "Aggregate"), (4, "T", 1, "", "Aggregate")]
    structure = pd.DataFrame(rows, columns=["Level", "iCode", "Weight", "Parent", "Type"]).assign(Direction=1)
    group = pd.DataFrame({"iCode": ["G"], "Type": ["Group"]})
    pd.concat([structure, group]).to_csv(folder / "iMeta.csv", index=False)
    return "G"


def spec(folder: Path, group: str, more: str) -> str:
    path = folder / f"{'eight' if 'leave_out' in more else 'four'}.toml"
    path.write_text(SPEC.format(group=group, more=more.format(group=group)), encoding="utf-8")
    return str(path)


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The best of some runs: what the work takes when nothing else does."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def one_by_one(plan: simulate.Plan, draws: simulate.Draws) -> None:
    """The same replications, each by `build`."""
    steps = tuple(source for source in plan.sources if source.step in choices.METHODS)
    nominal = plan.nominal.structure["weight"]
    for r in range(len(draws)):
        drawn = choices.apply(plan.spec, steps, tuple(int(level) for level in draws.levels[r, : len(steps)]))
        noise = 1 + plan._noise * draws.noise[r]
        own = {code: float(nominal[code] * noise[k]) for k, code in enumerate(plan.tree.codes)}
        dataclasses.replace(drawn, steps=dataclasses.replace(drawn.steps, own_weights=own)).build()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if len(sys.argv) > 1:
            for file in ("iData.csv", "iMeta.csv"):
                (folder / file).write_bytes((Path(sys.argv[1]) / file).read_bytes())
            group = "GDP_group"
        else:
            group = synthetic(folder)
        plan = simulate.Plan(spec(folder, group, FOUR))
        total = plan.nominal.total
        rng = np.random.default_rng(0)
        few, many, thousand = (plan.draw(n, rng) for n in (20, 10_000, 1000))
        loop = seconds(lambda: one_by_one(plan, few), 1) / len(few)
        first = seconds(lambda: simulate.Plan(plan.spec).ranks(many, [total]), 1)
        at_once = seconds(lambda: plan.ranks(many, [total]))
        each = at_once / len(many)
        slider = seconds(lambda: plan.ranks(thousand, [total], own_weights={plan.tree.indicators[0]: 2.0}))
        eight = simulate.Plan(spec(folder, group, EIGHT))
        sobol = seconds(lambda: robustness.analyse(eight.spec, 4096, 1), 1)
        sources = len(eight.sources)
        low, high = (second / each for second in COINR_S)
        shape = f"{len(plan.units)} units, {len(plan.tree.indicators)} indicators, {len(plan.tree.nodes)} aggregates"
        print(f"table: {shape}")
        print(f"plain loop over build          {loop * 1e3:10.1f} ms a replication   reference, 1 x")
        print(f"all at once                    {each * 1e6:10.1f} us a replication   {loop / each:,.0f} x")
        print(
            f"10,000 replications            {at_once:10.2f} s   ({first:.2f} s with reading and preparing the tables)"
        )
        print(f"1,000 after a change of weight {slider * 1e3:10.1f} ms")
        print(
            f"Sobol' indices, {sources} sources     {sobol:10.2f} s   (n = 4,096; {4096 * (2 * sources + 2):,} draws)"
        )
        print(
            f"context, not timed here: COINr at {COINR_S[0]} to {COINR_S[1]} s is {low:,.0f} to {high:,.0f} x as long"
        )


if __name__ == "__main__":
    main()
