"""What every query shares: figures that may decide a claim, and how findings and evidence are put together."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from aigc_report.claims.queries.estimate import Estimated
from aigc_report.flags import DOUBTFUL, PROJECTION
from aigc_report.i18n import N_
from gan.experiments.evidence import Estimate, Evidence, Exact, Finding, Proportion, Replicates, Series

Text = dict[str, str]

TOO_FEW = N_("Too few comparable figures for a test.")
BROKEN = N_("Figures across a break in the series or a change of definition were left out.")
NO_ERROR = N_(
    "The published figures come without a number of respondents or a standard error, so nothing can be tested."
)
NO_PAIRS = N_("The catalogue holds no measurements that differ in this alone.")


def deciding(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that may decide a claim: neither doubtful nor a projection."""
    kept: pd.DataFrame = rows[~rows["flag"].str.contains(f"[{DOUBTFUL}{PROJECTION}]")]
    return kept.reset_index(drop=True)


def row_ids(rows: pd.DataFrame) -> list[str]:
    """How a finding names the observations it was computed from: indicator|geo|period|breakdown."""
    columns = ["indicator", "geo", "period", "breakdown"]
    return ["|".join(map(str, cells)) for cells in rows[columns].itertuples(index=False, name=None)]


def replicates(
    name: str, values: Mapping[str, float], unit: str, of: str, about: Text, rows: Iterable[str] = ()
) -> Finding:
    """A finding whose repetitions are `values` by label."""
    numbers = [float(v) for v in values.values()]
    return Finding(
        name=name,
        value=sum(numbers) / len(numbers),
        unit=unit,
        error=Replicates(values=numbers, labels=list(values)),
        n=len(numbers),
        of=of,
        about=about,
        rows=list(rows),
    )


def proportion(name: str, successes: int, trials: int, of: str, about: Text, rows: Iterable[str] = ()) -> Finding:
    """A finding that is a share, from 0 to 1, of independent yes/no outcomes."""
    error = Proportion(successes=successes, trials=trials)
    return Finding(
        name=name, value=successes / trials, unit="share", error=error, n=trials, of=of, about=about, rows=list(rows)
    )


def estimate(name: str, found: Estimated, unit: str, n: int, of: str, about: Text, rows: Iterable[str] = ()) -> Finding:
    """A finding with a standard error."""
    error = Estimate(se=found.se, df=found.df)
    return Finding(name=name, value=found.value, unit=unit, error=error, n=n, of=of, about=about, rows=list(rows))


def exact(name: str, value: float, unit: str, n: int, of: str, about: Text, rows: Iterable[str] = ()) -> Finding:
    """A finding of which nothing was sampled."""
    return Finding(name=name, value=value, unit=unit, error=Exact(), n=n, of=of, about=about, rows=list(rows))


def evidence(
    test: str,
    settings: Mapping[str, Any],
    findings: Sequence[Finding | None],
    series: Sequence[Series] = (),
    warnings: Iterable[str] = (),
) -> Evidence:
    """The evidence of one query; findings that could not be made are None, and `warnings` say why."""
    scalars: dict[str, float | int | str | bool | None] = {k: v for k, v in settings.items() if _is_scalar(v)}
    return Evidence(
        test=test,
        made=datetime.now(UTC).replace(microsecond=0),
        machine="",
        settings=scalars,
        findings=[f for f in findings if f is not None],
        series=list(series),
        warnings=list(dict.fromkeys(warnings)),
    )


def apart(unit: str) -> str:
    """The unit of a difference of two figures in `unit`."""
    return "percentage points" if unit == "percent" else unit


def _is_scalar(value: Any) -> bool:
    return isinstance(value, float | int | str | bool)
