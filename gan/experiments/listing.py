"""Experiment 14: does the founding document's listing work as printed?

**Design.** Every defect that the data package lists (`data/document/listing.yaml`) has a case here: the smallest piece
of code, written by us, that shows this one fault. No line of the listing itself is run, and nothing is trained.
**Statistic.** Counts: cases that stop with an error, and cases that run and do the wrong thing. Every case is looked
at, so there is no sampling error; a case that needs what is not installed (or is) is left out and named.
**Guard.** Every case that is looked at must show its fault: else the list is not true on this machine.
**What it cannot say.** Whether there are further faults behind those that stop the program first.
"""

import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gan.config import TrainConfig
from gan.experiments.design import Scale
from gan.experiments.found import Found

if TYPE_CHECKING:
    from torch import nn

    from gan.experiments.lab import Lab

Effect = Literal["stops", "wrong", "brittle"]
"""The program ends with an error; it runs and does the wrong thing; it runs, and better would be easy."""

Case = Callable[[Path], Any]
"""Shows one fault, in an empty folder: raises what the listing raises, or returns in words what was seen."""

CASES: dict[str, tuple[Effect, Case]] = {}
"""Every case by the id of its defect."""


class NotHere(Exception):
    """This machine lacks, or has, what the case depends on."""


class NotShown(Exception):
    """The case ran, and its fault did not show."""


def case(id: str, effect: Effect) -> Callable[[Case], Case]:
    """Enter a case into the table."""

    def register(function: Case) -> Case:
        CASES[id] = (effect, function)
        return function

    return register


def needs(scale: Scale) -> list[TrainConfig]:
    """Nothing is trained."""
    return []


def findings(lab: "Lab") -> Found:
    """How many cases stop the program, and how many spoil what it does."""
    found = Found()
    shown: dict[str, int] = {"stops": 0, "wrong": 0, "brittle": 0}
    looked_at = 0
    for id, (effect, _) in CASES.items():
        try:
            what, as_said = observe(id)
        except NotHere as reason:
            found.warnings.append(f"{id} was not looked at: {reason}.")
            continue
        looked_at += 1
        shown[effect] += as_said
        if not as_said:
            found.warnings.append(f"{id} did not show its fault: {what}")
        lab.say(f"{id}: {what}")
    texts = {
        "stops": ("Faults that stop the listing with an error", "使代码清单报错中止的缺陷数"),
        "wrong": ("Faults that let it run and do the wrong thing", "能运行但结果错误的缺陷数"),
        "brittle": ("Weaknesses that neither stop it nor spoil a result", "既不中止也不致错的薄弱之处"),
    }
    for kind, (en, zh) in texts.items():
        found.exact(f"faults_{kind}", shown[kind], {"en": en, "zh": zh}, n=looked_at, of="cases")
    found.exact(
        "cases_shown",
        sum(shown.values()) / looked_at,
        {
            "en": "Share of the cases looked at that show the fault they are about",
            "zh": "在所检验的案例中，确实呈现相应缺陷的比例",
        },
        n=looked_at,
        of="cases",
    )
    return found


def observe(id: str) -> tuple[str, bool]:
    """What the case shows, and whether that is its fault; raises `NotHere` where it cannot be looked at."""
    import torch

    effect, function = CASES[id]
    with torch.random.fork_rng(devices=[]), tempfile.TemporaryDirectory() as folder:
        torch.manual_seed(0)
        try:
            seen = function(Path(folder))
        except NotHere:
            raise
        except NotShown as reason:
            return str(reason), False
        except Exception as error:
            # what stops the program is not merely wrong
            return f"{type(error).__name__}: {str(error).splitlines()[0]}", effect != "wrong"
    if not isinstance(seen, str):
        return "it ran through", False
    return seen, effect != "stops" or seen.startswith("ModuleNotFoundError")


# ---- what several cases share ----------------------------------------------------------------------------------------


def generator(width: int = 4) -> "nn.Sequential":
    """Kernels, strides and paddings of the document's generator, narrower."""
    from torch import nn

    return nn.Sequential(
        nn.ConvTranspose2d(100, width, 4, 1, 0), nn.BatchNorm2d(width), nn.ConvTranspose2d(width, width, 4, 2, 1),
        nn.ConvTranspose2d(width, width, 4, 2, 1), nn.ConvTranspose2d(width, 1, 4, 2, 1), nn.Tanh(),
    )  # fmt: skip


