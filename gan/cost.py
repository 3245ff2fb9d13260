"""What a run used: time, floating-point operations, memory, energy, and what those emit and cost under a tariff.

Everything here covers optimisation only (`train_s`): evaluation, sampling and checkpoints are outside the meter.
"""

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from gan.config import HourlyPrice, Tariff
from gan.energy import Energy, EnergyMeter
from gan.files import write_atomically
from gan.paths import home
from gan.record import Cost, Money, Notice, Rent

FOREIGN_LOAD_NOTICE = 0.15
"""Share of a run's processors taken by others above which the run says its speed was disturbed.

Two cores share one memory bus: a sixth of them gone costs more than a sixth of the speed.
"""


class Meter:
    """Adds up stretches of optimisation (``with meter: …``): clocks, processor times, energy counters."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._process = psutil.Process()
        self._processors = processors()
        self._energy = EnergyMeter(device.type, gpu_uuid(device))
        self._born = time.perf_counter()
        self._earlier_wall_s = 0.0
        self._running_since: float | None = None
        self._cpu_before = (0.0, 0.0)
        self.own_cpu_s = 0.0
        self.all_cpu_s = 0.0
        self._train_s = 0.0
        self.peak_memory_bytes: int | None = None
        """Most memory held in a stretch so far; None before the first has ended."""

    def _cpu_seconds(self) -> tuple[float, float]:
        """Processor-seconds of this process, and used by anyone on the processors it may run on."""
        own = self._process.cpu_times()
        own_s = own.user + own.system + own.children_user + own.children_system  # a compiler is a process of its own
        each = psutil.cpu_times(percpu=True)
        return own_s, sum(_used_s(each[number]) for number in self._processors)

    def __enter__(self) -> "Meter":
        synchronise(self._device)
        reset_peak_memory(self._device)
        self._energy.start()
        self._cpu_before = self._cpu_seconds()
        self._running_since = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        synchronise(self._device)
        assert self._running_since is not None
        elapsed_s = time.perf_counter() - self._running_since
        own, machine = self._cpu_seconds()
        self._running_since = None
        self._train_s += elapsed_s
        self.own_cpu_s += own - self._cpu_before[0]
        self.all_cpu_s += machine - self._cpu_before[1]
        self._energy.stop(elapsed_s)
        self.peak_memory_bytes = max(self.peak_memory_bytes or 0, peak_memory_bytes(self._device))

    @property
    def train_s(self) -> float:
        """Seconds of optimisation so far, the stretch under way included."""
        under_way = 0.0 if self._running_since is None else time.perf_counter() - self._running_since
        return self._train_s + under_way

    @property
    def wall_s(self) -> float:
        """Seconds since this meter was made, and those of the attempts it continues."""
        return self._earlier_wall_s + time.perf_counter() - self._born

    def state(self) -> dict[str, float]:
        """The totals so far, for a checkpoint. Memory is not among them: an attempt's peak is its own."""
        cpu_joules, gpu_joules = self._energy.joules
        return {
            "wall_s": self.wall_s,
            "train_s": self.train_s,
            "own_cpu_s": self.own_cpu_s,
            "all_cpu_s": self.all_cpu_s,
            "cpu_joules": cpu_joules,
            "gpu_joules": gpu_joules,
        }

    def restore(self, state: dict[str, float]) -> None:
        """Continue from the totals of an earlier attempt (`state`)."""
        self._earlier_wall_s = state["wall_s"]
        self._train_s = state["train_s"]
        self.own_cpu_s, self.all_cpu_s = state["own_cpu_s"], state["all_cpu_s"]
        self._energy.joules = (state["cpu_joules"], state["gpu_joules"])
        self._energy.elapsed_s = state["train_s"]

    @property
    def foreign_cpu_share(self) -> float | None:
        """Share (0..1) of the processors this process may run on that others used while it trained."""
        if self._train_s == 0:
            return None
        return min(1.0, max(0.0, (self.all_cpu_s - self.own_cpu_s) / (self._train_s * len(self._processors))))

    def cost(
        self,
        *,
        images: int,
        flops: float | None,
        peak_flops_per_s: float | None,
        tariff: Tariff | None,
        device_name: str | None = None,
        hourly: HourlyPrice | None = None,
    ) -> tuple[Cost, list[Notice]]:
        """The cost of the stretches so far, in which `images` were seen and `flops` done, and what to warn about.

        `hourly` is the price of the device called `device_name`, where one is known.
        """
        train_s = self.train_s
        energy = self._energy.energy(self.own_cpu_s)
        kwh, low_kwh, high_kwh = (energy.kwh, energy.low_kwh, energy.high_kwh) if energy else (None, None, None)
        notices = []
        foreign = self.foreign_cpu_share
        if foreign is not None and foreign > FOREIGN_LOAD_NOTICE:
            notices.append(Notice(code="foreign_load", values={"percent": round(100 * foreign)}))
        if energy and not energy.measured:
            notices.append(
                Notice(code="energy_estimated", values={"method": energy.method.removeprefix("estimated: ")})
            )
        if tariff and tariff.price_per_kwh is None:
            notices.append(Notice(code="no_price", values={"country": tariff.country}))
        share = flops / train_s / peak_flops_per_s if flops and peak_flops_per_s and train_s > 0 else None
        cost = Cost(
            wall_s=self.wall_s,
            train_s=train_s,
            images_per_s=images / train_s if train_s > 0 else None,
            flops_total=flops,
            peak_flops_share=share,
            peak_flops_per_s=peak_flops_per_s,
            peak_memory_bytes=self.peak_memory_bytes,
            energy_kwh=kwh,
            energy_kwh_low=low_kwh,
            energy_kwh_high=high_kwh,
            energy_method=energy.method if energy else self._energy.missing,
            energy_includes_idle=energy.includes_idle if energy else None,
            co2_g=emissions_g(kwh, tariff),
            co2_g_low=emissions_g(low_kwh, tariff),
            co2_g_high=emissions_g(high_kwh, tariff),
            money=money(energy, tariff),
            rent=rent(train_s, device_name, hourly),
            foreign_cpu_share=foreign,
        )
        return cost, notices


