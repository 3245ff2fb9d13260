"""Where runs, cached probes and downloaded data sets live: ``$AIGC_REPORT_HOME`` or the platform's user data folder."""

import os
from pathlib import Path

from platformdirs import user_data_path


def home() -> Path:
    """The folder for everything a user produces; not created here."""
    chosen = os.environ.get("AIGC_REPORT_HOME")
    return Path(chosen).expanduser() if chosen else user_data_path("aigc-report")


def offline() -> bool:
    """True when ``AIGC_REPORT_OFFLINE=1`` forbids all network use."""
    return os.environ.get("AIGC_REPORT_OFFLINE", "") not in ("", "0")
