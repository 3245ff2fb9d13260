"""Measures pictures that somebody brought: ``python -m gan.measure FOLDER`` (`gan.measurement` says what lies in it).

Against a data set the pictures take the way of a generator's images: same held-out images, same number a side, same
floor, so that the figures stand beside those of runs trained here. Against pictures brought along, one half of the
real ones is compared with and the other half gives the floor; nothing is known of their classes or of training.
"""

import os
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from gan import datasets, extractors, image_files
from gan.config import NATIVE_RESOLUTION
from gan.datasets.images import Dataset, resize
from gan.device import choose, exact_float32, gradual_underflow, info, prepare
from gan.errors import UsageError
from gan.evaluate import COLLAPSED, SMALL_SAMPLE, evaluate
from gan.extractors.folder import embed_files
from gan.extractors.network import Network, load
from gan.files import explain, write_atomically
from gan.measurement import ASKED, GENERATED, LEAST, MEASURED, PICTURES, REAL, Asked, Measured, Remark, tell
from gan.metrics import Figure, Sample, compute
from gan.record import Extractor, Metric, Notice
from gan.run import device_lock, software

JUDGE = extractors.EFFICIENTNET_LITE0.name
"""The extractor for pictures of which nothing is known: it knows photographs and drawings, and needs no network."""

_LOT_SEED = 20_261_125
"""Decides which pictures are measured where there are more than needed, and which real ones give the floor."""

_PADDING = {"fashion-mnist": 2}
"""Black pixels that a data set gets on each side of its images (`gan.datasets.idx`); a picture of the size before
that gets them too, since scaling would blur what padding keeps."""

_NATIVE = {"digits": 8, "fashion-mnist": 28}
"""Side of a data set's images as published."""

_TELL_S = 0.3


@dataclass(frozen=True)
class Files:
    """The files of one side: those that can be read, in the order of their names, and those that cannot, with why."""

    folder: Path
    readable: list[Path]
    unreadable: list[tuple[str, str]]
    grey: int
    sizes: int


