"""Images from a trained method, the same ones for the same seed."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from gan.errors import UsageError
from gan.loop import seed_of
from gan.method import Labels, Sampler
from gan.pictures import to_uint8, write_image

_BATCH = 500  # images made at once: bounds memory, and fixes how the stream of noise is cut


@torch.no_grad()
def batches(sampler: Sampler, n: int, seed: int) -> Iterator[torch.Tensor]:
    """`n` images in all, in uint8 batches (size, C, H, W) on the CPU; the first k are the same for every n >= k.

    Noise is drawn on the CPU, so a seed means the same images on every device, up to rounding. A network that is told
    classes is asked for each with equal chance.
    """
    network = sampler.network
    device = next(network.parameters()).device
    random = torch.Generator().manual_seed(seed_of(seed, "generate"))
    classes = labels(sampler, n, seed)
    was_training = network.training
    network.eval()
    for start in range(0, n, _BATCH):
        noise = torch.randn(_BATCH, *sampler.method.noise_shape, generator=random)[: n - start]
        asked = None if classes is None else classes[start : start + _BATCH].to(device)
        yield to_uint8(sampler(noise.to(device), asked))
    network.train(was_training)


def labels(sampler: Sampler, n: int, seed: int) -> Labels:
    """The classes, int64 (n,), that `batches` asks for; None where the network is told none."""
    shape = sampler.method.shape
    if not shape.classes:
        return None
    random = torch.Generator().manual_seed(seed_of(seed, "generated classes"))
    drawn = torch.randint(len(shape.asked) or shape.classes, (n,), generator=random)
    return torch.tensor(shape.asked)[drawn] if shape.asked else drawn


def source(sampler: Sampler, seed: int) -> Callable[[int], torch.Tensor]:
    """A function from n to n images, uint8 (n, C, H, W)."""
    return lambda n: torch.cat(list(batches(sampler, n, seed)))


def export(sampler: Sampler, n: int, seed: int, folder: Path) -> None:
    """Write n pictures as 000000.png, 000001.png … into `folder`, which then holds exactly these.

    Pictures of an earlier export are replaced. Any other PNG is refused with `UsageError`: it would be counted among
    the generated images by whoever measures the folder next.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        present = [path for path in folder.iterdir() if path.suffix.lower() == ".png"]
    except OSError as error:
        raise UsageError(f"{folder} cannot be used as a folder: {error.strerror}.") from error
    foreign = sorted(path.name for path in present if not re.fullmatch(r"\d{6,}\.png", path.name))
    if foreign:
        raise UsageError(f"{folder} holds other pictures already ({foreign[0]}); choose an empty folder.")
    for path in present:
        path.unlink()
    number = 0
    for batch in batches(sampler, n, seed):
        for image in batch:
            write_image(folder / f"{number:06d}.png", image)
            number += 1
