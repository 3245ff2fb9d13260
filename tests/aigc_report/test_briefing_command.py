"""`aigc-report brief` and `verify` as a user meets them: real processes, exit codes, one sentence for a mistake."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "AIGC_REPORT_HOME": str(cwd / "home")}
    command = [sys.executable, "-m", "aigc_report.cli", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, env=environment, check=False
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("brief", "--audience", "nobody", "--out", "x.pdf"), 'no audience "nobody"; there are government'),
        (("brief", "--audience", "public", "--out", "x.txt"), "give --format, one of pdf"),
        (("brief", "--audience", "public", "--out", "none/x.pdf"), "there is no folder none"),
        (("brief", "--audience", "public", "--geo", "DE", "--out", "x.pdf"), 'no country "DE"'),
        (("brief", "--audience", "public", "--sections", "x", "--out", "x.pdf"), 'no section "x"; there are people'),
        (("brief", "--audience", "public", "--date", "yesterday", "--out", "x.pdf"), "write it as 2026-11-25"),
        (("brief", "--audience", "public", "--format", "odt", "--out", "x.odt"), "'odt' is not one of 'pdf'"),
        (("brief", "--audience", "public", "--sections", "rules", "--out", ".", "--format", "html"), "is a folder"),
        (("verify", "none.manifest.json"), "does not exist"),
        (("verify", "."), "cannot be read"),
    ],
)
def test_a_mistake_is_one_sentence_and_leaves_nothing(arguments, said, tmp_path):
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert re.fullmatch(r"aigc-report: [^\n]+\.\n", done.stderr), done.stderr
    assert said in done.stderr
    assert not [path for path in tmp_path.iterdir() if path.name != "home"]


def test_a_briefing_is_written_with_its_manifest_verified_and_caught_when_altered(tmp_path):
    options = ("--audience", "public", "--lang", "zh", "--sections", "people,options", "--date", "2026-11-25")
    done = run("brief", *options, "--out", "b.html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    manifest = tmp_path / "b.html.manifest.json"
    document = json.loads(manifest.read_text(encoding="utf-8"))
    assert document["created"] == "2026-11-25"
    assert document["sections"] == ["people", "options"]
    page = (tmp_path / "b.html").read_text(encoding="utf-8")
    assert all(number["text"] in page for number in document["numbers"])
    assert run("verify", manifest.name, cwd=tmp_path).returncode == 0
    (kept,) = (tmp_path / "home" / "briefings").glob("*.html")  # what the page Briefings lists
    assert kept.read_text(encoding="utf-8") == page
    assert kept.name.startswith("public-zh-2026-11-25-")
    assert Path(f"{kept}.manifest.json").is_file()

    document["numbers"][0]["value"] += 0.1
    manifest.write_text(json.dumps(document), encoding="utf-8")
    found = run("verify", manifest.name, "--json", cwd=tmp_path)
    assert found.returncode == 1
    said = json.loads(found.stdout)
    assert not said["ok"]
    assert [difference["id"] for difference in said["differences"]] == [document["numbers"][0]["id"]]
