"""Languages that nothing here names: text in them is not taken for one of ours."""

import pytest

from cleaners.language import of_document, of_paragraph

SAID_ELSEWHERE = [
    ("pt", "O comboio deixou a cidade durante a noite e chegou ao desfiladeiro pela manhã, disseram as autoridades."),
    ("it", "Il convoglio ha lasciato la città nella notte ed è arrivato al passo al mattino, hanno detto le autorità."),
    ("nl", "Het konvooi verliet de stad in de nacht en bereikte de pas in de ochtend, zeiden de autoriteiten."),
    ("ca", "El comboi va sortir de la ciutat a la nit i va arribar al coll al matí, segons van dir les autoritats."),
    ("gl", "O convoi saíu da cidade pola noite e chegou ao paso pola mañá, dixeron as autoridades."),
    ("ro", "Convoiul a părăsit orașul în timpul nopții și a ajuns la trecătoare dimineața, au spus autoritățile."),
    ("sv", "Konvojen lämnade staden under natten och nådde passet på morgonen, sade myndigheterna."),
    ("da", "Konvojen forlod byen om natten og nåede passet om morgenen, sagde myndighederne."),
    ("no", "Konvoien forlot byen om natten og nådde passet om morgenen, sa myndighetene."),
    ("af", "Die konvooi het die stad in die nag verlaat en die pas in die oggend bereik, het die owerhede gesê."),
    ("lb", "De Konvoi huet d'Stad an der Nuecht verlooss an de Pass muerges erreecht, soten d'Autoritéiten."),
    ("pl", "Konwój opuścił miasto w nocy i dotarł do przełęczy rano, podały władze."),
    ("cs", "Konvoj opustil město v noci a ráno dorazil do průsmyku, uvedly úřady."),
    ("sl", "Konvoj je ponoči zapustil mesto in zjutraj prispel do prelaza, so sporočile oblasti."),
    ("hr", "Konvoj je noću napustio grad i ujutro stigao do prijevoja, rekle su vlasti."),
    ("sr", "Конвој је ноћу напустио град и ујутру стигао до превоја, саопштиле су власти."),
    ("mk", "Конвојот го напушти градот во текот на ноќта и утрото пристигна до преминот, соопштија властите."),
    ("bg", "Конвоят напусна града през нощта и на сутринта стигна до прохода, съобщиха властите."),
    ("be", "Калона выйшла з горада ўначы і раніцай была ўжо на перавале, паведамілі ўлады."),
    ("kk", "Керуен түнде қаладан шығып, таңертең асуға жетті, деп хабарлады билік."),
    ("ky", "Кербен түндө шаардан чыгып, эртең менен ашууга жетти деп билдирди бийлик."),
    ("uz", "Karvon tunda shahardan chiqib, ertalab dovonga yetib keldi, deb xabar berdi rasmiylar."),
    ("tk", "Kerwen gije şäherden çykyp, irden geçelgä ýetdi diýip häkimiýetler habar berdi."),
    ("tt", "Кәрван төнлә шәһәрдән чыгып, иртән үткәвелгә җитте, дип хәбәр итте хакимият."),
    ("ba", "Каруан төндә ҡаланан сығып, иртән үткәүелгә барып етте, тип хәбәр итте власть."),
    ("kmr", "Karwan bi şev ji bajêr derket û sibehê gihîşt gelî, rayedaran got."),
    ("ckb", "کاروانەکە شەوێ شارەکەی بەجێهێشت و بەیانی گەیشتە دەربەندەکە."),
    ("ur", "قافلہ رات کو شہر سے نکلا اور صبح درے تک پہنچ گیا، حکام نے کہا۔"),
    ("ps", "کاروان د شپې له ښاره ووت او سهار درې ته ورسېد، چارواکو وویل."),
    ("he", "השיירה עזבה את העיר בלילה והגיעה למעבר בבוקר, אמרו הרשויות."),
    ("el", "Η αυτοκινητοπομπή έφυγε από την πόλη τη νύχτα και έφτασε στο πέρασμα το πρωί."),
    ("hu", "A konvoj éjjel hagyta el a várost, és reggel érte el a hágót, közölték a hatóságok."),
    ("fi", "Saattue lähti kaupungista yöllä ja saapui solaan aamulla, viranomaiset kertoivat."),
    ("et", "Konvoi lahkus linnast öösel ja jõudis kurule hommikul, ütlesid ametivõimud."),
    ("lv", "Karavāna naktī pameta pilsētu un no rīta sasniedza pāreju, sacīja varasiestādes."),
    ("lt", "Vilkstinė naktį paliko miestą ir ryte pasiekė perėją, pranešė valdžia."),
    (
        "id",
        "Konvoi itu meninggalkan kota pada malam hari dan mencapai celah gunung pada pagi hari, kata pihak berwenang.",
    ),
    ("sw", "Msafara uliondoka mjini usiku na kufika kwenye njia ya mlima asubuhi, mamlaka zilisema."),
    ("sq", "Kolona u largua nga qyteti natën dhe arriti në qafë në mëngjes, thanë autoritetet."),
    ("eu", "Konboia gauez irten zen hiritik eta goizean iritsi zen mendatera, agintariek esan zutenez."),
]
SUPPORTED = {"en", "ru", "tr", "az", "az-Cyrl", "hy", "ka", "fa", "ar", "uk", "de", "fr", "es"}


@pytest.mark.parametrize(("spoken", "text"), SAID_ELSEWHERE, ids=[spoken for spoken, _ in SAID_ELSEWHERE])
def test_one_sentence_in_another_language_is_not_taken_for_one_of_ours(spoken: str, text: str) -> None:
    del spoken
    for said in (text, text.upper(), " ".join([text] * 5)):
        assert of_paragraph(said)[0] not in SUPPORTED


def test_a_short_text_full_of_names_is_judged_by_its_other_words() -> None:
    text = "Armenia's parliament speaker Alen Simonyan and Hakan Fidan shook hands in Antalya."
    assert of_document(text).lang == "en"
    assert of_document("Alen Simonyan, Hakan Fidan, Antalya").lang == "und"
