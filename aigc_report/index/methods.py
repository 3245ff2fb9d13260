"""Methods as tables: a name chooses a function, and the function's keyword-only parameters are its options.

A function of one's own fits in by being added to the table of its step; its options are read from its signature, so
there is no second list to keep.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from aigc_report.errors import UserError

Function = TypeVar("Function", bound=Callable[..., Any])
KINDS: dict[type, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


@dataclass(frozen=True)
class Choice:
    """A method of a step and its options, as a spec states them: ``{ method = "minmax", lower = 0, upper = 100 }``."""

    method: str
    options: Mapping[str, Any] = field(default_factory=dict)


def bind(table: Mapping[str, Function], choice: Choice, step: str) -> Function:
    """The chosen function with its options set; `UserError` names the step, the option and what is allowed.

    A whole number is taken where a number is wanted; nothing else is converted.
    """
    function = table.get(choice.method)
    if function is None:
        raise UserError(
            'step {step}: there is no method "{method}"; choose one of: {known}.',
            step=step,
            method=choice.method,
            known=", ".join(table),
        )
    accepted = {
        name: p
        for name, p in inspect.signature(function).parameters.items()
        if p.kind is inspect.Parameter.KEYWORD_ONLY
    }
    for name, value in choice.options.items():
        if name not in accepted:
            raise UserError(
                'step {step}: {method} has no option "{option}"; {takes}.',
                step=step,
                method=choice.method,
                option=name,
                takes=f"it takes {', '.join(accepted)}" if accepted else "it takes none",
            )
        wanted = accepted[name].annotation
        given = float if wanted is float and type(value) is int else type(value)
        if given is not wanted:
            raise UserError(
                "step {step}: {option} is {value!r}, but {method} wants {kind} there.",
                step=step,
                option=name,
                value=value,
                method=choice.method,
                kind=KINDS[wanted],
            )
    for name, parameter in accepted.items():
        if parameter.default is inspect.Parameter.empty and name not in choice.options:
            raise UserError(
                "step {step}: {method} needs the option {option}.", step=step, method=choice.method, option=name
            )
    return partial(function, **choice.options)  # type: ignore[return-value]
