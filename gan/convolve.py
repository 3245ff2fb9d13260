"""DCGAN's convolutions, with a kernel of 4 x 4, as matrix products where those are faster than a library's kernels.

On a CPU the kernels that PyTorch calls come close to the speed of a matrix product for most layers, and stay far below
it for three kinds (measured with channels_last on a Xeon with AVX-512, one thread; docs/gan.md has the figures):

* the kernel covers the whole image, or the image is one pixel (first layer of the generator, last of the
  discriminator): a product of two matrices that are there already;
* the weights outgrow a core's cache and the image has shrunk to 4 x 4: a product of *columns* (one row per position of
  the kernel, holding the 16 pixels under it) and weights;
* the generator's last layer paints an image of one channel: a product and the sum of its columns. (Looking at such an
  image is slow too, but only its derivative by the image, and a function of Python's cannot tell autograd to leave the
  derivative by the weights out where nobody asks for it.)

The modules are `nn.Conv2d` and `nn.ConvTranspose2d` to everybody else: weights, names, shapes, results up to rounding,
operations counted, derivatives of any order. Elsewhere, and on other devices, PyTorch's own kernels do the work.
"""

from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

KERNEL, STRIDE, PADDING = 4, 2, 1
TAPS = KERNEL * KERNEL

SMALL_SIDE = 4
LARGE_WEIGHTS = 1 << 20
"""Side of the smaller image up to which, and number of weights (4 MB) from which, columns pay: at 8 x 8 <-> 4 x 4 and
batch 64 a product took 0.5 to 0.7 of the time with 256 x 512 channels, and 0.9 to 1.2 of it with 128 x 256."""

_WEIGHT_ONLY = (False, True, False)


class Convolution(nn.Conv2d):
    """`nn.Conv2d`, by a matrix product where that is faster."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """(N, C, H, W) => (N, D, H / 2, W / 2)."""
        return convolution(self, input, self.weight)


class TransposedConvolution(nn.ConvTranspose2d):
    """`nn.ConvTranspose2d`, by a matrix product where that is faster."""

    def forward(self, input: torch.Tensor, output_size: list[int] | None = None) -> torch.Tensor:
        """(N, D, H, W) => (N, C, 2 H, 2 W)."""
        if input.device.type == "cpu" and output_size is None and self.bias is None:
            n, _, height, width = input.shape
            if (height, width) == (1, 1) and self.padding == self.output_padding == (0, 0):
                pixels = input.flatten(1) @ rows(self.weight)
                return pixels.view(n, *self.kernel_size, self.out_channels).permute(0, 3, 1, 2)
            if _is_halving(self):
                if _is_deep(self, height, width):
                    return _apply(_Images, pixel_rows(input) @ rows(self.weight), _doubled(input, self.weight))
                if self.out_channels == 1:
                    return _apply(_Paint, input, self.weight)
        return super().forward(input, output_size)


def convolution(layer: nn.Conv2d, input: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """What `layer` makes of `input` with this `weight`, its own or one computed from it."""
    n, _, height, width = input.shape
    made = None
    if input.device.type == "cpu":
        if (height, width) == layer.kernel_size and layer.padding == (0, 0):
            made = input.permute(0, 2, 3, 1).reshape(n, -1) @ rows(weight).T
            made = made[:, :, None, None]
        elif _is_halving(layer) and height % STRIDE == 0 == width % STRIDE:
            height, width = height // STRIDE, width // STRIDE
            if _is_deep(layer, height, width):
                made = (_apply(_Columns, input) @ rows(weight).T).view(n, height, width, -1).permute(0, 3, 1, 2)
    if made is None:
        return F.conv2d(input, weight, layer.bias, layer.stride, layer.padding, layer.dilation, layer.groups)
    return made if layer.bias is None else made + layer.bias[:, None, None]


def rows(weight: torch.Tensor) -> torch.Tensor:
    """(D, C, 4, 4) => (D, 16 C), in the order of columns; no copy where the weights are channels_last."""
    return weight.permute(0, 2, 3, 1).reshape(len(weight), -1)


def pixel_rows(images: torch.Tensor) -> torch.Tensor:
    """(N, C, H, W) => (N H W, C); no copy where the images are channels_last."""
    return images.permute(0, 2, 3, 1).reshape(-1, images.shape[1])


def _is_halving(layer: nn.Conv2d | nn.ConvTranspose2d) -> bool:
    shape = (layer.kernel_size, layer.stride, layer.padding, layer.output_padding, layer.dilation, layer.groups)
    return shape == ((KERNEL,) * 2, (STRIDE,) * 2, (PADDING,) * 2, (0, 0), (1, 1), 1)


def _is_deep(layer: nn.Conv2d | nn.ConvTranspose2d, height: int, width: int) -> bool:
    """Of the smaller image's `height` and `width`."""
    return height * width <= SMALL_SIDE**2 and layer.weight.numel() >= LARGE_WEIGHTS


