"""How long briefings take, against what was promised: an 8-page PDF in 1.5 s, other formats in 2 s, all in 60 s.

``python benchmarks/briefing_speed.py [--geo DEU,FRA] [--json FILE]`` writes every audience in both languages in all
four formats from one process. A briefing is warm where another one was written before it; the time of a file is that
of composing and rendering it. Exit 1 where a promise is broken.
"""

import argparse
import datetime
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

DAY = datetime.date(2026, 11, 25)
PDF_S, OTHER_S, ALL_S = 1.5, 2.0, 60.0
"""What was promised: seconds of a warm PDF, of a warm file of another format, and of all files together."""


def measure(geo: tuple[str, ...]) -> dict[str, Any]:
    """Seconds of every file and of all of them; the first one loads libraries, index and forecasts."""
    began = time.perf_counter()
    from aigc_report.briefing import audiences
    from aigc_report.briefing.compose import Request, compose
    from aigc_report.briefing.ground import Ground
    from aigc_report.briefing.produce import FORMATS, render

    ground = Ground()
    files = []
    for audience in audiences.NAMES:
        for lang in ("en", "zh"):
            for format in FORMATS:
                start = time.perf_counter()
                briefing = compose(Request(audience, lang, geo, (), DAY), ground)
                composed = time.perf_counter()
                made = render(briefing, format)
                files.append(
                    {
                        "file": f"{audience} {lang} {format}",
                        "format": format,
                        "cold": len(files) < len(FORMATS),
                        "compose_s": composed - start,
                        "render_s": time.perf_counter() - composed,
                        "kb": len(made.content) / 1e3,
                        "pages": _pages(made.content) if format == "pdf" else None,
                    }
                )
    return {"files": files, "all_s": time.perf_counter() - began}


def _pages(content: bytes) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(content))


def table(found: dict[str, Any]) -> tuple[str, bool]:
    """The times as text, and whether every promise was kept."""
    lines = [f"{'file':28} {'compose':>9} {'render':>9} {'sum':>9} {'size':>9} {'pages':>6}"]
    worst: dict[str, float] = {}
    for each in found["files"]:
        whole = each["compose_s"] + each["render_s"]
        if not each["cold"]:
            worst[each["format"]] = max(worst.get(each["format"], 0), whole)
        note = "  first: loads" if each["cold"] else ""
        lines.append(
            f"{each['file']:28} {each['compose_s']:7.2f} s {each['render_s']:7.2f} s {whole:7.2f} s "
            f"{each['kb']:6.0f} kB {each['pages'] or '':>6}{note}"
        )
    promises = [(f"slowest warm {name}", value, PDF_S if name == "pdf" else OTHER_S) for name, value in worst.items()]
    promises.append((f"all {len(found['files'])} files", found["all_s"], ALL_S))
    for name, value, limit in promises:
        lines.append(f"{name:28} {value:7.2f} s of {limit:g} s promised: {'kept' if value <= limit else 'BROKEN'}")
    return "\n".join(lines), all(value <= limit for _, value, limit in promises)


def main() -> None:
    """Measure, print, and keep the figures where a file is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--geo", default="DEU,FRA", help="countries by ISO 3166-1 alpha-3 code, parted by commas")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    given = parser.parse_args()
    if "AIGC_REPORT_HOME" not in os.environ:
        os.environ["AIGC_REPORT_HOME"] = tempfile.mkdtemp()  # briefings on what ships, wherever this is run
    found = measure(tuple(code for code in given.geo.split(",") if code))
    if given.json:
        given.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    text, kept = table(found)
    print(text)
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
