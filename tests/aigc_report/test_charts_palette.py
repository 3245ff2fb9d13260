"""The palette is told apart by colour-blind readers and seen on both backgrounds."""

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest

from aigc_report.charts import palette

THEME = Path(__file__).parents[2] / "dashboards/.streamlit/config.toml"

# Linear-RGB simulation of full dichromacy: Viénot, Brettel & Mollon 1999, Color Res. Appl. 24(4), eq. 4 and 5.
DICHROMACY = {
    "protanopia": np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
    "deuteranopia": np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]),
}


def linear(colour: str) -> np.ndarray:
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = (
        np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
        @ rgb
        / [0.9505, 1, 1.089]
    )
    f = np.where(xyz > 216 / 24389, np.cbrt(np.clip(xyz, 0, None)), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("background", palette.BACKGROUNDS.values())
@pytest.mark.parametrize("role", palette.ROLES)
def test_every_colour_stands_out_from_both_backgrounds(role, background):
    assert contrast(palette.colour(role), background) >= 3


@pytest.mark.parametrize("kind", [None, *DICHROMACY])
def test_factors_are_told_apart_by_colour_blind_readers(kind):
    seen = {
        name: lab(linear(c) if kind is None else DICHROMACY[kind] @ linear(c)) for name, c in palette.FACTORS.items()
    }
    distances = {(a, b): float(np.linalg.norm(seen[a] - seen[b])) for a, b in itertools.combinations(seen, 2)}
    assert min(distances.values()) > 10, distances


def test_the_map_scale_darkens_steadily():
    shades = [luminance(colour) for _, colour in palette.SEQUENTIAL]
    assert shades == sorted(shades, reverse=True)


def test_the_theme_has_the_backgrounds_that_the_palette_was_checked_against():
    theme = tomllib.loads(THEME.read_text(encoding="utf-8"))["theme"]
    assert {name: theme[name]["backgroundColor"] for name in palette.BACKGROUNDS} == palette.BACKGROUNDS
