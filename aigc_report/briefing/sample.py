"""A small briefing over shipped data with every kind of block in it: what the tests of the back ends draw.

Not a product of the toolkit: its sentences are written by hand and hold for the shipped data package alone.
"""

import datetime
from typing import Literal

from aigc_report import catalog
from aigc_report.briefing.model import (
    Box,
    Briefing,
    Bullets,
    Cite,
    Column,
    Figure,
    Finding,
    Inputs,
    Number,
    Option,
    Options,
    Paragraph,
    Provenance,
    Reference,
    RunUsed,
    Section,
    Table,
    Verdict,
)
from aigc_report.catalog import Catalog
from aigc_report.charts import adoption
from aigc_report.i18n import Texts, texts

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("Generative AI in the European Union", "欧盟生成式人工智能"),
    "subtitle": ("A sample of every block", "各类内容样例"),
    "government": ("Government", "政府"),
    "headline": ("Use of AI among EU firms rose to ", "欧盟企业的人工智能使用率升至"),
    "since": (", from ", "，上一年为"),
    "before": (" a year before.", "。"),
    "break": (
        "From 2025 the survey lists eight technologies instead of seven; part of the step is that change",
        "自2025年起，调查所列技术由七项增至八项，部分升幅源于此",
    ),
    "end": (".", "。"),
    "demand": ("How far has adoption come?", "采用到了什么程度？"),
    "caption": ("Large firms lead in every year.", "历年均以大型企业领先。"),
    "country": ("Country", "国家"),
    "use": ("Firms using AI", "使用人工智能的企业"),
    "year": ("Year", "年份"),
    "table": ("Three members beside the Union", "欧盟与三个成员国"),
    "claim": ("Labels are costly, so learning without labels matters.", "标注成本高昂，因此无标注学习十分重要。"),
    "untested": ("untested", "尚未检验"),
    "basis": ("No run of this test is recorded.", "尚无该检验的运行记录。"),
    "limit": ("Small images say little about large models.", "小图像的结果难以推及大模型。"),
    "choices": ("What could be done?", "可以做什么？"),
    "option": ("Support skills in small firms", "支持小企业提升技能"),
    "what": ("Public advice and training for firms with 10 to 49 employees.", "为10至49人企业提供公共咨询与培训。"),
    "for": ("Fewer small firms use AI: ", "小企业使用人工智能的较少："),
    "against": ("Whether training changes this is not in the data.", "培训能否改变这一点，数据未予说明。"),
    "gaps": ("What is not known", "尚不清楚之处"),
    "gap": ("Members were not asked in 2022.", "2022年未开展调查。"),
    "method": ("How this was made", "编制方法"),
    "how": ("Figures are as published; none is filled in.", "数据均按发布口径列示，未作填补。"),
    "licence": ("Figures under the terms of their sources", "数据适用各来源的许可条款"),
    "run": ("Run on this machine", "本机运行"),
}


def sample(lang: Literal["en", "zh"] = "en", cat: Catalog | None = None) -> Briefing:
    """The sample in `lang`, dated 25 November 2026."""
    cat, t = cat or catalog.load(), texts(lang)
    w = {key: words[("en", "zh").index(lang)] for key, words in _WORDS.items()}
    now, before = _share(cat, t, "EU27", "2025"), _share(cat, t, "EU27", "2024")
    small = _share(cat, t, "EU27", "2025", "size=10-49")
    members = ("DEU", "FRA", "POL")
    chart = adoption.firms_over_time(cat, t)
    newest = "p_estat_se_2025"
    finding = Finding(
        "sample.use",
        (w["headline"], now, w["end"]),
        (
            w["headline"],
            now,
            w["since"],
            before,
            w["before"],
            Cite(newest),
            w["break"],
            Cite("p_estat_se_2024"),
            w["end"],
        ),
    )
    table = Table(
        "sample.members",
        w["table"],
        (Column(w["country"], share=2), Column(w["year"]), Column(w["use"], numeric=True)),
        tuple((((cat.name(geo, lang)),), ("2025",), (_share(cat, t, geo, "2025"),)) for geo in ("EU27", *members)),
        (newest,),
        (w["break"] + w["end"],),
    )
    verdict = Verdict(
        "sample.labels", "claim.labels", "untested", w["untested"], w["claim"], (w["basis"],), (w["limit"],)
    )
    figure = Figure("sample.sizes", chart, (w["caption"],), chart.sources)
    option = Option(
        "sample.skills",
        w["option"],
        (w["what"],),
        ((w["for"], small, w["end"], Cite(newest)),),
        ((w["against"],),),
    )
    used = dict.fromkeys([newest, "p_estat_se_2024", *chart.sources])
    return Briefing(
        title=w["title"],
        subtitle=w["subtitle"],
        audience="government",
        audience_name=w["government"],
        lang=lang,
        date=datetime.date(2026, 11, 25),
        author="aigc-report",
        licence=w["licence"],
        geo=members,
        summary=(finding, Bullets(((w["break"], w["end"]), (w["how"],)))),
        sections=(
            Section(
                "demand",
                w["demand"],
                (
                    finding,
                    Paragraph(finding.runs),
                    figure,
                    table,
                ),
            ),
            Section("claims", w["claim"], (verdict, Box("sample.note", "note", w["gaps"], ((w["gap"],),)))),
            Section("options", w["choices"], (Options("sample.options", (option, option)),)),
        ),
        gaps=Box("gaps", "gaps", w["gaps"], ((w["gap"],),)),
        method=Box("method", "method", w["method"], ((w["how"],), (w["break"], w["end"]))),
        references=(
            *(_reference(cat, n, source) for n, source in enumerate(used, 1)),
            Reference(len(used) + 1, "run:20261125-000000-sample", "run", f"{w['run']} 20261125-000000-sample"),
        ),
        inputs=Inputs(cat.digest, "eu27", (RunUsed("20261125-000000-sample", "0" * 64, "local"),)),
        software=(("aigc-report", "0"), ("python", "3")),
    )


def _share(cat: Catalog, t: Texts, geo: str, period: str, breakdown: str = "") -> Number:
    """The share of firms that use AI."""
    row = cat.observations("ai_use_any", geo, period, breakdown).iloc[-1]
    key = "|".join(str(row[column]) for column in ("indicator", "geo", "period", "breakdown", "source"))
    value = float(row["value"])
    ident = f"sample.{geo}.{period}.{breakdown or 'all'}"
    return Number(ident, value, "percent", t.value(value, "percent"), Provenance("observation", rows=(key,)))


def _reference(cat: Catalog, number: int, source: str) -> Reference:
    about = cat.sources.loc[source]
    text = f"{about['publisher']}. {about['title']}. {about['published']}."
    return Reference(number, source, "source", text, str(about["url"]), str(about["licence"]))
