"""Precision, recall, density and coverage: equal to the distances written out, ties included."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from gan.errors import UsageError
from gan.metrics.manifold import Manifold, manifold


def plain(real, fake, k, closed=False):
    """Naeem et al.'s definition over the full float64 distance matrices."""
    real, fake = real.astype(np.float64), fake.astype(np.float64)

    def radii(x):
        d = cdist(x, x)
        np.fill_diagonal(d, np.inf)
        return np.sort(d, axis=1)[:, k - 1]

    d = cdist(real, fake)
    inside = np.less_equal if closed else np.less
    in_real, in_fake = inside(d, radii(real)[:, None]), inside(d, radii(fake)[None, :])
    return Manifold(in_real.any(0).mean(), in_fake.any(1).mean(), in_real.sum(0).mean() / k, in_real.any(1).mean())


def same(a: Manifold, b: Manifold) -> bool:
    return vars(a) == pytest.approx(vars(b), rel=1e-12)


def clouds(n=260, m=230, d=12, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)).astype(dtype), (rng.standard_normal((m, d)) * 0.9 + 0.2).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("k", [1, 3, 5])
@pytest.mark.parametrize("closed", [False, True])
def test_all_four_equal_the_full_distance_matrix(dtype, k, closed):
    real, fake = clouds(dtype=dtype)
    assert same(manifold(real, fake, k=k, closed=closed), plain(real, fake, k, closed))


def test_all_four_equal_prdc():
    compute_prdc = pytest.importorskip("prdc").compute_prdc
    real, fake = clouds(600, 500, 40)
    expected = compute_prdc(real, fake, nearest_k=5)
    assert vars(manifold(real, fake, k=5)) == pytest.approx({k: float(v) for k, v in expected.items()}, rel=1e-12)


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("n", [40, 300])
def test_ties_on_a_grid_are_decided_exactly(closed, n):
    rng = np.random.default_rng(1)
    real, fake = rng.integers(0, 4, (n, 3)).astype(float), rng.integers(0, 4, (n + 9, 3)).astype(float)
    assert same(manifold(real, fake, closed=closed), plain(real, fake, 5, closed))


def test_duplicated_rows_and_a_set_against_itself():
    real, _ = clouds(60)
    twice = np.concatenate([real, real])
    for a, b in ((real, real), (twice, real), (real, twice), (twice, twice)):
        for closed in (False, True):
            assert same(manifold(a, b, closed=closed), plain(a, b, 5, closed))


def test_all_rows_equal_lie_in_no_open_ball_and_in_every_closed_one():
    flat = np.full((12, 3), 0.1, dtype=np.float32)
    assert manifold(flat, flat) == Manifold(0, 0, 0, 0)
    assert manifold(flat, flat, closed=True) == Manifold(1, 1, 12 / 5, 1)


@pytest.mark.parametrize("distinct", [1, 4])
def test_a_collapsed_set_is_measured_by_the_definition(distinct):
    """A generator that makes a few images over and over, some more often than k + 1 times."""
    real, fake = clouds(80, 70, 5)
    collapsed = fake[np.random.default_rng(3).integers(0, distinct, len(fake))]
    for a, b in ((real, collapsed), (collapsed, real), (np.concatenate([real, collapsed]), fake)):
        for closed in (False, True):
            assert same(manifold(a, b, closed=closed), plain(a, b, 5, closed))


def test_far_clusters_and_large_offsets_keep_their_neighbours():
    rng = np.random.default_rng(4)
    real, fake = (np.round(rng.standard_normal((200, 6)) * 256) / 256 for _ in range(2))
    near = manifold(real, fake)
    assert same(manifold(real + 2.0**20, fake + 2.0**20), near)
    far = np.where(np.arange(200)[:, None] % 2 == 0, 0.0, 2.0**22)
    assert same(manifold(real + far, fake + far), plain(real + far, fake + far, 5))


@pytest.mark.parametrize("scale", [1e-20, 1e20])
def test_scale_changes_nothing(scale):
    real, fake = clouds()
    assert same(manifold(real * scale, fake * scale), manifold(real, fake))


def test_tiles_and_candidate_limits_change_nothing(monkeypatch):
    rng = np.random.default_rng(2)
    real, fake = rng.integers(0, 5, (150, 4)).astype(float), clouds(150, 90, 4)[1]
    expected = plain(real, fake, 5)
    monkeypatch.setattr("gan.metrics.neighbours._TILE", 41)
    monkeypatch.setattr("gan.metrics.neighbours._FIRST", 12)
    monkeypatch.setattr("gan.metrics.neighbours._MAX_CANDIDATES", 300)
    assert same(manifold(real, fake), expected)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(3, 40), st.integers(3, 40), st.integers(1, 5), st.integers(1, 2), st.integers(0, 2**31), st.booleans()
)
def test_any_small_pair_equals_the_definition(n, m, d, k, seed, grid):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((n, d)), rng.standard_normal((m, d))
    if grid:
        x, y = np.round(x), np.round(y)
    result = manifold(x, y, k=k)
    assert same(result, plain(x, y, k))
    assert same(manifold(rng.permutation(x), rng.permutation(y), k=k), result)
    swapped = manifold(y, x, k=k)
    assert (swapped.precision, swapped.recall) == (result.recall, result.precision)


@pytest.mark.parametrize(
    ("n", "m", "k", "says"), [(5, 9, 5, "choose k from 1 to 4"), (9, 5, 5, "5 fake"), (9, 9, 0, "at least 1")]
)
def test_too_few_neighbours_are_refused(n, m, k, says):
    with pytest.raises(UsageError, match=says):
        manifold(np.zeros((n, 2)), np.zeros((m, 2)), k=k)
