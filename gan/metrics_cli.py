"""The command `gan-bench metrics`: compare two folders of images, or two files of features."""

import json
import sys
import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from gan import extractors
from gan.errors import UsageError
from gan.metrics import METRICS, Figure, Sample, Settings, compute
from gan.metrics.compare import checked_names
from gan.metrics.memorisation import QUANTILE, Calibration, calibrate
from gan.record import NOTICES

_DEFAULT_SUBSETS = 100
"""KID subsets where only their size was given (Bińkowski et al. 2018 use 100 of 1,000)."""


@dataclass(frozen=True)
class Sets:
    """The sets, and what shall stand in every figure's settings about where they came from."""

    real: Sample
    fake: Sample
    origin: dict[str, Any]
    train: Sample | None = None

    def calibration(self, quantile: float = QUANTILE) -> Calibration | None:
        """What memorisation is judged by; None without training images."""
        return None if self.train is None else calibrate(self.real.features, self.train.features, quantile=quantile)


def metrics(
    real: Annotated[Path, typer.Option(help="Folder of real images, or .npz with `features` (and `probabilities`).")],
    fake: Annotated[Path, typer.Option(help="Folder of generated images, or .npz, as for --real.")],
    names: Annotated[
        str | None, typer.Option("--metrics", help=f"Comma-separated; default all of {', '.join(METRICS)}.")
    ] = None,
    extractor: Annotated[
        str | None,
        typer.Option(help=f"Feature extractor for folders: {', '.join(extractors.EXTRACTORS)}. Default: the first."),
    ] = None,
    intervals: Annotated[bool, typer.Option("--intervals", help="Add a 95 % interval to every figure.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of KID's subsets and of the intervals.")] = 0,
    k: Annotated[int, typer.Option("--k", help="Nearest neighbours of precision, recall, density, coverage.")] = 5,
    closed: Annotated[bool, typer.Option("--closed", help="Count the boundary of a ball as inside.")] = False,
    fid_ddof: Annotated[int, typer.Option(min=0, help="FID's covariances divide by n minus this.")] = 1,
    kid_degree: Annotated[int, typer.Option(help="Degree of KID's polynomial kernel.")] = 3,
    kid_gamma: Annotated[float | None, typer.Option(help="Factor of the kernel's dot product; default 1/d.")] = None,
    kid_coef0: Annotated[float, typer.Option(help="Constant of the kernel.")] = 1.0,
    kid_subsets: Annotated[int | None, typer.Option(help="Average KID over random subsets, not full sets.")] = None,
    kid_subset_size: Annotated[int | None, typer.Option(help="Images in each such subset; default 1000.")] = None,
    train: Annotated[
        Path | None,
        typer.Option(
            help="Images the generator was trained on, as --real: adds memorisation. --real is then held-out images."
        ),
    ] = None,
    memorisation_quantile: Annotated[
        float, typer.Option(help="Share of unseen real images that may count as copies.")
    ] = QUANTILE,
    is_splits: Annotated[int, typer.Option(help="Parts over which the Inception Score is averaged.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Measure how close generated images are to real ones, in folders of images or files of features.

    gan-bench metrics --real photos/ --fake samples/ --extractor fashion-mnist

    gan-bench metrics --real real.npz --fake fake.npz --metrics fid,kid --intervals --json

    gan-bench metrics --real held_out.npz --fake fake.npz --train train.npz --metrics memorisation
    """
    settings = Settings(
        fid_ddof=fid_ddof,
        kid_degree=kid_degree,
        kid_gamma=kid_gamma,
        kid_coef0=kid_coef0,
        kid_subsets=_DEFAULT_SUBSETS if kid_subsets is None and kid_subset_size is not None else kid_subsets,
        kid_subset_size=Settings.kid_subset_size if kid_subset_size is None else kid_subset_size,
        is_splits=is_splits,
        k=k,
        closed=closed,
    )
    wanted = _named(names)
    if train is None and wanted and "memorisation" in wanted:
        raise UsageError("Memorisation needs the training images; give them by --train PATH.")
    sets = read_sets(real, fake, extractor, train)
    figures = compute(
        sets.real,
        sets.fake,
        wanted,
        settings=settings,
        with_intervals=intervals,
        seed=seed,
        calibration=sets.calibration(memorisation_quantile),
    )
    if as_json:
        document = {name: f.to_json() for name, f in figures.items()}
        for figure in document.values():
            figure["settings"] |= sets.origin
        print(json.dumps(document, indent=2, allow_nan=False))
    else:
        print(_table(figures, sets.origin))


def _named(names: str | None) -> tuple[str, ...] | None:
    """The asked-for metrics, checked before anything is read."""
    if names is None:
        return None
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    if not wanted:
        raise UsageError(f"--metrics is empty. Choose from: {', '.join(METRICS)}.")
    return checked_names(wanted)


def read_sets(real: Path, fake: Path, extractor: str | None, train: Path | None = None) -> Sets:
    """The sets, all from folders of images or all from .npz files; what cannot be read as an image is told on stderr.

    Training images (`train`) are optional.
    """
    given = {"real": real, "fake": fake} | ({} if train is None else {"train": train})
    if extractor is not None:
        extractors.spec(extractor)
    for path in given.values():
        if not path.exists():
            raise UsageError(f"{path} does not exist; give a folder of images or an .npz file with `features`.")
    folders = [path for path in given.values() if path.is_dir()]
    files = [path for path in given.values() if not path.is_dir()]
    if folders and files:
        count = {2: "two", 3: "three"}[len(given)]
        raise UsageError(
            f"{folders[0]} is a folder of images and {files[0]} a file of features; "
            f"give {count} folders or {count} .npz files."
        )
    if folders:
        return _from_folders(given, extractor)
    if extractor is not None:
        raise UsageError(f"--extractor is for folders of images; the features in {real} are taken as they are.")
    samples = {side: _from_npz(path, side) for side, path in given.items()}
    return Sets(samples["real"], samples["fake"], {}, samples.get("train"))


_NAMED = 5
"""Arrays of an archive that a sentence names."""


def _from_npz(file: Path, side: str) -> Sample:
    """Features and probabilities of an .npz archive; arrays of Python objects are refused, they could run code."""
    try:
        archive = np.load(file, allow_pickle=False)
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise UsageError(f"{file} is not an .npz archive; save it with numpy.savez(path, features=...).")
        with archive:
            if "features" not in archive:
                held = ", ".join(archive.files[:_NAMED]) or "nothing"
                more = f" and {len(archive.files) - _NAMED} more" if len(archive.files) > _NAMED else ""
                raise UsageError(
                    f'{file} has no array "features" (it has: {held}{more}); save it with '
                    "numpy.savez(path, features=...), and unpack a zip of images into a folder."
                )
            features, probabilities = archive["features"], archive.get("probabilities")
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise UsageError(
            f"{file} cannot be read as an .npz archive of plain number arrays; "
            "save it with numpy.savez(path, features=...)."
        ) from error
    try:
        return Sample.checked(features, probabilities, side)
    except UsageError as error:
        raise UsageError(f"{file}: {error}") from error


def _from_folders(given: dict[str, Path], extractor: str | None) -> Sets:
    if not all(find_spec(module) for module in ("torch", "safetensors", "PIL")):
        raise UsageError('Reading images needs the gan extra; install it with: pip install "aigc-report[gan]"')
    from gan.extractors.folder import embed_folder
    from gan.extractors.network import load

    name = extractor or next(iter(extractors.EXTRACTORS))
    if extractor is None:
        print(
            f"No --extractor given: features of {name} are used. There are: {', '.join(extractors.EXTRACTORS)}; "
            f"for photographs and drawings choose {extractors.EFFICIENTNET_LITE0.name}.",
            file=sys.stderr,
        )
    network = load(name)
    sets = {}
    for side, folder in given.items():
        sets[side] = embed_folder(folder, network)
        for file, reason in sets[side].unreadable:
            print(f"{folder / file} is left out: it cannot be read as an image ({reason}).", file=sys.stderr)
        print(
            f"{side}: {len(sets[side].sample.features)} images, {len(sets[side].unreadable)} unreadable files",
            file=sys.stderr,
        )
    fewest = min(len(found.sample.features) for found in sets.values())
    if fewest < network.spec.least:
        print(NOTICES["high_floor"].format(extractor=name, n=fewest, **_size(network.spec)), file=sys.stderr)
    return Sets(
        sets["real"].sample,
        sets["fake"].sample,
        {
            "extractor": {"name": name, "digest": extractors.digest(name)},
            "unreadable": {side: len(found.unreadable) for side, found in sets.items()},
        },
        sets["train"].sample if "train" in sets else None,
    )


def _size(of: extractors.ExtractorSpec) -> dict[str, int]:
    return {"features": of.features, "least": of.least}


def _table(figures: dict[str, Figure], origin: dict[str, Any]) -> str:
    """The figures for a reader, six digits each."""
    first = next(iter(figures.values()))
    lines = [f"{first.n_real} real and {first.n_fake} fake images"]
    if "extractor" in origin:
        lines.append(f"extractor {origin['extractor']['name']}, sha256 {origin['extractor']['digest'][:12]}")
    for name, figure in figures.items():
        interval = "" if figure.ci_low is None else f"  95 % [{figure.ci_low:.6g}, {figure.ci_high:.6g}]"
        lines.append(f"{name:<16}{figure.value:>12.6g}{interval}")
    return "\n".join(lines)
