"""A table of the reader's own: brought, checked row by row, kept for the visit, and shown as the EU's index is."""

import streamlit as st

from aigc_report import uploads
from aigc_report.errors import UserError
from aigc_report.i18n import Texts
from aigc_report.index import own
from aigc_report.uploads import Table
from dashboards.ui import country, state
from dashboards.ui.country import OWN, Shown
from dashboards.ui.plain import plain

EU27, MINE = "eu27", "own"
_READ, _SHOWN = "own-read", "own-shown"
_MOST_MB = 10


def choose(t: Texts) -> Shown:
    """The index the reader wants to see: the EU's, or that of a table brought in this visit."""
    _bring(t)
    shown: Shown | None = st.session_state.get(_SHOWN)
    if shown is None:
        return country.eu27()
    which = state.choice(
        st.segmented_control,
        t("Index shown"),
        [MINE, EU27],
        key="index",
        default=MINE,
        required=True,
        format_func=lambda each: t("EU-27") if each == EU27 else st.session_state[OWN].name,
    )
    if which == EU27:
        return country.eu27()
    for message, values in own.remarks(shown.inputs.structure):
        st.caption(plain(t(message, **values)))
    return shown


def _bring(t: Texts) -> None:
    """Upload, templates and what was found wrong."""
    with st.expander(t("Use a table of your own"), icon=":material/upload_file:"):
        st.markdown(
            t(
                "A CSV file with a row per unit: its code in the first column (or `uCode`, with names in `uName`), and "
                "an indicator in every other column; at most {units} units and {indicators} indicators. A structure "
                "says how indicators add up, which way they point and, where wanted, between which goalposts (`Low`, "
                "`High`) they are scaled. The table is read on this server and stays in this visit alone, until you "
                "remove it, bring another or close the page.",
                units=own.MOST_UNITS,
                indicators=own.MOST_INDICATORS,
            )
        )
        left, right = st.columns(2, gap="large")
        with left:
            table = _uploaded(t, t("Table of units (CSV)"), "own-file")
        with right:
            structure = _uploaded(t, t("Structure (CSV), if there is one"), "own-structure-file")
        _templates(t)
        if table is not None:
            _read(t, table, structure, _less(t, table) if structure is None else ())
        elif OWN in st.session_state:
            _kept(t)


def _uploaded(t: Texts, label: str, key: str) -> Table | None:
    """The table in an upload, with what had to be guessed; a sentence where there is none to read."""
    file = st.file_uploader(label, type=["csv", "tsv", "txt"], key=key, max_upload_size=_MOST_MB)
    if file is None:
        return None
    try:
        found = uploads.table(file.getvalue(), file.name)
    except UserError as error:
        st.error(plain(error.text(t)), icon=":material/error:")
        return None
    for message, values in found.notes:
        st.caption(plain(t(message, **values)))
    return found


def _less(t: Texts, table: Table) -> tuple[str, ...]:
    """The indicators in which a lower value is the better one, as the reader says."""
    label = t("Indicators in which less is better")
    codes = own.indicators_of(table)
    return tuple(st.multiselect(label, codes, key="own-less", placeholder=t("Choose one or more")))


def _kept(t: Texts) -> None:
    """The table of this visit after its file has left the control, which Streamlit empties on another page."""
    left, right = st.columns([3, 1], vertical_alignment="center")
    with left:
        st.caption(t("Kept for this visit: {file}", file=plain(st.session_state[OWN].name)))
    with right:
        st.button(t("Remove"), key="own-remove", on_click=_forget, type="tertiary", icon=":material/delete:")


def _forget() -> None:
    for key in (OWN, _SHOWN, _READ, "index"):
        st.session_state.pop(key, None)


def _read(t: Texts, table: Table, structure: Table | None, less: tuple[str, ...]) -> None:
    """Check the table and name every fault, or keep its index; beside a faulty table the earlier index stays."""
    brought = (table.csv(), None if structure is None else structure.csv(), less)
    if st.session_state.get(_READ) == brought:
        return
    found = own.faults(table, structure)
    if not found:
        try:
            shown = Shown(own.inputs(table, structure, less), own=True)
            shown.ranked(country.PUBLISHED)
        except UserError as error:
            found = [error]
    if found:
        st.error(t("Problems: {n}. Correct them and bring the file again.", n=len(found)), icon=":material/error:")
        st.markdown("\n".join(f"- {plain(fault.text(t))}" for fault in found[: own.MOST_FAULTS]))
        if len(found) > own.MOST_FAULTS:
            st.caption(t("and {n} more", n=len(found) - own.MOST_FAULTS))
        if OWN in st.session_state:
            _kept(t)
        return
    st.session_state[OWN], st.session_state[_SHOWN], st.session_state[_READ] = table, shown, brought
    for key in [key for key in st.session_state if str(key).startswith("weight-")]:
        del st.session_state[key]  # another table's sliders


def _templates(t: Texts) -> None:
    """Files to start from: the index of the EU as a table and its structure."""
    table, structure = own.template(t.lang)
    with st.container(horizontal=True, gap="small"):
        for label, text, name in (
            (t("Template: table"), table, own.TABLE_FILE),
            (t("Template: structure"), structure, own.STRUCTURE_FILE),
        ):
            st.download_button(
                label,
                text.encode("utf-8-sig"),
                name,
                "text/csv",
                key=f"template-{name}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )
