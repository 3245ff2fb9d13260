"""Where the data package lies: inside an installed wheel, else in the repository."""

from functools import cache
from pathlib import Path

from aigc_report.errors import UserError


@cache
def data_folder() -> Path:
    """The folder of the data package that came with this installation, resolved; `UserError` when there is none."""
    here = Path(__file__).resolve().parent
    for folder in (here / "_data", here.parent / "data"):
        if (folder / "datapackage.json").is_file():
            return folder
    raise UserError("The data package is missing from {folder}; install aigc-report again.", folder=str(here))
