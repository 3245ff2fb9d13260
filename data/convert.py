"""Turn the evidence base into the data package: ``python data/convert.py --evidence DIR``.

The rules stand in ``conversion.toml``. Nothing is dropped in silence: every row kept out is counted in
``excluded.csv`` and explained in ``EXCLUDED.md``. Reviewed Chinese texts in ``indicators.csv`` survive a re-run.
"""

import argparse
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
from babel import Locale
from babel.core import get_global

HERE = Path(__file__).parent
RULES = HERE / "conversion.toml"
OBSERVATION = ["indicator", "geo", "period", "breakdown", "value", "unit", "source", "flag", "note"]
INDICATOR = [
    *("indicator", "pillar", "name_en", "name_zh", "definition_en", "definition_zh"),
    *("unit", "direction", "population", "population_zh"),
]
REVIEWED = ["name_zh", "definition_zh", "population_zh"]
SOURCE = ["source", "publisher", "title", "url", "published", "licence", "kind", "redistribution"]
LEDGER = "d_"
POLICY = [
    *("id", "geo", "name_en", "name_local", "issuer", "instrument_type", "status", "date_adopted", "date_in_force"),
    *("scope", "aigc_provisions", "obliges_labelling", "obliges_registration", "obliges_risk_assessment"),
    *("supports_funding", "source", "note"),
]

Rules = dict[str, Any]


def read(path: Path) -> pd.DataFrame:
    """A table of text: numbers stay as written, empty cells are empty strings."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def write(table: pd.DataFrame, path: Path) -> None:
    """The table as UTF-8 with line feeds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def matches(rows: pd.DataFrame, match: Rules) -> pd.Series:
    """True where every column named in `match` has one of its values."""
    hit = pd.Series(True, index=rows.index)
    for column, values in match.items():
        hit &= rows[column].isin(values)
    return hit


def with_keys(breakdown: str, add: dict[str, str]) -> str:
    """`breakdown` with the pairs of `add`, keys sorted."""
    pairs = dict(pair.split("=", 1) for pair in breakdown.split(";") if pair) | add
    return ";".join(f"{key}={pairs[key]}" for key in sorted(pairs))


def recode(rows: pd.DataFrame, rules: Rules) -> tuple[pd.DataFrame, list[Rules]]:
    """Rows brought under the code of their quantity, and how many each rule moved."""
    rows, moved = rows.copy(), []
    for rule in rules["recode"]:
        hit = matches(rows, rule["match"])
        moved.append({**rule, "rows": int(hit.sum()), "from": ", ".join(rule["match"]["indicator"])})
        rows.loc[hit, "indicator"] = rule["indicator"]
        if "breakdown" in rule:
            rows.loc[hit, "breakdown"] = rule["breakdown"]
        rows.loc[hit, "breakdown"] = [with_keys(b, rule.get("add", {})) for b in rows.loc[hit, "breakdown"]]
    for pattern in rules["notes"]["remove"]:
        rows["note"] = rows["note"].str.replace(pattern, "", regex=True)
    return rows, moved


def excluded(rows: pd.DataFrame, rules: Rules) -> pd.Series:
    """The id of the rule that keeps each row out, or an empty string."""
    verdict = pd.Series("", index=rows.index)
    for rule in rules["exclude"]:
        kept = pd.Series(False, index=rows.index)
        for match in rule.get("keep", []):
            kept |= matches(rows, match)
        verdict[(verdict == "") & matches(rows, rule["match"]) & ~kept] = rule["id"]
    return verdict


def beyond_limit(rows: pd.DataFrame, licence: pd.Series, better: pd.Series, limit: Rules) -> pd.Series:
    """True for the rows of a source under one of the limit's licences that are not the best of their group.

    `licence` and `better` (+1 higher, -1 lower is better, 0 neither and so never the best) are per row.
    """
    bound = rows[licence.isin(limit["licences"])]
    bound = bound[bound.groupby("source")["source"].transform("size") > limit["rows"]]
    keys = pd.DataFrame({"source": bound["source"]})
    for key in limit["group"]:
        found = bound["breakdown"].str.extract(rf"(?:^|;){key}=([^;]*)", expand=False).fillna("")
        keys[key] = bound.get(key, found)
    merit = bound["value"].astype(float) * better[bound.index].astype(int)
    best = merit[better[bound.index] != "0"].groupby([keys[k] for k in keys]).idxmax()
    return pd.Series(rows.index.isin(bound.index.difference(pd.Index(best))), index=rows.index)


