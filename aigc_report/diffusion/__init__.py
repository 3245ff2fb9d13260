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
from aigc_report.diffusion.series import Series, load, names, read

__all__ = [
    "AUTO",
    "CURVES",
    "LOSSES",
    "MODELS",
    "REFERENCES",
    "Backtest",
    "Forecast",
    "Interval",
    "Lead",
    "Series",
    "forecast",
    "lead",
    "load",
    "milestones",
    "names",
    "profile",
    "read",
]
