"""Texts of many languages are told apart by their letters."""

import pytest

from catalog.feeds.encodings import eight_bit_encoding

TEXTS = {
    "german": "Gemütlicher Sessel für draußen, Gestell aus Eschenholz, Bezüge waschbar; Größe wählbar",
    "french": "Théière émaillée, décor à la main, très légère, idéale pour l'été; prête à être offerte",
    "spanish": "Lámpara pequeña de niño, diseño español, bombilla cálida, acabado en latón, tamaño único",
    "danish": "Rød gryde på køkkenbordet, håndværk fra Århus, tåler høje grader og ærlig brug",
    "czech": "Křeslo s područkami, dřevěné nohy, čalounění šedé, příjemný potah, vhodné též do předsíně",
    "polish": "Fotel z podłokietnikami, drewniane nogi, żółte obicie, łatwy w czyszczeniu, średnia twardość",
    "hungarian": "Fűtött kerti szék, erős tölgyfa láb, őszi színek, mosható huzat, könnyű és időálló",
    "croatian": "Naslonjač s ručkama, drvene nožice, žuta tkanina, lako čišćenje, smeđa boja",
    "romanian": "Fotoliu cu brațe, picioare din lemn, husă lavabilă, ușor de curățat, mărime obișnuită",
    "russian": "Кресло с подлокотниками, деревянные ножки, жёлтая обивка, легко чистится, подходит для дачи",
    "ukrainian": "Крісло з підлокітниками, дерев'яні ніжки, жовта оббивка, легко чистити, є знижка",
    "greek": "Πολυθρόνα με μπράτσα, ξύλινα πόδια, κίτρινο ύφασμα, καθαρίζεται εύκολα",
    "turkish": "Kolçaklı koltuk, ahşap ayaklı, sarı kumaş, kolay temizlenir, çocuk odası için uygun ölçü",
    "lithuanian": "Krėslas su porankiais, medinės kojelės, gelsvas audinys, lengvai valomas, įvairių dydžių",
}
CASES = [
    *(("german", "cp1252"), ("french", "cp1252"), ("spanish", "cp1252"), ("danish", "cp1252")),
    *(("czech", "cp1250"), ("czech", "iso8859_2"), ("polish", "cp1250"), ("polish", "iso8859_2")),
    *(("hungarian", "cp1250"), ("hungarian", "iso8859_2"), ("croatian", "cp1250")),
    *(("croatian", "iso8859_2"), ("russian", "cp1251"), ("ukrainian", "cp1251")),
    *(("greek", "cp1253"), ("turkish", "cp1254"), ("lithuanian", "cp1257"), ("russian", "koi8_r")),
]


@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_the_letters_come_out_as_they_were_written(language, encoding):
    rows = [f'{n},"{TEXTS[language]}",{n}0' for n in range(3)]
    data = ("id,title,price\n" + "\n".join(rows)).encode(encoding)
    assert data.decode(eight_bit_encoding(data)) == data.decode(encoding)


def test_a_few_letters_of_a_western_text_stay_western():
    assert eight_bit_encoding("id,title\n1,Café crème\n2,Tea\n".encode("cp1252")) == "cp1252"
    assert eight_bit_encoding("id,title\n1,Müsli 5€\n".encode("cp1252")) == "cp1252"


def test_a_feed_in_a_central_european_encoding_is_read_whole(shop):
    head = "id,title,price,color"
    rows = [
        f"z{n},Křeslo dřevěné číslo {n},1{n}0.00,{'žlutá' if n % 2 else 'šedá'}" for n in range(12)
    ]
    shop.take("\n".join([head, *rows]).encode("cp1250"))
    assert shop.stored.products[0].title == "Křeslo dřevěné číslo 0"
    assert set(shop.values("color")) == {("žlutá",), ("šedá",)}
