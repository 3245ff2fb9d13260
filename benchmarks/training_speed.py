"""Training speed against a plain textbook PyTorch loop: same networks, batch, precision and images; ratios in one run.

    python benchmarks/training_speed.py                   # 32 x 32 and 64 x 64, eager
    python benchmarks/training_speed.py --compile         # and compiled (a minute more)
    python benchmarks/training_speed.py --quality 60000   # FID of both at equal images seen, 32 x 32, three seeds

The textbook loop is what tutorials print: a DataLoader with two workers and per-item PIL transforms, binary
cross-entropy on a sigmoid, gradients of the generator's step running into the discriminator too. Both sides train the
founding document's networks (width 64, batch 64) on Fashion-MNIST, in turns A B A B; the median of the turns counts.
Shares of the peak are of the fastest float32 matrix product measured in this process. A busy machine makes all of this
worthless: the script prints what share of the processors others took.
"""

import argparse
import statistics
import time

import numpy as np
import psutil
import torch
import torchvision.transforms as transforms
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset

from gan import config, datasets, loop
from gan.cost import count_flops, measure_peak
from gan.device import prepare, processor_name
from gan.evaluate import quick_fid
from gan.networks import Discriminator, Generator
from gan.pictures import to_uint8
from gan.threads import quiet_threads

BATCH, WIDTH, LATENT = 64, 64, 100
WARM_STEPS, TURNS = 5, 3


class Pictures(Dataset):
    """Fashion-MNIST as tutorials hold it: PIL images, transformed one by one."""

    def __init__(self, images: torch.Tensor, side: int) -> None:
        self.images = [Image.fromarray(image) for image in images[:, 0].numpy()]
        self.transform = transforms.Compose(
            [transforms.Resize(side), transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))]
        )

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, i: int) -> torch.Tensor:
        return self.transform(self.images[i])


class Textbook:
    """The loop that tutorials print."""

    def __init__(self, images: torch.Tensor, side: int, seed: int = 0) -> None:
        torch.manual_seed(seed)
        self.generator, self.logits = Generator(LATENT, WIDTH, side, 1), Discriminator(WIDTH, side, 1)
        self.criterion = nn.BCELoss()
        self.adam_g = torch.optim.Adam(self.generator.parameters(), lr=2e-4, betas=(0.5, 0.999))
        self.adam_d = torch.optim.Adam(self.logits.parameters(), lr=2e-4, betas=(0.5, 0.999))
        self.loader = DataLoader(Pictures(images, side), batch_size=BATCH, shuffle=True, num_workers=2, drop_last=True)
        self.batches = iter(self.loader)

    def next(self) -> torch.Tensor:
        try:
            return next(self.batches)
        except StopIteration:
            self.batches = iter(self.loader)
            return next(self.batches)

    def judge(self, images: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.logits(images))

    def step(self) -> None:
        self.train_on(self.next(), torch.randn(BATCH, LATENT))

    def train_on(self, real: torch.Tensor, z: torch.Tensor) -> None:
        ones, zeros = torch.ones(len(real)), torch.zeros(len(real))
        self.adam_d.zero_grad()
        fake = self.generator(z)
        loss_d = self.criterion(self.judge(real), ones) + self.criterion(self.judge(fake.detach()), zeros)
        loss_d.backward()
        self.adam_d.step()
        self.adam_g.zero_grad()
        self.criterion(self.judge(fake), ones).backward()
        self.adam_g.step()


class Ours:
    """One step of this package's loop at a time."""

    def __init__(self, data: datasets.Dataset, side: int, seed: int = 0, *, compiled: bool = False) -> None:
        self.cfg = config.resolve("dcgan-document", "fashion-mnist", steps=1, resolution=side, seed=seed)
        self.model = loop.build(self.cfg, 1, torch.device("cpu"))
        if compiled:
            for network in self.model.networks.values():
                network.compile(dynamic=False)
        self.batches = loop.Batches(data.train, None, self.cfg)

    def step(self) -> None:
        loop.update(self.model, self.batches.of(self.model.step), self.cfg)
        self.model.step += 1


