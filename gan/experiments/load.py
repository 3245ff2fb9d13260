"""How busy others kept the machine while something was timed: said beside every figure that depends on it."""

from collections.abc import Iterable

from gan.experiments.found import Found


def tell(found: Found, shares: Iterable[float | None]) -> None:
    """The largest of these shares of the processors used (0..1) as the finding `foreign_load`, with a warning where it
    disturbs. Nothing where none was measured."""
    from gan.cost import FOREIGN_LOAD_NOTICE  # loads torch

    known = [share for share in shares if share is not None]
    if not known:
        found.warnings.append("foreign_load: how busy others kept the machine was not measured.")
        return
    worst = max(known)
    found.exact(
        "foreign_load",
        worst,
        {
            "en": "largest share of the processors in use here that other programs took during a timed stretch",
            "zh": "计时期间其他程序占用本程序所用处理器的最大份额",
        },
        n=len(known),
        of="timed stretches",
    )
    if worst > FOREIGN_LOAD_NOTICE:
        found.warnings.append(
            f"Other programs used up to {100 * worst:.0f} % of the processors in use here: time, memory bandwidth and "
            "energy are not those of a quiet machine."
        )
