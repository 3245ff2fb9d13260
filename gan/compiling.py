"""Whether a run's networks are compiled with torch.compile, and doing so without risk to the run.

DCGAN at 32 x 32 and width 64 trains 1.24 times as fast on two cores after 32 s of compiling; small networks and single
threads may gain nothing. Compiling counts as training: a budget pays for it.
"""

import copy
import os
import shutil
import time
from importlib.util import find_spec
from typing import TextIO, cast

import torch
from torch import nn

from gan import loop
from gan.config import TrainConfig
from gan.cost import Meter, synchronise
from gan.errors import UsageError
from gan.record import Notice

WORTH_S = 180.0
"""Seconds of training left from which `auto` compiles: 32 s at 1.24 times the speed are won back after 165 s."""

_TIMED_STEPS = 3


def settle(
    model: loop.Model,
    batches: loop.Batches,
    cfg: TrainConfig,
    budget: loop.Budget,
    meter: Meter,
    say: TextIO | None = None,
) -> tuple[bool, list[Notice]]:
    """Compile the networks of `model` where `cfg` asks for it, or leaves it open and it pays: was it done, and notices.

    A compiler that fails leaves the model as it was.
    """
    if cfg.compile == "off" or cfg.deterministic:
        return False, []
    reason, plain_s = obstacle(model, batches.device), None
    if cfg.compile == "auto":
        if reason:
            return False, []
        plain_s = seconds_a_step(copy.deepcopy(model), batches, cfg)
        left_s = (budget.seconds or 0.0) - meter.train_s
        if (left_s if budget.steps is None else plain_s * (budget.steps - model.step)) < WORTH_S:
            return False, []
    if say and not reason:
        print("Compiling the networks, which takes about half a minute and counts as training.", file=say)
    with meter:
        reason = reason or compile_networks(model, batches, cfg, plain_s)
    return reason is None, [Notice(code="not_compiled", values={"reason": reason})] if reason else []


def obstacle(model: loop.Model, device: torch.device) -> str | None:
    """Why these networks cannot be compiled for `device`; None where nothing is known to stand in the way."""
    if model.method.double_backward:
        return "the method takes gradients of gradients, which torch.compile does not"
    if device.type == "cuda":
        return None if find_spec("triton") else "triton is not installed"
    if device.type == "cpu":
        compilers = [os.environ.get("CXX", ""), "g++", "clang++", "c++", "cl"]
        return None if any(name and shutil.which(name) for name in compilers) else "no C++ compiler was found"
    return f"compiling is not tried on {device.type}"


def seconds_a_step(model: loop.Model, batches: loop.Batches, cfg: TrainConfig) -> float:
    """The time of the quickest of a few steps, which `model` then has behind it."""
    times = []
    for _ in range(1 + _TIMED_STEPS):  # the first sets things up
        synchronise(batches.device)
        begun = time.perf_counter()
        loop.update(model, batches.of(model.step), cfg)
        synchronise(batches.device)
        times.append(time.perf_counter() - begun)
    return min(times[1:])


def compile_networks(
    model: loop.Model, batches: loop.Batches, cfg: TrainConfig, plain_s: float | None = None
) -> str | None:
    """Let the losses of `model` call compiled networks; the reason where it was not done after all.

    That is where the compiler failed, or a step takes no less than the `plain_s` seconds of one that is not compiled.
    The networks themselves, and so their weights, averages, pictures and checkpoints, stay plain: `torch.compile` wraps
    them. Steps on trial make the compiler do its work now, forwards and backwards, and are then taken back.
    """
    before = copy.deepcopy(model)
    model.compiled = {
        name: cast(nn.Module, torch.compile(network, dynamic=False)) for name, network in model.networks.items()
    }
    reason = None
    try:
        took_s = seconds_a_step(model, batches, cfg)
        if plain_s is not None and took_s >= plain_s:
            reason = f"compiled, a step took {took_s / plain_s:.2f} times as long"
    except UsageError:
        raise
    except Exception as error:  # whatever a compiler, its cache or its processes come upon
        reason = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)[:300]
    if reason:
        model.compiled = None
    _take_back(model, before)
    return reason


def _take_back(model: loop.Model, before: loop.Model) -> None:
    for name, network in model.networks.items():
        network.load_state_dict(before.networks[name].state_dict())
        network.requires_grad_(True)  # a step that broke off may have left some frozen
    model.averaged.load_state_dict(before.averaged.state_dict())
    for side, adam in model.optimisers.items():
        adam.zero_grad(set_to_none=True)
        adam.load_state_dict(before.optimisers[side].state_dict())
