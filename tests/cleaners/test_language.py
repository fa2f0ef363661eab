import json
import os
import subprocess
import sys
import unicodedata
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py3langid.langid import LanguageIdentifier

from cleaners.language import Detected, of_document, of_paragraph
from cleaners.language_models import chances, code
from schemas.page import Share

PARAGRAPHS = {
    "en": "The ceasefire came into force at midnight, and by the morning the first families had set out for the town. "
    "Nobody could tell them which of the houses were still standing.",
    "ru": "Перемирие вступило в силу в полночь, и уже утром первые семьи отправились в город. Никто не мог сказать им, "
    "какие дома ещё стоят, а какие были разрушены обстрелом.",
    "tr": "Ateşkes gece yarısı yürürlüğe girdi ve sabaha karşı ilk aileler şehre doğru yola çıktı. Hangi evlerin hâlâ "
    "ayakta olduğunu onlara kimse söyleyemedi.",
    "az": "Atəşkəs gecə yarısı qüvvəyə mindi və səhər ilk ailələr şəhərə yola düşdü. Hansı evlərin hələ də salamat "
    "qaldığını onlara heç kim deyə bilmədi.",
    "az-Cyrl": "Атәшкәс ҝеҹә јарысы гүввәјә минди вә сәһәр илк аиләләр шәһәрә јола дүшдү. Һансы евләрин һәлә дә "
    "саламат галдығыны онлара һеч ким дејә билмәди.",
    "az-Arab": "آذربایجان قافقازدا یئرلشن بیر اؤلکه‌دیر. پایتاختی باکی شهری‌دیر و اهالیسی اون میلیوندان چوخدور. "
    "بو اؤلکه ایله ایران آراسیندا اوزون بیر سرحد وار.",
    "hy": "Հրադադարն ուժի մեջ մտավ կեսգիշերին, և առավոտյան առաջին ընտանիքները ճանապարհ ընկան դեպի քաղաք։ Ոչ ոք չէր "
    "կարող նրանց ասել, թե որ տներն են դեռ կանգուն։",
    "ka": "ცეცხლის შეწყვეტა ძალაში შუაღამისას შევიდა და დილით პირველი ოჯახები ქალაქისკენ გაემართნენ. ვერავინ ეტყოდა "
    "მათ, რომელი სახლები იდგა ჯერ კიდევ.",
    "fa": "آتش‌بس از نیمه‌شب اجرا شد و صبح روز بعد نخستین خانواده‌ها به سوی شهر به راه افتادند. هیچ‌کس نمی‌توانست به آنان "
    "بگوید که کدام خانه‌ها هنوز پابرجا هستند.",
    "ar": "دخل وقف إطلاق النار حيز التنفيذ عند منتصف الليل، وفي الصباح انطلقت العائلات الأولى نحو المدينة. ولم يستطع "
    "أحد أن يخبرهم أي المنازل ما زالت قائمة.",
    "uk": "Перемир'я набуло чинності опівночі, і вже вранці перші родини вирушили до міста. Ніхто не міг сказати їм, "
    "які будинки ще стоять, а які знищено обстрілом.",
    "de": "Die Waffenruhe trat um Mitternacht in Kraft, und schon am Morgen machten sich die ersten Familien auf den "
    "Weg in die Stadt. Niemand konnte ihnen sagen, welche Häuser noch standen.",
    "fr": "Le cessez-le-feu est entré en vigueur à minuit et, dès le matin, les premières familles ont pris la route "
    "de la ville. Personne ne pouvait leur dire quelles maisons étaient encore debout.",
    "es": "El alto el fuego entró en vigor a medianoche y por la mañana las primeras familias salieron hacia la "
    "ciudad. Nadie podía decirles qué casas seguían todavía en pie.",
}
SENTENCES = {
    "en": "The road to the monastery was closed on Friday.",
    "ru": "Дорога в монастырь была закрыта в пятницу.",
    "tr": "Manastıra giden yol cuma günü kapatıldı.",
    "az": "Monastıra gedən yol cümə günü bağlandı.",
    "az-Cyrl": "Һәр бир ҹүмә ҝүнү бу јол бағланыр.",
    "hy": "Վանքի ճանապարհը փակվեց ուրբաթ օրը։",
    "ka": "მონასტრის გზა პარასკევს ჩაიკეტა.",
    "fa": "راه صومعه روز جمعه بسته شد.",
    "ar": "أغلق الطريق إلى الدير يوم الجمعة.",
    "uk": "Дорогу до монастиря закрили в п'ятницю.",
    "de": "Die Straße zum Kloster wurde am Freitag gesperrt.",
    "fr": "La route du monastère a été fermée vendredi.",
    "es": "La carretera del monasterio se cerró el viernes.",
}
SUPPORTED = {code.partition("-")[0] for code in PARAGRAPHS}
STRANGERS = {
    "be": "Перамір'е ўступіла ў сілу апоўначы, і ўжо раніцай першыя сем'і выправіліся ў горад. Ніхто не мог сказаць "
    "ім, якія дамы яшчэ стаяць.",
    "bg": "Примирието влезе в сила в полунощ и още сутринта първите семейства тръгнаха към града. Никой не можеше да "
    "им каже кои къщи все още стоят.",
    "el": "Η εκεχειρία τέθηκε σε ισχύ τα μεσάνυχτα και το πρωί οι πρώτες οικογένειες ξεκίνησαν για την πόλη.",
    "kk": "Бітім түн ортасында күшіне енді, таңертең алғашқы отбасылар қалаға қарай жолға шықты. Қай үйлердің "
    "әлі тұрғанын оларға ешкім айта алмады.",
    "uz": "Sulh yarim tunda kuchga kirdi va ertalab birinchi oilalar shaharga yo'l oldi. Qaysi uylar hali ham "
    "turganini ularga hech kim ayta olmadi.",
    "tk": "Ýaraşyk ýary gije güýje girdi we irden ilkinji maşgalalar şähere tarap ýola düşdi. Haýsy öýleriň entek "
    "durandygyny olara hiç kim aýdyp bilmedi.",
    "ku": "Agirbest di nîvê şevê de ket meriyetê û serê sibê malbatên pêşîn ber bi bajêr ve çûn. Kesî nikaribû ji wan "
    "re bêje ka kîjan xanî hîn li ser piyan in.",
}
# Languages of the region that no model here was taught; Chechen with its palochka and with I in its place.
UNTAUGHT = {
    "ce": "Нохчийн мотт – нохчийн къоман мотт бу. Дуьненан дуккха а мехкашкахь бехаш болу нохчий шайн маттахь буьйцу. "
    "ХӀинца нохчийн меттан хьехархой школехь болх беш бу.",
    "ce, typed": "Нохчийн мотт – нохчийн къоман мотт бу. ХIинца нохчийн меттан хьехархой школехь болх беш бу.",
    "lez": "Лезги чӀал — Дагъустанда ва Азербайжанда яшамиш жезвай лезгийрин чӀал я. Лезгийри чпин чӀалал рахазва.",
    "os": "Ирон ӕвзаг у Хуссар Ирыстоны паддзахадон ӕвзаг, ӕмӕ йыл дзурынц ирӕттӕ.",
}


