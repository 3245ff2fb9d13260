"""A method's networks, layer by layer: shapes, parameters and operations, as training really runs them."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from gan import loop
from gan.config import TrainConfig
from gan.cost import FlopCounter
from gan.datasets import Dataset
from gan.networks import parameters
from gan.run import count_flops_of_a_step, count_flops_of_an_image
from gan.summary import short, table

_IMAGES = 2  # looked at together: batch normalisation needs two


@dataclass(frozen=True)
class Layer:
    """One layer on its first pass. `flops` are those of one image forwards, 2 per multiply-add."""

    name: str
    kind: str
    shape: tuple[int, ...]
    """Of its output, or of a bare parameter, without the axis of images."""
    parameters: int
    flops: int


@dataclass(frozen=True)
class Network:
    """A network as its layers, in the order in which an image meets them."""

    name: str
    parameters: int
    flops: int
    layers: tuple[Layer, ...]


@dataclass(frozen=True)
class Inspection:
    """The networks of a configuration, and what an image costs."""

    preset: str
    dataset: str
    resolution: int
    channels: int
    conditional: bool
    networks: tuple[Network, ...]
    flops_per_image: dict[str, float]
    evaluations_per_image: int

    def __str__(self) -> str:
        """Tables for a terminal."""
        title = f"{self.preset} on {self.dataset}, {self.channels} x {self.resolution} x {self.resolution}"
        lines = [title + (", told the classes" if self.conditional else "")]
        for network in self.networks:
            rows = [
                (f"{layer.name} ({layer.kind})", _times(layer.shape), f"{layer.parameters:,}", f"{layer.flops:,}")
                for layer in network.layers
            ]
            total = ("all", "", f"{network.parameters:,}", f"{network.flops:,}")
            header = (network.name, "output", "parameters", "operations an image")
            lines += ["", *table(header, [*rows, total])]
        passes = f" in {self.evaluations_per_image} passes" if self.evaluations_per_image > 1 else ""
        lines += [
            "",
            f"Operations per image (2 per multiply-add): {short(self.flops_per_image['training'])} training, "
            f"{short(self.flops_per_image['generating'])} generating{passes}",
        ]
        return "\n".join(lines)


def inspect(cfg: TrainConfig, data: Dataset) -> Inspection:
    """The networks of `cfg` on images like those of `data`, as they pass through one training step."""
    few = cfg.model_copy(update={"batch_size": _IMAGES, "device": "cpu"})
    images = torch.zeros(_IMAGES, data.channels, cfg.resolution, cfg.resolution, dtype=torch.uint8)
    labels = torch.zeros(_IMAGES, dtype=torch.long) if cfg.conditional else None
    batches = loop.Batches(images, labels, few)
    model = loop.build(few, data.channels, torch.device("cpu"), len(data.classes))
    seen: dict[str, dict[str, Layer]] = {name: {} for name in model.networks}
    with FlopCounter() as counter:
        hooks = [
            hook
            for of, network in model.networks.items()
            for name, module in network.named_modules()
            if not list(module.children())
            for hook in _watch(module, name, seen[of], counter)
        ]
        loop.update(model, batches.of(0), few)
        for hook in hooks:
            hook.remove()
    networks = []
    for name, network in model.networks.items():
        layers = [*_bare(network), *seen[name].values()]
        networks.append(Network(name, parameters(network), sum(layer.flops for layer in layers), tuple(layers)))
    training = count_flops_of_a_step(batches, few, data) / few.images_per_step
    return Inspection(
        preset=cfg.preset,
        dataset=cfg.dataset,
        resolution=cfg.resolution,
        channels=data.channels,
        conditional=cfg.conditional,
        networks=tuple(networks),
        flops_per_image={"training": training, "generating": count_flops_of_an_image(model)},
        evaluations_per_image=model.method.evaluations,
    )


def _watch(module: nn.Module, name: str, seen: dict[str, Layer], counter: FlopCounter) -> tuple[Any, Any]:
    """Hooks that note `module`'s first pass in `seen`."""
    before: list[int] = []

    def enter(_: nn.Module, __: Any) -> None:
        before.append(counter.total)

    def leave(_: nn.Module, __: Any, output: torch.Tensor) -> None:
        flops = (counter.total - before.pop()) // _IMAGES
        if name not in seen:
            kind = type(module).__name__
            seen[name] = Layer(name, kind, tuple(output.shape[1:]), parameters(module), flops)

    return module.register_forward_pre_hook(enter), module.register_forward_hook(leave)


def _bare(network: nn.Module) -> list[Layer]:
    """Parameters that belong to no layer but to what holds the layers."""
    return [
        Layer(f"{name}.{own}".lstrip("."), "parameter", tuple(value.shape), value.numel(), 0)
        for name, module in network.named_modules()
        if list(module.children())
        for own, value in module.named_parameters(recurse=False)
    ]


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))
