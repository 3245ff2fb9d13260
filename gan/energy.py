"""Electricity used by this machine over a stretch of time: read from a meter where there is one, else estimated.

A meter is a cumulative counter in joules. RAPL (Intel, and AMD through the same kernel interface) counts whole
processor packages, NVML counts whole GPU boards: both include idle power and whatever else ran there. Without a meter
the processors are estimated from published power per virtual CPU. Apple's counters need administrator rights and are
not read. The GPU meter has not been exercised on a GPU yet.
"""

from dataclasses import dataclass, field
from pathlib import Path

import psutil

POWERCAP = Path("/sys/class/powercap")

WATTS_PER_VCPU: dict[str, tuple[float, float]] = {"aws": (0.74, 3.50), "gcp": (0.71, 4.26), "azure": (0.78, 3.76)}
"""Watts of one virtual CPU of a cloud server, idle and fully used, memory included, by provider.

Source: Cloud Carbon Footprint, Methodology, "Compute" (from SPECpower_ssj2008 results),
https://www.cloudcarbonfootprint.org/docs/methodology
"""
ESTIMATE_SOURCE = "Cloud Carbon Footprint, watts per vCPU"


@dataclass(frozen=True)
class Energy:
    """Kilowatt-hours with the range its method can vouch for, and how they were obtained."""

    kwh: float
    low_kwh: float
    high_kwh: float
    method: str
    measured: bool
    includes_idle: bool = True
    """Every method here counts what the device draws without work; none can tell it apart from the work's share."""


class Rapl:
    """Energy of the processor packages through Linux' powercap interface, in joules since construction."""

    def __init__(self, root: Path = POWERCAP) -> None:
        packages = [p for p in sorted(root.glob("*-rapl:*")) if p.name.count(":") == 1]
        self._counters = [(p / "energy_uj", int((p / "max_energy_range_uj").read_text())) for p in packages]
        if not self._counters:
            raise OSError(f"no RAPL package under {root}")
        self._last = [
            int(path.read_text()) for path, _ in self._counters
        ]  # raises PermissionError where only root may read
        self._joules = 0.0

    def read_joules(self) -> float:
        """Joules so far. Call it at least every few minutes: the hardware counter wraps, and one wrap is corrected."""
        for i, (path, span) in enumerate(self._counters):
            now = int(path.read_text())
            self._joules += ((now - self._last[i]) % (span + 1)) / 1e6
            self._last[i] = now
        return self._joules


class Nvml:
    """Energy of the NVIDIA board `uuid` ("GPU-…") in joules since construction (Volta or newer)."""

    def __init__(self, uuid: str) -> None:
        import pynvml

        pynvml.nvmlInit()
        self._nvml = pynvml
        self._handle = pynvml.nvmlDeviceGetHandleByUUID(uuid)
        self._first = pynvml.nvmlDeviceGetTotalEnergyConsumption(self._handle)

    def read_joules(self) -> float:
        """Joules so far; the driver's counter is in millijoules."""
        return float(self._nvml.nvmlDeviceGetTotalEnergyConsumption(self._handle) - self._first) / 1e3


def processor_estimate(elapsed_s: float, own_cpu_s: float, vcpus: int) -> Energy:
    """Energy of all `vcpus` processors idling for `elapsed_s` plus what `own_cpu_s` processor-seconds of work add.

    P = vcpus * idle + (own_cpu_s / elapsed_s) * (full - idle), per provider; the value is the mean over the providers,
    low and high are the least and the greatest. Other processes' work is left out. A desktop's or laptop's processor
    can lie outside this range.
    """
    joules = [vcpus * idle * elapsed_s + own_cpu_s * (full - idle) for idle, full in WATTS_PER_VCPU.values()]
    method = f"estimated: {vcpus} processors idle plus own load ({ESTIMATE_SOURCE})"
    return Energy(sum(joules) / len(joules) / 3.6e6, min(joules) / 3.6e6, max(joules) / 3.6e6, method, measured=False)


@dataclass
class EnergyMeter:
    """Adds up the energy of stretches: `start` … `stop`, as often as wanted, then `energy(own_cpu_s)`.

    `device` is "cpu", "cuda" or "mps"; on CUDA the board `gpu_uuid` is metered beside the processors.
    """

    device: str
    gpu_uuid: str | None = None
    elapsed_s: float = 0.0
    joules: tuple[float, float] = (0.0, 0.0)
    """Metered so far: processor packages, GPU board."""
    _begun: tuple[float, float] = field(default=(0.0, 0.0))

    def __post_init__(self) -> None:
        self._rapl: Rapl | None = None
        self._gpu: Nvml | None = None
        self.missing: str | None = None
        """Why `energy` gives None; None where it does not."""
        try:
            self._rapl = Rapl()
        except (OSError, ValueError):
            self._rapl = None  # processors are then estimated, and the method says so
        if self.device == "cuda":
            try:
                self._gpu = Nvml(self.gpu_uuid or "")
            except Exception as problem:  # pynvml raises classes of its own, and only where it is installed
                self.missing = f"not measured: NVML cannot be read ({problem})"
        elif self.device != "cpu":
            self.missing = "not measured: this device has no meter that may be read"

    def _read(self) -> tuple[float, float]:
        return (self._rapl.read_joules() if self._rapl else 0.0, self._gpu.read_joules() if self._gpu else 0.0)

    def start(self) -> None:
        """Begin a stretch."""
        self._begun = self._read()

    def stop(self, elapsed_s: float) -> None:
        """End the stretch that `start` began and that lasted `elapsed_s` seconds."""
        now = self._read()
        self.joules = (self.joules[0] + now[0] - self._begun[0], self.joules[1] + now[1] - self._begun[1])
        self.elapsed_s += elapsed_s

    def energy(self, own_cpu_s: float) -> Energy | None:
        """What the stretches used; None on a GPU whose board has no readable meter: a guess would be worth nothing."""
        if self.missing:
            return None
        vcpus = psutil.cpu_count() or 1
        if self._rapl:
            kwh = self.joules[0] / 3.6e6
            processors = Energy(kwh, kwh, kwh, "measured: RAPL, whole processor packages, idle included", measured=True)
        else:
            processors = processor_estimate(self.elapsed_s, own_cpu_s, vcpus)
        if self._gpu is None:
            return processors
        board = self.joules[1] / 3.6e6
        return Energy(
            processors.kwh + board,
            processors.low_kwh + board,
            processors.high_kwh + board,
            f"measured: NVML, whole board; processors {processors.method}",
            measured=processors.measured,
        )
