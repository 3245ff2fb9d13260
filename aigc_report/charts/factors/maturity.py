"""Technology maturity: published quality within one protocol, and which technologies firms use."""

from functools import lru_cache

from aigc_report.catalog import Catalog
from aigc_report.charts import quality as charts_of_quality
from aigc_report.charts import words
from aigc_report.charts.chart import Chart
from aigc_report.charts.choices import LOG
from aigc_report.charts.factors import rows
from aigc_report.i18n import Texts
from aigc_report.technology import quality as known
from aigc_report.technology.quality import Comparison

ROLE = "maturity"

QUALITY: dict[str, str] = {"imagenet256": "official_repo", "cifar10": "studiogan2023"}
"""Data set to the protocol whose history stands here; generators that were told the class."""


def quality(cat: Catalog, t: Texts, dataset: str, scale: str = LOG) -> Chart:
    """Published FID on `dataset` (one of `QUALITY`) within one protocol; the Technology page offers all others."""
    return charts_of_quality.published(cat, t, _comparison(cat, dataset), "yes", named=False, scale=scale)


@lru_cache(maxsize=8)
def _comparison(cat: Catalog, dataset: str) -> Comparison:
    wanted = (dataset, QUALITY[dataset])
    return next(c for c in known.comparisons(cat, "fid") if (c.dataset, c.code) == wanted)


def technologies(cat: Catalog, t: Texts) -> Chart:
    """Which AI technologies EU firms use, when the survey began to ask and now."""
    labels = {f"tech={code}": words.value(t, key, code) for key, code in words.VALUES if key == "tech"}
    return rows.change(
        cat,
        t,
        id="technologies",
        title=t("Firms using AI, by technology"),
        indicator="ai_tech_use",
        labels=labels,
        since="2023",
        role=ROLE,
        notes=(t("Generating pictures, video or sound was asked for the first time in 2025."),),
    )