class Refused(Exception):
    """Nothing can be measured; the remark says why."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.remark = Remark(code=code, values=values)


def measure(folder: Path) -> Measured:
    """What the pictures in `folder` reach. Waits until no run computes on this machine's device.

    Raises `UsageError` where a data set or an extractor cannot be had. Too few pictures are no error: `refused` says
    so in what comes back.
    """
    asked = Asked.model_validate_json((folder / ASKED).read_bytes())
    sides = [GENERATED, *([REAL] if asked.real == PICTURES else [])]
    files = {side: _looked_at(folder, side) for side in sides}
    given = {side: len(found.readable) for side, found in files.items()}
    unreadable = {side: found.unreadable for side, found in files.items()}
    device = choose("auto")
    prepare(device, deterministic=False)
    try:
        _enough(given)
        tell(folder, "waiting")
        with device_lock(device.type):
            begun = time.monotonic()
            tell(folder, "measuring")
            found = (
                _against_pictures(folder, files, asked.seed, device)
                if asked.real == PICTURES
                else _against_dataset(folder, files[GENERATED], asked.real, asked.seed, device)
            )
    except Refused as refused:
        return Measured(given=given, unreadable=unreadable, refused=refused.remark)
    return found.model_copy(
        update={
            "given": given,
            "unreadable": unreadable,
            "device": info(device, deterministic=False),
            "software": software(),
            "seconds": time.monotonic() - begun,
        }
    )


def _looked_at(folder: Path, side: str) -> Files:
    """Every file of a side opened once: a head that looks like an image can stand before damaged pixels."""
    files = image_files.below(folder / side)
    readable: list[Path] = []
    unreadable: list[tuple[str, str]] = []
    sizes: set[tuple[int, int]] = set()
    grey, told = 0, 0.0
    for number, (file, image, reason) in enumerate(image_files.opened(files), start=1):
        if image is None:
            unreadable.append((str(file.relative_to(folder / side)), reason))
        else:
            readable.append(file)
            sizes.add(image.size)
            grey += not _coloured(image_files.pixels(image))
        if time.monotonic() - told > _TELL_S:
            tell(folder, "reading", number, len(files))
            told = time.monotonic()
    return Files(folder / side, readable, unreadable, grey, len(sizes))


def _enough(given: dict[str, int]) -> None:
    if given[GENERATED] < LEAST:
        raise Refused("too_few_generated", n=given[GENERATED], least=LEAST)
    if REAL in given and given[REAL] < 2 * LEAST:
        raise Refused("too_few_real", n=given[REAL], least=2 * LEAST)


def _coloured(pixels: np.ndarray) -> bool:
    """Do the channels of uint8 (C, H, W) differ anywhere? Many grey pictures are stored in three equal channels."""
    return bool((pixels != pixels[:1]).any())


# ---- against a data set ----------------------------------------------------------------------------------------------


def _against_dataset(folder: Path, files: Files, name: str, seed: int, device: torch.device) -> Measured:
    data = datasets.load(name, NATIVE_RESOLUTION[name])
    network = load(extractors.judge(name), str(device))
    n = min(len(files.readable), len(data.held_out), len(data.train), _most(network, device))
    remarks = []
    if n < len(files.readable):
        remarks.append(Remark(code="drawn", values={"given": len(files.readable), "n": n}))
    images, resized, made_grey = _as_the_data(_drawn(files.readable, n), data)
    side = data.resolution
    remarks += [Remark(code="resized", values={"count": resized, "side": side})] * bool(resized)
    remarks += [Remark(code="made_grey", values={"count": made_grey})] * bool(made_grey)
    found = evaluate(lambda _: images, data, device=device, seed=seed, n=n)
    return Measured(
        quality=found.quality,
        n=n,
        extractor=found.extractor,
        reference=data.digest,
        class_shares=found.class_shares,
        notices=found.notices,
        remarks=remarks,
    )


def _as_the_data(files: Iterable[Path], data: Dataset) -> tuple[torch.Tensor, int, int]:
    """The pictures as uint8 (n, C, R, R) like those of `data`, how many were resized, and how many made grey."""
    images: list[torch.Tensor] = []
    resized = made_grey = 0
    for file in files:
        image = image_files.upright(file)
        if data.channels == 1 and image.mode != "L":
            made_grey += _coloured(image_files.pixels(image))
            image = image.convert("L")
        elif data.channels == 3:
            image = image.convert("RGB")
        if image.width == image.height == _NATIVE[data.name]:
            images.append(_like_published(torch.from_numpy(image_files.pixels(image)), data))
            continue
        resized += image.size != (data.resolution, data.resolution)
        images.append(torch.from_numpy(image_files.pixels(image_files.square(image, data.resolution))))
    return torch.stack(images), resized, made_grey


def _like_published(pixels: torch.Tensor, data: Dataset) -> torch.Tensor:
    """A picture of the data set's published size on the way that the data set's own images take."""
    padded = F.pad(pixels.float(), [_PADDING.get(data.name, 0)] * 4)
    return resize(padded[None], data.resolution)[0].round_().to(torch.uint8)


# ---- against pictures brought along ----------------------------------------------------------------------------------


@exact_float32()
def _against_pictures(folder: Path, files: dict[str, Files], seed: int, device: torch.device) -> Measured:
    network = load(JUDGE, str(device))
    generated, real = files[GENERATED], files[REAL]
    n = min(len(generated.readable), len(real.readable) // 2, _most(network, device))
    fakes, reals = _drawn(generated.readable, n), _drawn(real.readable, 2 * n)
    remarks = []
    if n < len(generated.readable):
        remarks.append(Remark(code="drawn", values={"given": len(generated.readable), "n": n}))
    if 2 * n < len(real.readable):
        remarks.append(Remark(code="drawn_real", values={"given": len(real.readable), "n": 2 * n}))
    grey = generated.grey + real.grey
    coloured = len(generated.readable) + len(real.readable) - grey
    if grey and coloured:
        remarks.append(Remark(code="mixed", values={"grey": grey, "coloured": coloured}))
    if max(generated.sizes, real.sizes) > 1:
        remarks.append(Remark(code="sizes", values={"count": max(generated.sizes, real.sizes)}))
    tell(folder, "measuring", 0, 3 * n)
    done = 0
    samples = []
    for part, side in ((reals[:n], real), (reals[n:], real), (fakes, generated)):
        seen = partial(_tell_embedded, folder, done, 3 * n)
        embedded = embed_files(part, side.folder, network, seen=seen)
        samples.append(Sample(embedded.sample.features))  # its classes are not those of these pictures
        done += n
    reference, others, fake = samples
    with gradual_underflow():
        figures = compute(reference, fake, with_intervals=True, seed=seed)
        floor = compute(reference, others)
    return Measured(
        quality={name: _metric(figure, n, floor[name].value) for name, figure in figures.items()},
        n=n,
        extractor=Extractor(name=JUDGE, digest=extractors.digest(JUDGE)),
        notices=_notices(reference, fake, figures, network),
        remarks=remarks,
    )


def _tell_embedded(folder: Path, before: int, total: int, embedded: int) -> None:
    tell(folder, "measuring", before + embedded, total)


def _metric(figure: Figure, n: int, floor: float) -> Metric:
    return Metric(
        value=figure.value,
        ci_low=figure.ci_low,
        ci_high=figure.ci_high,
        n=n,
        n_real=figure.n_real,
        reference_floor=floor,
        settings=figure.settings,
    )


def _notices(real: Sample, fake: Sample, figures: dict[str, Figure], network: Network) -> list[Notice]:
    """What a run would be told of such samples (`gan.evaluate`)."""
    n, of = len(fake.features), network.spec
    notices = []
    if n < SMALL_SAMPLE:
        notices.append(Notice(code="small_sample", values={"n": n}))
    if n < of.least:
        values = {"extractor": of.name, "features": of.features, "n": n, "least": of.least}
        notices.append(Notice(code="high_floor", values=values))
    if float(fake.features.var(axis=0).sum()) < COLLAPSED * float(real.features.var(axis=0).sum()):
        notices.append(Notice(code="collapse", values={"coverage": figures["coverage"].value}))
    return notices


def _drawn(files: list[Path], n: int) -> list[Path]:
    """`n` of the files, the same ones every time, in the order of the lot."""
    return [files[i] for i in np.random.RandomState(_LOT_SEED).permutation(len(files))[:n]]


def _most(network: Network, device: torch.device) -> int:
    return network.spec.most_on_cpu if device.type == "cpu" else network.spec.most


def _end_with(parent: int) -> None:
    """End this process when the one that asked for the measurement is gone: nobody is left to take the result."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def main() -> int:
    """Measure the folder named on the command line; the exit status."""
    folder = Path(sys.argv[1])
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    try:
        found = measure(folder)
    except UsageError as error:
        found = Measured(refused=Remark(code="error", values={"message": str(error)}))
    except OSError as error:
        found = Measured(refused=Remark(code="error", values={"message": explain(error)}))
    write_atomically(folder / MEASURED, found.model_dump_json(indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