def geographies(rules: Rules) -> pd.DataFrame:
    """ISO 3166-1 with names in both languages from Unicode CLDR, then aggregates and special codes."""
    english, chinese = Locale("en").territories, Locale.parse("zh_Hans_CN").territories
    private = re.compile(r"AAA|Q[M-Z]{2}|X[A-Z]{2}|ZZZ")
    rows = [
        (geo, alpha2[0], english[alpha2[0]], chinese[alpha2[0]], "country")
        for geo, alpha2 in sorted(get_global("territory_aliases").items())
        if re.fullmatch("[A-Z]{3}", geo) and not private.fullmatch(geo) and geo not in rules["not_iso"]
        if len(alpha2) == 1 and alpha2[0] in english
    ]
    rows += [(geo, "", en, zh, kind) for geo, (kind, en, zh) in rules["other"].items()]
    table = pd.DataFrame(rows, columns=["geo", "alpha2", "name_en", "name_zh", "kind"])
    for group in ("eu27", "oecd"):
        table[group] = table["geo"].isin(rules[group]).map({True: "true", False: "false"})
    return table


def indicators(evidence: pd.DataFrame, used: set[str], existing: Path) -> pd.DataFrame:
    """The indicators in use, with the reviewed Chinese texts that the table `existing` holds."""
    table = evidence.rename(columns={"definition": "definition_en"}).assign(population_zh="")
    table = table[table["indicator"].isin(used)].set_index("indicator")
    table["direction"] = table["direction"].astype(int).astype(str)
    if existing.exists():
        reviewed = read(existing).set_index("indicator")[REVIEWED]
        table.update(reviewed[reviewed != ""])
    for indicator in table.index[table["population_zh"] == ""]:
        print(f"indicators.csv, {indicator}: needs reviewed Chinese texts and population_zh", file=sys.stderr)
    return table.reset_index()[INDICATOR]


def by_hand(existing: Path) -> pd.DataFrame:
    """The sources that only claims of the ledger name: written into the table `existing` by hand, prefixed `LEDGER`."""
    table = read(existing) if existing.exists() else pd.DataFrame(columns=SOURCE)
    return table[table["source"].str.startswith(LEDGER)][SOURCE]


