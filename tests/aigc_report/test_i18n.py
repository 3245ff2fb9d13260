"""Every sentence a reader can meet exists in both languages, with the same values in it."""

import ast
import pickle
import re
import string
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract, extract_from_dir
from babel.messages.pofile import read_po

from aigc_report import i18n
from gan import config, names, record
from gan.errors import Busy, UsageError
from gan.store import Store

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "aigc_report/locale/zh/LC_MESSAGES/aigc_report.po"
ROOMS = ("aigc_report", "dashboards")
REFUSING = ("continuing", "names", "removal", "runner", "store", "suite/launch", "suite/ledger")
"""Modules of `gan` whose refusals a page shows: each is a template with values, found where it is raised."""


def source_messages() -> dict[str, str]:
    """Message to the place where it stands in the sources."""
    found = dict.fromkeys(i18n.foreign_messages(), "gan")
    for room in ROOMS:
        for file, line, message, *_ in extract_from_dir(ROOT / room, keywords={"t": None, "N_": None}):
            assert isinstance(message, str), f"{room}/{file}:{line}: plural forms are not used here"
            found.setdefault(message, f"{room}/{file}:{line}")
    for module in REFUSING:
        content = BytesIO((ROOT / f"gan/{module}.py").read_bytes())
        for line, message, *_ in extract("python", content, keywords={"UsageError": None, "Busy": None}):
            found.setdefault(message, f"gan/{module}.py:{line}")
    return found


def placeholders(text: str) -> set[tuple[str, str]]:
    return {(name, spec or "") for _, name, spec, _ in string.Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def chinese():
    return {str(m.id): m for m in read_po(BytesIO(CATALOGUE.read_bytes()), locale="zh") if m.id}


@pytest.fixture(scope="module")
def sources():
    return source_messages()


def test_every_sentence_in_the_sources_has_a_chinese_one(chinese, sources):
    missing = {m: where for m, where in sources.items() if m not in chinese or not chinese[m].string}
    assert not missing


def test_no_sentence_hides_in_an_f_string_where_extraction_cannot_see_it():
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for joined in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("t", "N_")
        if call.args and isinstance(call.args[0], ast.Constant)
    ]
    assert not hidden


def test_no_refusal_that_a_page_shows_is_put_together_before_it_can_be_translated():
    whole = [
        f"gan/{module}.py:{call.lineno}"
        for module in REFUSING
        for call in ast.walk(ast.parse((ROOT / f"gan/{module}.py").read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("UsageError", "Busy")
        if not isinstance(call.args[0], ast.Constant) and ast.unparse(call.args[0]) not in ("INSTALL", "runner.INSTALL")
    ]
    assert not whole


def test_no_translation_is_marked_doubtful(chinese):
    assert not [i for i, m in chinese.items() if m.fuzzy]


def test_no_translation_is_left_over(chinese, sources):
    assert not set(chinese) - set(sources)


def test_translations_hold_the_same_values(chinese):
    differing = {i: str(m.string) for i, m in chinese.items() if placeholders(i) != placeholders(str(m.string))}
    assert not differing


def test_chinese_uses_its_own_punctuation(chinese):
    wrong = {
        i: m.string
        for i, m in chinese.items()
        if re.search(r"[\u4e00-\u9fff][,;:?!()]|[,;?!][\u4e00-\u9fff]", str(m.string))
    }
    assert not wrong


def test_a_sentence_takes_its_values_in_both_languages():
    for lang in i18n.LANGUAGES:
        assert "3" in i18n.texts(lang)("{n} s", n=3)


def test_an_unknown_language_names_the_ones_there_are():
    with pytest.raises(KeyError, match="en, zh"):
        i18n.texts("fr")


@pytest.mark.parametrize(
    ("period", "en", "zh"),
    [
        ("2025", "2025", "2025年"),
        ("2025-Q1", "Q1 2025", "2025年第1季度"),
        ("2025-S2", "second half of 2025", "2025年下半年"),
        ("2025-03", "Mar 2025", "2025年3月"),
        ("2025-03-14", "14 Mar 2025", "2025年3月14日"),
    ],
)
def test_periods_are_written_as_the_language_does(period, en, zh):
    assert (i18n.texts("en").period(period), i18n.texts("zh").period(period)) == (en, zh)


def test_numbers_keep_three_figures_and_missing_ones_are_a_dash():
    t = i18n.texts("en")
    assert [t.number(v) for v in (0.012345, 1.2345, 12345.6, 7, None, float("nan"))] == [
        "0.0123",
        "1.23",
        "12,346",
        "7",
        "–",
        "–",
    ]
    assert t.value(19.95, "percent") == "20.0%"


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (602, "million users", "602 million users", "6.02亿用户"),
        (285.9, "USD billion", "286 billion US dollars", "2,859亿美元"),
        (1.4, "percent of work hours", "1.4% of working hours", "1.4%（占工作时间）"),
        (2.2, "percent of GDP", "2.2% of GDP", "2.2%（占GDP）"),
        (210, "gCO2e/kWh", "210 g CO₂e/kWh", "210克二氧化碳当量/千瓦时"),
        (0.4, "kWh", "0.4 kWh", "0.4 kWh"),
        (None, "USD billion", "–", "–"),
    ],
)
def test_a_value_stands_in_the_units_in_which_a_language_counts(value, unit, english, chinese):
    assert i18n.texts("en").value(value, unit) == english
    assert i18n.texts("zh").value(value, unit) == chinese


