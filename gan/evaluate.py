"""The quality of a generator: its images against real ones that neither training nor tuning saw.

`n` generated images meet `n` held-out images, in the features of the data set's extractor. Beside every figure stands
its floor: the same figure for `n` real training images in place of the generated ones, at the same n, so that a
reader sees how much of a distance is the sample's and not the generator's. Which real images are used never changes,
so that figures of different runs compare.
"""

import hashlib
import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from gan import extractors
from gan.datasets import Dataset
from gan.device import exact_float32, gradual_underflow
from gan.errors import UsageError
from gan.extractors.network import Network, embed
from gan.extractors.network import load as load_extractor
from gan.metrics import Figure, Sample, Settings, classes, compute, frechet, intervals
from gan.metrics.inputs import Features
from gan.metrics.memorisation import Calibration, calibrate, least_images, ratios
from gan.paths import home
from gan.record import Extractor, Metric, Notice

Generate = Callable[[int], torch.Tensor]
"""From a number n to n generated images, uint8 (n, C, H, W)."""

SMALL_SAMPLE = 1_000
"""Images a side below which a notice warns."""

COLLAPSED = 0.05
"""Share of the real images' feature variance below which the generated ones count as all alike."""

_CHOICE_SEED = 20_241_125
"""Decides which real images are compared; another value makes recorded figures incomparable."""

_FLOOR_VERSION = 1
"""Raised when a metric's definition changes: floors measured before are then measured again."""


@dataclass(frozen=True)
class EvaluateResult:
    """What a run's record says about quality."""

    quality: dict[str, Metric]
    extractor: Extractor
    class_shares: dict[str, dict[str, float]]
    notices: list[Notice] = field(default_factory=list)


@exact_float32()
def evaluate(
    generate: Generate,
    dataset: Dataset,
    *,
    device: torch.device | str,
    seed: int,
    n: int | None = None,
    trained_on: torch.Tensor | None = None,
) -> EvaluateResult:
    """All figures of quality of `generate` on `dataset`, with intervals, floors and class shares.

    `n` images a side, by default all held-out images up to the most that the extractor is asked to look at (10,000 for
    an embedded one). Figures of classes, and the Inception Score, are there only where the extractor's classifier was
    trained on the classes of the data set. Memorisation is there where enough images are held out to calibrate it and
    all training images can be looked at (`_calibration`); `trained_on` are the rows of `dataset.train` that training
    saw, all by default. `generate` is called once. `seed` drives the random subsets behind the intervals and nothing
    else. Raises `UsageError` for an extractor that cannot be had, an n that
    the data set cannot fill, or images of another number or kind than asked for.
    """
    network = _extractor(dataset, device)
    n = _sample_size(dataset, n, network)
    settings = Settings()
    real = _real(dataset, n, network, "held_out")
    fake = _generated(generate, n, dataset, network)
    calibration = _calibration(dataset, n, network, real, trained_on)
    figures = _figures(real, fake, settings, seed=seed, calibration=calibration)
    floor = _floor(dataset, n, network, real, settings)
    if "memorisation" in figures:
        floor["memorisation"] = figures["memorisation"].settings["floor"]
    quality = {
        name: Metric(
            value=f.value,
            ci_low=f.ci_low,
            ci_high=f.ci_high,
            n=n,
            n_real=f.n_real,
            reference_floor=floor[name],
            settings=f.settings,
        )
        for name, f in figures.items()
    }
    return EvaluateResult(
        quality,
        Extractor(name=network.spec.name, digest=extractors.digest(network.spec.name)),
        _class_shares(dataset, real, fake) if real.probabilities is not None else {},
        _notices(real, fake, quality, network),
    )


@exact_float32()
def quick_fid(generate: Generate, dataset: Dataset, *, n: int, device: torch.device | str, seed: int) -> float:
    """FID of `n` generated images, or of as many as the extractor is asked for, against all held-out images: for a
    curve during training.

    The real side is computed once per process. At small n the value is biased upwards: compare it along one curve,
    never with `evaluate`. `seed` is taken for symmetry with `evaluate`; nothing here is random but `generate`.
    """
    network = _extractor(dataset, device)
    full = _sample_size(dataset, None, network)
    real = _real(dataset, full, network, "held_out")
    fake = _generated(generate, n, dataset, network)
    with gradual_underflow():
        return frechet.fid(real.features, fake.features, known=_real_moments(dataset, full, network))


@exact_float32()
def values(images: torch.Tensor, dataset: Dataset, *, device: torch.device | str) -> dict[str, float]:
    """FID, KID, precision, recall, density and coverage of `images`, uint8 (n, C, H, W), against n held-out ones.

    The figures of `evaluate` without intervals, floors and what needs the training images: for many variants of one
    generator.
    """
    network = _extractor(dataset, device)
    n = _sample_size(dataset, len(images), network)
    fake = Sample(_judged_by(network, dataset, images).features)
    real = _real(dataset, n, network, "held_out")
    with gradual_underflow():
        figures = compute(real, fake)
    return {name: figure.value for name, figure in figures.items()}


