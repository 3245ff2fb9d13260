"""Write data/reference/rules.csv: the digest of every version of every rule, before the tests they judge are run.

Run it when a claim was added or a rule got a new version: ``.venv/bin/python tools/record_rules.py``. A version that is
recorded stays as it is: conditions changed under the same version are refused, so that no rule follows its result.
"""

import sys
from pathlib import Path

from aigc_report.claims import declared
from aigc_report.claims.read import FILE, Known, claims_of

PACKAGE = Path(__file__).parents[1] / "data"


def main() -> None:
    """Add what is not recorded yet; exit with a sentence where a recorded rule differs."""
    known = Known(experiments=declared.experiments(), queries=declared.queries(), rules=declared.recorded(PACKAGE))
    claims, faults = claims_of(PACKAGE / FILE, FILE, known)
    if faults:
        sys.exit("\n".join(map(str, faults)))
    path = PACKAGE / declared.RULES
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(declared.record(claims), encoding="utf-8")
    print(f"{len(declared.recorded(PACKAGE))} rules in {path.relative_to(PACKAGE.parent)}")


if __name__ == "__main__":
    main()
