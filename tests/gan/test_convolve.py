"""Convolutions as matrix products: PyTorch's results, derivatives and operations counted, wherever one is taken."""

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from gan import convolve
from gan.convolve import Convolution, TransposedConvolution

pytestmark = pytest.mark.torch

DOWN = {
    "to 4 x 4": ((6, 10, 4, 2, 1), (3, 6, 8, 8)),
    "to 2 x 4, with a bias": ((3, 5, 4, 2, 1), (2, 3, 4, 8)),
    "of the whole image": ((6, 1, 4, 1, 0), (3, 6, 4, 4)),
}
UP = {
    "from 4 x 4": ((10, 6, 4, 2, 1), (3, 10, 4, 4)),
    "to one channel": ((5, 1, 4, 2, 1), (3, 5, 6, 10)),
    "from one pixel": ((7, 6, 4, 1, 0), (3, 7, 1, 1)),
}
PLAIN = {
    "many positions": (Convolution, (6, 10, 4, 2, 1), (2, 6, 16, 16)),
    "another kernel": (Convolution, (1, 3, 3, 1, 1), (2, 1, 4, 4)),
    "an odd side": (Convolution, (6, 10, 4, 2, 1), (2, 6, 7, 7)),
    "upwards": (TransposedConvolution, (6, 10, 4, 2, 1), (2, 6, 8, 8)),
    "upwards with a bias": (TransposedConvolution, (10, 6, 4, 2, 1, 0, 1, True), (2, 10, 4, 4)),
}


@pytest.fixture(autouse=True)
def few_weights_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convolve, "LARGE_WEIGHTS", 1)


def layers(case: str) -> tuple[nn.Module, nn.Module, torch.Tensor]:
    """Ours, PyTorch's with the same weights, and an input."""
    torch.manual_seed(0)
    if case in DOWN:
        arguments, shape = DOWN[case]
        bias = "bias" in case
        ours: nn.Module = Convolution(*arguments, bias=bias)
        theirs: nn.Module = nn.Conv2d(*arguments, bias=bias)
    else:
        arguments, shape = UP[case]
        ours, theirs = TransposedConvolution(*arguments, bias=False), nn.ConvTranspose2d(*arguments, bias=False)
    theirs.load_state_dict(ours.state_dict())
    return ours.double(), theirs.double(), torch.randn(shape, dtype=torch.float64)


@pytest.mark.parametrize("form", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("case", [*DOWN, *UP])
def test_a_product_gives_what_the_convolution_gives_and_its_derivatives(case: str, form: torch.memory_format) -> None:
    ours, theirs, x = layers(case)
    ours.to(memory_format=form)
    found, expected = [], []
    for layer, results in ((ours, found), (theirs, expected)):
        image = x.clone(memory_format=form).requires_grad_()
        made = layer(image)
        wanted = [image, *layer.parameters()]
        # a penalty on the gradient asks for derivatives of derivatives
        first = torch.autograd.grad((made**2).sum(), wanted, create_graph=True)
        second = torch.autograd.grad(sum((g**2).sum() for g in first), wanted)
        results += [made, *first, *second]
    assert len(found) == len(expected)
    for a, b in zip(found, expected, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-10, atol=1e-10)
    assert form is torch.contiguous_format or found[0].is_contiguous(memory_format=form)


@pytest.mark.parametrize("case", [*DOWN, *UP])
def test_as_many_operations_are_counted(case: str) -> None:
    ours, theirs, x = layers(case)
    counted = []
    for layer in (ours, theirs):
        with FlopCounterMode(display=False) as counter:
            layer(x.clone().requires_grad_()).sum().backward()
        counted.append(counter.get_total_flops())
    assert counted[0] == counted[1] > 0


@pytest.mark.parametrize("case", PLAIN)
def test_others_are_left_to_pytorch(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind, arguments, shape = PLAIN[case]
    for product in ("_Columns", "_Images", "_Paint"):
        monkeypatch.setattr(convolve, product, None)
    torch.manual_seed(0)
    layer, x = kind(*arguments), torch.randn(shape)
    parent = nn.Conv2d if kind is Convolution else nn.ConvTranspose2d
    torch.testing.assert_close(layer(x), parent.forward(layer, x))


def test_a_deep_layer_of_few_weights_is_left_to_pytorch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert not convolve._is_deep(Convolution(128, 256, 4, 2, 1), 4, 4)
    assert convolve._is_deep(Convolution(256, 512, 4, 2, 1), 4, 4)
    assert not convolve._is_deep(Convolution(256, 512, 4, 2, 1), 8, 8)


@pytest.mark.parametrize("case", DOWN)
def test_only_what_is_asked_for_is_derived(case: str) -> None:
    """In the generator's step nobody wants the derivative by the discriminator's weights."""
    ours, _, x = layers(case)
    image = x.requires_grad_()
    with FlopCounterMode(display=False) as forward:
        made = ours(image)
    with FlopCounterMode(display=False) as backward:
        torch.autograd.backward(made.sum(), inputs=[image])
    assert backward.get_total_flops() == forward.get_total_flops()