@exact_float32()
def judged(images: torch.Tensor, dataset: Dataset, device: torch.device | str) -> Sample:
    """`images`, uint8 (n, C, H, W), in the features that runs on `dataset` are measured in, with class probabilities
    where the extractor knows the classes."""
    return _judged_by(_extractor(dataset, device), dataset, images)


@exact_float32()
def real_sample(dataset: Dataset, n: int, device: torch.device | str, part: Literal["train", "held_out"]) -> Sample:
    """The `n` real images of `part` that a figure at this n rests on, in the same features."""
    network = _extractor(dataset, device)
    return _real(dataset, _sample_size(dataset, n, network), network, part)


def quick_images(dataset: Dataset) -> int:
    """Generated images behind a quick figure on `dataset`."""
    return min(extractors.spec(extractors.judge(dataset.name)).quick, len(dataset.held_out))


def _extractor(dataset: Dataset, device: torch.device | str) -> Network:
    return load_extractor(extractors.judge(dataset.name), str(device))


def _sample_size(dataset: Dataset, n: int | None, network: Network) -> int:
    most = min(len(dataset.held_out), len(dataset.train))
    if n is None:
        on_cpu = next(network.parameters()).device.type == "cpu"
        return min(most, network.spec.most_on_cpu if on_cpu else network.spec.most)
    # five neighbours need more than five images, a covariance more than one
    least = Settings().k + 1
    if not least <= n <= most:
        raise UsageError(f"Quality on {dataset.name} can be measured with {least} to {most} images a side, not {n}.")
    return n


def _generated(generate: Generate, n: int, dataset: Dataset, network: Network) -> Sample:
    images = generate(n)
    if len(images) != n:
        raise UsageError(f"The generator was asked for {n} images and gave {len(images)}.")
    return _judged_by(network, dataset, images)


def _judged_by(network: Network, dataset: Dataset, images: torch.Tensor) -> Sample:
    """`images` in the network's features, with class probabilities only where its classes are the data set's."""
    sample = embed(images, network)
    return sample if extractors.knows_classes(network.spec.name, dataset.name) else Sample(sample.features)


@lru_cache(maxsize=4)
def _real(dataset: Dataset, n: int, network: Network, part: str) -> Sample:
    """`n` real images of `part` ("train" or "held_out"), always the same ones. What takes minutes is kept on disk."""
    file = home() / "features" / f"{_digest(_key(dataset, n, network) | {'part': part})}.npy"
    slow = network.spec.name not in extractors.EMBEDDED
    if slow and (kept := _kept(file, (n, network.spec.features))) is not None:
        return Sample(kept)
    images = getattr(dataset, part)
    chosen = np.random.RandomState(_CHOICE_SEED).permutation(len(images))[:n]
    sample = _judged_by(network, dataset, images[torch.from_numpy(np.sort(chosen))])
    if slow:
        _keep(file, sample.features)
    return sample


def _keep(file: Path, array: Features) -> None:
    out = io.BytesIO()
    np.save(out, array, allow_pickle=False)
    _write(file, out.getvalue())


def _kept(file: Path, shape: tuple[int, ...]) -> Features | None:
    """What `_keep` wrote in an earlier run; None where there is nothing, or the file is not ours."""
    try:
        features = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return features if features.shape == shape and np.isfinite(features).all() else None


@lru_cache(maxsize=2)
def _real_moments(dataset: Dataset, n: int, network: Network) -> frechet.Moments:
    return frechet.moments(_real(dataset, n, network, "held_out").features)


def _calibration(
    dataset: Dataset, n: int, network: Network, real: Sample, trained_on: torch.Tensor | None
) -> Calibration | None:
    """What memorisation is judged by; None where fewer images are compared than a calibration needs.

    Every image that training saw has to be looked at: a copy of one left out would go unseen. So it is also None
    where an extractor takes minutes for more images than it compares anyway. What is the same for every generator is
    kept on disk.
    """
    seen = dataset.train if trained_on is None else dataset.train[trained_on.to(dataset.train.device)]
    slow = network.spec.name not in extractors.EMBEDDED
    if n < least_images() or len(seen) < 2 or (slow and len(seen) > n):
        return None
    rows = b"" if trained_on is None else trained_on.cpu().numpy().tobytes()
    key = _key(dataset, n, network) | {"trained_on": hashlib.sha256(rows).hexdigest()}
    folder = home() / "features"
    features = folder / f"{_digest(key | {'n': len(seen), 'part': 'trained_on'})}.npy"
    held_out = folder / f"{_digest(key | {'part': 'ratios'})}.npy"
    train = _kept(features, (len(seen), network.spec.features))
    if train is None:
        train = embed(seen, network).features
        _keep(features, train)
    known = _kept(held_out, (n,))
    if known is None:
        known = ratios(real.features, train)
        if np.isfinite(known).all():
            _keep(held_out, known)
    return calibrate(real.features, train, known=np.asarray(known, dtype=np.float64))


