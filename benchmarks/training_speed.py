"""Training speed against a plain textbook PyTorch loop: same networks, batch, precision and images; ratios in one run.

    python benchmarks/training_speed.py                   # 32 x 32 and 64 x 64, eager: about five minutes
    python benchmarks/training_speed.py --compile         # and compiled (two minutes more)
    python benchmarks/training_speed.py --parts           # and the textbook loop with our threads and denormals
    python benchmarks/training_speed.py --quality 60000   # FID of both at equal images seen, 32 x 32, three seeds

The textbook loop is what tutorials print: a DataLoader with two workers and per-item PIL transforms, binary
cross-entropy on a sigmoid, gradients of the generator's step running into the discriminator too. Both sides train the
founding document's networks (width 64, batch 64) on Fashion-MNIST.

Each side is a process of its own, because threads and denormals are settings of a process: the textbook loop runs as
PyTorch comes, ours as `gan-bench train` sets itself up. They take turns A B A B, one working while the others wait;
the median of the turns counts, and of the ratios the median over pairs of turns. Shares of the peak are of the fastest
float32 matrix product measured here. A busy machine makes all of this worthless: what share of the processors others
took is printed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np
import psutil
import torch
import torchvision.transforms as transforms
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset

from gan import compiling, config, datasets, loop
from gan.cost import count_flops, measure_peak
from gan.device import prepare, processor_name
from gan.evaluate import quick_fid
from gan.networks import Discriminator, Generator
from gan.pictures import to_uint8
from gan.threads import quiet_threads

BATCH, WIDTH, LATENT = 64, 64, 100
WARM_STEPS, TURNS = 3, 5


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
        real, z = self.next(), torch.randn(BATCH, LATENT)
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
        self.batches = loop.Batches(data.train, None, self.cfg)
        if compiled and (reason := compiling.compile_networks(self.model, self.batches, self.cfg)):
            sys.exit(f"not compiled: {reason}")

    def step(self) -> None:
        loop.update(self.model, self.batches.of(self.model.step), self.cfg)
        self.model.step += 1


# ---- A side in a process of its own ----------------------------------------------------------------------------------


class Side:
    """A loop that works when it is told to, and says how fast it was."""

    def __init__(self, name: str, resolution: int) -> None:
        environment = dict(os.environ)
        if name != "textbook":
            quiet_threads(environment)
        command = [sys.executable, __file__, "--side", name, "--resolution", str(resolution)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        ready = self._told()
        self.flops_per_image, self.compiling_s = ready["flops_per_image"], ready["built_s"]
        self.rates: list[float] = []

    def work(self, seconds: float) -> None:
        assert self.process.stdin
        print(seconds, file=self.process.stdin, flush=True)
        self.rates.append(self._told()["images_per_s"])

    def end(self) -> None:
        self.process.communicate()

    def cpu_s(self) -> float:
        """Processor-seconds so far, those of its DataLoader's workers included."""
        own = psutil.Process(self.process.pid)
        total = 0.0
        for process in [own, *own.children(recursive=True)]:
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
        return total

    def _told(self) -> dict[str, float]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"A side ended early (exit {self.process.wait()}).")
        told: dict[str, float] = json.loads(line)
        return told


def serve(name: str, resolution: int) -> None:
    """The process of one side: builds its loop, then trains for as many seconds as each line of its input says."""
    begun = time.perf_counter()
    if name != "textbook":
        prepare(torch.device("cpu"), deterministic=False)
    if name.startswith("textbook"):
        side: Textbook | Ours = Textbook(datasets.load("fashion-mnist", 32).train[:20_000], resolution)
    else:
        side = Ours(datasets.load("fashion-mnist", resolution), resolution, compiled=name.endswith("compiled"))
    built_s = time.perf_counter() - begun
    # products inside a compiled graph cannot be seen by the counter: they are those of the plain networks
    counted = Ours(datasets.load("fashion-mnist", resolution), resolution) if name.endswith("compiled") else side
    flops = count_flops(counted.step) / BATCH
    print(json.dumps({"flops_per_image": flops, "built_s": built_s}), flush=True)
    for line in sys.stdin:
        print(json.dumps({"images_per_s": images_per_s(side, float(line))}), flush=True)


def images_per_s(side: Textbook | Ours, seconds: float) -> float:
    for _ in range(WARM_STEPS):
        side.step()
    steps, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        side.step()
        steps += 1
    return steps * BATCH / (time.perf_counter() - begun)


# ---- The comparison --------------------------------------------------------------------------------------------------


def compare(resolution: int, names: list[str], seconds: float, turns: int, peak: float) -> None:
    sides = {name: Side(name, resolution) for name in names}
    for name, side in sides.items():
        if name.endswith("compiled"):
            print(f"  {resolution} x {resolution}  compiling took {side.compiling_s:.0f} s, loading the data included")
    begun, own, used = time.perf_counter(), sum(side.cpu_s() for side in sides.values()), busy_s()
    for _ in range(turns):
        for side in sides.values():
            side.work(seconds)
    elapsed = (time.perf_counter() - begun) * (psutil.cpu_count() or 1)
    foreign = (busy_s() - used - sum(side.cpu_s() for side in sides.values()) + own) / elapsed
    base = sides["textbook"].rates
    for name, side in sides.items():
        rate = statistics.median(side.rates)
        ratio = statistics.median(a / b for a, b in zip(side.rates, base, strict=True))
        print(
            f"  {resolution} x {resolution}  {name:<23}{rate:>7.1f} images/s  {ratio:>5.2f} x   "
            f"{side.flops_per_image / 1e9:.4f} GFLOP an image, {rate * side.flops_per_image / peak:>4.0%} of the peak  "
            f"({min(side.rates):.1f} to {max(side.rates):.1f})",
            flush=True,
        )
        side.end()
    print(f"  {resolution} x {resolution}  others took {max(0.0, foreign):.0%} of the processors", flush=True)


def busy_s() -> float:
    """Processor-seconds used by anyone on this machine."""
    times = psutil.cpu_times()._asdict()
    return float(sum(times.get(kind, 0) for kind in ("user", "nice", "system", "irq", "softirq")))


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
    parser.add_argument("--seconds", type=float, default=10.0, help="of each turn (default 10)")
    parser.add_argument("--turns", type=int, default=TURNS, help=f"of each side (default {TURNS})")
    parser.add_argument("--resolution", type=int, action="append", choices=(32, 64), help="default: both")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--parts", action="store_true")
    parser.add_argument("--quality", type=int, metavar="IMAGES")
    parser.add_argument("--side", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    resolutions: list[int] = asked.resolution or [32, 64]
    if asked.side:
        serve(asked.side, resolutions[0])
        return
    prepare(torch.device("cpu"), deterministic=False)
    machine = f"{processor_name()}, {psutil.cpu_count()} processors, {torch.get_num_threads()} threads"
    print(f"{machine}, torch {torch.__version__}")
    if asked.quality:
        quality(asked.quality, range(3))
        return
    peak = measure_peak(torch.device("cpu")).flops_per_s
    print(f"peak of a float32 matrix product: {peak / 1e9:.0f} GFLOP/s")
    parts, compiled = ["textbook, our settings"] * asked.parts, ["ours, compiled"] * asked.compile
    for resolution in resolutions:
        compare(resolution, ["textbook", *parts, "ours", *compiled], asked.seconds, asked.turns, peak)


if __name__ == "__main__":
    main()
