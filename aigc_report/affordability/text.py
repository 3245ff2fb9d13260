"""Affordability as lines of text for the terminal: the least and the most, and a few steps of the scale."""

from aigc_report import catalog
from aigc_report.affordability.report import Affordability
from aigc_report.affordability.spread import Spread


def lines(found: Affordability) -> list[str]:
    """What a reader sees without ``--json``."""
    cat = catalog.load()
    said = [f"Run {found.run_id}"]
    if found.energy_kwh is not None:
        said += [f"  energy    {_ends(found.energy_kwh)} kWh ({found.energy_method})"]
        countries = {geo: e for geo, e in found.emissions.items() if cat.geographies.at[geo, "kind"] == "country"}
        ranked = sorted(countries, key=lambda geo: countries[geo].grams.high)
        said += ["", f"Emissions, {len(ranked)} countries, least, middle and most:"]
        for geo in (ranked[0], ranked[len(ranked) // 2], ranked[-1]):
            said += [f"  {cat.name(geo, 'en'):<28}  {_ends(countries[geo].grams)} g CO2e ({countries[geo].period})"]
        said += ["", "Electricity:"]
        for bill in found.bills:
            said += [
                f"  {cat.name(bill.geo, 'en'):<28}  {_ends(bill.amount)} {bill.currency} ({bill.payer}, {bill.period})"
            ]
    if found.rental is not None:
        rent = found.rental
        said += ["", f"Rented {rent.device}: {_ends(rent.hours)} h at {_ends(rent.price)} USD: {_ends(rent.usd)} USD"]
        for geo, share in _extremes(found):
            said += [f"  {cat.name(geo, 'en'):<28}  {share:.2g} of a month's GDP per head at most"]
    if found.scale:
        said += ["", "Scale, in multiples of this run's compute:"]
        for rung in found.scale:
            cost = "" if rung.cost_usd2023 is None else f", {rung.cost_usd2023:,.0f} USD of 2023"
            years = "" if rung.years_here is None else f", {rung.years_here:.2g} years at this run's speed"
            said += [f"  {rung.model:<30}  {rung.times:.1e}{years} ({rung.confidence.lower()}{cost})"]
    return said


def _extremes(found: Affordability) -> list[tuple[str, float]]:
    """Where the rent weighs least and most, with its upper share."""
    shares = [(geo, share.high) for geo in found.output if (share := found.rent_share(geo)) is not None]
    shares.sort(key=lambda pair: pair[1])
    return [shares[0], shares[-1]] if shares else []


def _ends(spread: Spread) -> str:
    return f"{spread.low:.3g}" if spread.low == spread.high else f"{spread.low:.3g} to {spread.high:.3g}"
