"""Where a run computes: the choice, and that no pass of a network mixes devices."""

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from gan import device, method
from gan.config import PRESETS, resolve
from gan.errors import UsageError
from gan.extractors import EMBEDDED
from gan.extractors.network import Extractor, prepare
from gan.loop import average
from gan.pictures import to_float

pytestmark = pytest.mark.torch

BOARD = torch.device("cuda:0")
"""Stands for a GPU that need not be there: fake tensors have a device and a shape, and no content."""


def test_auto_takes_what_is_there() -> None:
    there = torch.cuda.is_available(), torch.backends.mps.is_available()
    assert device.choose("auto").type == ("cuda" if there[0] else "mps" if there[1] else "cpu")
    assert device.choose("cpu") == torch.device("cpu")


def test_what_is_not_there_is_refused_by_naming_what_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UsageError, match=r"Choose auto or one of: (mps, )?cpu\."):
        device.choose("cuda")


def test_a_processor_is_named_and_computes_in_float32() -> None:
    info = device.info(torch.device("cpu"), deterministic=False)
    assert info.name
    assert (info.type, info.precision) == ("cpu", "float32")
    assert info.cores
    assert info.memory_bytes


class BatchOnBoard:
    """A batch as `gan.method.Batch` promises it, without content."""

    size, critic_steps = 4, 1

    def __init__(self, resolution: int) -> None:
        self.pixels = torch.empty(4, 1, resolution, resolution, dtype=torch.uint8, device=BOARD)

    def images(self) -> tuple[torch.Tensor, method.Labels]:
        return to_float(self.pixels), torch.zeros(4, dtype=torch.long, device=BOARD)

    def normal(self, *shape: int) -> torch.Tensor:
        return torch.empty(shape, device=BOARD)

    uniform = normal


@pytest.mark.parametrize("preset", PRESETS)
def test_a_step_forward_stays_on_a_gpu(preset: str) -> None:
    """Backward does not work on fake tensors: methods with penalties are followed through their passes alone."""
    cfg = resolve(preset, steps=1, conditional=PRESETS[preset].conditional)
    made = method.of(cfg, method.Shape.of(cfg, channels=1, classes=10))
    with FakeTensorMode():
        with BOARD:
            networks, others = made.build(), made.build()
        batch = BatchOnBoard(cfg.resolution)
        real, labels = batch.images()
        fake = made.images(networks[made.sampler], made.noise(batch, 4), labels)
        assert (fake.device, fake.shape) == (BOARD, real.shape)
        if made.adversary:
            assert networks[made.adversary](real, labels).device == BOARD
        if not made.double_backward:
            for _, loss in made.losses(networks, batch):
                assert (loss.device, loss.shape) == (BOARD, ())
        average(others[made.sampler], networks[made.sampler], weight=0.5)


@pytest.mark.parametrize("name", EMBEDDED)
@pytest.mark.parametrize("channels", [1, 3])
def test_features_of_images_on_a_gpu_stay_there(name: str, channels: int) -> None:
    of = EMBEDDED[name]
    with FakeTensorMode():
        with BOARD:
            network = Extractor(of)
            images = torch.empty(4, channels, 20, 24, dtype=torch.uint8)
        features, logits = network(prepare(images, of))
        assert (features.device, features.shape) == (BOARD, (4, of.features))
        assert (logits.device, logits.shape) == (BOARD, (4, of.classes))


def test_these_tests_can_fail() -> None:
    """Fake tensors do refuse what a board would refuse."""
    with FakeTensorMode():
        with BOARD:
            network = Extractor(EMBEDDED["digits"])
        with pytest.raises(RuntimeError, match="same device"):
            network(torch.empty(4, 1, 16, 16))