def discriminator(width: int = 4) -> "nn.Sequential":
    """The same of its discriminator."""
    from torch import nn

    return nn.Sequential(
        nn.Conv2d(1, width, 4, 2, 1), nn.Conv2d(width, width, 4, 2, 1), nn.Conv2d(width, width, 4, 2, 1),
        nn.Conv2d(width, 1, 4, 1, 0), nn.Sigmoid(),
    )  # fmt: skip


def noise(n: int) -> Any:
    """Noise (n, 100, 1, 1)."""
    import torch

    return torch.randn(n, 100, 1, 1)


def must(shown: bool) -> None:
    """Without this, a case that shows nothing would pass for one that does."""
    if not shown:
        raise NotShown("the fault does not show with the libraries installed here")


# ---- the cases, in the order of the listing --------------------------------------------------------------------------


@case("listing.generator_undefined", "stops")
def _(folder: Path) -> None:
    import torch

    exec("torch.optim.Adam(G.parameters())", {"torch": torch})


@case("listing.discriminator_undefined", "stops")
def _(folder: Path) -> None:
    import torch

    exec("torch.optim.Adam(D.parameters())", {"torch": torch})


@case("listing.device_undefined", "stops")
def _(folder: Path) -> None:
    import torch

    exec("torch.zeros(1, device=device)", {"torch": torch})


@case("listing.models_not_moved", "stops")
def _(folder: Path) -> None:
    import torch

    torch.nn.Linear(1, 1)(torch.zeros(1, 1, device="meta"))


@case("listing.normalise_channels", "stops")
def _(folder: Path) -> None:
    import torch
    from torchvision import transforms

    transforms.Normalize((0.5,) * 3, (0.5,) * 3)(torch.zeros(1, 28, 28))


@case("listing.image_size", "stops")
def _(folder: Path) -> None:
    import torch

    must(discriminator()(torch.zeros(1, 1, 32, 32)).shape == (1, 1, 1, 1))
    discriminator()(torch.zeros(1, 1, 28, 28))


@case("listing.label_shape", "stops")
def _(folder: Path) -> None:
    import torch

    torch.nn.BCELoss()(torch.full((64, 1, 1, 1), 0.5), torch.ones(64, 1))


@case("listing.generator_first", "brittle")
def _(folder: Path) -> str:
    import torch

    g, d, z = generator(), discriminator(), noise(8)
    seen_by_d = g(z)
    torch.autograd.backward(torch.nn.BCELoss()(d(seen_by_d).flatten(), torch.ones(8)))
    torch.optim.Adam(g.parameters(), lr=2e-4).step()
    must(bool((g(z) - seen_by_d).abs().mean() > 0))
    return "mean absolute difference of the two pictures above 0"


@case("listing.sigmoid_saturates", "brittle")
def _(folder: Path) -> str:
    import torch
    from torch import nn

    def gradient(loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]) -> float:
        logit = torch.tensor([20.0], requires_grad=True)
        return torch.autograd.grad(loss(logit, torch.zeros(1)), logit)[0].item()

    plain = gradient(lambda logit, label: nn.BCELoss()(logit.sigmoid(), label))
    safe = gradient(nn.BCEWithLogitsLoss())
    must(plain < safe / 2)
    return f"logit 20, label 0: gradient {plain:.1f} with sigmoid and BCELoss, {safe:.1f} with BCEWithLogitsLoss"


@case("listing.weights_default", "brittle")
def _(folder: Path) -> str:
    from torch import nn

    g, d = (layer.weight.std().item() for layer in (nn.ConvTranspose2d(100, 256, 4), nn.Conv2d(1, 64, 4)))
    must(g < 0.02 < d)
    return f"standard deviation {g:.3f} in the generator's first layer, {d:.1f} in the discriminator's"


@case("listing.last_batch", "brittle")
def _(folder: Path) -> str:
    import torch

    g, z = generator(), noise(8)
    must(60_000 % 64 == 32 and not torch.equal(g(z)[:1], g(z[:1])))
    return "60000 % 64 == 32; the same noise gives another picture alone than in a batch of 8"


@case("listing.view_generated", "stops")
def _(folder: Path) -> None:
    import torch

    torch.zeros(64, 1, 32, 32).view(-1, 28, 28)


