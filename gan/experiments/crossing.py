"""When a falling curve first meets a level, and how much less of something one curve needs for what the other reaches.

Curves are pairs of lists: what was spent (images, seconds, labels; above 0, ascending) and what came of it, lower being
better; negate a figure that rises. Between two points a curve is straight over the logarithm of what was spent.
"""

import math
from collections.abc import Sequence


def first_reached(spent: Sequence[float], found: Sequence[float], level: float) -> float | None:
    """What was spent when the curve, at its best so far, first fell to `level`; None where it never does.

    A curve that starts at or below `level` reached it at its first point at the latest, which is returned.
    """
    best = math.inf
    before = 0.0
    for here, value in zip(spent, found, strict=True):
        if value <= level:
            if best == math.inf:
                return here
            share = (best - level) / (best - value)
            return math.exp(math.log(before) + share * (math.log(here) - math.log(before)))
        if value < best:
            best = value
        before = here
    return None


def log2_saving(
    plain: tuple[Sequence[float], Sequence[float]], helped: tuple[Sequence[float], Sequence[float]]
) -> float:
    """log2 of how many times more `plain` needs than `helped`: 1 means twice as much, 0 as much, below 0 less.

    Both are asked for the level that both reach: the best of whichever ends worse. A curve that has it at its first
    point counts with that point, so that the figure is a lower bound of a saving that starts before the curve does.
    """
    level = max(min(plain[1]), min(helped[1]))
    needed, with_help = first_reached(*plain, level), first_reached(*helped, level)
    assert needed is not None  # both curves reach the worse of their two best values
    assert with_help is not None
    return math.log2(needed / with_help)
