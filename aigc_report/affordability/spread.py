"""A figure with the range that its ingredients leave open."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """A middle value, None where only the ends are known, and the ends."""

    value: float | None
    low: float
    high: float

    def times(self, other: "Spread") -> "Spread":
        """The product of two positive spreads: ends with ends, as both may be at their end at once."""
        value = None if self.value is None or other.value is None else self.value * other.value
        return Spread(value, self.low * other.low, self.high * other.high)

    def over(self, divisor: float) -> "Spread":
        """A share of `divisor`."""
        return Spread(None if self.value is None else self.value / divisor, self.low / divisor, self.high / divisor)

    def to_json(self) -> dict[str, float | None]:
        """value, low, high."""
        return {"value": self.value, "low": self.low, "high": self.high}


def exactly(value: float) -> Spread:
    """A figure without a range of its own."""
    return Spread(value, value, value)
