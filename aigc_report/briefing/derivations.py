"""How a number is derived from its provenance. A number of a briefing is made by its derivation, and verified by it.

`DERIVATIONS` maps a name to a function of the `Ground` and the number's `Provenance`. Each returns the unrounded value,
or raises `Missing` where something it stands on is not there.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from aigc_report import factors, policy
from aigc_report.affordability import Affordability, Spread
from aigc_report.briefing.ground import Ground, Missing
from aigc_report.briefing.model import Provenance
from aigc_report.diffusion.backtest import Backtest
from aigc_report.factors.members import Question, panel

Derivation = Callable[[Ground, Provenance], float]


def derive(ground: Ground, provenance: Provenance) -> float:
    """The value of a number; `Missing` for a derivation that does not exist, and as the derivation raises it."""
    if provenance.derivation not in DERIVATIONS:
        raise Missing("There is no derivation {name}.", name=provenance.derivation)
    return float(DERIVATIONS[provenance.derivation](ground, provenance))


# ---- observations ----------------------------------------------------------------------------------------------------


def _observation(ground: Ground, p: Provenance) -> float:
    return ground.value(p.rows[0])


def _difference(ground: Ground, p: Provenance) -> float:
    """The first row less the second."""
    return ground.value(p.rows[0]) - ground.value(p.rows[1])


def _gap(ground: Ground, p: Provenance) -> float:
    """How far apart two rows are, whichever is higher."""
    return abs(_difference(ground, p))


def _count(ground: Ground, p: Provenance) -> float:
    """How many rows there are."""
    return len([ground.value(row) for row in p.rows])


def _place(ground: Ground, p: Provenance) -> float:
    """The place of the first row among all of them by value, 1 for the highest; equal values share a place."""
    values = [ground.value(row) for row in p.rows]
    return 1 + sum(value > values[0] for value in values)


def _members(ground: Ground, p: Provenance) -> float:
    """A statistic over the EU's members in one period of one question: n, low, high, range, median, mean."""
    asked = Question(str(p.setting("indicator")), str(p.setting("breakdown")))
    rows = panel(ground.cat, asked)
    values = rows[rows["period"] == p.setting("period")]["value"].to_numpy(np.float64)
    if not len(values):
        raise Missing("No member has a figure of {indicator} for {period}.", **dict(p.settings))
    return float(_STATISTICS[str(p.setting("statistic"))](values))


_STATISTICS: dict[str, Callable[[npt.NDArray[np.float64]], float]] = {
    "n": len,
    "low": np.min,
    "high": np.max,
    "range": np.ptp,
    "median": np.median,
    "mean": np.mean,
}


def _waiting(ground: Ground, p: Provenance) -> float:
    """Firms that considered AI and do not use it, or that use it, as a percentage of all firms of a place."""
    table = factors.interest.over_time(ground.cat, str(p.setting("geo")))
    if p.setting("period") not in table.index:
        raise Missing("There are no figures of interest and use for {geo} in {period}.", **dict(p.settings))
    return float(table[str(p.setting("column"))].astype("float64")[p.setting("period")])


def _package(ground: Ground, p: Provenance) -> float:
    """How much the data package holds: observations, indicators, sources, excluded (rows left out), instruments."""
    cat = ground.cat
    counts = {
        "observations": len(cat.all_observations),
        "indicators": len(cat.indicators),
        "sources": len(cat.sources),
        "excluded": int(cat.excluded["rows"].sum()),
        "instruments": len(cat.policy),
    }
    return counts[str(p.setting("what"))]


def _makers(ground: Ground, p: Provenance) -> float:
    """Notable models of a complete year by who made them (`factors.KINDS`)."""
    counted = ground.models()
    found = counted[(counted["year"] == p.setting("year")) & (counted["maker"] == p.setting("maker"))]
    if found.empty:
        raise Missing("There is no count of models for {year}.", **dict(p.settings))
    return float(found["models"].iloc[0])


def _instruments(ground: Ground, p: Provenance) -> float:
    """Instruments of a jurisdiction: all, those with a duty, those in a state, or both; empty settings ask for all."""
    table = ground.instruments()
    geo, duty, state = (str(p.setting(name)) for name in ("geo", "duty", "state"))
    keep = pd.Series(True, index=table.index)
    if geo:
        keep &= table["geo"] == geo
    if duty:
        keep &= table[policy.DUTIES[duty]] == "yes"
    if state:
        keep &= table["state"] == state
    return int(keep.sum())


# ---- index and forecasts ---------------------------------------------------------------------------------------------


