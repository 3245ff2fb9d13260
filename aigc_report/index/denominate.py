"""Denomination: an indicator that grows with a country's size, divided by a measure of that size."""

from collections.abc import Mapping

import pandas as pd

from aigc_report.index.fault import Fault


def denominate(values: pd.DataFrame, denominators: pd.DataFrame, by: Mapping[str, str]) -> pd.DataFrame:
    """`values` (units × indicators) with each indicator in `by` divided by its column of `denominators`.

    A missing denominator leaves the value missing. Raises `Fault` for a denominator that is zero.
    """
    divided = values.copy()
    for code, denominator in by.items():
        if denominator not in denominators.columns:
            raise Fault(
                'there is no denominator "{name}" in the table', code=code, field="Denominator", name=denominator
            )
        divisor = denominators[denominator]
        if (divisor == 0).any():
            raise Fault(
                "{denominator} is 0 for {unit}, and {indicator} cannot be divided by it",
                code=denominator,
                unit=str(divisor.index[divisor == 0][0]),
                denominator=denominator,
                indicator=code,
            )
        divided[code] = values[code] / divisor
    return divided
