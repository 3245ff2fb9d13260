"""FID against independent implementations, analytic values, and the cases that break matrix square roots."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

from gan.errors import UsageError
from gan.metrics import frechet
from gan.metrics.frechet import fid


def textbook_fid(real, fake):
    real, fake = real.astype(np.float64), fake.astype(np.float64)
    s1, s2 = np.cov(real.T), np.cov(fake.T)
    root = scipy.linalg.sqrtm(s1 @ s2)
    return ((real.mean(0) - fake.mean(0)) ** 2).sum() + np.trace(s1 + s2 - 2 * root.real)


def high_precision_fid(real, fake, digits=60):
    """The definition in 60-digit arithmetic: eigenvalues of S_r S_f as squared singular values of A B'."""
    mp = pytest.importorskip("mpmath")
    mp.mp.dps = digits

    def centred(x):
        m = mp.matrix(x.tolist())
        for j in range(m.cols):
            mean = mp.fsum(m[:, j]) / m.rows
            for i in range(m.rows):
                m[i, j] -= mean
        return m / mp.sqrt(m.rows - 1)

    a, b = centred(real), centred(fake)
    gap = mp.fsum(
        (mp.fsum(x[:, j].tolist()) / len(x) - mp.fsum(y[:, j].tolist()) / len(y)) ** 2
        for x, y in [(real, fake)]
        for j in range(real.shape[1])
    )
    product = a * b.T
    gram = product * product.T if product.rows <= product.cols else product.T * product
    eigenvalues = mp.eigsy(gram, eigvals_only=True)
    nuclear = mp.fsum(mp.sqrt(e) for e in eigenvalues if e > mp.mpf(10) ** (-digits // 2))
    return float(gap + mp.fsum(v * v for v in a) + mp.fsum(v * v for v in b) - 2 * nuclear)


def pair(n=300, m=340, d=24, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    mix = rng.standard_normal((d, d)) / np.sqrt(d)
    return (
        (rng.standard_normal((n, d)) @ mix).astype(dtype),
        (rng.standard_normal((m, d)) @ mix * 1.2 + 0.3).astype(dtype),
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_fid_equals_scipys_matrix_square_root(dtype):
    real, fake = pair(dtype=dtype)
    assert fid(real, fake) == pytest.approx(textbook_fid(real, fake), rel=1e-9)


def test_fid_equals_torch_fidelity_and_torchmetrics():
    fidelity = pytest.importorskip("torch_fidelity.metric_fid")
    torch = pytest.importorskip("torch")
    image = pytest.importorskip("torchmetrics.image.fid")
    real, fake = pair(dtype=np.float64)
    reference = fidelity.fid_statistics_to_metric(
        fidelity.fid_features_to_statistics(torch.from_numpy(real)),
        fidelity.fid_features_to_statistics(torch.from_numpy(fake)),
        verbose=False,
    )["frechet_inception_distance"]
    assert fid(real, fake) == pytest.approx(reference, rel=1e-7)

    class Given(torch.nn.Module):
        num_features = real.shape[1]

        def forward(self, rows):
            return rows

    metric = image.FrechetInceptionDistance(feature=Given(), normalize=True, input_img_size=(1, 1, 1))
    metric.set_dtype(torch.float64)
    metric.update(torch.from_numpy(real), real=True)
    metric.update(torch.from_numpy(fake), real=False)
    assert fid(real, fake) == pytest.approx(float(metric.compute()), rel=1e-6)


def degenerate():
    rng = np.random.default_rng(5)
    wide = rng.standard_normal((6, 9)), rng.standard_normal((7, 9)) + 0.5
    few_real = rng.standard_normal((5, 8)), rng.standard_normal((30, 8))
    constant = rng.standard_normal((20, 5)), rng.standard_normal((25, 5))
    constant[0][:, 2] = 4.0
    both = rng.standard_normal((20, 5)), rng.standard_normal((25, 5))
    both[0][:, 1], both[1][:, 1] = 4.0, 5.0
    twice = rng.standard_normal((20, 5)), rng.standard_normal((25, 5))
    twice[1][:, 3] = twice[1][:, 0]
    rows = np.repeat(rng.standard_normal((4, 5)), 6, axis=0), rng.standard_normal((25, 5))
    scales = (
        rng.standard_normal((20, 5)) * 10.0 ** -(np.arange(5) ** 2),
        rng.standard_normal((25, 5)) * 10.0 ** -np.arange(5),
    )
    line = rng.standard_normal((9, 1)), rng.standard_normal((11, 1)) * 3
    still = np.ones((6, 4)), rng.standard_normal((9, 4))
    return {
        "fewer rows than columns": wide,
        "few real rows": few_real,
        "a constant column": constant,
        "a constant column on both sides": both,
        "a column twice": twice,
        "duplicated rows": rows,
        "columns of very different scale": scales,
        "one dimension": line,
        "all rows equal": still,
    }


@pytest.mark.parametrize("name", degenerate())
def test_fid_is_exact_where_covariances_are_singular(name):
    real, fake = degenerate()[name]
    assert fid(real, fake) == pytest.approx(high_precision_fid(real, fake), rel=1e-10)
    assert fid(fake, real) == pytest.approx(fid(real, fake), rel=1e-10)


def test_one_dimension_is_the_closed_form():
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((50, 1)), rng.standard_normal((70, 1)) * 2 + 1
    expected = (x.mean() - y.mean()) ** 2 + (x.std(ddof=1) - y.std(ddof=1)) ** 2
    assert fid(x, y) == pytest.approx(expected, rel=1e-12)


def test_fast_route_and_exact_route_agree():
    real, fake = pair(n=900, m=700, d=60)
    fast = frechet._by_eigenvalues(frechet.moments(real), frechet.moments(fake), 1)
    assert fast is not None
    assert fast == pytest.approx(frechet._by_factors(real, fake, 1), rel=1e-9)


def test_fast_route_steps_aside_where_it_would_lose_digits():
    real, fake = pair(n=900, m=700, d=20)
    steep = 10.0 ** -np.linspace(0, 7, 20)
    assert frechet._by_eigenvalues(frechet.moments(real * steep), frechet.moments(fake * steep), 1) is None


def test_a_large_common_offset_costs_no_digits():
    real, fake = pair(dtype=np.float64)
    real, fake = np.round(real * 64) / 64, np.round(fake * 64) / 64
    near = fid(real, fake)
    far = fid((real + 10_000).astype(np.float32), (fake + 10_000).astype(np.float32))
    assert far == pytest.approx(near, rel=1e-10)


@pytest.mark.parametrize("d", [3, 40])
def test_identical_sets_are_at_no_distance(d):
    x = np.random.default_rng(2).standard_normal((30, d))
    assert fid(x, x.copy()) == pytest.approx(0, abs=1e-12 * d)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 40), st.integers(2, 40), st.integers(1, 12), st.integers(0, 2**31))
def test_fid_is_symmetric_and_blind_to_order_shift_and_rotation(n, m, d, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((n, d)), rng.standard_normal((m, d)) * 2 + 1
    value = fid(x, y)
    rotation = np.linalg.qr(rng.standard_normal((d, d)))[0]
    assert value >= 0
    for other in (
        fid(y, x),
        fid(rng.permutation(x), rng.permutation(y)),
        fid(x + 3, y + 3),
        fid(x @ rotation, y @ rotation),
        fid(x * 5, y * 5) / 25,
    ):
        assert other == pytest.approx(value, rel=1e-9, abs=1e-11)


def test_fid_does_not_depend_on_how_rows_are_read(monkeypatch):
    real, fake = pair(n=200, m=150, d=30)
    whole = fid(real, fake)
    monkeypatch.setattr("gan.metrics.inputs.CHUNK_VALUES", 31 * 30)
    assert fid(real, fake) == pytest.approx(whole, rel=1e-11)
    assert fid(real[:20], fake) == pytest.approx(high_precision_fid(real[:20], fake), rel=1e-9)


def test_known_moments_of_the_real_set_change_nothing():
    real, fake = pair()
    assert fid(real, fake, known=frechet.moments(real)) == fid(real, fake)


@pytest.mark.parametrize(
    ("real", "fake", "says"),
    [
        (np.ones((1, 3)), np.ones((5, 3)), "more than 1 real"),
        (np.ones((5, 3)), np.ones((1, 3)), "more than 1 fake"),
        (np.ones((5, 3)), np.ones((5, 4)), "3 columns and the fake features 4"),
        (np.random.default_rng(0).standard_normal((9, 2)) * 1e200, np.ones((5, 2)), "overflow"),
        (
            np.random.default_rng(0).standard_normal((9, 2)),
            np.random.default_rng(1).standard_normal((9, 2)) * 1e200,
            "overflow",
        ),
    ],
)
def test_what_has_no_fid_is_refused_with_a_reason(real, fake, says):
    with pytest.raises(UsageError, match=says), np.errstate(all="ignore"):
        fid(real, fake)


def test_scatter_is_the_lower_triangle_of_numpys():
    x = pair(n=90, d=7, dtype=np.float32)[0]
    found = frechet.moments(x)
    expected = np.cov(x.astype(np.float64), rowvar=False) * (len(x) - 1)
    assert found.scatter == pytest.approx(np.tril(expected), rel=1e-12, abs=1e-12)


def test_moments_handed_in_can_be_used_again():
    real, fake = pair()
    known = frechet.moments(real)
    assert fid(real, fake, known=known) == fid(real, fake, known=known)