@case("listing.view_mixes", "wrong")
def _(folder: Path) -> str:
    import torch

    before = torch.arange(49.0)[:, None, None, None].expand(49, 1, 32, 32).contiguous()
    after = before.view(-1, 28, 28)
    must(bool(after[1].min() < after[1].max()))  # a picture made of pixels of two
    return f"{tuple(before.shape)} becomes {tuple(after.shape)}"


@case("listing.concatenate_arrays", "stops")
def _(folder: Path) -> None:
    import numpy as np
    import torch

    torch.cat((np.zeros((1, 2, 2)), np.zeros((1, 2, 2))))  # type: ignore[arg-type]


@case("listing.save_array", "stops")
def _(folder: Path) -> None:
    import numpy as np
    from torchvision import utils

    utils.save_image(np.zeros((1, 2, 2)), folder / "0.png")


@case("listing.batch_as_channels", "stops")
def _(folder: Path) -> None:
    import torch
    from torchvision import utils

    utils.save_image(torch.zeros(128, 28, 28), folder / "0.png")


@case("listing.folder_missing", "stops")
def _(folder: Path) -> None:
    import torch
    from torchvision import utils

    utils.save_image(torch.zeros(1, 1, 2, 2), folder / "1" / "0.png")


@case("listing.value_range", "wrong")
def _(folder: Path) -> str:
    import numpy as np
    import torch
    from PIL import Image
    from torchvision import utils

    utils.save_image(torch.linspace(-1, 1, 10_000).view(1, 1, 100, 100), folder / "0.png")
    black = float((np.asarray(Image.open(folder / "0.png").convert("L")) == 0).mean())
    must(black > 0.4)
    return f"{black:.0%} of an even ramp from -1 to 1 is black in the file"


@case("listing.training_mode", "brittle")
def _(folder: Path) -> str:
    g, z = generator(), noise(4)
    training = (g(z)[:1] - g(z[:1])).abs().max().item()
    g.eval()
    evaluation = (g(z)[:1] - g(z[:1])).abs().max().item()
    must(training > 1e-3 > evaluation)
    return f"difference above 0 in training mode, {evaluation:.1f} in evaluation mode"


@case("listing.weights_only", "brittle")
def _(folder: Path) -> None:
    import torch

    torch.save(generator(4).state_dict(), folder / "g.pth")
    generator(8).load_state_dict(torch.load(folder / "g.pth"))


@case("listing.unseeded", "brittle")
def _(folder: Path) -> str:
    import torch

    must(not torch.equal(generator()[0].weight, generator()[0].weight))  # type: ignore[arg-type]
    torch.manual_seed(0)
    seeded = generator()[0].weight
    torch.manual_seed(0)
    must(torch.equal(seeded, generator()[0].weight))  # type: ignore[arg-type]
    return "two networks made one after the other have different weights; with a seed, equal ones"


@case("listing.matplotlib", "stops")
def _(folder: Path) -> str:
    if importlib.util.find_spec("matplotlib"):
        raise NotHere("Matplotlib is installed here")
    command = [sys.executable, "-c", "import matplotlib.pyplot"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr.splitlines()[-1]


@case("listing.leftovers", "stops")
def _(folder: Path) -> None:
    exec("real_imgs.view(-1, 28, 28)", {})


@case("listing.same_picture", "wrong")
def _(folder: Path) -> str:
    import numpy as np

    left_over = np.arange(4).reshape(2, 2)
    shown = [left_over.tobytes() for epoch in range(100) for i in range(50)]
    return f"{len(shown)} passes, {len(set(shown))} distinct pair of pictures"


@case("listing.display_indices", "stops")
def _(folder: Path) -> None:
    import numpy as np

    np.zeros((64, 28, 28))[0, :, :, :]


@case("listing.display_folders", "wrong")
def _(folder: Path) -> str:
    steps = -(-60_000 // 64)
    saved = {i for i in range(steps) if i % 50 == 0}
    both = len(saved & set(range(50)))
    return f"{steps} steps a pass save {len(saved)} pictures; of the 50 numbers shown, {both} is among them"


@case("listing.false_colours", "wrong")
def _(folder: Path) -> str:
    if not importlib.util.find_spec("matplotlib"):
        raise NotHere("Matplotlib is not among the product's libraries")
    import matplotlib.pyplot as plt
    import numpy as np

    colours: str = plt.imshow(np.zeros((2, 2))).get_cmap().name
    must(colours != "gray")
    return colours
