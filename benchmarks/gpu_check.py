"""The whole check of training and measuring on a GPU, for the day one is there; prints a table.

    python benchmarks/gpu_check.py                              # CUDA, about 10 minutes
    python benchmarks/gpu_check.py --device cpu --seconds 1     # the check itself, checked without a GPU

Checks, a row each: losses and gradients of every preset on the device against float64 on the CPU, a run of every preset
with what its record must say, quality measured on the device against the CPU, energy, the probed peak, compiling, and a
run that is stopped and goes on. Exits 1 where a check failed, 2 where the device is not there. Nothing it measures is
compared with anything: speeds are printed to be read.
"""

import argparse
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gan.threads import quiet_threads

quiet_threads()

import torch  # noqa: E402

from gan import compiling, config, cost, datasets, device, evaluate, loop, record, worker  # noqa: E402
from gan.errors import UsageError  # noqa: E402
from gan.store import Store  # noqa: E402

GRADIENT_TOLERANCE = 0.02
"""Most relative distance of a side's gradients from float64 on the CPU. In float32 a CPU stands within 1e-5; TF32 keeps
10 bits of a factor (5e-4 each), and the tolerance leaves room for a dozen layers of it."""

QUALITY_TOLERANCE = 1e-3
"""Most relative difference of FID and KID between device and CPU: features are computed in full float32 on both."""

WEIGHTS_TOLERANCE = 1e-3
"""Most relative distance of resumed weights from undisturbed ones in deterministic mode on the device."""


@dataclass(frozen=True)
class Row:
    """What a check found."""

    check: str
    passed: bool | None
    """None where there was nothing to judge."""
    found: str


