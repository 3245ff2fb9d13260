"""Weights on disk, as safetensors: tensors and a JSON header, nothing that could run code. Written atomically.

`last.safetensors` holds all a run needs to go on as if nothing had happened, whatever its method; `final.safetensors`
the network that pictures are made with.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from gan import method, store
from gan.config import TrainConfig
from gan.errors import UsageError
from gan.files import write_atomically
from gan.loop import Model
from gan.method import Method, Sampler, Shape
from gan.record import FINISHED, RunRecord

LAST, FINAL = store.LAST, store.FINAL
_MOMENTS = ("step", "exp_avg", "exp_avg_sq")  # Adam's state of one parameter

Weights = dict[str, torch.Tensor]

_HEADER = "gan"  # one entry only: safetensors keeps no order among several, and equal runs shall make equal files


def save_last(path: Path, model: Model, meter: dict[str, float]) -> None:
    """Everything training changes, and the meter's totals."""
    tensors = {f"{part}.{name}": value for part, state in _modules(model).items() for name, value in state.items()}
    for part, adam in _optimisers(model).items():
        for index, moments in adam.state_dict()["state"].items():
            tensors |= {f"{part}.{index}.{name}": value for name, value in moments.items()}
    _save(path, tensors, {"step": model.step, "meter": meter})


def load_last(path: Path, model: Model) -> dict[str, float]:
    """Bring `model`, freshly built from the same configuration, to the saved state; returns the meter's totals.

    Raises `UsageError` for a file that is damaged or belongs to other networks.
    """
    tensors, header = _load(path)
    with _explained(path):
        return _restore(model, tensors, header)


def _restore(model: Model, tensors: Weights, header: dict[str, Any]) -> dict[str, float]:
    for part, state in _modules(model).items():
        for name, value in state.items():
            value.copy_(tensors[f"{part}.{name}"])
    for part, adam in _optimisers(model).items():
        moments = {
            index: {name: _like(parameter, tensors[f"{part}.{index}.{name}"]) for name in _MOMENTS}
            for index, parameter in enumerate(adam.param_groups[0]["params"])
            if f"{part}.{index}.step" in tensors
        }
        adam.load_state_dict({"state": moments, "param_groups": adam.state_dict()["param_groups"]})
    model.step = header["step"]
    totals: dict[str, float] = header["meter"]
    return totals


def save_final(path: Path, weights: Weights, cfg: TrainConfig, method: Method) -> None:
    """The network that makes images, and what it takes to build it; equal weights make equal files."""
    shape = {name: value for name, value in asdict(method.shape).items() if name != "asked" or value}
    made = {"preset": cfg.preset, "network": method.sampler, "options": cfg.options, "shape": shape}
    _save(path, weights, made)


def load_generator(folder: Path, record: RunRecord) -> Sampler:
    """What makes the images of the run in `folder`, ready to: the final weights, or an unfinished run's checkpoint.

    A run that goes on after a stop has both; until it ends again, its checkpoint is the newer.

    Raises `UsageError` where there are none yet, or the file is damaged.
    """
    cfg = record.config
    going_on = record.status not in FINISHED or record.status == "interrupted"
    if (folder / FINAL).is_file() and not (going_on and (folder / LAST).is_file()):
        path = folder / FINAL
        tensors, made = _load(path)
        with _explained(path):
            chosen = method.create(made["preset"], Shape(**made["shape"]), cfg.loss, made["options"])
    elif (folder / LAST).is_file() and record.dataset:
        path = folder / LAST
        everything, _ = _load(path)
        chosen = method.of(cfg, Shape.of_run(cfg, record.dataset))
        part = f"{chosen.sampler}." if cfg.ema_half_life_images is None else "averaged."
        tensors = {name.removeprefix(part): value for name, value in everything.items() if name.startswith(part)}
    else:
        raise UsageError(f"Run {record.run_id} has no weights yet: it is {record.status}, before its first checkpoint.")
    with _explained(path):
        network = chosen.build()[chosen.sampler]
        network.load_state_dict(tensors)
    return Sampler(chosen, network.eval().requires_grad_(False))


def _like(parameter: torch.Tensor, saved: torch.Tensor) -> torch.Tensor:
    """`saved` in the memory layout of its parameter: the fused optimiser walks both side by side."""
    return saved if saved.ndim == 0 else torch.empty_like(parameter, requires_grad=False).copy_(saved)


def _modules(model: Model) -> dict[str, Weights]:
    parts = dict(model.networks)
    if model.averaged is not model.networks[model.method.sampler]:
        parts["averaged"] = model.averaged
    return {part: module.state_dict() for part, module in parts.items()}


def _optimisers(model: Model) -> dict[str, torch.optim.Adam]:
    return {f"adam_{side}": adam for side, adam in model.optimisers.items()}


def _save(path: Path, tensors: Weights, header: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    write_atomically(path, save(plain, metadata={_HEADER: json.dumps(header, sort_keys=True)}))


def _load(path: Path) -> tuple[Weights, dict[str, Any]]:
    try:
        with safe_open(path, framework="pt") as file:
            header = json.loads((file.metadata() or {})[_HEADER])
            return {name: file.get_tensor(name) for name in file.keys()}, header  # noqa: SIM118 (not a dict)
    except (OSError, SafetensorError, KeyError, json.JSONDecodeError) as error:
        raise _damaged(path, error) from error


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Within: what a file of readable but unfitting tensors leads to becomes one sentence."""
    try:
        yield
    except (KeyError, TypeError, ValueError, RuntimeError) as error:  # RuntimeError: shapes and names that do not fit
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> UsageError:
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".:")
    what = "train again" if path.name == FINAL.name else "delete it, and gan-bench resume starts the run anew"
    return UsageError(f"{path} is damaged or belongs to another network ({reason}); {what}.")
