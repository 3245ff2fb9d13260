"""What a briefing can be made of. `PARTS` maps the name that a template uses to the function that writes that part."""

from collections.abc import Callable

from aigc_report.briefing.content import (
    countries,
    factors,
    forecasts,
    industries,
    measurement,
    options,
    published,
    rules,
    verdicts,
)
from aigc_report.briefing.model import Block

Part = Callable[..., tuple[Block, ...]]

PARTS: dict[str, Part] = {
    "factor": factors.factor,
    "position": countries.position,
    "forecasts": forecasts.forecasts,
    "industries": industries.industries,
    "rules": rules.rules,
    "measurement": measurement.measurement,
    "published": published.published,
    "purposes": factors.purposes,
    "nonuse": factors.nonuse,
    "verdicts": verdicts.verdicts,
    "options": options.options,
}
