"""A step's refusal, said in terms of units and codes; `build` adds the file, row and column it comes from."""

from typing import Any

from aigc_report.errors import Phrase


class Fault(Exception):
    """Why a step cannot be done.

    ``code`` is the indicator or aggregate at fault, ``unit`` the unit where one alone is, ``field`` the column of the
    structure table that must change; without ``field`` the fault lies in the values.
    """

    def __init__(self, template: str, *, code: str = "", unit: str = "", field: str = "", **fields: Any) -> None:
        super().__init__(template)
        self.template = template
        self.code = code
        self.unit = unit
        self.field = field
        self.fields = {"code": code, "unit": unit} | fields

    @property
    def phrase(self) -> Phrase:
        """The refusal in words, without the place it comes from."""
        return Phrase(self.template, self.fields)
