"""Times as people write them."""

import math
import re

from gan.errors import UsageError

_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}


def parse_seconds(text: str) -> float:
    """Seconds of "60s", "2m", "1.5h" or plain "90"; `UsageError` for anything else."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(s|m|min|h)?", text.strip().lower())
    seconds = float(match[1]) * _UNITS[match[2] or ""] if match else 0.0
    if not 0 < seconds < math.inf:
        raise UsageError(f'"{text}" is not a training time. Write it like 60s, 2m, 1h or 90 (seconds).')
    return seconds


def in_words(seconds: float) -> str:
    """``45 s``, ``3:20 min`` or ``1:05 h``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02d} h"