@pytest.mark.parametrize(
    "method",
    [
        "estimated: 2 processors idle plus own load (Cloud Carbon Footprint, watts per vCPU)",
        "2 processors idle plus own load (Cloud Carbon Footprint, watts per vCPU)",
        "measured: RAPL, whole processor packages, idle included",
        "measured: NVML, whole board; processors measured: RAPL, whole processor packages, idle included",
        "not measured: NVML cannot be read (NVML Shared Library Not Found)",
        "not measured: this device has no meter that may be read",
    ],
)
def test_how_energy_was_found_reads_in_both_languages(method):
    assert i18n.texts("en").energy_method(method) == method
    assert re.match(r"\d?[\u4e00-\u9fff]", i18n.texts("zh").energy_method(method))
    assert "processors" not in i18n.texts("zh").energy_method(method)


def test_a_notice_of_a_run_reads_in_both_languages():
    notice = record.Notice(code="small_sample", values={"n": 590})
    assert "590" in i18n.texts("en").notice(notice)
    assert "590" in i18n.texts("zh").notice(notice)
    assert re.search(r"[\u4e00-\u9fff]", i18n.texts("zh").notice(notice))


def test_what_gan_refuses_reads_in_both_languages(tmp_path):
    store = Store(tmp_path)
    run_id = store.create(config.resolve())
    with pytest.raises(UsageError) as too_long:
        names.rename(store, run_id, "x" * 61)
    assert i18n.texts("en").refusal(too_long.value) == str(too_long.value)
    assert i18n.texts("zh").refusal(too_long.value) == "名称最多60个字符，此处有61个。"
    with pytest.raises(UsageError) as ended:
        store.cancel(run_id)  # nobody works on it
    assert str(ended.value) == f"Run {run_id} is interrupted: there is nothing to cancel."
    assert i18n.texts("zh").refusal(ended.value) == f"运行{run_id}的状态为“已中断”：无可取消。"


def test_a_refusal_given_whole_keeps_its_braces_and_survives_another_process():
    whole = UsageError("/home/{me}/runs cannot be read.")
    assert i18n.texts("zh").refusal(whole) == str(whole) == "/home/{me}/runs cannot be read."
    filled = pickle.loads(pickle.dumps(Busy("Suite {suite_id} is being worked on already.", suite_id="s")))
    assert str(filled) == "Suite s is being worked on already."
