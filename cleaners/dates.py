"""Dates as pages write them, in numbers and in the month names of eight languages, read to ISO 8601 or not at all.

>>> [found.value for found in find_dates("Baku, 5 November 2020 (updated 06.11.2020)")]
['2020-11-05', '2020-11-06']
>>> find_dates("05/11/2020")[0].value is None  # the fifth of November, or the eleventh of May
True
"""

import functools
from datetime import date
from typing import NamedTuple

import re2

# en, de, fr, es, tr, az, ru and hy (with genitives), and abbreviations that cannot mean another month
_MONTHS = (
    "january jan januar jänner janvier enero ocak yanvar январь января янв հունվար հունվարի",
    "february feb februar février fevrier febrero şubat fevral февраль февраля фев փետրվար փետրվարի",
    "march mar märz mars marzo mart март марта մարտ մարտի",
    "april apr avril abril nisan aprel апрель апреля апр ապրիլ ապրիլի",
    "may mai mayo mayıs май мая մայիս մայիսի",
    "june jun juni juin junio haziran iyun июнь июня հունիս հունիսի",
    "july jul juli juillet julio temmuz iyul июль июля հուլիս հուլիսի",
    "august aug août aout agosto ağustos avqust август августа авг օգոստոս օգոստոսի",
    "september sep sept septembre septiembre setiembre eylül sentyabr сентябрь сентября сен սեպտեմբեր սեպտեմբերի",
    "october oct oktober octobre octubre ekim oktyabr октябрь октября окт հոկտեմբեր հոկտեմբերի",
    "november nov novembre noviembre kasım noyabr ноябрь ноября ноя նոյեմբեր նոյեմբերի",
    "december dec dezember décembre diciembre aralık dekabr декабрь декабря дек դեկտեմբեր դեկտեմբերի",
)
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag "
    "sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo "
    "pazartesi salı çarşamba perşembe cuma cumartesi pazar bazar понедельник вторник среда четверг пятница суббота "
    "воскресенье երկուշաբթի երեքշաբթի չորեքշաբթի հինգշաբթի ուրբաթ շաբաթ կիրակի mon tue tues wed thu thur thurs fri sat "
    "sun пн вт ср чт пт сб вс"
)
_AZERBAIJANI_DAYS = ("bazar ertəsi", "çərşənbə axşamı", "çərşənbə", "cümə axşamı", "cümə", "şənbə")


def _folded(word: str) -> str:
    """Return `word` without case; the Turkic dotless and dotted i are one letter, so that KASIM is found."""
    return word.casefold().replace("i̇", "i").replace("ı", "i")


def _choice(words: list[str]) -> str:
    """Return an RE2 pattern for any of `words`, the longest first."""
    longest = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(word.replace("ı", "i").replace("i", "[iıİ]") for word in longest) + ")"


_MONTH_NUMBERS = {_folded(word): number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_MONTH = _choice(" ".join(_MONTHS).split()) + r"\.?"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}"
WEEKDAY = _choice([*_WEEKDAYS.split(), *_AZERBAIJANI_DAYS]) + r"\.?"
DATE = (
    rf"(?:{_YEAR}[-/.]{_DAY}[-/.]{_DAY}"
    rf"|{_DAY}[-/.]{_DAY}[-/.]{_YEAR}"
    rf"|{_DAY}(?:st|nd|rd|th|er|\.)?(?: de| of)? ?{_MONTH},?(?: de| del)? ?{_YEAR}"
    rf"|{_MONTH} ?{_DAY}(?:st|nd|rd|th)?,? ?{_YEAR})(?: ?(?:года|г\.|թ\.|թ|-ci il))?"
)
TIME = r"(?:\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?(?: ?\(?[A-Z]{2,4}\)?)?(?: ?[+-]\d{1,2}(?::?\d\d)?)?)"
STAMP = rf"(?:(?:{WEEKDAY},? )?{DATE}(?:(?:,| at| [-–—|•/]| в| um| saat|T)? ?{TIME})?)"


class DateFound(NamedTuple):
    """A date at [start, end) of a text; `value` is ISO 8601 to the day, None where it can be read in two ways."""

    start: int
    end: int
    value: str | None


def find_dates(text: str) -> list[DateFound]:
    """Return the dates in `text`, in order; a stretch that is no day of the calendar is left out."""
    found = []
    for match in _date_pattern().finditer(text):
        days = _readings(match.group())
        around = text[max(match.start() - 1, 0) : match.start()] + text[match.end() : match.end() + 1]
        if days and not any(sign.isdigit() for sign in around):
            found.append(DateFound(match.start(), match.end(), days[0].isoformat() if len(days) == 1 else None))
    return found


@functools.cache
def _date_pattern() -> "re2._Regexp":
    options = re2.Options()
    options.case_sensitive = False
    return re2.compile(DATE, options)


def _readings(written: str) -> list[date]:
    """Return the days `written` can mean: one, two where day and month could change places, or none.

    Points mean day first in every language here; strokes and hyphens do not say which comes first.
    """
    numbers = [int(part) for part in re2.findall(r"\d+", written)]
    month = next(
        (_MONTH_NUMBERS[word] for word in map(_folded, re2.findall(r"\pL+", written)) if word in _MONTH_NUMBERS), 0
    )
    if month:
        year = next(n for n in numbers if n > 31)
        day = next((n for n in numbers if n <= 31), 0)
        return _calendar((year, month, day))
    if numbers[0] > 31:
        return _calendar(tuple(numbers[:3]))
    one, two, year = numbers[:3]
    if "." in written[:3]:
        return _calendar((year, two, one))
    return _calendar((year, two, one), (year, one, two))


def _calendar(*triples: tuple[int, ...]) -> list[date]:
    """Return the different days that exist among (year, month, day) triples."""
    days = []
    for year, month, day in triples:
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    return list(dict.fromkeys(days))
