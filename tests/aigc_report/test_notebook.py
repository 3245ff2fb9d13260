"""docs/notebook-analysis.md: its code runs as it stands, top to bottom, in one notebook."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = "docs/notebook-analysis.md"


@pytest.mark.torch
def test_the_documented_analysis_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With fewer replications and steps than on the page, and a home of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIGC_REPORT_HOME", str(tmp_path))
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / PAGE).read_text("utf-8"), re.DOTALL)
    code = "\n".join(blocks).replace("uncertainty=1000", "uncertainty=50")
    code = re.sub(r'budget="\d+s"', "steps=2", code)
    assert code.count("steps=2") == 1
    names: dict[str, object] = {}
    exec(compile(code, PAGE, "exec"), names)
    assert {"eu27", "sure", "found", "spent"} <= set(names)
