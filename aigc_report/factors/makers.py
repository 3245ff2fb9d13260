"""Who makes notable models, academia or industry: the founding document's first question, as far as the data answer it.

Epoch AI names the organisations behind each model whose training compute it estimates. Here each organisation is
academia (a university or one of its institutes), industry (a company) or public (a state or non-profit laboratory, a
collective of volunteers). OpenAI and DeepMind count as companies: they sell what they make.

A model's maker is then one of `KINDS`: companies alone, academia alone, both together, or public laboratories alone; a
public laboratory beside a company or a university changes nothing. Names that the source cuts off at its column's width
("Shan", "Tel A") are passed over where another maker of the model is known.
"""

import re

import pandas as pd

from aigc_report.catalog import Catalog
from aigc_report.i18n import N_

INDICATOR = "training_compute_flop"

KINDS: dict[str, str] = {
    "industry": N_("companies alone"),
    "joint": N_("companies and universities together"),
    "academia": N_("universities alone"),
    "public": N_("public or non-profit laboratories"),
}
"""Maker of a model to its name on screen."""

_ACADEMIC = re.compile(
    r"\bUni|College|Institute of Tech|Massachusetts Institute|Korea Advanced Institute|Toyota Technological Institute"
    r"|\b(?:ETH|ESAT|IDIAP|IDSIA|INRIA|KU Leuven|LORIA|McGill|Mila|POSTECH|NUI)\b|Vector Institute|Medical School"
    r"|Technische Hochschule|Chinese Academy of Sciences|Institute of Advanced Technology|Institute of Informatics"
)


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(","))


_PUBLIC = _names(
    """
    Alan Turing Institute, Allen Institute for AI, Bayerische Staatsbibliothek Muenchen, BigScience,
    Beijing Academy of Artificial Intelligence / BAAI, DSO National Laboratories, EleutherAI, Fast.ai,
    Fraunhofer Heinrich Hertz Institute, IDEA CCNL, Oak Ridge, Oak Ridge National Labor, Peng Cheng Laboratory,
    Saudi Data and Artificial Intelligence Authority, Shanghai AI Lab, Technology Innovation Institute,
    Wuhan AI Computing Center
    """
)
_COMPANIES = _names(
    """
    01.AI, AI21 Labs, ASAPP, Adobe, Alibaba, Alibaba DAMO Academy, Amazon, Anthropic, Apple, Baidu,
    Baidu Research - Silicon Valley AI Lab, BioMap Research, Bloomberg, Bosch Center for Artificial Intelligence,
    ByteDance, Cerebras Systems, Chai discovery, Cohere, Craiyon, Databricks, Deep Trading, DeepMind, DeepSeek,
    EvolutionaryScale, Facebook, Facebook AI, Facebook AI Research, Google, Google AI, Google Brain, Google Cloud,
    Google DeepMind, Google Research, Huawei, Huawei Noah's Ark Lab, Hugging Face, IBM, Inflection AI, Inspur, Intel,
    Intel Labs, JD Explore Academy, JD.com, Jane Street, Kakao, Kunlun Inc., LG, LG AI Research, Med AI Technology,
    Megvii Inc, Meta AI, MetaMind Inc, Microsoft, Microsoft Research, Microsoft Research Asia, Mistral AI, NAVER,
    NTT Communication Science Laboratories, NVIDIA, NiuTrans Research, OpenAI, Reka AI, Runway, Salesforce,
    Salesforce Research, Samsung, Samsung R&D Institute Russia, Saudi Aramco, SenseTime, ServiceNow, Shannon.AI,
    Skywork AI, Stability AI, Tencent, Toyota Research Insti, Yandex, Zhipu AI, deepset, rinna, xAI
    """
)
_BOTH = frozenset({"MIT-IBM Watson AI Lab"})
"""A laboratory that a company and a university run together."""


def kind(organization: str) -> str | None:
    """``academia``, ``industry``, ``public``, ``joint`` (one laboratory of both), or None for a name nobody knows."""
    if organization in _BOTH:
        return "joint"
    if organization in _COMPANIES:
        return "industry"
    if organization in _PUBLIC:
        return "public"
    return "academia" if _ACADEMIC.search(organization) else None


def maker(organizations: str) -> str | None:
    """The key of `KINDS` for a comma-separated list of organisations; None where none of them is known."""
    found = {kind(name.strip()) for name in organizations.split(",")} - {None}
    if "joint" in found or {"academia", "industry"} <= found:
        return "joint"
    return next((name for name in ("industry", "academia", "public") if name in found), None)


def models(cat: Catalog) -> pd.DataFrame:
    """The models whose training compute is estimated, earliest first; `value` in FLOP.

    Columns of the observations, and: model, organization, domain, confidence, image (makes images), year (int),
    maker (a key of `KINDS`, or empty).
    """
    rows = cat.observations(INDICATOR, breakdown=None)
    pairs = [dict(p.split("=", 1) for p in breakdown.split(";") if "=" in p) for breakdown in rows["breakdown"]]
    return (
        rows.assign(
            model=[p.get("model", "") for p in pairs],
            organization=[p.get("organization", "") for p in pairs],
            domain=[p.get("domain", "") for p in pairs],
            confidence=[p.get("confidence", "") for p in pairs],
            image=[p.get("image_generation") == "yes" for p in pairs],
            maker=[maker(p.get("organization", "")) or "" for p in pairs],
            year=rows["period"].str[:4].astype(int),
        )
        .sort_values("period", kind="stable")
        .reset_index(drop=True)
    )


def yearly(frame: pd.DataFrame) -> pd.DataFrame:
    """Number of models per complete year and maker, a row for each pair: year, maker, models (int), source, flag.

    The last year is left out: a snapshot holds only part of it. Models of unknown makers are not counted.
    """
    whole = frame[frame["year"] < frame["year"].max()]
    years = range(int(whole["year"].min()), int(whole["year"].max()) + 1)
    counts = whole.groupby(["year", "maker"]).size()
    pairs = pd.MultiIndex.from_product([years, list(KINDS)], names=["year", "maker"])
    table: pd.DataFrame = counts.reindex(pairs, fill_value=0).rename("models").reset_index()
    return table.assign(**_provenance(frame))


def largest(frame: pd.DataFrame) -> pd.DataFrame:
    """The model with the largest training compute per year and maker, companies alone and universities alone."""
    known = frame[frame["maker"].isin(["industry", "academia"])]
    ordered: pd.DataFrame = known.sort_values(["maker", "year", "value"], kind="stable")
    top: pd.DataFrame = ordered.drop_duplicates(["maker", "year"], keep="last").reset_index(drop=True)
    return top


def _provenance(frame: pd.DataFrame) -> dict[str, str]:
    """Source and flags of figures computed from `frame`."""
    letters = dict.fromkeys("".join(frame["flag"]))
    return {"source": str(frame["source"].iloc[0]), "flag": "".join(letters)}
