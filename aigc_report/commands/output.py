"""What several commands print and write: a JSON document, a file, how far a long computation is."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aigc_report.errors import UserError


def as_json_text(document: dict[str, Any]) -> str:
    """The one JSON document that `--json` prints; NaN is an error, never text."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)


def write(out: Path, text: str) -> None:
    """Write `text` to `out` and say so on stderr; `UserError` where that cannot be done."""
    try:
        out.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UserError(
            "{file} cannot be written: {reason}.", file=out, reason=(error.strerror or "").lower()
        ) from None
    print(f"Written: {out}", file=sys.stderr)


def progress() -> Callable[[int, int], None]:
    """Says on stderr how far the replications are, at most twice a second; nothing where they are done at once."""
    shown = time.monotonic()

    def report(done: int, wanted: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > 0.5:
            shown = time.monotonic()
            print(f"{done:,} of {wanted:,} replications", file=sys.stderr, flush=True)

    return report
