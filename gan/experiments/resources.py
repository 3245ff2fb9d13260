"""Experiment 2: what one run takes, and how much more that is than a classical generator of the same images takes.

**Design.** The pool's runs of the standard recipe, as their records have it. Beside them the oldest way to generate
pictures: a normal distribution with the mean and covariance of the pixels (all principal components), fitted to as
many training images, drawn from, cut to what a pixel can be. Its operations are counted by formula: 2 n d² for the
covariance of n images of d pixels and 9 d³ for its eigenvectors (Golub & Van Loan 2013, section 8.3).

**Pairing.** By seed where quality is compared. **Statistic.** Operations and the ratio of them are exact counts; time,
memory, energy and money are repetitions by seed; log2 of the FID of the normal law over that of the GAN says what the
operations buy.

**What it cannot say.** The size of a small model is chosen here, so its need says nothing about the models that firms
train: for those see the sourced figures of training compute and cost. Time and energy are this machine's, and those
of a busy machine are others': `foreign_load` says how busy it was. Energy is estimated where no meter can be read.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gan.config import TrainConfig
from gan.experiments import load
from gan.experiments.design import Scale, training
from gan.experiments.found import Found
from gan.record import RunRecord

if TYPE_CHECKING:
    import torch

    from gan.experiments.lab import Lab

EIGEN = 9
"""Operations of a symmetric eigenvalue problem with its vectors, in d³ (Golub & Van Loan 2013, section 8.3)."""
GB = 1e9


def needs(scale: Scale) -> list[TrainConfig]:
    """The standard recipe, a run a seed."""
    return [training(scale, seed) for seed in scale.seeds]


def findings(lab: "Lab") -> Found:
    """The need of a run, and that of the classical generator."""
    found = Found()
    records = lab.by_seed(lambda seed: training(lab.scale, seed))
    runs = list(records.values())
    for name, unit, en, zh in (
        ("train_s", "s", "time of optimisation of one run", "单次运行的优化时间"),
        (
            "peak_memory_gb",
            "GB",
            "most memory held during training, libraries included",
            "训练期间的内存峰值（含程序库）",
        ),
        ("energy_wh", "Wh", "energy of optimisation of one run", "单次运行优化所耗电量"),
        ("co2_g", "gCO2e", "emissions of that energy from the grid", "该电量对应的电网排放"),
    ):
        values = {seed: value for seed, record in records.items() if (value := costs(record)[name]) is not None}
        if values:
            found.replicates(name, values, {"en": en, "zh": zh}, unit=unit, runs=runs)
        else:
            found.warnings.append(f"{name}: the records of the runs do not have it.")
    _money(found, records)
    load.tell(found, (record.cost.foreign_cpu_share for record in runs))
    if runs:
        _against_classical(found, lab, records)
    return found


def costs(record: RunRecord) -> dict[str, float | None]:
    """What the record says the run took, in the units of the findings."""
    cost = record.cost
    return {
        "train_s": cost.train_s,
        "peak_memory_gb": None if cost.peak_memory_bytes is None else cost.peak_memory_bytes / GB,
        "energy_wh": None if cost.energy_kwh is None else 1_000 * cost.energy_kwh,
        "co2_g": cost.co2_g,
    }


def _money(found: Found, records: dict[int, RunRecord]) -> None:
    amounts: dict[int, float] = {}
    currencies = set()
    for seed, record in records.items():
        money = record.cost.money
        if money is not None and money.amount is not None and money.currency:
            amounts[seed] = money.amount
            currencies.add(money.currency)
    if len(currencies) != 1:
        found.warnings.append("money: no price of electricity is known for these runs.")
        return
    about = {"en": "electricity of one run at the tariff of its record", "zh": "按记录中电价计算的单次运行电费"}
    found.replicates("money", amounts, about, unit=currencies.pop(), runs=records.values())


def _against_classical(found: Found, lab: "Lab", records: dict[int, RunRecord]) -> None:
    import torch

    from gan import evaluate
    from gan.loop import seed_of

    record = next(iter(records.values()))
    flops = record.cost.flops_total
    data = lab.data
    n = min(record.images_seen, len(data.train))
    gains = {}
    for seed, run in records.items():
        rows = torch.randperm(len(data.train), generator=torch.Generator().manual_seed(seed_of(seed, "normal law")))[:n]
        law = NormalLaw.of(data.train[rows])
        made = law.sample(lab.measure_images, data.train.shape[1:], seed_of(seed, "normal images"))
        classical = evaluate.values(made, data, device=lab.device)["fid"]
        fid = run.quality["fid"].value
        if fid:
            gains[seed] = math.log2(classical / fid)
    found.replicates(
        "log2_fid_gain_over_classical",
        gains,
        {
            "en": "log2 of the FID of a normal law of the pixels over that of the GAN; 1: the GAN is half as far away",
            "zh": "像素正态分布与GAN的FID之比（以2为底取对数）；1表示GAN的距离减半",
        },
        runs=records.values(),
    )
    if flops is None:
        found.warnings.append("flops_total: the records of the runs do not have it.")
        return
    about = {"en": "floating-point operations of one run", "zh": "单次运行的浮点运算次数"}
    found.exact("flops_total", flops, about, unit="FLOP", of="runs")
    own = classical_flops(n, math.prod(data.train.shape[1:]))
    found.bars(
        "operations",
        {"en": "generator", "zh": "生成器"},
        {"en": "floating-point operations of fitting it", "zh": "拟合所需浮点运算次数"},
        {("GAN, one run", "GAN，单次训练"): {0: flops}, ("normal law of the pixels", "像素正态分布"): {0: own}},
    )
    ratio_text = {
        "en": "operations of one run over those of fitting a normal law to as many images",
        "zh": "单次运行的运算量与用同样多图像拟合正态分布的运算量之比",
    }
    found.exact("flops_over_classical", flops / own, ratio_text)
    found.exact(
        "flops_a_pixel",
        flops / (record.images_seen * math.prod(data.train.shape[1:])),
        {"en": "operations for each pixel seen in training", "zh": "训练中每个像素对应的运算次数"},
        unit="FLOP",
    )


@dataclass(frozen=True)
class NormalLaw:
    """Pixels as jointly normal: `mean` (d,) and `factor` (d, d) with factor @ factor.T their covariance."""

    mean: NDArray[np.float64]
    factor: NDArray[np.float64]

    @classmethod
    def of(cls, images: "torch.Tensor") -> "NormalLaw":
        """The law with the mean and covariance of uint8 `images` (n, C, H, W), n > 1."""
        from gan.pictures import to_float

        x = to_float(images).flatten(1).double().numpy()
        values, vectors = np.linalg.eigh(np.cov(x, rowvar=False))
        return cls(x.mean(axis=0), vectors * np.sqrt(np.maximum(values, 0)))

    def sample(self, n: int, shape: "torch.Size", seed: int) -> "torch.Tensor":
        """`n` images drawn from it, uint8 (n, *shape); pixels beyond black and white are cut."""
        import torch

        from gan.pictures import to_uint8

        noise = np.random.default_rng(seed).standard_normal((n, len(self.mean)))
        drawn = torch.from_numpy(self.mean + noise @ self.factor.T)
        return to_uint8(drawn.reshape(n, *shape))


def classical_flops(n: int, d: int) -> float:
    """Operations of fitting a normal law to `n` images of `d` pixels."""
    return float(2 * n * d**2 + EIGEN * d**3)