def languages(found: Detected) -> list[str]:
    return [share.language for share in found.shares]


@pytest.mark.parametrize("lang", PARAGRAPHS)
def test_a_paragraph_is_known(lang: str) -> None:
    found, confidence = of_paragraph(PARAGRAPHS[lang])
    assert (found, confidence > 0.6) == (lang, True)


@pytest.mark.parametrize("lang", SENTENCES)
def test_a_sentence_is_known(lang: str) -> None:
    assert of_paragraph(SENTENCES[lang])[0] == lang


@pytest.mark.parametrize("lang", PARAGRAPHS)
def test_a_document_is_known_with_its_headlines_and_captions(lang: str) -> None:
    text = "\n\n".join([PARAGRAPHS[lang][:40], *[PARAGRAPHS[lang]] * 3, "AFP / 10.11.2020", "https://example.org/a/1"])
    found = of_document(text)
    assert found.lang == lang
    assert found.shares[0].share > 0.9


@pytest.mark.parametrize("lang", STRANGERS)
def test_a_language_outside_the_supported_set_is_named_if_clear(lang: str) -> None:
    assert of_paragraph(STRANGERS[lang])[0] == lang
    assert of_document(STRANGERS[lang]).lang == lang


@pytest.mark.parametrize("lang", UNTAUGHT)
@pytest.mark.parametrize("hint", ["und", "ru"])
def test_a_language_nothing_here_knows_is_not_taken_for_its_neighbour(lang: str, hint: str) -> None:
    assert of_paragraph(UNTAUGHT[lang], hint)[0] not in SUPPORTED
    assert of_document(UNTAUGHT[lang], hint).lang not in SUPPORTED