def _index(ground: Ground, p: Provenance) -> float:
    """A figure of the index: score, rank, tied (units on the same rank), value, low, high, units, replications, above.

    `code` is a part of the index; `above` is the percentage of replications in which the unit stands above `other`.
    """
    result, code, what = ground.index(), str(p.setting("code")), str(p.setting("statistic"))
    uncertain = result.uncertainty
    assert uncertain is not None
    if what == "units":
        return int(result.ranks[code].notna().sum())
    if what == "replications":
        return uncertain.replications
    if p.unit not in result.scores.index:
        raise Missing("{unit} is not in the index {spec}.", unit=p.unit, spec=p.spec)
    if what in ("low", "median", "high"):
        return float(uncertain.intervals(code)[what].astype("float64")[p.unit])
    if what == "above":
        return 100 * float(uncertain.above(code)[str(p.setting("other"))].astype("float64")[p.unit])
    if what == "tied":
        return int((result.ranks[code] == result.ranks.at[p.unit, code]).sum())
    table = {"score": result.scores, "rank": result.ranks, "value": result.raw}[what]
    return float(table[code].astype("float64")[p.unit])


def _forecast(ground: Ground, p: Provenance) -> float:
    """A value of a forecast: value, low, high of `period`; or last (observed), rows, ceiling of the shown scenario."""
    found, what = ground.forecast(str(p.setting("series"))), str(p.setting("statistic"))
    if what == "last":
        return float(found.series.values[-1])
    if what == "rows":
        return len(found.series)
    if what == "ceiling":
        return found.scenarios[len(found.scenarios) // 2].ceiling
    at = found.periods.index(str(p.setting("period")))
    value = {"value": found.value, "low": found.low, "high": found.high}[what][at]
    if value is None:
        raise Missing("The forecast of {series} has no {statistic} for {period}.", **dict(p.settings))
    return float(value)


def _backtest(ground: Ground, p: Provenance) -> float:
    """A figure of the back-test: rmse, n, origins, coverage (percent), or rmse of the naive model (`naive`)."""
    found, what = ground.forecast(str(p.setting("series"))), str(p.setting("statistic"))
    tested: Backtest | None = found.backtest
    if what == "naive":
        tested, what = (found.naive.backtest if found.naive else None), "rmse"
    if tested is None:
        raise Missing("The forecast of {series} has no back-test.", series=p.setting("series"))
    return 100 * tested.coverage if what == "coverage" else float(getattr(tested, what))


# ---- runs and claims -------------------------------------------------------------------------------------------------


def _run(ground: Ground, p: Provenance) -> float:
    """A field of a run's record, by its path; a power of ten in `scale` turns kWh into Wh."""
    found: object = ground.run(p.run).record
    for part in p.field.split("."):
        found = found.get(part) if isinstance(found, dict) else getattr(found, part, None)
    if not isinstance(found, int | float):
        raise Missing("Run {run} has no {field}.", run=p.run, field=p.field)
    return float(found) * float(dict(p.settings).get("scale", 1))


def _afford(ground: Ground, p: Provenance) -> float:
    """What a run emits, or costs to rent against a month's output per head, in `geo`: the `end` of its range."""
    found: Affordability = ground.affordability(p.run)
    geo, quantity, end = (str(p.setting(name)) for name in ("geo", "quantity", "end"))
    spread: Spread | None = None
    if quantity == "co2_g" and geo in found.emissions:
        spread = found.emissions[geo].grams
    elif quantity == "rent_share":
        share = found.rent_share(geo)
        spread = None if share is None else Spread(None, 100 * share.low, 100 * share.high)
    elif quantity == "rent_usd" and found.rental is not None:
        spread = found.rental.usd
    value = getattr(spread, end, None)
    if value is None:
        raise Missing("Run {run} has no {quantity} for {geo}.", run=p.run, quantity=quantity, geo=geo)
    return float(value)


def _claims(ground: Ground, p: Provenance) -> float:
    """How many claims for a group of readers there are, or have a verdict, or rest on evidence of a basis and size."""
    from aigc_report.briefing import claims

    found = claims.standing(str(p.setting("readers")))
    asked = dict(p.settings)
    if "basis" in asked:
        return len([one for one in found if claims.rests(one) == (asked["basis"], asked["size"])])
    return sum(asked["verdict"] in ("", one.verdict.code) for one in found)


def _finding(ground: Ground, p: Provenance) -> float:
    """A finding on which a claim's verdict rests: its value, or the low or high end of its interval, or its n."""
    from aigc_report.briefing import claims

    return claims.measured(p.claim, str(p.setting("finding")), str(p.setting("statistic")))


DERIVATIONS: dict[str, Derivation] = {
    "observation": _observation,
    "difference": _difference,
    "gap": _gap,
    "count": _count,
    "place": _place,
    "members": _members,
    "waiting": _waiting,
    "package": _package,
    "makers": _makers,
    "instruments": _instruments,
    "index": _index,
    "forecast": _forecast,
    "backtest": _backtest,
    "run": _run,
    "afford": _afford,
    "claims": _claims,
    "finding": _finding,
}
