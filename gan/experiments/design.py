"""Which experiments there are, how large each size is, and which runs they draw on. Imports no torch.

An experiment is a module of `gan.experiments` with two functions:

    needs(scale) -> list[TrainConfig]      the runs of the pool that it looks at; no torch may be loaded for this
    findings(lab) -> Found                 what it finds in them (`gan.experiments.lab.Lab`)

Budgets are images seen, never seconds: what is found shall not depend on how busy the machine was.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from gan.config import TrainConfig, resolve
from gan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from gan.experiments.found import Found
    from gan.experiments.lab import Lab

Size = Literal["quick", "standard", "full"]


@dataclass(frozen=True)
class Scale:
    """What all experiments of one size have in common."""

    size: Size
    dataset: str
    seeds: tuple[int, ...]
    images: int
    """Real images that a run of the default method sees."""
    images_of_others: int
    """Real images that a run of another method sees: R3GAN takes several times as long for one."""
    measure_images: int
    """Generated images, and held-out ones, that a figure of quality rests on; fewer where fewer are held out."""
    classifier_steps: int
    """Steps in which a classifier of an experiment is trained, 64 images each."""
    title: dict[str, str]


SCALES: dict[Size, Scale] = {
    scale.size: scale
    for scale in (
        Scale(
            "quick",
            "digits",
            seeds=(0, 1, 2, 3),
            images=12_000,
            images_of_others=4_000,
            measure_images=590,
            classifier_steps=150,
            title={"en": "a quarter of an hour on two cores, digits", "zh": "两核约一刻钟，手写数字"},
        ),
        Scale(
            "standard",
            "fashion-mnist",
            seeds=(0, 1, 2, 3),
            images=24_000,
            images_of_others=6_000,
            measure_images=2_000,
            classifier_steps=250,
            title={"en": "three quarters of an hour on two cores, Fashion-MNIST", "zh": "两核约三刻钟，Fashion-MNIST"},
        ),
        Scale(
            "full",
            "fashion-mnist",
            seeds=(0, 1, 2, 3, 4, 5, 6, 7),
            images=600_000,
            images_of_others=200_000,
            measure_images=10_000,
            classifier_steps=2_000,
            title={"en": "a few hours on one GPU, Fashion-MNIST", "zh": "单块GPU数小时，Fashion-MNIST"},
        ),
    )
}
SIZES: tuple[Size, ...] = tuple(SCALES)

DEFAULT = "rpgan"
"""The method of experiments that are not about methods: of those here it gets furthest in seconds, with and without
labels, so that what data, labels or imbalance do to it can show."""

SPEED: dict[tuple[str, str], float] = {
    ("rpgan", "digits"): 1_600.0,
    ("r3gan", "digits"): 415.0,
    ("dcgan", "digits"): 2_600.0,
    ("rpgan", "fashion-mnist"): 900.0,
    ("r3gan", "fashion-mnist"): 300.0,
    ("dcgan", "fashion-mnist"): 900.0,
}
"""Images a second of training on two cores of a Xeon at 2.8 GHz, for estimates of time only."""

UNKNOWN_SPEED = 400.0
"""The same where nothing was measured."""

MEASURING_S: dict[str, float] = {"digits": 0.5, "fashion-mnist": 3.0}
"""Seconds that the figures of a run take there."""


@dataclass(frozen=True)
class Experiment:
    """One named experiment. `own_s` are seconds on two cores that it takes itself, beside the runs it looks at."""

    name: str
    number: int
    """Its place in lists."""
    title: dict[str, str]
    code: str
    """Where its function is, as "module:function"; `needs` is beside it."""
    sizes: tuple[Size, ...] = SIZES
    own_s: tuple[float, float, float] = (5.0, 10.0, 30.0)
    """By size, in the order of `SIZES`."""

    def needs(self, size: Size) -> list[TrainConfig]:
        """The runs that it looks at, at this size; none for an experiment that trains nothing or all by itself."""
        asked: list[TrainConfig] = self._attribute("needs")(SCALES[size])
        return asked

    @property
    def findings(self) -> "Callable[[Lab], Found]":
        """The function that looks at them; its module is loaded here."""
        function: Callable[[Lab], Found] = self._attribute(self.code.partition(":")[2])
        return function

    @property
    def module(self) -> str:
        """The module of its code."""
        return self.code.partition(":")[0]

    def own_seconds(self, size: Size) -> float:
        """Seconds that it takes itself, estimated."""
        return self.own_s[SIZES.index(size)]

    def _attribute(self, name: str) -> Any:
        return getattr(import_module(self.module), name)


EXPERIMENTS: dict[str, Experiment] = {
    e.name: e
    for e in (
        Experiment(
            "accuracy",
            4,
            {
                "en": "How far from real: quality, precision, a classifier's use",
                "zh": "离真实有多远：质量、精确率与分类可用性",
            },
            "gan.experiments.accuracy:findings",
            own_s=(10, 40, 120),
        ),
        Experiment(
            "labels",
            7,
            {"en": "Quality by number of images and share of labels", "zh": "质量随图像数量与标注比例的变化"},
            "gan.experiments.labels:findings",
        ),
        Experiment(
            "augmentation",
            8,
            {"en": "A classifier helped by generated images", "zh": "用生成图像帮助分类器"},
            "gan.experiments.augmentation:findings",
            own_s=(35, 120, 400),
        ),
        Experiment(
            "compression",
            9,
            {"en": "Narrower, pruned, rounded generators", "zh": "变窄、剪枝与量化的生成器"},
            "gan.experiments.compression:findings",
            own_s=(20, 60, 200),
        ),
        Experiment(
            "convergence",
            12,
            {"en": "Does taking turns converge?", "zh": "交替优化会收敛吗？"},
            "gan.experiments.convergence:findings",
            own_s=(40, 120, 300),
        ),
        Experiment(
            "loss_formula",
            13,
            {"en": "The formula's loss against the code's", "zh": "公式的损失与代码的损失"},
            "gan.experiments.loss_formula:findings",
            own_s=(15, 40, 60),
        ),
        Experiment(
            "listing",
            14,
            {"en": "The listing, defect by defect", "zh": "代码清单逐项验证"},
            "gan.experiments.listing:findings",
            own_s=(8, 8, 8),
        ),
        Experiment(
            "bias",
            15,
            {"en": "Rare classes in, rare classes out", "zh": "训练集中的少数类与生成结果"},
            "gan.experiments.bias:findings",
            own_s=(20, 60, 200),
        ),
        Experiment(
            "time",
            1,
            {"en": "How long until good, and how that grows", "zh": "多久才够好，耗时如何增长"},
            "gan.experiments.training_time:findings",
            sizes=("standard", "full"),
            own_s=(30, 60, 120),
        ),
        Experiment(
            "resources",
            2,
            {"en": "What a run takes, against a classical generator", "zh": "一次训练的消耗，与经典方法相比"},
            "gan.experiments.resources:findings",
            own_s=(5, 40, 60),
        ),
        Experiment(
            "tuning",
            3,
            {"en": "Learning rates around the preset's own", "zh": "预设值附近的学习率"},
            "gan.experiments.tuning:findings",
            own_s=(10, 20, 30),
        ),
        Experiment(
            "generalise",
            5,
            {"en": "One recipe, several data sets", "zh": "同一配方，多个数据集"},
            "gan.experiments.generalise:findings",
            sizes=("standard", "full"),
            own_s=(5, 20, 60),
        ),
        Experiment(
            "adapt",
            6,
            {"en": "A trained model meets a new class", "zh": "训练过的模型遇到新类别"},
            "gan.experiments.adapt:findings",
            sizes=("standard", "full"),
            own_s=(60, 180, 600),
        ),
        Experiment(
            "self_supervision",
            10,
            {"en": "Learning without labels first", "zh": "先做无标注学习"},
            "gan.experiments.self_supervision:findings",
            own_s=(110, 240, 900),
        ),
        Experiment(
            "architectures",
            11,
            {"en": "Convolution, depth, recurrence", "zh": "卷积、深度与循环"},
            "gan.experiments.architectures:findings",
            own_s=(50, 150, 1_500),
        ),
        Experiment(
            "interpret",
            16,
            {"en": "What can be read off the inside", "zh": "从网络内部能读出什么"},
            "gan.experiments.interpret:findings",
            own_s=(35, 80, 600),
        ),
        Experiment(
            "review",
            17,
            {"en": "What automatic checks flag", "zh": "自动检查会标记什么"},
            "gan.experiments.review:findings",
            own_s=(5, 20, 60),
        ),
    )
}
"""Every experiment by name."""


def chosen(names: Iterable[str], size: Size) -> list[Experiment]:
    """The experiments of these `names`; `UsageError` for a name that is none, or one that `size` cannot answer."""
    found = []
    for name in names:
        if name not in EXPERIMENTS:
            raise UsageError(f'There is no experiment "{name}". Choose from: {", ".join(EXPERIMENTS)}.')
        if size not in EXPERIMENTS[name].sizes:
            able = ", ".join(EXPERIMENTS[name].sizes)
            raise UsageError(f"The experiment {name} is not offered at size {size}; its sizes: {able}.")
        found.append(EXPERIMENTS[name])
    return found


def offered(size: Size) -> list[Experiment]:
    """All experiments that `size` can answer, in the order of the table."""
    return [experiment for experiment in EXPERIMENTS.values() if size in experiment.sizes]


def training(scale: Scale, seed: int, *, preset: str = DEFAULT, **settings: Any) -> TrainConfig:
    """The run that experiments start from: `scale`'s data set and budget, quality once at the end.

    `choice` follows the seed, so that a part of the data set is another one for every seed and seeds are independent
    repetitions, the drawing of the data included.
    """
    images = scale.images if preset == DEFAULT else scale.images_of_others
    given: dict[str, Any] = {"budget_images": images, "measure_images": scale.measure_images, "choice": seed}
    return resolve(preset, scale.dataset, seed=seed, compile="off", measure_along=False, **{**given, **settings})


def seconds_of(cfg: TrainConfig) -> float:
    """About how long a run takes on two cores, its figures included."""
    if cfg.budget_s is not None:
        training_s = cfg.budget_s
    else:
        images = cfg.budget_images or (cfg.steps or 0) * cfg.images_per_step
        wide = (cfg.width / resolve(cfg.preset, cfg.dataset).width) ** 1.5
        training_s = images * max(wide, 0.5) / SPEED.get((cfg.preset, cfg.dataset), UNKNOWN_SPEED)
    return training_s + MEASURING_S.get(cfg.dataset, 5.0)


def estimate_s(experiments: Iterable[Experiment], size: Size) -> float:
    """About how long these experiments take together on two quiet cores, from nothing: shared runs count once."""
    experiments = list(experiments)
    runs = {cfg.model_dump_json(): seconds_of(cfg) for e in experiments for cfg in e.needs(size)}
    return sum(runs.values()) + sum(e.own_seconds(size) for e in experiments)


def distinct(configurations: Iterable[TrainConfig]) -> list[TrainConfig]:
    """Each configuration once, in its first place."""
    return list({cfg.model_dump_json(): cfg for cfg in configurations}.values())
