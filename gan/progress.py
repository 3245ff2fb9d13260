"""The line on a terminal that says how far training is."""

from typing import TextIO

from tqdm import tqdm

from gan.config import TrainConfig, dataset_label
from gan.events import Progress


class Bar:
    """A tqdm bar over the budget with losses, speed and time left; draws nothing where `file` is None."""

    def __init__(self, cfg: TrainConfig, file: TextIO | None) -> None:
        self._bar = tqdm(
            total=1.0,
            file=file,
            disable=file is None,
            desc=f"{cfg.preset} on {dataset_label(cfg.dataset)}",
            bar_format="{percentage:3.0f}% |{bar:24}| {desc}",
        )

    def show(self, now: Progress) -> None:
        """Draw `now`."""
        minutes, seconds = divmod(round(now.eta_s or 0), 60)
        both = {"G": now.loss_g, "D": now.loss_d}
        losses = " ".join(f"{side} {loss:.2f}" for side, loss in both.items() if loss is not None)
        self._bar.n = now.fraction
        self._bar.set_description_str(
            f"{losses} · {now.images_per_s or 0:,.0f} images/s · {minutes}:{seconds:02d} left"
        )

    def close(self) -> None:
        """Leave the terminal in order."""
        self._bar.close()
