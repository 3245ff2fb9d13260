"""What a briefing can be made of. `PARTS` maps the name that a template uses to the function that writes that part."""

from collections.abc import Callable

from aigc_report.briefing.content.countries import position
from aigc_report.briefing.content.factors import factor
from aigc_report.briefing.content.forecasts import forecasts
from aigc_report.briefing.content.industries import industries
from aigc_report.briefing.content.measurement import measurement
from aigc_report.briefing.content.options import options
from aigc_report.briefing.content.rules import rules
from aigc_report.briefing.content.verdicts import verdicts
from aigc_report.briefing.model import Block

Part = Callable[..., tuple[Block, ...]]

PARTS: dict[str, Part] = {
    "factor": factor,
    "position": position,
    "forecasts": forecasts,
    "industries": industries,
    "rules": rules,
    "measurement": measurement,
    "verdicts": verdicts,
    "options": options,
}