def gpu_uuid(device: torch.device) -> str | None:
    """The board's own name. Its number would not do: CUDA counts boards the process may see, a meter all of them."""
    return f"GPU-{torch.cuda.get_device_properties(device).uuid}" if device.type == "cuda" else None


def synchronise(device: torch.device) -> None:
    """Wait until `device` has done what was asked of it, so that a clock read next tells the truth."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def emissions_g(kwh: float | None, tariff: Tariff | None) -> float | None:
    """Grams of CO2-equivalent of `kwh` from the tariff's grid; None where either is unknown."""
    return None if kwh is None or tariff is None or tariff.grid_g_per_kwh is None else kwh * tariff.grid_g_per_kwh


def money(energy: Energy | None, tariff: Tariff | None) -> Money | None:
    """The electricity at the tariff's price. Hardware and labour are not in it, and the basis says so."""
    if energy is None or tariff is None or tariff.price_per_kwh is None:
        return None
    place = tariff.price_geo or tariff.country
    price = f"{tariff.price_per_kwh:g} {tariff.currency}/kWh"
    basis = f"electricity only, {price} ({place}, {tariff.price_period}, {tariff.price_source})"
    amount, low, high = (kwh * tariff.price_per_kwh for kwh in (energy.kwh, energy.low_kwh, energy.high_kwh))
    return Money(amount=amount, currency=tariff.currency, basis=basis, amount_low=low, amount_high=high)


def rent(train_s: float, device_name: str | None, hourly: HourlyPrice | None) -> Rent | None:
    """What `train_s` seconds of the device would cost at its hourly price; without an amount, and saying why, where no
    price is known. None for a device without a name.

    Rent stands for the hardware. What a device one owns loses in value depends on how long and how busily it is used:
    nothing a run could know.
    """
    if hourly is None:
        unknown = f"no rental price of {device_name} is known"
        return None if device_name is None else Rent(amount=None, currency=None, basis=unknown)
    hours = train_s / 3600
    basis = (
        f"rent of one {hourly.device} for the training time, {hourly.per_hour:g} {hourly.currency}/h, median of "
        f"{hourly.vendors} vendors' on-demand prices ({hourly.first} to {hourly.last}, {hourly.source}); "
        "electricity included"
    )
    return Rent(
        amount=hours * hourly.per_hour,
        amount_low=hours * hourly.low,
        amount_high=hours * hourly.high,
        currency=hourly.currency,
        basis=basis,
        price=hourly,
    )


