"""How to cite a chart: one sentence and a BibTeX entry, with the data it rests on and the day of reading."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from aigc_report import __version__
from aigc_report.catalog import Catalog
from aigc_report.i18n import N_, Texts

NAMED = 3
"""Publishers that stand by name; a chart can rest on a hundred."""
DIGITS = 12
"""Digits of the data's digest that are shown: enough to tell two states of the data apart."""
_ESCAPED = str.maketrans({c: f"\\{c}" for c in "&%$#_{}"} | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"})


@dataclass(frozen=True)
class Citation:
    """What is cited: id and title, publishers of its data with their years, state of the data, and day of reading."""

    id: str
    title: str
    publishers: tuple[str, ...]
    digest: str
    read: date

    def text(self, t: Texts, address: str) -> str:
        """One sentence in the reader's language."""
        return t(
            N_("“{title}”, aigc-report {version}, data {digest}. Data: {sources}. Read on {day}: {address}")
            if self.publishers
            else N_("“{title}”, aigc-report {version}, data {digest}. Read on {day}: {address}"),
            title=self.title,
            version=__version__,
            digest=self.digest,
            sources=self._named(t.join, t("{named} and {n} more")),
            day=t.period(self.read.isoformat()),
            address=address,
        )

    def bibtex(self, address: str) -> str:
        """A BibTeX entry; its key holds id and day, so that two readings stay apart."""
        data = f"Data: {self._named('; '.join, '{named} and {n} more')}. " if self.publishers else ""
        fields = {
            "title": f"{{{_escaped(self.title)}}}",
            "author": "{aigc-report}",
            "year": str(self.read.year),
            "note": _escaped(f"{data}Version {__version__}, data {self.digest}"),
            "url": address,
            "urldate": self.read.isoformat(),
        }
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{aigc-report-{self.id}-{self.read:%Y%m%d},\n{lines}\n}}"

    def _named(self, join: Callable[[list[str]], str], more: str) -> str:
        if len(self.publishers) <= NAMED + 1:
            return join(list(self.publishers))
        return more.format(named=join(list(self.publishers[:NAMED])), n=len(self.publishers) - NAMED)


def of(cat: Catalog, id: str, title: str, sources: Sequence[str], read: date) -> Citation:
    """The citation of what rests on `sources` of the data package, read on the day `read`."""
    rows = cat.sources.loc[list(sources)]
    years = rows["published"].astype(str).str[:4]
    publishers = [
        f"{name} ({year})" if year else str(name) for name, year in zip(rows["publisher"], years, strict=True)
    ]
    return Citation(id, title, tuple(dict.fromkeys(publishers)), cat.digest[:DIGITS], read)


def _escaped(text: str) -> str:
    return text.replace("\\", "").translate(_ESCAPED)