def left_out(rows: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Rows kept out, counted by rule, indicator and source, with the reason in both languages."""
    reasons = {rule["id"]: rule for rule in [*rules["exclude"], rules["limit"]]}
    table = rows[rows["rule"] != ""].groupby(["rule", "indicator", "source"], as_index=False).size()
    table = table.rename(columns={"size": "rows"}).assign(order=table["rule"].map(list(reasons).index))
    for lang in ("en", "zh"):
        table[f"reason_{lang}"] = table["rule"].map(lambda rule, key=f"reason_{lang}": reasons[rule][key])
    return table.sort_values(["order", "indicator", "source"]).drop(columns="order")


def excluded_page(out: pd.DataFrame, kept: int, moved: list[Rules], unused: pd.DataFrame, rules: Rules) -> str:
    """EXCLUDED.md: every row kept out, every code changed, every source left out and every remark."""
    lines = [
        "# What is left out",
        "",
        f"Of {kept + out['rows'].sum():,} rows of the evidence base {kept:,} are in the package and "
        f"{out['rows'].sum():,} are not. The rules are in `conversion.toml`; `excluded.csv` is this list as a table.",
        "",
    ]
    for _, part in out.groupby("rule", sort=False):
        lines += [f"## {part['rule'].iloc[0]}: {part['rows'].sum():,} rows", "", part["reason_en"].iloc[0], ""]
        lines += ["| indicator | source | rows |", "|---|---|---|"]
        lines += [f"| `{r.indicator}` | `{r.source}` | {r.rows:,} |" for r in part.itertuples()] + [""]
    lines += ["## Brought under another code", "", "| from | to | rows | why |", "|---|---|---|---|"]
    lines += [f"| `{m['from']}` | `{m['indicator']}` | {m['rows']} | {m['reason']} |" for m in moved] + [""]
    lines += ["## Sources without a row in the package", "", "| source | publisher | title |", "|---|---|---|"]
    lines += [
        f"| `{s.source}` | {s.publisher} | {s.title} |" for s in unused.replace(r"\|", "/", regex=True).itertuples()
    ] + [""]
    lines += ["## Kept, with a remark", ""]
    lines += [f"- {', '.join(f'`{source}`' for source in r['sources'])}: {r['text']}" for r in rules["remark"]]
    return "\n".join(lines) + "\n"


def licences_page(kept: pd.DataFrame, sources: pd.DataFrame, rules: Rules) -> str:
    """LICENCES.md: per group of sources the rows, the terms and what a publisher must state."""
    about = sources["publisher"] + " " + sources["title"]
    group = pd.Series("", index=sources.index)
    for terms in rules["terms"]:
        hit = sources["licence"].isin(terms["licences"]) if "licences" in terms else about.str.contains(terms["match"])
        group[(group == "") & hit] = terms["name"]
    if (group == "").any():
        sys.exit(f"conversion.toml, [[terms]]: no terms for {', '.join(group.index[group == ''])}")
    count = kept["source"].map(group).value_counts()
    lines = [
        "# Terms of the data",
        "",
        "The code is under the Apache License 2.0. The data are not: terms stand per source in `sources.csv` "
        "(`licence`), and `redistribution` says whether its rows may be passed on whole (`open`) or are cited as "
        "single `facts`. Everywhere: name the source and the date, say secondary, estimate or projection where the "
        "flag does, and imply no endorsement.",
        "",
        "| sources | rows | licence | state |",
        "|---|---|---|---|",
    ]
    lines += [f"| {t['name']} | {count.get(t['name'], 0):,} | {t['licence']} | {t['state']} |" for t in rules["terms"]]
    lines += [
        "",
        "The index `hdi` brings a table of its own, `specs/hdi.units.csv`: UNDP, Human Development Report 2023/24, "
        "complete time series, CC BY 3.0 IGO, read in a copy. State UNDP as the source, and that columns of one year "
        "were selected.",
    ]
    lines += ["", "What the terms keep out of the package is listed in [EXCLUDED.md](EXCLUDED.md)."]
    return "\n".join(lines) + "\n"


def convert(folder: Path, package: Path) -> None:
    """Read the evidence base in `folder`, apply the rules, write the tables and pages of `package`."""
    rules = tomllib.loads(RULES.read_text(encoding="utf-8"))
    names = rules["files"]["tables"]

    evidence = pd.concat([read(folder / f"{n}.csv").assign(file=n) for n in names], ignore_index=True)
    described = pd.concat([read(folder / f"{n}.indicators.csv") for n in names], ignore_index=True)
    sources = pd.concat([read(p) for p in sorted(folder.glob("*.sources.csv"))]).drop_duplicates("source")
    sources = sources.rename(columns={"license": "licence"}).replace({"published": {"not stated": ""}})
    sources.index = pd.Index(sources["source"].tolist())
    policy = read(folder / "policy_instruments.csv")

    rows, moved = recode(evidence, rules)
    rows["rule"] = excluded(rows, rules)
    alive = rows[rows["rule"] == ""]
    better = alive["indicator"].map(described.set_index("indicator")["direction"])
    over = beyond_limit(alive, alive["source"].map(sources["licence"]), better, rules["limit"])
    rows.loc[over.index[over], "rule"] = rules["limit"]["id"]
    kept = rows[rows["rule"] == ""]

    for name, part in kept.sort_values(["indicator", "geo", "breakdown", "period"]).groupby("file"):
        write(part[OBSERVATION], package / "observations" / f"{name}.csv")
    write(indicators(described, set(kept["indicator"]), package / "indicators.csv"), package / "indicators.csv")
    write(policy[POLICY], package / "policy_instruments.csv")
    write(geographies(rules["geographies"]), package / "geographies.csv")
    is_open = sources["licence"].isin(rules["redistribution"]["open"])
    sources["redistribution"] = is_open.map({True: "open", False: "facts"})
    cited = set(kept["source"]) | set(policy["source"])
    cited |= {word for note in policy["note"] for word in re.findall(r"\w+", note)}
    used = sources["source"].isin(cited)
    table = pd.concat([sources.loc[used, SOURCE], by_hand(package / "sources.csv")])
    write(table.drop_duplicates("source").sort_values("source"), package / "sources.csv")

    out = left_out(rows, rules)
    write(out, package / "excluded.csv")
    page = excluded_page(out, len(kept), moved, sources[~used], rules)
    (package / "EXCLUDED.md").write_text(page, encoding="utf-8", newline="\n")
    page = licences_page(kept, sources[used], rules)
    (package / "LICENCES.md").write_text(page, encoding="utf-8", newline="\n")
    print(f"{len(kept)} of {len(rows)} rows kept", file=sys.stderr)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Turn the evidence base into the data package.")
    parser.add_argument("--evidence", type=Path, required=True, help="folder of the evidence base")
    parser.add_argument("--out", type=Path, default=HERE, help="folder of the data package (default: this one)")
    options = parser.parse_args()
    convert(options.evidence, options.out)


if __name__ == "__main__":
    main()
