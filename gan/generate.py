"""Images from a trained generator, the same ones for the same seed."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from gan.errors import UsageError
from gan.networks import Generator
from gan.pictures import to_uint8, write_image
from gan.train import seed_of

_BATCH = 500  # images made at once: bounds memory, and fixes how the stream of latents is cut


@torch.no_grad()
def batches(generator: Generator, n: int, seed: int) -> Iterator[torch.Tensor]:
    """`n` images in all, in uint8 batches (size, C, H, W) on the CPU; the first k are the same for every n >= k.

    Latents are drawn on the CPU, so a seed means the same images on every device, up to rounding.
    """
    device = next(generator.parameters()).device
    random = torch.Generator().manual_seed(seed_of(seed, "generate"))
    was_training = generator.training
    generator.eval()
    for start in range(0, n, _BATCH):
        z = torch.randn(_BATCH, generator.latent_dim, generator=random)[: n - start]
        yield to_uint8(generator(z.to(device)))
    generator.train(was_training)


def source(generator: Generator, seed: int) -> Callable[[int], torch.Tensor]:
    """A function from n to n images, uint8 (n, C, H, W)."""
    return lambda n: torch.cat(list(batches(generator, n, seed)))


def export(generator: Generator, n: int, seed: int, folder: Path) -> None:
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
    for batch in batches(generator, n, seed):
        for image in batch:
            write_image(folder / f"{number:06d}.png", image)
            number += 1