def images_per_s(side: Textbook | Ours, seconds: float) -> float:
    for _ in range(WARM_STEPS):
        side.step()
    steps, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        side.step()
        steps += 1
    return steps * BATCH / (time.perf_counter() - begun)


def compare(resolution: int, seconds: float, peak: float, *, compile_too: bool) -> None:
    native, data = datasets.load("fashion-mnist", 32), datasets.load("fashion-mnist", resolution)
    textbook, ours = Textbook(native.train[:20_000], resolution), Ours(data, resolution)
    sides: dict[str, Textbook | Ours] = {"textbook": textbook, "ours": ours}
    if compile_too:
        begun = time.perf_counter()
        sides["ours, compiled"] = Ours(data, resolution, compiled=True)
        images_per_s(sides["ours, compiled"], 1)
        print(f"  compiling at {resolution} x {resolution}: {time.perf_counter() - begun:.0f} s")
    rates = {name: [] for name in sides}
    for _ in range(TURNS):
        for name, side in sides.items():
            rates[name].append(images_per_s(side, seconds))
    z, real = torch.randn(BATCH, LATENT), torch.rand(BATCH, 1, resolution, resolution)
    flops = {
        "textbook": count_flops(lambda: textbook.train_on(real, z)) / BATCH,
        "ours": count_flops(ours.step) / BATCH,
    }
    base = statistics.median(rates["textbook"])
    for name, values in rates.items():
        rate = statistics.median(values)
        each = flops["textbook" if name == "textbook" else "ours"]
        print(
            f"  {resolution} x {resolution}  {name:<16}{rate:>8.0f} images/s  {rate / base:>5.2f} x   "
            f"{each / 1e9:.4f} GFLOP an image, {rate * each / peak:>4.0%} of the peak   "
            f"({min(values):.0f} to {max(values):.0f})",
            flush=True,
        )


def quality(images: int, seeds: range) -> None:
    data = datasets.load("fashion-mnist", 32)
    print(f"FID at {images:,} images seen, 32 x 32, raw weights, {len(data.held_out):,} images a side")
    results: dict[str, list[float]] = {"textbook": [], "ours": []}
    for seed in seeds:
        for name in results:
            side = Textbook(data.train, 32, seed) if name == "textbook" else Ours(data, 32, seed)
            for _ in range(images // BATCH):
                side.step()
            generator = side.generator if isinstance(side, Textbook) else side.model.networks["generator"]
            results[name].append(fid_of(generator.eval(), data))
            print(f"  seed {seed}  {name:<10}{results[name][-1]:8.1f}", flush=True)
    for name, values in results.items():
        print(f"  {name:<10} mean {np.mean(values):.1f}, standard deviation {np.std(values, ddof=1):.1f}")


def fid_of(generator: nn.Module, data: datasets.Dataset) -> float:
    random = torch.Generator().manual_seed(1)

    @torch.no_grad()
    def make(n: int) -> torch.Tensor:
        parts = torch.randn(n, LATENT, generator=random).split(500)
        return torch.cat([to_uint8(generator(z)) for z in parts])

    return quick_fid(make, data, n=len(data.held_out), device="cpu", seed=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=15.0, help="of each turn")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--quality", type=int, metavar="IMAGES")
    asked = parser.parse_args()
    prepare(torch.device("cpu"), deterministic=False)
    machine = f"{processor_name()}, {psutil.cpu_count()} processors, {torch.get_num_threads()} threads"
    print(f"{machine}, torch {torch.__version__}")
    if asked.quality:
        quality(asked.quality, range(3))
        return
    peak = measure_peak(torch.device("cpu")).flops_per_s
    print(f"peak of a float32 matrix product: {peak / 1e9:.0f} GFLOP/s")
    for resolution in (32, 64):
        compare(resolution, asked.seconds, peak, compile_too=asked.compile)


if __name__ == "__main__":
    quiet_threads()
    main()
