"""Rebuild an extractor: ``python -m gan.extractors.build digits`` (or ``fashion-mnist``).

Trains the classifier on the training split alone, seeded and on one CPU thread, and writes its weights and digest. The
held-out split is touched once, after training, to report the accuracy. The same machine and libraries give the same
digest.
"""

import hashlib
import math
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import torch
import torch.nn.functional as F
import typer
from safetensors.torch import save
from torch import Tensor

from gan import datasets
from gan.extractors import EMBEDDED, EmbeddedSpec
from gan.extractors.network import Extractor, prepare

SEED = 20_241_124
PEAK_RATE = 3e-3
WEIGHT_DECAY = 0.05
LABEL_SMOOTHING = 0.1
"""Keeps the logits bounded, so that the features of well-fitted training images do not run away from those held out."""

FOLDER = Path(__file__).parent


def train(of: EmbeddedSpec, images: Tensor, labels: Tensor) -> Extractor:
    """An extractor trained on uint8 `images` (N, C, H, W) and `labels` (N,): AdamW, one cycle of the learning rate."""
    torch.manual_seed(SEED)
    network = Extractor(of).train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=WEIGHT_DECAY)
    steps = of.epochs * math.ceil(len(images) / of.batch_size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=steps)
    started = time.perf_counter()
    for epoch in range(of.epochs):
        total = 0.0
        for batch, target in _batches(of, images, labels):
            _, logits = network(batch)
            loss = F.cross_entropy(logits, target, label_smoothing=LABEL_SMOOTHING)
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(
            f"epoch {epoch + 1}/{of.epochs}  loss {total / len(images):.4f}  {time.perf_counter() - started:.0f} s",
            file=sys.stderr,
        )
    return standardise(network.eval(), images)


@torch.inference_mode()
def standardise(network: Extractor, images: Tensor) -> Extractor:
    """The same network with its features centred on `images` and their mean variance scaled to 1."""
    features = torch.cat([network(prepare(part, network.spec))[0] for part in torch.split(images, 500)]).double()
    network.centre.copy_(features.mean(dim=0))
    network.scale.copy_(features.var(dim=0).mean().rsqrt())
    return network


def _batches(of: EmbeddedSpec, images: Tensor, labels: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """One epoch of shuffled batches, each moved by a random shift; the uncovered edge is background (black)."""
    for chosen in torch.split(torch.randperm(len(images)), of.batch_size):
        batch = F.pad(prepare(images[chosen], of), (of.shift,) * 4, value=-1.0)
        top, left = torch.randint(0, 2 * of.shift + 1, (2,)).tolist()
        yield batch[:, :, top : top + of.resolution, left : left + of.resolution], labels[chosen]


@torch.inference_mode()
def accuracy(network: Extractor, images: Tensor, labels: Tensor) -> float:
    """Share of `images` whose likeliest class is their label."""
    judged = torch.cat([network(prepare(part, network.spec))[1].argmax(dim=1) for part in torch.split(images, 500)])
    return float((judged == labels).double().mean())


def write(network: Extractor, folder: Path) -> str:
    """Writes the weights and their line in SHA256SUMS; returns the digest."""
    file = f"{network.spec.name}.safetensors"
    content = save({name: tensor.contiguous() for name, tensor in network.state_dict().items()})
    digest = hashlib.sha256(content).hexdigest()
    (folder / file).write_bytes(content)
    sums = folder / "SHA256SUMS"
    lines = sums.read_text("utf-8").splitlines() if sums.exists() else []
    kept = [line for line in lines if not line.endswith(f"  {file}")]
    sums.write_text("\n".join(sorted([*kept, f"{digest}  {file}"], key=lambda line: line[66:])) + "\n", "utf-8")
    return digest


def main(name: str, out: Path = FOLDER) -> None:
    """Train the extractor NAME and write its weights to --out (default: into the package)."""
    if name not in EMBEDDED:
        raise typer.BadParameter(f"choose one of: {', '.join(EMBEDDED)}")
    of = EMBEDDED[name]
    # one thread and one algorithm per operation: the order of every sum is fixed
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    data = datasets.load(name, of.resolution)
    network = train(of, data.train, data.train_labels)
    digest = write(network, out)
    print(f"{name}: held-out accuracy {accuracy(network, data.held_out, data.held_out_labels):.4f}, sha256 {digest}")


if __name__ == "__main__":
    typer.run(main)
