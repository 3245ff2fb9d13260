"""What each release of the data held, by indicator, and what changed since the one before.

``releases.csv`` of the data package has a row per release and indicator: how many observations, up to which period,
and a digest of them. `aigc-report data record` adds the rows of a release. A change is read off two such summaries:
what was not recorded cannot be compared, and says so.
"""

import csv
import datetime
import hashlib
import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from aigc_report import catalog, periods
from aigc_report.catalog import Catalog
from aigc_report.errors import UserError
from aigc_report.i18n import N_
from gan.files import write_atomically

FILE = "releases.csv"
COLUMNS = ("release", "indicator", "observations", "latest_period", "digest")
_CONTENT = ("indicator", "period", "geo", "breakdown", "value", "unit", "source", "flag", "note")
"""What a digest is made of."""
_DIGEST = 16
"""Hexadecimal digits kept of a digest: enough to tell a revision, short enough to read."""

Kind = Literal["new", "more", "revised", "fewer", "gone"]
KINDS: dict[Kind, str] = {
    "new": N_("new indicators"),
    "more": N_("indicators with more figures"),
    "revised": N_("indicators with revised figures"),
    "fewer": N_("indicators with fewer figures"),
    "gone": N_("indicators no longer there"),
}
"""Kinds of change, in the order in which they are told."""


@dataclass(frozen=True)
class Held:
    """What a release held of one indicator."""

    observations: int
    latest_period: str
    digest: str


Summary = dict[str, Held]
"""Indicator to what is held of it."""


@dataclass(frozen=True)
class Change:
    """What happened to one indicator between two releases; None where it was not, or is no longer, there."""

    indicator: str
    kind: Kind
    before: Held | None
    after: Held | None


@dataclass(frozen=True)
class Changes:
    """What changed. `release` is None where the data in place are no recorded release; `since` is None where nothing
    earlier was recorded, and `changes` is then empty."""

    release: str | None
    since: str | None
    changes: tuple[Change, ...]
    observations: int
    observations_before: int | None

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.changes if change.kind == kind)


@lru_cache(maxsize=4)
def changes(cat: Catalog) -> Changes:
    """What the data in place hold against the last release that was recorded before them."""
    now, known = summary(cat), recorded(cat.folder)
    release = next((name for name, held in reversed(known.items()) if held == now), None)
    earlier = [name for name in known if release is None or name < release]
    before = known[earlier[-1]] if earlier else None
    return Changes(
        release,
        earlier[-1] if earlier else None,
        () if before is None else compare(before, now),
        _count(now),
        None if before is None else _count(before),
    )


def compare(before: Summary, after: Summary) -> tuple[Change, ...]:
    """Every indicator that differs, by kind and then by name."""
    order = list(KINDS)
    found = [
        Change(indicator, kind, before.get(indicator), after.get(indicator))
        for indicator in sorted(before.keys() | after.keys())
        if (kind := _kind(before.get(indicator), after.get(indicator))) is not None
    ]
    return tuple(sorted(found, key=lambda change: order.index(change.kind)))


def _kind(before: Held | None, after: Held | None) -> Kind | None:
    if before is None or after is None:
        return "new" if before is None else "gone"
    if before.digest == after.digest:
        return None
    if before.observations == after.observations:
        return "revised"
    return "more" if after.observations > before.observations else "fewer"


def summary(cat: Catalog) -> Summary:
    """What the package holds of every indicator. The order of rows and files does not matter."""
    rows = cat.all_observations[list(_CONTENT)]
    lines: dict[str, list[str]] = {}
    latest: dict[str, str] = {}
    for indicator, period, *cells in zip(*(rows[column] for column in _CONTENT), strict=True):
        lines.setdefault(indicator, []).append("|".join([period, *map(str, cells)]))
        latest[indicator] = max(latest.get(indicator, period), period, key=_ends)
    return {
        indicator: Held(
            len(said), latest[indicator], hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()[:_DIGEST]
        )
        for indicator, said in sorted(lines.items())
    }


def recorded(package: Path) -> dict[str, Summary]:
    """Release to what it held, the earliest first; empty where the package records none."""
    try:
        text = (package / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    found: dict[str, Summary] = {}
    for row in csv.DictReader(io.StringIO(text)):
        held = Held(int(row["observations"]), row["latest_period"], row["digest"])
        found.setdefault(row["release"], {})[row["indicator"]] = held
    return dict(sorted(found.items()))


def record(release: str, package: Path | None = None) -> Changes:
    """Add what the package holds now as `release`, a day; what changed since the one before.

    `UserError` for what is no day, for a release not after the last one, and where nothing changed.
    """
    folder = package or catalog.folder()
    try:
        datetime.date.fromisoformat(release)
    except ValueError:
        raise UserError(N_('"{release}" is no day; name a release like 2026-11-25.'), release=release) from None
    cat, known = catalog.load(folder), recorded(folder)
    last = next(reversed(known), "")
    if last >= release:
        raise UserError(
            N_("Release {last} is recorded; a later one needs a later day than {release}."), last=last, release=release
        )
    now = summary(cat)
    if last and known[last] == now:
        raise UserError(N_("Nothing changed since release {last}; there is nothing to record."), last=last)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, held in [*known.items(), (release, now)]:
        writer.writerows((name, code, h.observations, h.latest_period, h.digest) for code, h in sorted(held.items()))
    write_atomically(folder / FILE, out.getvalue())
    changes.cache_clear()
    return changes(cat)


_ends = lru_cache(maxsize=4096)(periods.last_day)


def _count(held: Summary) -> int:
    return sum(h.observations for h in held.values())
