"""Do the figures of each extractor that ships rise with damage, and how high is their floor?

    python benchmarks/validate_extractors.py > tables.md

Runs `gan.extractors.validate` for the embedded extractors on their own data, all held-out images, and for
efficientnet-lite0 on Fashion-MNIST, which it never saw. Prints the tables of docs/extractors.md with machine and date;
exits 1 where a distance does not rise. Takes over seven processor minutes, most for efficientnet-lite0.
"""

import datetime
import os
import platform
import sys

import torch

from gan.extractors.validate import report
from gan.threads import quiet_threads

CASES: tuple[tuple[str, str, int | None, int | None], ...] = (
    ("digits", "digits", None, None),
    ("fashion-mnist", "fashion-mnist", None, None),
    ("efficientnet-lite0", "fashion-mnist", 500, 1_000),
)
"""Extractor, data set, images a side under damage (None: all held out), most images a side of the floor."""


def main() -> None:
    quiet_threads()
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, {platform.system()}"
    versions = f"Python {platform.python_version()}, torch {torch.__version__}"
    print(f"Measured on {datetime.date.today().isoformat()}: {machine}, {versions}.\n")
    wrong = []
    for case in CASES:
        lines, falls = report(*case)
        print("\n".join(lines), flush=True)
        wrong += [f"{case[0]} on {case[1]}: {fall}" for fall in falls]
    print("\n".join(wrong) or "Every distance rises with every step of damage.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
