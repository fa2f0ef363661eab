"""The guard against hostile pages: it lets ordinary pages pass by counts alone, and no tag of too many attributes."""

import pytest

from cleaners.extract.strain import strain

SPELLINGS = ("a{} ", "a{}=1\n", 'a{}=">" ', "a{}= '>'", 'a{}=\u00a0"<>" ', "ж{}/", 'a{}="x"')
BEFORE = "<p>it's <a b='c>' d=\">\">ж</a> = \"x < y\" <!-- ' --><br title=''>\n"


def strained(page: str) -> str | None:
    return strain(page, page.encode())


@pytest.mark.parametrize("tag", ["<P\n", '<p " '])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_tag_of_too_many_attributes_is_found_however_it_is_written(spelling: str, tag: str) -> None:
    attributes = "".join(spelling.format(number) for number in range(16_000))
    assert "attributes" in (strained(f"{BEFORE}{tag}{attributes}>word") or "")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_script_is_no_tag_whatever_it_says(spelling: str) -> None:
    said = "".join(f"if(i<a.length){{{spelling.format(number)}}}" for number in range(5_000))
    assert strained(f"{BEFORE}<script>{said}</script>") is None
