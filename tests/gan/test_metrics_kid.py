"""KID and the Inception Score against plain formulas and torch-fidelity."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gan.errors import UsageError
from gan.metrics.inception_score import inception_score
from gan.metrics.inputs import as_probabilities
from gan.metrics.kid import _Kernel, kid, kid_subsets


def plain_kid(x, y, degree=3, gamma=None, coef0=1.0):
    """The definition with scikit-learn's kernel, in extended precision."""
    x, y = x.astype(np.longdouble), y.astype(np.longdouble)
    gamma = 1 / x.shape[1] if gamma is None else gamma

    def k(a, b):
        return (gamma * (a @ b.T) + coef0) ** degree

    n, m = len(x), len(y)
    xx, yy, xy = k(x, x), k(y, y), k(x, y)
    return float(
        (xx.sum() - np.trace(xx)) / (n * (n - 1)) + (yy.sum() - np.trace(yy)) / (m * (m - 1)) - 2 * xy.sum() / (n * m)
    )


def pair(n=120, m=150, d=16, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)).astype(dtype), (rng.standard_normal((m, d)) * 1.1 + 0.2).astype(dtype)


@pytest.mark.parametrize("kernel", [{}, {"degree": 1}, {"degree": 2, "gamma": 0.3}, {"degree": 5, "coef0": 0.0}])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_kid_equals_the_plain_formula(kernel, dtype):
    real, fake = pair(dtype=dtype)
    assert kid(real, fake, **kernel).value == pytest.approx(plain_kid(real, fake, **kernel), rel=1e-10)


def test_kid_equals_scikit_learns_kernel():
    pairwise = pytest.importorskip("sklearn.metrics.pairwise")
    real, fake = pair()
    xx, yy, xy = (pairwise.polynomial_kernel(a, b) for a, b in ((real, real), (fake, fake), (real, fake)))
    n, m = len(real), len(fake)
    expected = (xx.sum() - np.trace(xx)) / (n * (n - 1)) + (yy.sum() - np.trace(yy)) / (m * (m - 1)) - 2 * xy.mean()
    assert kid(real, fake).value == pytest.approx(expected, rel=1e-9)


def test_subset_protocol_equals_torch_fidelity():
    module = pytest.importorskip("torch_fidelity.metric_kid")
    torch = pytest.importorskip("torch")
    real, fake = pair()
    expected = module.kid_features_to_metric(
        torch.from_numpy(real),
        torch.from_numpy(fake),
        kid_subsets=7,
        kid_subset_size=50,
        kid_degree=3,
        kid_gamma=None,
        kid_coef0=1,
        rng_seed=2020,
        verbose=False,
        kid_kernel="poly",
    )["kernel_inception_distance_mean"]
    assert kid_subsets(real, fake, subsets=7, size=50, seed=2020).value == pytest.approx(expected, rel=1e-9)


def test_a_large_offset_costs_few_digits():
    real, fake = (np.round(x * 64) / 64 + 1_000 for x in pair())
    assert kid(real, fake).value == pytest.approx(plain_kid(real, fake), rel=1e-8)


def test_large_sets_in_float32_agree_with_float64(monkeypatch):
    real, fake = pair(n=1500, m=1500, d=64)
    exact = kid(real, fake)
    monkeypatch.setattr("gan.metrics.kid._LARGE", 0)
    assert kid(real, fake).value == pytest.approx(exact.value, rel=1e-6)
    same = kid(real, pair(n=1500, d=64, seed=9)[0])
    monkeypatch.undo()
    assert same.value == pytest.approx(kid(real, pair(n=1500, d=64, seed=9)[0]).value, abs=1e-6 * same.standard_error)


def test_kid_does_not_depend_on_tiles(monkeypatch):
    real, fake = pair()
    whole = kid(real, fake)
    monkeypatch.setattr("gan.metrics.kid._TILE", 37)
    tiled = kid(real, fake)
    assert tiled.value == pytest.approx(whole.value, rel=1e-11)
    assert tiled.standard_error == pytest.approx(whole.standard_error, rel=1e-9)


