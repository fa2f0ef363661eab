"""The words of a page's blocks, read again from its bytes as an account tells their places."""

from cleaners.extract.account import digest
from cleaners.extract.blocks import parse, read_blocks
from cleaners.extract.page import fit
from cleaners.extract.strain import strain
from cleaners.extract.tags import strip_tags
from schemas.account import Account, letters


class OtherLettersError(ValueError):
    """The page is read as other letters than those that the account was made of."""


def words_of(account: Account, decoded: str) -> list[str]:
    """Return the words of each block of an account, from the decoded page that it was made of.

    OtherLettersError where the page is not that one, or is read in another way than it was then.
    """
    page, encoded = fit(decoded)
    if account.source == "everything" or strain(page, encoded):
        texts = [strip_tags(page)]
    else:
        texts = read_blocks(parse(encoded)).blocks.text
    squeezed = list(map(letters, texts))
    if digest(squeezed) != account.sha256:
        raise OtherLettersError("this cleancopy reads other letters in the page than the one that made the account")
    if [len(written) for written in squeezed] == [block.letters for block in account.blocks]:
        return texts
    whole = "\n".join(texts)
    places = letter_places(whole)
    return [whole[places[start] : places[end - 1] + 1] if end > start else "" for start, end, _ in account.places()]


def letter_places(text: str) -> list[int]:
    """Return where in a text its letters are.

    >>> letter_places("a b")
    [0, 2]
    """
    return [place for place, character in enumerate(text) if not character.isspace()]