def _doubled(small: torch.Tensor, weight: torch.Tensor) -> tuple[int, int, int, int]:
    """Shape of the larger image."""
    n, _, height, width = small.shape
    return n, weight.shape[1], STRIDE * height, STRIDE * width


def _apply(function: type[torch.autograd.Function], *values: Any) -> torch.Tensor:
    made: torch.Tensor = function.apply(*values)
    return made


class _Columns(torch.autograd.Function):
    """(N, C, H, W) => (N H/2 W/2, 16 C), zeros beyond the edge. Linear: its derivative is its transpose, `_Images`."""

    @staticmethod
    def forward(ctx: Any, images: torch.Tensor) -> torch.Tensor:
        ctx.shape = images.shape
        n, channels, height, width = images.shape
        padded = F.pad(images.permute(0, 2, 3, 1), (0, 0, *(PADDING,) * 4)).contiguous()  # (N, H + 2, W + 2, C)
        image, line, pixel, _ = padded.stride()
        # four pixels of a line lie behind each other: (N, H/2, W/2, 4, 4 C)
        size = (n, height // STRIDE, width // STRIDE, KERNEL, KERNEL * channels)
        seen = padded.as_strided(size, (image, STRIDE * line, STRIDE * pixel, line, 1))
        return seen.reshape(-1, TAPS * channels)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> Any:
        return _Images.apply(gradients[0], ctx.shape)


class _Images(torch.autograd.Function):
    """The transpose of `_Columns`: each pixel is the sum of its places in the columns. `shape` is (N, C, H, W)."""

    @staticmethod
    def forward(ctx: Any, columns: torch.Tensor, shape: tuple[int, int, int, int]) -> torch.Tensor:
        n, channels, height, width = shape
        down, across = height // STRIDE, width // STRIDE
        padded = columns.new_zeros(n, height + STRIDE, width + STRIDE, channels)
        # the kernel is 2 x 2 blocks of 2 x 2: positions two pixels apart do not overlap within a block
        taps = columns.reshape(n, down, across, 2, STRIDE, 2, STRIDE, channels)
        for a in range(2):
            for b in range(2):
                place = padded[:, STRIDE * a : STRIDE * a + height, STRIDE * b : STRIDE * b + width]
                block = taps[:, :, :, a, :, b].permute(0, 1, 3, 2, 4, 5)  # (N, H/2, 2, W/2, 2, C)
                place.view(n, down, STRIDE, across, STRIDE, channels).add_(block)
        images = padded[:, PADDING:-PADDING, PADDING:-PADDING].permute(0, 3, 1, 2)
        return images.contiguous(memory_format=torch.channels_last)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> Any:
        return _Columns.apply(gradients[0]), None


class _Paint(torch.autograd.Function):
    """The transposed convolution to one channel: a product forwards, PyTorch's backwards."""

    @staticmethod
    def forward(ctx: Any, small: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(small, weight)
        return _apply(_Images, pixel_rows(small) @ rows(weight), _doubled(small, weight))

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> Any:
        small, weight = ctx.saved_tensors
        gradient = gradients[0]
        to_small = F.conv2d(gradient, weight, None, STRIDE, PADDING) if ctx.needs_input_grad[0] else None
        to_weight = None
        if ctx.needs_input_grad[1]:
            _, to_weight, _ = torch.ops.aten.convolution_backward(
                small, gradient, weight, None, (STRIDE,) * 2, (PADDING,) * 2, (1, 1), False, (0, 0), 1, _WEIGHT_ONLY
            )
        return to_small, to_weight