@gradual_underflow()
def _figures(
    real: Sample, fake: Sample, settings: Settings, *, seed: int | None, calibration: Calibration | None = None
) -> dict[str, Figure]:
    """All figures of `fake` against `real`; with intervals where there is a seed."""
    with_intervals = seed is not None
    figures = compute(
        real, fake, settings=settings, with_intervals=with_intervals, seed=seed or 0, calibration=calibration
    )
    if real.probabilities is None:
        return figures
    judged = _judged(real), _judged(fake)
    count = _probabilities(real).shape[1]

    def of_classes(i: intervals.Index | slice, j: intervals.Index | slice) -> dict[str, float]:
        p, q = classes.shares(judged[0][i], count), classes.shares(judged[1][j], count)
        return {"class_coverage": classes.class_coverage(p, q), "class_balance": classes.class_balance(p, q)}

    everything = slice(None)
    n, m = len(real.features), len(fake.features)
    errors = intervals.subset_errors(of_classes, n, m, least=count, seed=seed) if seed is not None else {}
    for name, value in of_classes(everything, everything).items():
        shown: dict[str, Any] = {"classes": count}
        if with_intervals:
            shown |= {"interval": {"level": intervals.LEVEL, "method": "delete-d jackknife"}}
        ci = intervals.around(value, errors.get(name, np.nan), quantile=intervals.STUDENT_QUANTILE, low=0, high=1)
        figures[name] = Figure(value, *ci, n, m, shown)
    return figures


def _floor(dataset: Dataset, n: int, network: Network, real: Sample, settings: Settings) -> dict[str, float]:
    """Every figure for `n` real training images against the held-out ones; measured once, then read from disk."""
    key = _key(dataset, n, network) | {"settings": asdict(settings), "version": _FLOOR_VERSION}
    file = home() / "floors" / f"{dataset.name.rstrip('/')}-{n}-{_digest(key)}.json"
    try:
        known = json.loads(file.read_text("utf-8"))
        if known["key"] == key:
            return {metric: float(value) for metric, value in known["floor"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # not measured yet, or a file that is not ours: measured (again) below
        known = None
    train = _real(dataset, n, network, "train")
    floor = {metric: figure.value for metric, figure in _figures(real, train, settings, seed=None).items()}
    _write(file, json.dumps({"key": key, "floor": floor}).encode())
    return floor


def _key(dataset: Dataset, n: int, network: Network) -> dict[str, Any]:
    """What decides which real features are compared."""
    return {
        "dataset": dataset.digest,
        "extractor": extractors.digest(network.spec.name),
        "n": n,
        "choice": _CHOICE_SEED,
    }


def _digest(key: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:32]


def _write(file: Path, content: bytes) -> None:
    """Writes a cache whole or not at all. One that cannot be written costs time, not the run."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".tmp", delete=False) as out:
            out.write(content)
        Path(out.name).replace(file)
    except OSError:
        return


def _probabilities(sample: Sample) -> np.ndarray[Any, np.dtype[np.float64]]:
    if sample.probabilities is None:
        raise ValueError("an extractor's sample carries probabilities")
    return sample.probabilities


def _judged(sample: Sample) -> np.ndarray[Any, np.dtype[np.intp]]:
    return np.asarray(_probabilities(sample).argmax(axis=1))


def _class_shares(dataset: Dataset, real: Sample, fake: Sample) -> dict[str, dict[str, float]]:
    count = len(dataset.classes)
    generated, held_out = classes.shares(_judged(fake), count), classes.shares(_judged(real), count)
    return {
        name: {"generated": float(g), "real": float(r)}
        for name, g, r in zip(dataset.classes, generated, held_out, strict=True)
    }


def _notices(real: Sample, fake: Sample, quality: dict[str, Metric], network: Network) -> list[Notice]:
    notices = []
    n = len(fake.features)
    of = network.spec
    if n < SMALL_SAMPLE:
        notices.append(Notice(code="small_sample", values={"n": n}))
    if n < of.least:
        values = {"extractor": of.name, "features": of.features, "n": n, "least": of.least}
        notices.append(Notice(code="high_floor", values=values))
    spread = float(fake.features.var(axis=0).sum() / real.features.var(axis=0).sum())
    if spread < COLLAPSED:
        notices.append(Notice(code="collapse", values={"coverage": quality["coverage"].value}))
    return notices