def test_standard_error_is_the_jackknife_of_the_value():
    real, fake = pair(n=9, m=7, d=3)
    variance = 0.0
    for which, x in enumerate((real, fake)):
        left_out = np.array(
            [
                plain_kid(*(np.delete(s, i, 0) if j == which else s for j, s in enumerate((real, fake))))
                for i in range(len(x))
            ]
        )
        variance += (len(x) - 1) / len(x) * ((left_out - left_out.mean()) ** 2).sum()
    assert kid(real, fake).standard_error == pytest.approx(np.sqrt(variance), rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 20), st.integers(2, 20), st.integers(1, 6), st.integers(0, 2**31))
def test_kid_is_symmetric_and_blind_to_order_and_rotation(n, m, d, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((n, d)), rng.standard_normal((m, d)) + 0.5
    rotation = np.linalg.qr(rng.standard_normal((d, d)))[0]
    value = kid(x, y).value
    for other in (kid(y, x), kid(rng.permutation(x), y), kid(x @ rotation, y @ rotation)):
        assert other.value == pytest.approx(value, rel=1e-8, abs=1e-11)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: kid(np.ones((1, 2)), np.ones((5, 2))), "at least 2 real"),
        (lambda: kid(np.ones((5, 2)), np.ones((5, 3))), "same extractor"),
        (lambda: kid(np.ones((5, 2)), np.ones((5, 2)), degree=0), "degree"),
        (lambda: kid_subsets(np.ones((5, 2)), np.ones((9, 2)), subsets=2, size=6, seed=0), "from 2 to 5"),
        (lambda: kid_subsets(np.ones((5, 2)), np.ones((9, 2)), subsets=0, size=3, seed=0), "at least 1 subset"),
    ],
)
def test_what_has_no_kid_is_refused_with_a_reason(call, says):
    with pytest.raises(UsageError, match=says):
        call()


def test_kernel_without_an_offset_keeps_only_its_highest_power():
    kernel = _Kernel(np.zeros(2), 1.0, 0.0, 2, np.float64)
    along, _ = kernel._power_sums(np.array([[2.0, 3.0]]))
    assert along == pytest.approx([13.0])


def plain_inception_score(p):
    marginal = p.mean(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p > 0, p * (np.log(p) - np.log(marginal)), 0)
    return np.exp(terms.sum(1).mean())


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 30), st.integers(2, 8), st.integers(0, 2**31))
def test_inception_score_is_the_definition_between_one_and_the_classes(n, classes, seed):
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(classes, 0.3), n)
    p[p < 0.05] = 0
    p /= p.sum(1, keepdims=True)
    score, _ = inception_score(p)
    assert score == pytest.approx(plain_inception_score(p), rel=1e-12)
    assert 1 - 1e-12 <= score <= classes + 1e-9
    assert inception_score(rng.permutation(p))[0] == pytest.approx(score, rel=1e-12)


def test_inception_score_of_certain_balanced_classes_is_their_number():
    assert inception_score(np.eye(7))[0] == pytest.approx(7)
    assert inception_score(np.full((5, 4), 0.25))[0] == pytest.approx(1)


def test_inception_score_in_splits_equals_torch_fidelity():
    module = pytest.importorskip("torch_fidelity.metric_isc")
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(3)
    logits = rng.standard_normal((103, 6)) * 3
    expected = module.isc_features_to_metric(torch.from_numpy(logits), splits=10, shuffle=False)
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    score, _ = inception_score(p, splits=10)
    assert score == pytest.approx(expected["inception_score_mean"], rel=1e-9)


def test_more_splits_than_images_is_refused():
    with pytest.raises(UsageError, match="choose 1 to 3"):
        inception_score(np.eye(3), splits=4)


@pytest.mark.parametrize(
    ("p", "says"),
    [
        ([[0.5, 0.5], [0.7, 0.4]], "row 1 .* sum to 1.1"),
        ([[1.5, -0.5]], "negative or non-finite value in row 0"),
        ([[0.5, np.nan]], "negative or non-finite value in row 0"),
        ([0.5, 0.5], "matrix"),
    ],
)
def test_what_is_no_probability_is_refused_by_row(p, says):
    with pytest.raises(UsageError, match=says):
        as_probabilities(p, "fake")


def test_float32_softmax_counts_as_probabilities():
    p = np.random.default_rng(0).dirichlet(np.ones(1000), 5).astype(np.float32)
    assert as_probabilities(p, "fake").sum(axis=1) == pytest.approx(1, abs=1e-15)
