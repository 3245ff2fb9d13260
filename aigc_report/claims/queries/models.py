"""Notable models as Epoch AI lists them: who makes them, with how much computation, and of which modalities.

A collection, no sample. Its error is that of models drawn from many like them; it does not cover what was not listed.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aigc_report.catalog import Catalog
from aigc_report.claims.queries import parts
from aigc_report.claims.queries.estimate import mean_difference, share_difference
from aigc_report.factors import makers as factor_makers
from gan.experiments.evidence import Evidence, Finding, Series

MODALITIES: dict[str, frozenset[str]] = {
    "text": frozenset({"Language"}),
    "pictures": frozenset({"Vision", "Image generation"}),
    "sound": frozenset({"Speech", "Audio"}),
    "video": frozenset({"Video"}),
}
"""Modality to the source's words for it."""
_OF = "models"
_YEAR = {"en": "Year", "zh": "年份"}


def makers(cat: Catalog, *, years: int) -> Evidence:
    """`academia_share` and `industry_share` of the models of the newest `years` complete years, and `compute_gap`.

    Shares are of the models whose maker is known. The gap is the mean base-10 logarithm of the training compute of
    companies alone less that of universities alone. A snapshot's last year is not complete.
    """
    models = parts.deciding(factor_makers.models(cat))
    newest = int(models["year"].max()) - 1
    kept = models[(models["year"] > newest - years) & (models["year"] <= newest) & (models["maker"] != "")]
    by_maker = {kind: kept[kept["maker"] == kind] for kind in ("academia", "industry")}
    names = {
        "academia": {"en": "made by universities alone", "zh": "高校独立完成"},
        "industry": {"en": "made by companies alone", "zh": "企业独立完成"},
    }
    findings: list[Finding | None] = [
        parts.proportion(f"{kind}_share", len(rows), len(kept), _OF, names[kind], parts.row_ids(rows))
        for kind, rows in by_maker.items()
        if len(kept)
    ]
    logs = {kind: np.log10(rows["value"].to_numpy(float)) for kind, rows in by_maker.items()}
    gap = mean_difference(logs["academia"], logs["industry"])
    if gap is not None:
        about = {"en": "training compute, companies over universities", "zh": "企业与高校训练算力之差"}
        counted = pd.concat(list(by_maker.values()))
        findings.append(
            parts.estimate("compute_gap", gap, "powers of ten", len(counted), _OF, about, parts.row_ids(counted))
        )
    points: list[dict[str, float | str | None]] = [
        {"x": float(year), "y": float(value), "group": kind, "label": model}
        for kind, rows in by_maker.items()
        for year, value, model in zip(rows["year"], rows["value"], rows["model"], strict=True)
    ]
    figure = Series(
        name="compute",
        x_name=_YEAR,
        y_name={"en": "Training compute, FLOP", "zh": "训练算力（FLOP）"},
        points=points,
        log_y=True,
    )
    warnings = [] if gap is not None else [parts.TOO_FEW]
    return parts.evidence("makers", {"years": years, "newest": newest}, findings, [figure], warnings)


def modalities(cat: Catalog, *, early: Sequence[str], late: Sequence[str]) -> Evidence:
    """`share_early` and `share_late` of models of two or more modalities, and their `difference`, late less early.

    `early` and `late` are the first and the last year of either span. Models of none of the four are not counted.
    """
    models = parts.deciding(factor_makers.models(cat))
    counted = [count_modalities(domain) for domain in models["domain"]]
    models = models.assign(count=counted)
    models = models[models["count"] > 0]
    spans = {"early": models[_within(models, early)], "late": models[_within(models, late)]}
    settings = {span: "-".join(map(str, ends)) for span, ends in (("early", early), ("late", late))}
    if any(rows.empty for rows in spans.values()):
        return parts.evidence("modalities", settings, [], warnings=[parts.TOO_FEW])
    about = {"en": "models of two or more modalities", "zh": "涉及两种及以上模态的模型比例"}
    findings: list[Finding | None] = []
    pairs: dict[str, tuple[int, int]] = {}
    for span, rows in spans.items():
        pairs[span] = (int((rows["count"] > 1).sum()), len(rows))
        findings.append(parts.proportion(f"share_{span}", *pairs[span], _OF, about, parts.row_ids(rows)))
    apart = share_difference(pairs["early"], pairs["late"])
    total = pd.concat(list(spans.values()))
    change = {"en": "rise of that share", "zh": "该比例的升幅"}
    findings.append(parts.estimate("difference", apart, "share", len(total), _OF, change, parts.row_ids(total)))
    yearly = models.assign(several=models["count"] > 1).groupby("year")["several"].mean()
    figure = Series(
        name="by_year",
        x_name=_YEAR,
        y_name={"en": "Share of models of two or more modalities", "zh": "涉及两种及以上模态的模型占比"},
        points=[{"x": float(str(year)), "y": float(share)} for year, share in yearly.items()],
    )
    return parts.evidence("modalities", settings, findings, [figure])


def count_modalities(domain: str) -> int:
    """How many of the four modalities a comma-separated list of domains names."""
    named = {word.strip() for word in domain.split(",")}
    return sum(bool(words & named) for words in MODALITIES.values())


def _within(models: pd.DataFrame, span: Sequence[str]) -> "pd.Series[bool]":
    return models["year"].between(int(span[0]), int(span[1]))
