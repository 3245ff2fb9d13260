"""Every metric in the cases that break implementations, against others' implementations and formulas in float64.

All features here are synthetic. What a metric's own file already holds (mpmath for singular covariances, ties on a
grid) is not repeated.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.linalg
from scipy.stats import entropy

from gan import cli
from gan.metrics import METRICS, TRAINING_METRICS, Sample, compute
from gan.metrics.frechet import fid
from gan.metrics.inception_score import inception_score
from gan.metrics.kid import kid, kid_subsets
from gan.metrics.manifold import manifold
from gan.metrics.memorisation import calibrate, ratios

Pair = tuple[Any, Any]


def _cases() -> dict[str, Pair]:
    rng = np.random.default_rng(7)

    def normal(n: int, d: int) -> Any:
        return rng.standard_normal((n, d))

    duplicated = np.repeat(normal(20, 6), 3, axis=0), normal(50, 6) + 0.3
    constant = normal(60, 6), normal(70, 6) + 0.2
    constant[0][:, 2] = constant[1][:, 2] = 4.0
    still = normal(60, 6), normal(70, 6)
    still[0][:, 1] = 4.0
    # multiples of 1/64 below 2^11 are exact in float32: the offset itself costs nothing
    offset = [(np.round(64 * x) / 64 + 1_000).astype(np.float32) for x in (normal(200, 8), normal(180, 8) + 0.5)]
    return {
        "an ordinary pair": (normal(120, 6), normal(120, 6) * 1.2 + 0.3),
        "fewer samples than dimensions": (normal(30, 48), normal(25, 48) + 0.2),
        "duplicated rows": duplicated,
        "a constant column in both": constant,
        "a constant column in one": still,
        "very different sizes": (normal(400, 5), normal(24, 5) * 0.8),
        "float32 with a large offset": (offset[0], offset[1]),
        "one dimension": (normal(90, 1), normal(80, 1) * 2 + 1),
        "float32": (normal(150, 8).astype(np.float32), (normal(140, 8) * 1.1).astype(np.float32)),
    }


CASES = _cases()
each = pytest.mark.parametrize("case", CASES)


def wide(case: str) -> Pair:
    """The pair in float64, for references that have no care for float32."""
    real, fake = CASES[case]
    return real.astype(np.float64), fake.astype(np.float64)


# ---- against independent references ----------------------------------------------------------------------------------


@each
def test_fid_equals_the_singular_values_of_the_centred_rows(case: str) -> None:
    """tr (S_r S_f)^(1/2) as scipy's singular values of R F' / sqrt((n-1)(m-1)): any rank, no covariance needed."""
    real, fake = wide(case)
    r, f = real - real.mean(0), fake - fake.mean(0)
    n, m = len(r) - 1, len(f) - 1
    cross = scipy.linalg.svdvals(r @ f.T).sum() / np.sqrt(n * m)
    expected = ((real.mean(0) - fake.mean(0)) ** 2).sum() + (r**2).sum() / n + (f**2).sum() / m - 2 * cross
    assert fid(*CASES[case]) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("case", ["an ordinary pair", "very different sizes", "one dimension", "float32"])
def test_fid_equals_clean_fids_formula_where_both_covariances_have_full_rank(case: str) -> None:
    real, fake = wide(case)
    mu1, mu2 = real.mean(0), fake.mean(0)
    sigma1, sigma2 = np.atleast_2d(np.cov(real, rowvar=False)), np.atleast_2d(np.cov(fake, rowvar=False))
    covmean = np.real(scipy.linalg.sqrtm(sigma1.dot(sigma2)))
    diff = mu1 - mu2
    expected = diff.dot(diff) + np.trace(sigma1) + np.trace(sigma2) - 2 * np.trace(covmean)
    assert fid(*CASES[case]) == pytest.approx(expected, rel=1e-6)


@each
def test_kid_equals_torch_fidelitys_kernel_and_estimator(case: str) -> None:
    module = pytest.importorskip("torch_fidelity.metric_kid")
    torch = pytest.importorskip("torch")
    real, fake = wide(case)
    size = min(len(real), len(fake))
    expected = module.kid_features_to_metric(
        torch.from_numpy(real),
        torch.from_numpy(fake),
        kid_subsets=5,
        kid_subset_size=size,
        kid_degree=3,
        kid_gamma=None,
        kid_coef0=1,
        rng_seed=3,
        verbose=False,
        kid_kernel="poly",
    )["kernel_inception_distance_mean"]
    offset = case == "float32 with a large offset"  # there the reference itself keeps few digits of a cancelling sum
    found = kid_subsets(*CASES[case], subsets=5, size=size, seed=3).value
    assert found == pytest.approx(expected, rel=1e-2 if offset else 1e-6)


@each
def test_kid_equals_the_definition_in_extended_precision(case: str) -> None:
    x, y = (side.astype(np.longdouble) for side in CASES[case])
    n, m, d = len(x), len(y), x.shape[1]
    xx, yy, xy = ((a @ b.T / d + 1) ** 3 for a, b in ((x, x), (y, y), (x, y)))
    within = (xx.sum() - np.trace(xx)) / (n * (n - 1)) + (yy.sum() - np.trace(yy)) / (m * (m - 1))
    assert kid(*CASES[case]).value == pytest.approx(float(within - 2 * xy.mean()), rel=1e-6)


@each
def test_precision_recall_density_and_coverage_equal_prdc(case: str) -> None:
    prdc = pytest.importorskip("prdc")
    real, fake = wide(case)
    expected = {name: float(value) for name, value in prdc.compute_prdc(real, fake, nearest_k=5).items()}
    assert vars(manifold(*CASES[case], k=5)) == pytest.approx(expected, rel=1e-6)


@each
def test_ratios_of_memorisation_equal_scikit_learns_neighbours(case: str) -> None:
    neighbours = pytest.importorskip("sklearn.neighbors").NearestNeighbors
    train, images = wide(case)
    index = neighbours(algorithm="brute").fit(train)
    distance, at = (column[:, 0] for column in index.kneighbors(images, 1))
    own = index.kneighbors(train, 2)[0][:, 1][at]
    with np.errstate(divide="ignore"):
        expected = distance / own
    if case == "duplicated rows":
        # every training image is there twice: rounding of the reference's 0 apart
        assert np.isinf(ratios(images, train)).all()
    else:
        # the reference's distances come from products: an offset costs it digits
        assert ratios(images, train) == pytest.approx(expected, rel=1e-3 if "offset" in case else 1e-6)


@pytest.mark.parametrize(
    "p",
    [
        np.full((7, 4), 0.25),
        np.eye(5),
        np.repeat([[1.0, 0.0]], 6, axis=0),
        np.random.default_rng(0).dirichlet(np.full(6, 0.05), 200),
        np.ones((3, 1)),
        np.array([[0.3, 0.7]]),
    ],
    ids=["all alike", "certain and balanced", "one class", "nearly certain", "a single class", "a single image"],
)
def test_inception_score_equals_scipys_divergence(p: Any) -> None:
    assert inception_score(p)[0] == pytest.approx(np.exp(entropy(p, p.mean(0), axis=1).mean()), rel=1e-9)


# ---- whatever comes in, what comes out is finite and in range --------------------------------------------------------


@each
def test_every_figure_is_finite_and_inside_its_interval(case: str) -> None:
    real, fake = CASES[case]
    p = np.random.default_rng(0).dirichlet(np.ones(4), len(fake))
    calibration = calibrate(real, fake[: len(fake) // 2 + 2], quantile=0.25)
    figures = compute(Sample(real), Sample(fake, p), with_intervals=True, calibration=calibration)
    assert list(figures) == [*METRICS, *TRAINING_METRICS]
    for name, figure in figures.items():
        assert np.isfinite(figure.value), name
        assert (figure.ci_low is None) == (figure.ci_high is None), name
        if figure.ci_low is not None and figure.ci_high is not None:
            assert figure.ci_low <= figure.value <= figure.ci_high, name
        json.dumps(figure.to_json(), allow_nan=False)


@pytest.mark.parametrize("side", ["real", "fake", "train"])
@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda x: x[:1], "has 1 image; at least 2"),
        (lambda x: np.where(np.arange(len(x))[:, None] == 3, np.nan, x), "row 3"),
        (lambda x: np.where(np.arange(len(x))[:, None] == 5, -np.inf, x), "row 5"),
    ],
    ids=["a single image", "NaN", "infinity"],
)
def test_a_single_image_and_values_that_are_not_finite_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], side: str, spoil: Any, says: str
) -> None:
    rng = np.random.default_rng(0)
    for name in ("real", "fake", "train"):
        x = rng.standard_normal((120, 4))
        np.savez(tmp_path / f"{name}.npz", features=spoil(x) if name == side else x)
    paths = [part for name in ("real", "fake", "train") for part in (f"--{name}", str(tmp_path / f"{name}.npz"))]
    with pytest.raises(SystemExit) as end:
        cli.main(["metrics", *paths])
    err = capsys.readouterr().err
    assert end.value.code == 2
    assert says in err
    assert f"{side}.npz" in err
    assert "Traceback" not in err