class Checks:
    """The checks, in order; each yields its rows."""

    def __init__(self, chosen: torch.device, seconds: float) -> None:
        self.device, self.seconds, self.store = chosen, seconds, Store()

    def gradients(self) -> Iterator[Row]:
        """One step of every preset, forwards and backwards, against the same step in float64 on the CPU."""
        torch.set_float32_matmul_precision("highest")
        for preset in config.PRESETS:
            for conditional in (False, True) if config.PRESETS[preset].conditional else (False,):
                cfg = config.resolve(preset, steps=1, deterministic=True, conditional=conditional, batch_size=8)
                here = self._gradients(cfg, self.device, torch.float32)
                there = self._gradients(cfg, torch.device("cpu"), torch.float64)
                worst = max(_distance(here[side], there[side]) for side in there)
                name = f"gradients {preset}{' conditional' if conditional else ''}"
                yield Row(name, worst < GRADIENT_TOLERANCE, f"relative distance {worst:.1e}")

    def _gradients(self, cfg: config.TrainConfig, at: torch.device, exact: torch.dtype) -> dict[str, torch.Tensor]:
        """Every side's gradients in its first turn. All sides keep their weights, so that only gradients differ."""
        data = datasets.load(cfg.dataset, cfg.resolution)
        model = loop.build(cfg, data.channels, at, len(data.classes))
        for network in model.networks.values():
            network.to(exact)
        batch = _Drawn(loop.Batches(data.train, data.train_labels if cfg.conditional else None, cfg), at, exact)
        found: dict[str, torch.Tensor] = {}
        for side, loss in model.method.losses(model.networks, batch):
            if side not in found:
                parameters = model.optimisers[side].param_groups[0]["params"]
                gradients = torch.autograd.grad(loss, parameters, retain_graph=True, allow_unused=True)
                found[side] = torch.cat([g.flatten().double().cpu() for g in gradients if g is not None])
        return found

    def runs(self) -> Iterator[Row]:
        """A short run of every preset, and what its record must say."""
        for preset in config.PRESETS:
            made = self._run(preset, budget_s=self.seconds)
            faults = list(self._faults(made))
            speed = made.cost.images_per_s or 0.0
            share = made.cost.peak_flops_share
            told = f"{speed:,.0f} images/s, {'-' if share is None else f'{share:.0%}'} of the peak"
            yield Row(f"run {preset}", not faults, "; ".join(faults) or told)

    def _run(self, preset: str, **settings: object) -> record.RunRecord:
        cfg = config.resolve(preset, device=self.device.type, **{"compile": "off", **settings})
        return worker.carry_out(self.store, self.store.create(cfg))[0]

    def _faults(self, made: record.RunRecord) -> Iterator[str]:
        if made.status != "completed":
            yield f"it is {made.status}: {' '.join(made.warnings)}"
            return
        if made.device is None or made.device.type != self.device.type:
            yield "the record names another device"
        quality = [metric.value for metric in made.quality.values()]
        if not quality or not all(value is not None and math.isfinite(value) for value in quality):
            yield "a figure of quality is missing"
        spent = made.cost
        for name in ("train_s", "images_per_s", "flops_total", "peak_flops_share", "peak_memory_bytes"):
            if not getattr(spent, name):
                yield f"{name} is missing"
        if spent.peak_flops_share and spent.peak_flops_share > 1:
            yield f"{spent.peak_flops_share:.0%} of the peak cannot be"
        if not made.curve or made.curve[-1].step != made.steps_done:
            yield "the curve does not reach the end"
        if any(notice.code in ("diverged", "error") for notice in made.notices):
            yield " ".join(made.warnings)

    def quality(self) -> Iterator[Row]:
        """The same images measured on the device and on the CPU."""
        cfg = config.resolve(steps=1)
        data = datasets.load(cfg.dataset, cfg.resolution)
        images = data.train[: len(data.held_out)]  # real ones, so that no figure is 0 or 1
        on = {
            at: evaluate.evaluate(lambda n: images[:n], data, device=at, seed=0).quality
            for at in (str(self.device), "cpu")
        }
        for name in ("fid", "kid", "precision", "coverage"):
            here, there = (on[at][name].value for at in (str(self.device), "cpu"))
            assert here is not None
            assert there is not None
            off = abs(here - there) / max(abs(there), 1e-9)
            # one image at the edge of a ball may fall on either side
            most = QUALITY_TOLERANCE if name in ("fid", "kid") else 2 / len(images) / max(abs(there), 1e-9)
            yield Row(f"metric {name}", off <= most or here == there, f"{here:.6g}, on the CPU {there:.6g}")

    def energy(self) -> Iterator[Row]:
        """Is the energy of a run on a board read from its meter?"""
        method = self._run("dcgan", budget_s=self.seconds).cost.energy_method or "not known"
        wanted = self.device.type == "cuda"
        yield Row("energy measured", method.startswith("measured") if wanted else None, method)

    def peak(self) -> Iterator[Row]:
        """The probe in the types that training multiplies in."""
        chosen = {torch.float32, device.autocast_dtype(self.device, deterministic=False) or torch.float32}
        for dtype in sorted(chosen, key=str):
            device.prepare(self.device, deterministic=False)
            probed = cost.measure_peak(self.device, dtype=dtype)
            name = f"peak {str(dtype).removeprefix('torch.')}"
            yield Row(
                name, probed.flops_per_s > 0, f"{probed.flops_per_s / 1e12:.2f} TFLOP/s, {probed.repeats} repeats"
            )

    def compiled(self) -> Iterator[Row]:
        """Does each method that may be compiled train compiled, and how fast?"""
        device.prepare(self.device, deterministic=False)
        for preset in ("dcgan-document", "sngan", "vae", "flow-matching"):
            cfg = config.resolve(preset, "digits", steps=1)
            data = datasets.load(cfg.dataset, cfg.resolution)
            model = loop.build(cfg, data.channels, self.device)
            batches = loop.Batches(data.train.to(self.device), None, cfg)
            plain_s = compiling.seconds_a_step(model, batches, cfg)
            reason = compiling.obstacle(model, self.device)
            begun = time.perf_counter()
            reason = reason or compiling.compile_networks(model, batches, cfg)
            took_s = time.perf_counter() - begun
            if reason:
                yield Row(f"compile {preset}", False, reason)
                continue
            ratio = plain_s / compiling.seconds_a_step(model, batches, cfg)
            yield Row(f"compile {preset}", True, f"{ratio:.2f} times the speed after {took_s:.0f} s")

    def resume(self) -> Iterator[Row]:
        """A run that is stopped on its way and goes on ends where an undisturbed one does."""
        from gan.run import run

        cfg = config.resolve(steps=40, device=self.device.type, deterministic=True)
        ids = [self.store.create(cfg) for _ in range(2)]
        whole = run(self.store, ids[0], _After(10**9))
        first = run(self.store, ids[1], _After(20))
        second = run(self.store, ids[1], _After(10**9))
        ends = [_weights(self.store, one) for one in (whole, second)]
        off = _distance(*ends)
        passed = first.status == "interrupted" and second.status == "completed" and off < WEIGHTS_TOLERANCE
        same = "the same bits" if torch.equal(*ends) else f"relative distance {off:.1e}"
        yield Row("resume", passed, f"stopped after {first.steps_done} of 40 steps; {same}")