@pytest.mark.parametrize(
    "text", ["", " \n\n ", "10.11.2020, 18:00", "— • * * * —", "https://example.org/a-long-path", "©"]
)
def test_text_without_words_has_no_language(text: str) -> None:
    assert of_paragraph(text, "en") == ("und", 0.0)
    assert of_document(text, "en") == Detected("und", 0.0, ())


@pytest.mark.parametrize(
    "text", ["Nagorno-Karabakh", "AFP", "qwx zvb kjq wrt pfg", "Segodnya v gorode otkrylas vystavka"]
)
def test_a_name_or_nonsense_is_not_guessed_at(text: str) -> None:
    assert of_paragraph(text)[0] == "und"


def test_a_page_in_the_wrong_encoding_has_no_language() -> None:
    assert of_paragraph(PARAGRAPHS["ru"].encode("cp1251").decode("latin-1"))[0] == "und"
    assert of_paragraph(PARAGRAPHS["hy"].encode().decode("latin-1"))[0] == "und"


@pytest.mark.parametrize("lang", PARAGRAPHS)
def test_the_declared_language_does_not_override_the_text(lang: str) -> None:
    for hint in ("en", "ru", "az", "hy", "fa"):
        assert of_paragraph(PARAGRAPHS[lang], hint)[0] == lang
        assert of_document(PARAGRAPHS[lang], hint).lang == lang


def test_the_declared_language_settles_a_doubt() -> None:
    assert of_paragraph("Read more")[0] == "und"
    assert of_paragraph("Read more", "en-GB") == ("en", pytest.approx(0.8, abs=0.15))
    assert of_paragraph("Read more", "hy")[0] == "und"
    assert of_paragraph("Read more", "no such language")[0] == "und"


def test_place_names_in_their_own_spelling_do_not_change_the_language() -> None:
    names = "The villages of Şuşa, Füzuli, Cəbrayıl, Qubadlı and Zəngilan were returned to the residents in the autumn."
    assert of_paragraph(names, "en")[0] == "en"
    assert of_paragraph(names)[0] in {"en", "und"}
    assert of_paragraph("Газета «Українська правда» сообщает о переговорах, которые начались в пятницу.")[0] == "ru"


def test_persian_typed_on_an_arabic_keyboard_is_persian() -> None:
    assert of_paragraph(PARAGRAPHS["fa"].replace("ی", "ي").replace("ک", "ك"))[0] == "fa"


def test_capitals_and_decomposed_letters_change_nothing() -> None:
    for lang in ("en", "ru", "tr", "hy", "uk", "fr"):
        assert of_paragraph(PARAGRAPHS[lang].upper())[0] == lang
        assert of_paragraph(unicodedata.normalize("NFD", PARAGRAPHS[lang]))[0] == lang


def test_a_mixed_document_gives_shares_of_letters() -> None:
    text = "\n\n".join([PARAGRAPHS["hy"]] * 3 + [PARAGRAPHS["ru"]] * 2 + [PARAGRAPHS["en"]])
    found = of_document(text)
    assert languages(found) == ["hy", "ru", "en"]
    letters = {lang: sum(map(str.isalpha, PARAGRAPHS[lang])) * n for lang, n in (("hy", 3), ("ru", 2), ("en", 1))}
    for share in found.shares:
        assert share.share == pytest.approx(letters[share.language] / sum(letters.values()), abs=0.01)


