"""Diffusion: how fast something is adopted and how far it goes, with what it takes to judge the answer.

>>> from aigc_report import diffusion
>>> found = diffusion.forecast(diffusion.load("us-firms"))
>>> found.model, found.backtest.rmse, found.naive.backtest.rmse, found.warnings
"""

from aigc_report.diffusion.backtest import Backtest
from aigc_report.diffusion.compare import Lead, lead
from aigc_report.diffusion.forecast import AUTO, CURVES, LOSSES, MODELS, Forecast, forecast, milestones
from aigc_report.diffusion.intervals import Interval, profile
from aigc_report.diffusion.reference import REFERENCES
from aigc_report.diffusion.saturation import Saturation, saturation
from aigc_report.diffusion.scenario import Course, course
from aigc_report.diffusion.series import MEMBERS, Series, groups, load, names, read

__all__ = [
    "AUTO",
    "CURVES",
    "LOSSES",
    "MEMBERS",
    "MODELS",
    "REFERENCES",
    "Backtest",
    "Course",
    "Forecast",
    "Interval",
    "Lead",
    "Saturation",
    "Series",
    "course",
    "forecast",
    "groups",
    "lead",
    "load",
    "milestones",
    "names",
    "profile",
    "read",
    "saturation",
]
