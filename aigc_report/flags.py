"""The letters of an observation's flag: one of provenance, then letters of status, in the order of this table."""

PROVENANCE = ("p", "s")
DOUBTFUL = "u"
"""Values with this letter are shown with their note and never stand in a headline."""
PROJECTION = "f"

FLAGS: dict[str, dict[str, str]] = {
    "p": {"en": "read from the publisher or author", "zh": "取自发布方或作者"},
    "s": {"en": "read in another place, which the source names", "zh": "取自来源所注明的转载处"},
    "v": {"en": "same value in two stored places", "zh": "两处存本数值一致"},
    "e": {"en": "estimated by the source", "zh": "来源方估计值"},
    "b": {"en": "break in series", "zh": "序列在此中断"},
    "d": {"en": "definition differs", "zh": "定义有别"},
    "f": {"en": "projection", "zh": "预测值"},
    "n": {"en": "preliminary", "zh": "初步数据"},
    "r": {"en": "revised", "zh": "已修订"},
    "u": {"en": "doubtful or unconfirmed", "zh": "存疑或未经证实"},
}
"""Letter to its meaning in both languages; letters stand in a flag in the order of this table."""


def flag_texts(flag: str, lang: str) -> list[str]:
    """The letters of `flag` in words; `KeyError` for a letter that is not in `FLAGS`."""
    return [FLAGS[letter][lang] for letter in flag]