@pytest.mark.parametrize(("first", "second"), [("ru", "uk"), ("tr", "az"), ("en", "fr"), ("fa", "ar"), ("de", "es")])
def test_two_languages_of_one_script_are_told_apart(first: str, second: str) -> None:
    text = "\n\n".join([PARAGRAPHS[first]] * 3 + [PARAGRAPHS[second]] + [SENTENCES[first]])
    assert languages(of_document(text)) == [first, second]


def test_a_long_quotation_in_another_script_has_a_share_and_a_name_has_none() -> None:
    quotation = "«Мы сделаем всё, чтобы жители вернулись домой», the minister said, and left the hall without a word."
    assert languages(of_document(quotation)) == ["en", "ru"]
    assert languages(of_document("The town of Шуша stands on a high plateau above the valley of the river.")) == ["en"]


def test_text_without_line_breaks_is_read_to_its_end() -> None:
    text = " ".join([PARAGRAPHS["en"]] * 12 + [PARAGRAPHS["ru"]] * 20)
    assert set(languages(of_document(text))) == {"en", "ru"}
    assert of_paragraph(text)[0] == "ru"


def test_what_cannot_be_told_is_a_share_of_its_own() -> None:
    nonsense = " ".join(["qwx zvb kjq wrt pfg hjk lmn bvc"] * 6)
    found = of_document("\n".join([PARAGRAPHS["en"], PARAGRAPHS["en"], nonsense]))
    assert found.lang == "en"
    assert found.shares[1].language == "und"


def test_nothing_depends_on_what_was_judged_before_or_beside() -> None:
    texts = [*PARAGRAPHS.values(), *SENTENCES.values(), *STRANGERS.values(), "Read more", "Фото", "\ud800 broken"]
    forward = [of_document(text) for text in texts]
    assert [of_document(text) for text in reversed(texts)] == forward[::-1]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(of_document, texts)) == forward


def test_the_chances_are_those_that_py3langid_gives() -> None:
    original = LanguageIdentifier.from_model_file("data/model.npz.xz", norm_probs=True)
    for text in (*PARAGRAPHS.values(), *SENTENCES.values(), "", "\x00\x00a", "2020", "BAKI"):
        theirs = defaultdict(float)
        for label, chance in original.rank(text):
            theirs[code(label)] += chance
        assert chances(text) == pytest.approx(theirs, abs=1e-5)


def test_another_process_agrees_and_importing_loads_no_model() -> None:
    program = (
        "import sys, json; from cleaners.language import of_document; "
        "loaded = [m for m in ('numpy', 'py3langid', 'lingua', 'langdetect') if m in sys.modules]; "
        "print(json.dumps([loaded, [repr(of_document(t)) for t in json.load(sys.stdin)]]))"
    )
    texts = [*SENTENCES.values(), "Leer más", "Hem de om ve bir", " ".join(["qwx zvb kjq wrt pfg hjk"] * 12)]
    answer = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(texts),
        env={"PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert json.loads(answer) == [[], [repr(of_document(text)) for text in texts]]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.sampled_from([*PARAGRAPHS.values(), *SENTENCES.values()]), st.text(st.characters(), max_size=80)),
        max_size=4,
    ).map("\n".join),
    st.sampled_from(["und", "en", "az-Cyrl", "", "\0", "ZH_hans", "-"]),
)
def test_shares_are_sorted_fractions_of_one_and_the_first_is_the_language(text: str, hint: str) -> None:
    found = of_document(text, hint)
    shares = [share.share for share in found.shares]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1 if shares else 0, abs=0.001)
    assert len(set(languages(found))) == len(shares)
    assert 0 <= found.confidence <= 1
    assert found.lang == (found.shares or (Share("und", 0.0),))[0].language
    lang, confidence = of_paragraph(text, hint)
    assert (lang == "und") == (confidence == 0)
