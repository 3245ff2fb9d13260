"""Who made a model is read from the names of organisations, and what cannot be read is said, not guessed."""

import pytest

from aigc_report import catalog, factors
from aigc_report.factors.makers import kind, maker

MODELS = factors.models(catalog.load())


@pytest.mark.parametrize(
    ("organizations", "expected"),
    [
        ("University of Montreal / Université de Montréal", "academia"),
        ("OpenAI", "industry"),
        ("Tsinghua University,BioMap Research", "joint"),
        ("Allen Institute for AI,University of Washington", "academia"),
        ("EleutherAI", "public"),
        ("MIT-IBM Watson AI Lab", "joint"),
        ("Google,Shan", "industry"),
        ("Shan", None),
        ("", None),
    ],
)
def test_a_maker_is_companies_academia_both_or_public(organizations, expected):
    assert maker(organizations) == expected


def test_only_names_that_the_source_cuts_off_are_unknown():
    names = {name.strip() for text in MODELS["organization"] for name in text.split(",")} - {""}
    unknown = {name for name in names if kind(name) is None}
    assert all(len(name) <= 5 for name in unknown)
    rows = MODELS[MODELS["organization"].map(lambda text: text.split(",")[-1].strip() in unknown)]
    assert (rows["organization"].str.len() == 80).all()


def test_every_model_has_a_maker_or_none_is_named():
    assert (MODELS.loc[MODELS["maker"] == "", "organization"] == "").all()
    assert set(MODELS["maker"]) - {""} == set(factors.KINDS)


def test_the_founding_documents_network_is_of_a_university():
    gan = MODELS[MODELS["model"] == "GANs"].iloc[0]
    assert (gan["year"], gan["maker"], gan["image"]) == (2014, "academia", True)


def test_yearly_counts_add_up_to_the_models_of_complete_years():
    table = factors.yearly(MODELS)
    last = MODELS["year"].max()
    assert table["models"].sum() == ((MODELS["year"] < last) & (MODELS["maker"] != "")).sum()
    assert last not in set(table["year"])
    assert len(table) == table["year"].nunique() * len(factors.KINDS)


def test_the_largest_is_larger_than_all_others_of_its_year_and_maker():
    for row in factors.largest(MODELS).to_dict("records"):
        rivals = MODELS[(MODELS["year"] == row["year"]) & (MODELS["maker"] == row["maker"])]
        assert row["value"] == rivals["value"].max()
