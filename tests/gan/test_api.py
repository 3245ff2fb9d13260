"""The commands as functions: the same names, the same results, and nothing loaded before it is needed."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import gan
from gan import cli, inspect, metrics, train
from gan.api import configure
from gan.errors import UsageError
from gan.metrics import METRICS
from gan.metrics import compute as compute_figures
from gan.store import Store

pytestmark = pytest.mark.torch

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def test_importing_gan_or_naming_a_command_loads_no_torch() -> None:
    code = "import sys, gan; from gan import train, show, inspect; assert not {'torch', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_command_has_a_function_of_its_name_and_every_function_a_command() -> None:
    import typer

    commands = set(typer.main.get_command(cli.app).list_commands(None))
    assert set(gan.__all__) <= commands
    assert {"train", "resume", "list", "show", "compare", "cancel", "sample", "metrics", "inspect"} <= set(gan.__all__)
    assert all(callable(getattr(gan, name)) for name in gan.__all__)
    with pytest.raises(AttributeError, match="no attribute 'trian'"):
        getattr(gan, "trian")  # noqa: B009


def test_metrics_can_be_called_in_whatever_order_it_is_imported() -> None:
    for first in ("from gan import metrics", "import gan.metrics.frechet; from gan import metrics"):
        code = f"{first}\nimport numpy as np\nx = np.random.RandomState(0).normal(size=(2, 50, 3))\n"
        code += "assert metrics(x[0], x[1], ['fid'])['fid'].value > 0"
        subprocess.run([sys.executable, "-c", code], check=True)


def test_a_run_from_a_notebook_is_one_like_any_other(store: Store, tmp_path: Path) -> None:
    record = train("dcgan", steps=3, width=8, progress=False)
    other = train("dcgan", steps=3, width=8, seed=1, progress=False)
    assert (record.status, record.config.width) == ("completed", 8)
    assert {run.run_id for run in gan.list()} == {record.run_id, other.run_id}
    assert gan.show(record.run_id) == store.read(record.run_id)
    assert gan.resume(record.run_id) == record
    assert set(gan.compare(record.run_id, other.run_id)["differences"]) == {"seed"}
    images = gan.sample(record.run_id, 5, tmp_path / "out")
    assert (images.shape, images.dtype) == ((5, 1, 16, 16), np.uint8)
    assert len(list((tmp_path / "out").iterdir())) == 5
    with pytest.raises(UsageError, match="nothing to cancel"):
        gan.cancel(record.run_id)


def test_metrics_take_folders_files_features_and_images(tmp_path: Path) -> None:
    random = np.random.RandomState(0)
    real, fake = random.normal(size=(2, 40, 3))
    figures = metrics(real, fake, k=3)
    assert set(figures) == set(METRICS) - {"inception_score"}
    assert figures["precision"].settings["k"] == 3
    for name, features in (("real", real), ("fake", fake)):
        np.savez(tmp_path / f"{name}.npz", features=features)
    assert metrics(tmp_path / "real.npz", tmp_path / "fake.npz", k=3) == figures
    images = random.randint(0, 256, (2, 12, 1, 16, 16)).astype(np.uint8)
    assert "inception_score" in metrics(images[0], images[1])
    assert compute_figures is metrics.compute
    with pytest.raises(UsageError, match="A setting is not known; there are: fid_ddof"):
        metrics(real, fake, kk=3)


def test_one_budget_and_no_more() -> None:
    with pytest.raises(UsageError, match="Give --budget or --steps, not both"):
        configure("dcgan", "digits", budget="60s", steps=5)
    assert configure("dcgan", "digits", budget="2m").budget_s == 120
    assert configure("dcgan", "digits", budget=2).budget_s == 2
    assert configure("dcgan", "digits", images=64).budget_images == 64
    assert configure("dcgan", "digits").budget_s == 60


def test_an_inspection_reads_as_tables_and_names_every_network() -> None:
    found = inspect("r3gan", conditional=True)
    assert [network.name for network in found.networks] == ["generator", "discriminator"]
    text = str(found)
    assert "r3gan on digits, 1 x 16 x 16, told the classes" in text
    assert all(f"{network.parameters:,}" in text for network in found.networks)


def test_the_documented_example_runs(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """docs/notebook.md as it stands, with smaller budgets."""
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs/notebook.md").read_text("utf-8"), re.DOTALL)
    code = re.sub(r'budget="\d+s"', "steps=2", "\n".join(blocks))
    assert code.count("steps=2") >= 2
    exec(compile(code, "docs/notebook.md", "exec"), {})