def processors() -> list[int]:
    """Numbers of the processors that this process may run on: all, unless it was bound to some (taskset, container)."""
    count = psutil.cpu_count() or 1
    if not hasattr(psutil.Process, "cpu_affinity"):  # macOS
        return list(range(count))
    return [number for number in psutil.Process().cpu_affinity() if number < count]


def _used_s(times: Any) -> float:
    """Seconds a processor was not idle; time stolen by a hypervisor counts as used."""
    guest = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)  # Linux counts these in user too
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - guest)


def reset_peak_memory(device: torch.device) -> None:
    """Begin the peak of `peak_memory_bytes` anew: on CUDA, and on Linux for the memory of the process.

    Elsewhere the peak stays that of the process so far, the measurement of earlier images included.
    """
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    else:
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")  # proc(5): resets the peak resident set to the current one


def peak_memory_bytes(device: torch.device) -> int:
    """Most memory held since `reset_peak_memory`: allocated on CUDA, by the whole process (libraries and data included)
    on a CPU. MPS keeps no peak: what its driver holds now.
    """
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    if device.type == "mps":
        return int(torch.mps.driver_allocated_memory())
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    status = Path("/proc/self/status")
    if status.exists():  # getrusage hands a process's peak down to the programs it starts; this one is its own
        high_water = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(high_water.split()[1]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak if sys.platform == "darwin" else peak * 1024)  # Linux counts in kibibytes, macOS in bytes


def count_flops(step: Callable[[], object]) -> int:
    """Floating-point operations of one call of `step`: products and convolutions, a multiply-add as two.

    Counted by torch's own dispatcher and formulas, forward, backward and backward through backward, so what autograd
    really runs is what is counted. Additions, normalisations and activations are left out.
    """
    counter = FlopCounter()
    with counter:
        step()
    return counter.total


class FlopCounter(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Within, `total` grows by the operations of every call.

    torch's `FlopCounterMode` also follows modules, by hooks that refuse `torch.autograd.grad`; penalties need it.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.total = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Carry out one call, and count it."""
        kwargs = kwargs or {}
        out = func(*args, **kwargs)
        if formula := flop_registry.get(func.overloadpacket):
            self.total += int(formula(*args, **kwargs, out_val=out))
        return out


PEAK_SIZE: dict[str, int] = {"cpu": 1024}
"""Side of the probe's matrices by device type: a small product leaves a GPU idle, a large one takes a CPU long."""


@dataclass(frozen=True)
class Peak:
    """Matrix-product speed of a device, as measured by `measure_peak`."""

    flops_per_s: float
    size: int
    repeats: int


def measure_peak(
    device: torch.device, *, dtype: torch.dtype = torch.float32, size: int | None = None, seconds: float = 0.7
) -> Peak:
    """Best rate of products of two matrices in `dtype` (2·size³ operations each) over repeats during `seconds`.

    `size` is by default large enough to keep the device busy: 1024 on a CPU, 4096 elsewhere (200 MB in all).
    """
    size = size or PEAK_SIZE.get(device.type, 4096)
    a = torch.randn(size, size, device=device, dtype=dtype)
    b = torch.randn(size, size, device=device, dtype=dtype)
    a @ b
    synchronise(device)
    best, repeats, begun = float("inf"), 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        t0 = time.perf_counter()
        a @ b
        synchronise(device)
        best = min(best, time.perf_counter() - t0)
        repeats += 1
    return Peak(2 * size**3 / best, size, repeats)


def peak_flops_per_s(device: torch.device, device_name: str, dtype: torch.dtype = torch.float32) -> float:
    """The matmul peak in the type that training multiplies in, probed once (about a second) and remembered.

    A float32 probe runs as float32 products do in this process: as TF32 where CUDA is set to it.
    """
    kind = f"{dtype}/{torch.get_float32_matmul_precision()}" if device.type == "cuda" else str(dtype)
    key = f"{device.type}|{device_name}|{torch.__version__}|{torch.get_num_threads()}|{kind}"
    cache = home() / "peaks.json"
    known: dict[str, float] = {}
    if cache.exists():
        try:
            known = json.loads(cache.read_text())
        except json.JSONDecodeError:
            known = {}  # half-written by an older crash: probe again
    if key not in known:
        known[key] = measure_peak(device, dtype=dtype).flops_per_s
        with suppress(OSError):  # not remembered, it costs the next run a second
            cache.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(cache, json.dumps(known, indent=1))
    return known[key]
