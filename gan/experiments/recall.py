"""A task of delayed recall, and the recurrent networks that are asked for it.

One of four symbols is shown, then `delay` random ones that do not matter, then a signal at which the first has to be
named (after Hochreiter & Schmidhuber 1997 and Bengio, Simard & Frasconi 1994).
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

from gan.experiments import contenders
from gan.loop import seed_of
from gan.networks import parameters

SYMBOLS = 4
CHANNELS = SYMBOLS + 2
"""A channel for each symbol, one for "remember this", one for "now name it"."""
HIDDEN = 32
"""Units of the LSTM; the plain network gets as many as make the same number of parameters."""
RATE = 3e-3
BATCH = 64
TEST = 1_000

Tensor = torch.Tensor


class Recaller(nn.Module):
    """A recurrent layer and what names the symbol from its last state. `cell` is "plain" (tanh) or "gated" (LSTM)."""

    def __init__(self, cell: str, hidden: int, delay: int) -> None:
        super().__init__()
        self.layer: nn.RNN | nn.LSTM
        if cell == "gated":
            self.layer = nn.LSTM(CHANNELS, hidden)
            pace_gates(self.layer, delay)
        else:
            self.layer = nn.RNN(CHANNELS, hidden)
            weights: Tensor = self.layer.get_parameter("weight_hh_l0")
            nn.init.orthogonal_(weights)
        self.name = nn.Linear(hidden, SYMBOLS)

    def forward(self, sequences: Tensor) -> Tensor:
        """Logits (N, SYMBOLS) for `sequences` (steps, N, CHANNELS)."""
        states, _ = self.layer(sequences)
        logits: Tensor = self.name(states[-1])
        return logits

    @classmethod
    def of_equal_size(cls, cell: str, delay: int) -> "Recaller":
        """One with about the parameters of an LSTM of `HIDDEN` units."""
        if cell == "gated":
            return cls(cell, HIDDEN, delay)
        wanted = parameters(cls("gated", HIDDEN, delay))
        # h² + (CHANNELS + 2 + SYMBOLS) h + SYMBOLS = wanted
        b = CHANNELS + 2 + SYMBOLS
        return cls(cell, round((-b + math.sqrt(b * b + 4 * (wanted - SYMBOLS))) / 2), delay)


@torch.no_grad()
def pace_gates(layer: nn.LSTM, delay: int) -> None:
    """Gates that forget over up to `delay` steps: forget bias log u, input bias -log u, u uniform in 1..delay.

    Tallec & Ollivier 2018, equation 16. torch keeps the gates in the order input, forget, cell, output.
    """
    hidden = layer.hidden_size
    bias = torch.log(1 + torch.rand(hidden) * max(delay - 1, 1))
    layer.get_parameter("bias_hh_l0").zero_()
    entering = layer.get_parameter("bias_ih_l0").zero_()
    entering[:hidden] = -bias
    entering[hidden : 2 * hidden] = bias


def recalls(n: int, delay: int, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """`n` sequences (delay + 2, n, CHANNELS) and the symbol (n,) to be named at the end of each."""
    symbols = torch.randint(SYMBOLS, (delay + 1, n), generator=random)
    sequences = torch.zeros(delay + 2, n, CHANNELS)
    sequences[:-1, :, :SYMBOLS] = F.one_hot(symbols, SYMBOLS).float()
    sequences[0, :, SYMBOLS] = 1.0
    sequences[-1, :, SYMBOLS + 1] = 1.0
    return sequences, symbols[0]


def accuracy(cell: str, delay: int, steps: int, seed: int) -> float:
    """Share of fresh sequences that a network trained for `steps` batches of fresh sequences recalls."""
    network = contenders.fresh(lambda: Recaller.of_equal_size(cell, delay), seed_of(seed, "recall", cell))
    random = torch.Generator().manual_seed(seed_of(seed, "recall", delay))
    adam = torch.optim.Adam(network.parameters(), RATE)
    for _ in range(steps):
        sequences, wanted = recalls(BATCH, delay, random)
        loss = F.cross_entropy(network(sequences), wanted)
        adam.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        adam.step()
    with torch.inference_mode():
        sequences, wanted = recalls(TEST, delay, torch.Generator().manual_seed(seed_of(seed, "recalled")))
        return float((network(sequences).argmax(dim=1) == wanted).double().mean())
