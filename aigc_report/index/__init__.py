"""Composite index: the steps of the OECD/JRC Handbook (2008), each a small pure function, composed by a spec.

`build("eu27")` builds the shipped index; `build("my.toml")` one over a table of your own. One module per step:
`denominate`, `screen`, `impute`, `treat`, `normalise`, `weights`, `aggregate`.
"""

from aigc_report.index.build import build, find, shipped, stage
from aigc_report.index.result import IndexResult, stage_json
from aigc_report.index.spec import STAGES, IndexSpec

__all__ = ["STAGES", "IndexResult", "IndexSpec", "build", "find", "shipped", "stage", "stage_json"]