@dataclass
class _After:
    """Asks for an end after so many questions."""

    questions: int

    def reason(self) -> record.RunStatus | None:
        self.questions -= 1
        return "interrupted" if self.questions < 0 else None


class _Drawn:
    """A batch whose random numbers are drawn on the CPU, so that they are the same on every device."""

    def __init__(self, batches: loop.Batches, at: torch.device, dtype: torch.dtype) -> None:
        self._batch, self._at, self._dtype = batches.of(0), at, dtype
        self.size, self.critic_steps = self._batch.size, self._batch.critic_steps

    def images(self) -> tuple[torch.Tensor, torch.Tensor | None]:
        images, labels = self._batch.images()
        return images.to(self._at, self._dtype), None if labels is None else labels.to(self._at)

    def normal(self, *shape: int) -> torch.Tensor:
        return self._batch.normal(*shape).to(self._at, self._dtype)

    def uniform(self, *shape: int) -> torch.Tensor:
        return self._batch.uniform(*shape).to(self._at, self._dtype)


def _weights(store: Store, made: record.RunRecord) -> torch.Tensor:
    from gan import checkpoint

    network = checkpoint.load_generator(store.path(made.run_id), made).network
    return torch.cat([value.flatten().double() for value in network.state_dict().values()])


def _distance(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a - b).norm() / b.norm().clamp_min(1e-30))


def rows_of(name: str, check: Callable[[], Iterator[Row]]) -> Iterator[Row]:
    """The rows of a check; what it stumbles over is a row that failed, and the rest go on."""
    try:
        yield from check()
    except Exception as error:  # on an untried device anything may happen, and the table shall say what
        said = (str(error).strip().splitlines() or [""])[0][:160]
        yield Row(name, False, f"{type(error).__name__}: {said}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--device", choices=("cuda", "mps", "cpu"), default="cuda")
    parser.add_argument("--seconds", type=float, default=20.0, help="of training for each preset")
    names = [name for name in vars(Checks) if not name.startswith("_")]
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    asked = parser.parse_args()
    try:
        chosen = device.choose(asked.device)
    except UsageError as error:
        print(f"There is nothing to check here. {error}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AIGC_REPORT_HOME"] = folder
        device.prepare(chosen, deterministic=False)
        told = device.info(chosen, deterministic=False)
        print(f"{told.type}: {told.name}, {told.precision}, torch {torch.__version__}, {asked.seconds:g} s a run\n")
        checks, failed = Checks(chosen, asked.seconds), 0
        for name in asked.only:
            for row in rows_of(name, getattr(checks, name)):
                verdict = {True: "ok", False: "FAILED", None: "-"}[row.passed]
                print(f"{row.check:<38}{verdict:<8}{row.found}", flush=True)
                failed += row.passed is False
    print(f"\n{failed} failed" if failed else "\nAll passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
