"""Write constraints.txt: the exact versions, installed here, of everything the project needs, extras included.

Run it in an environment that passes the tests: ``.venv/bin/python tools/constraints.py``.
PyTorch's own CUDA packages are left out: torch pins those itself, and they differ between platforms.
"""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PLATFORM_BOUND = re.compile(r"^(nvidia-(?!ml-py)|cuda-|triton)")
HEADER = "# Exact versions this project is tested with. Made by tools/constraints.py; do not edit by hand.\n"


def needed() -> dict[str, str]:
    """Canonical name -> installed version, over the closure of the project's requirements and extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    queue = [Requirement(line) for line in project["dependencies"] + [r for group in extras.values() for r in group]]
    queue.append(Requirement("hatchling"))
    found: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    while queue:
        requirement = queue.pop()
        name = canonicalize_name(requirement.name)
        if (key := (name, frozenset(requirement.extras))) in seen or PLATFORM_BOUND.match(name):
            continue
        seen.add(key)
        try:
            found[name] = version(name).split("+")[0]
        except PackageNotFoundError:
            continue  # for another platform, or an optional package nobody asked for
        for line in requires(name) or []:
            child = Requirement(line)
            environments = [{"extra": extra} for extra in (requirement.extras or {""})]
            if child.marker is None or any(child.marker.evaluate(e) for e in environments):
                queue.append(child)
    return found


if __name__ == "__main__":
    lines = [f"{name}=={found}\n" for name, found in sorted(needed().items())]
    (ROOT / "constraints.txt").write_text(HEADER + "".join(lines))
