"""Where a run computes: one choice of device, threads and precision, made in one place before anything else."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import torch

from gan.config import DeviceChoice
from gan.errors import UsageError
from gan.record import DeviceInfo


def choose(wanted: DeviceChoice) -> torch.device:
    """The device to compute on; "auto" takes CUDA, then MPS, then the CPU. `UsageError` where `wanted` is not there."""
    has = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        wanted = "cuda" if has["cuda"] else "mps" if has["mps"] else "cpu"
    if not has[wanted]:
        there = ", ".join(name for name, available in has.items() if available)
        raise UsageError(f'The device "{wanted}" is not available on this machine. Choose auto or one of: {there}.')
    return torch.device(wanted, 0) if wanted == "cuda" else torch.device(wanted)


def prepare(device: torch.device, *, deterministic: bool) -> None:
    """Settings of torch for a run on `device`: speed where it is free, or the same bits every time."""
    torch.use_deterministic_algorithms(deterministic)
    torch.backends.cudnn.benchmark = not deterministic
    torch.set_float32_matmul_precision("highest" if deterministic else "high")  # tf32 on CUDA; no change on a CPU
    torch.set_flush_denormal(True)  # tiny numbers late in training are up to a hundred times slower on a CPU
    if deterministic and device.type == "cuda":
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")


def autocast_dtype(device: torch.device, *, deterministic: bool) -> torch.dtype | None:
    """The type for mixed precision, or None for float32: bfloat16 on CUDA boards that compute in it, nowhere else.

    On processors without such instructions bfloat16 halves the speed, and small networks gain little on those with.
    """
    if device.type == "cuda" and not deterministic and torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.bfloat16
    return None


@contextmanager
def exact_float32() -> Iterator[None]:
    """Within: float32 means float32 on CUDA too, no TF32. Quality is measured so: its last digits shall not depend on
    the board."""
    cudnn, matmul = torch.backends.cudnn, torch.get_float32_matmul_precision()
    kept = {"enabled": cudnn.enabled, "benchmark": cudnn.benchmark, "deterministic": cudnn.deterministic}
    torch.set_float32_matmul_precision("highest")
    try:
        with cudnn.flags(**kept, allow_tf32=False):
            yield
    finally:
        torch.set_float32_matmul_precision(matmul)


@contextmanager
def gradual_underflow() -> Iterator[None]:
    """Within: numbers near zero keep their digits, as LAPACK expects. Where `prepare` has this thread flush them and
    threads of LAPACK do not, the decomposition of nearly equal features ends in NaN."""
    flushed = bool(torch.tensor(2.0**-1060, dtype=torch.float64) * 1 == 0)
    torch.set_flush_denormal(False)
    try:
        yield
    finally:
        torch.set_flush_denormal(flushed)


def info(device: torch.device, *, deterministic: bool) -> DeviceInfo:
    """What the record says about the device."""
    precision = "bfloat16 mixed" if autocast_dtype(device, deterministic=deterministic) else "float32"
    if device.type == "cuda":
        board = torch.cuda.get_device_properties(device)
        return DeviceInfo(type="cuda", name=board.name, memory_bytes=board.total_memory, precision=precision)
    return DeviceInfo(
        type="mps" if device.type == "mps" else "cpu",
        name=processor_name(),
        cores=psutil.cpu_count(),
        threads=torch.get_num_threads(),
        memory_bytes=psutil.virtual_memory().total,
        precision=precision,
    )


def processor_name() -> str:
    """The processor as its maker calls it."""
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for line in listing.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
