"""Composite index: the steps of the OECD/JRC Handbook (2008), each a small pure function, composed by a spec.

`Spec.load("eu27").build().ranks` is the shipped index; `build("my.toml")` one over a table of your own. One module per
step: `screen`, `panel`, `denominate`, `impute`, `treat`, `normalise`, `weights`, `aggregate`; `robustness` draws the
choices of a spec (`choices`, `simulate`) for `uncertainty` and `sensitivity`; `multivariate`, `profiles` and `compare`
look at the result.
"""

from aigc_report.index.build import build, find, shipped, stage
from aigc_report.index.result import IndexResult, stage_json
from aigc_report.index.spec import STAGES, IndexSpec

Spec = IndexSpec

__all__ = ["STAGES", "IndexResult", "IndexSpec", "Spec", "build", "find", "shipped", "stage", "stage_json"]
