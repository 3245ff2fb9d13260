"""Fashion-MNIST comes from a server where no copy is at hand, and only as it was published.

The server is one of this test, with Debian's copy of the real files: torchvision downloads them as it would anywhere.
"""

import functools
import hashlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gan import copies, datasets
from gan.datasets import idx
from gan.datasets.download import download
from gan.errors import UsageError

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(not copies.DEBIAN_FASHION.is_dir(), reason="Debian's Fashion-MNIST is absent"),
]


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        self.server.asked.append(args)  # type: ignore[attr-defined]


@pytest.fixture
def served(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is served as the publisher's, on a machine without a copy."""
    from torchvision.datasets import FashionMNIST

    folder = tmp_path / "server"
    folder.mkdir()
    for stem in copies.IDX_FILES:
        (folder / f"{stem}.gz").symlink_to(copies.DEBIAN_FASHION / f"{stem}.gz")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Silent, directory=str(folder)))
    server.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # packers compress differently: torchvision's digests are of the publisher's archives, these are of the served ones
    digests = [
        (f"{stem}.gz", hashlib.md5((folder / f"{stem}.gz").read_bytes()).hexdigest()) for stem in copies.IDX_FILES
    ]
    monkeypatch.setattr(FashionMNIST, "mirrors", [f"http://127.0.0.1:{server.server_port}/"])
    monkeypatch.setattr(FashionMNIST, "resources", digests)
    monkeypatch.setattr(copies, "DEBIAN_FASHION", tmp_path / "absent")
    monkeypatch.delenv("AIGC_REPORT_DATASETS", raising=False)
    monkeypatch.delenv("AIGC_REPORT_OFFLINE", raising=False)
    datasets.load.cache_clear()
    yield folder
    datasets.load.cache_clear()
    server.shutdown()
    server.server_close()


def test_a_download_is_the_published_data_and_is_found_again(served: Path, home: Path) -> None:
    raw = download("fashion-mnist")
    assert raw == home / "datasets" / "FashionMNIST" / "raw"
    assert copies.find("fashion-mnist") == raw
    for stem, digest in zip(copies.IDX_FILES, copies.IDX_DIGESTS["fashion-mnist"], strict=True):
        assert len(idx.read_idx("fashion-mnist", raw, stem, digest)) in (60_000, 10_000)


def test_a_damaged_download_is_refused_and_says_what_to_do(served: Path) -> None:
    (served / "t10k-labels-idx1-ubyte.gz").unlink()
    (served / "t10k-labels-idx1-ubyte.gz").write_bytes(b"an error page")
    with pytest.raises(UsageError, match="could not be downloaded") as refusal:
        datasets.load("fashion-mnist", 32)
    assert "FashionMNIST/raw" in str(refusal.value)  # where a copy belongs
    assert "\n" not in str(refusal.value)


def test_offline_nothing_is_asked_of_a_server(served: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGC_REPORT_OFFLINE", "1")
    with pytest.raises(UsageError, match="AIGC_REPORT_OFFLINE forbids a download"):
        datasets.load("fashion-mnist", 32)
    assert not (home / "datasets").exists()
