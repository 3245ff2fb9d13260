"""What the benchmarks of pages promise without being run: no page is left out, and a control is told by its key."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).parents[2]


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"benchmarks_{name}", ROOT / "benchmarks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)

    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_every_page_is_measured():
    views = {path.stem for path in (ROOT / "dashboards/views").glob("*.py")} - {"__init__"}
    known = loaded("pages").PAGES
    assert set(known) == {view.replace("_", "-") for view in views}
    assert {page.path for page in known.values()} == {"/" if name == "overview" else f"/{name}" for name in known}


def test_a_viewer_knows_the_controls_that_were_sent_and_when_a_run_has_ended():
    viewer = loaded("viewer").Viewer("http://127.0.0.1:1")
    sent = ForwardMsg()
    sent.delta.fragment_id = "part"
    box = sent.delta.new_element.selectbox
    box.id, _ = "$$ID-0123abcd-period-use-map", box.options.extend(["2023", "2024"])
    assert not viewer.read(sent)
    (control,) = viewer.controls.values()
    assert (control.key, control.options, control.fragment) == ("period-use-map", ("2023", "2024"), "part")
    assert control.state("2024").string_value == "2024"
    again, ended = ForwardMsg(), ForwardMsg()
    again.script_finished = ForwardMsg.FINISHED_EARLY_FOR_RERUN
    ended.script_finished = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
    assert not viewer.read(again)
    assert viewer.read(ended)
