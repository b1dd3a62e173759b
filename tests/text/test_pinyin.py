import pytest

from chatlogs.text.pinyin import make_sort_key


def test_names_are_sorted_by_pinyin() -> None:
    names = ["周可", "Momo", "艾叶", "老陆", "曾小", "_江月"]
    assert sorted(names, key=make_sort_key) == ["艾叶", "_江月", "老陆", "Momo", "曾小", "周可"]


@pytest.mark.parametrize(("name", "sound"), [("单青", "shan qing"), ("尉迟青", "yu chi qing"), ("青单", "qing dan")])
def test_a_surname_sounds_as_a_surname(name: str, sound: str) -> None:
    assert make_sort_key(name) == sound


def test_what_has_no_letter_comes_last() -> None:
    assert make_sort_key("???") > make_sort_key("周可")
    assert make_sort_key("7") > make_sort_key("周可")


def test_no_name_at_all_has_its_place() -> None:
    assert make_sort_key("")
