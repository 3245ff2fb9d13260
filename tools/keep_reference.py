"""Keep the evidence of one size that was made on this machine as the reference that ships: data/reference/.

``.venv/bin/python tools/keep_reference.py quick`` copies $AIGC_REPORT_HOME/experiments/quick/*.json, and the record of
every run its findings rest on without curve and samples (no weights ship), unless other load disturbed it. Rules have
to be recorded first (record_rules.py).
"""

import json
import sys
from pathlib import Path

from gan import paths
from gan.experiments.carry_out import code_digest
from gan.experiments.design import EXPERIMENTS
from gan.experiments.evidence import Evidence

REFERENCE = Path(__file__).parents[1] / "data" / "reference"
LEFT_OUT: dict[str, list[str]] = {"curve": [], "samples": []}


def main(size: str) -> None:
    """Replace what ships at `size`."""
    made = sorted((paths.home() / "experiments" / size).glob("*.json"))
    found = {path: Evidence.model_validate_json(path.read_bytes()) for path in made if path.stem in EXPERIMENTS}
    kept = {path: one for path, one in found.items() if one.code_digest == code_digest(EXPERIMENTS[path.stem])}
    if not kept:
        sys.exit(
            f"No evidence of size {size} by this program here; make it first: gan-bench experiment --all --size {size}"
        )
    evidence, runs = REFERENCE / "evidence" / size, REFERENCE / "runs" / size
    for folder in (evidence, runs):
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.json"):
            old.unlink()
    for path, one in kept.items():
        (evidence / path.name).write_text(one.model_dump_json(indent=1) + "\n", encoding="utf-8")
    named = sorted({run for one in kept.values() for finding in one.findings for run in finding.runs})
    for run in named:
        record = json.loads((paths.home() / "runs" / run / "record.json").read_text(encoding="utf-8"))
        if any(notice["code"] == "foreign_load" for notice in record["notices"]):
            continue  # its time, energy and money are another program's as well
        (runs / f"{run}.json").write_text(json.dumps(record | LEFT_OUT, indent=1) + "\n", encoding="utf-8")
    undisturbed = len(list(runs.glob("*.json")))
    print(f"{len(kept)} experiments, {undisturbed} undisturbed records of {len(named)} runs")


if __name__ == "__main__":
    main(sys.argv[1])
