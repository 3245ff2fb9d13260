"""Charts of a measurement of pictures that a reader brought, by its id: they look as those of a run do."""

from aigc_report import measurements
from aigc_report.charts import runs
from aigc_report.charts.chart import Chart
from aigc_report.i18n import Texts


def distance(t: Texts, measurement: str, metric: str) -> Chart:
    """One distance with its interval and floor."""
    return runs.distance(t, measurement, metric, measurements.result(measurement).quality[metric], runs.PICTURES)


def shares(t: Texts, measurement: str) -> Chart:
    """Precision, recall, density, coverage and the classes."""
    return runs.fidelity(t, measurement, measurements.result(measurement).quality, runs.PICTURES)


def classes(t: Texts, measurement: str) -> Chart:
    """Which classes the pictures show."""
    return runs.generated(t, measurement, measurements.result(measurement).class_shares, runs.PICTURES)
