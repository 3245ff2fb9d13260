"""What to mind about a forecast: sentences with places, worded alike on the command line, in JSON and on pages."""

from dataclasses import dataclass, field
from typing import Any

from aigc_report.flags import flag_texts
from aigc_report.i18n import N_, Texts, texts

MODEL_NAMES: dict[str, str] = {
    "bass": N_("Bass"),
    "gompertz": N_("Gompertz"),
    "logistic": N_("logistic"),
    "naive": N_("the last value"),
    "drift": N_("the drift"),
    "damped": N_("the damped trend"),
}
"""Model to its name in a sentence."""

NOTES: dict[str, str] = {
    "scenario": N_(
        "Scenario, no forecast: {n} rows are too few to fit a ceiling or to test anything. Shown is a logistic curve "
        "through them if half of what is left up to {ceiling} were reached in the end; it has no interval."
    ),
    "open_ceiling": N_(
        "The data do not bound the ceiling from above: they rule out ceilings below {low} and none above."
    ),
    "open_ceiling_both": N_("The data do not bound the ceiling: they rule out no value, high or low."),
    "natural_ceiling": N_(
        "The ceiling was kept to at most {ceiling}, the most there can be; the data rule out no ceiling up to there."
    ),
    "before_peak": N_(
        "The fitted curve has its inflection after the last row: the series has not passed it, and until it has, "
        "ceiling and time to peak rest on the shape assumed."
    ),
    "negative": N_("{n} increments are negative; they are fitted as they are, though adoption only adds."),
    "falls": N_("The level falls from row to row {n} times; the curves only rise and take that for noise."),
    "uneven_rows": N_(
        "The periods are not evenly spaced, and t counts rows; give --time-from-period to let t follow the periods."
    ),
    "step": N_("One unit of t is {step}, the usual gap between the periods."),
    "year": N_("One unit of t is a year."),
    "no_launch": N_(
        "Time does not count from a launch, which Bass' model needs; its figures for this series mean little."
    ),
    "bass_left_out": N_("Bass' model was left out: it needs a launch to count time from, and this series has none."),
    "damped_left_out": N_("The damped trend was left out: it needs evenly spaced rows."),
    "naive_wins": N_(
        "No curve beat the naive model in the back-test (RMSE {rmse} of {naive}, {best} of the best curve, {model}), "
        "so the forecast is that of {naive}."
    ),
    "not_better": N_("In the back-test {model} (RMSE {rmse}) did not beat {naive} (RMSE {naive_rmse})."),
    "reference_wins": N_("No curve had the smallest back-test error; the forecast is that of {model}."),
    "few_origins": N_("The back-test rests on {n} origins, too few to tell models apart with confidence."),
    "coverage": N_(
        "In the back-test the {level} intervals held {coverage} of what came: they are too narrow for this series."
    ),
    "break": N_("{period}: {flags}."),
    "at_bound": N_("The fit found no ceiling: the error still falls at {ceiling}, the largest one looked at."),
}
"""Code to sentence."""


@dataclass(frozen=True)
class Note:
    """One thing to mind. Numbers, models, periods and flags in `values` are worded in the reader's language."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)

    def text(self, t: Texts | None = None) -> str:
        """The sentence in the language of `t`, English by default."""
        t = t or texts("en")
        return t(NOTES[self.code]).format(**{key: _worded(t, key, value) for key, value in self.values.items()})


def _worded(t: Texts, key: str, value: Any) -> str:
    if key in ("model", "naive"):
        return t(MODEL_NAMES[value])
    if key == "flags":
        return t.join(flag_texts(value, t.lang))
    if key == "period":
        return t.period(value)
    if key in ("coverage", "level"):
        return t.value(100 * value, "percent", 0)
    if isinstance(value, tuple):
        return t.value(*value)
    return t.number(value) if isinstance(value, int | float) else str(value)
