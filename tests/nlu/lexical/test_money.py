"""Prices as the shops of many countries write them."""

from decimal import Decimal

import pytest

from nlu.lexical.money import (
    currency_of,
    currency_signs,
    currency_words,
    money_in,
    money_table,
    parse_money,
    sign_of,
    spoken_currencies,
)
from nlu.lexical.numbers import LONGEST

WRITTEN = """
€ 24,90 | 24.90 | EUR
24,90€ | 24.90 | EUR
EUR 1.024,90 | 1024.90 | EUR
2.450,- € | 2450 | EUR
€ 75,-- | 75 | EUR
ab 8,40 € | 8.40 | EUR
nur 8,40 € inkl. MwSt. | 8.40 | EUR
8,40 € inkl. 19 % MwSt. | 8.40 | EUR
14,00 € zzgl. Versand | 14.00 | EUR
6,20 €/m² | 6.20 | EUR
6,20 €/Stk. | 6.20 | EUR
à partir de 31,50 € | 31.50 | EUR
31,50 € TTC | 31.50 | EUR
1 031,50 € | 1031.50 | EUR
31,50 € IVA incl. | 31.50 | EUR
£17.45 | 17.45 | GBP
£1,017.45 | 1017.45 | GBP
£17.45 inc. VAT | 17.45 | GBP
£17.45 + VAT | 17.45 | GBP
$18.20 | 18.20 | USD
$ 1,018.20 | 1018.20 | USD
US$18.20 | 18.20 | USD
USD 18.20 | 18.20 | USD
$18.20 CAD | 18.20 | CAD
CA$18.20 | 18.20 | CAD
C$18.20 | 18.20 | CAD
A$18.20 | 18.20 | AUD
AU$18.20 | 18.20 | AUD
NZ$18.20 | 18.20 | NZD
S$18.20 | 18.20 | SGD
HK$180.20 | 180.20 | HKD
NT$ 1,820 | 1820 | TWD
MX$ 182.00 | 182.00 | MXN
R$ 1.182,00 | 1182.00 | BRL
R 1 182,00 | 1182.00 | ZAR
R1,182.00 | 1182.00 | ZAR
CHF 64.– | 64 | CHF
CHF 1’164.50 | 1164.50 | CHF
Fr. 64.50 | 64.50 | CHF
64.- CHF | 64 | CHF
Rs. 2,64,999.00 | 264999.00 | INR
Rs.640 | 640 | INR
Rs 640/- | 640 | INR
₹2,64,999 | 264999 | INR
MRP ₹ 640 | 640 | INR
¥2,640 | 2640 | JPY
2,640円 (税込) | 2640 | JPY
264元 | 264 | CNY
₩26,400 | 26400 | KRW
26.400 ₫ | 26400 | VND
Rp 264.000 | 264000 | IDR
Rp. 2.640.000 | 2640000 | IDR
RM 26.40 | 26.40 | MYR
฿264 | 264 | THB
₱264.00 | 264.00 | PHP
26 400 Ft | 26400 | HUF
26.400 Ft. | 26400 | HUF
264,00 zł | 264.00 | PLN
2 640,00 zł brutto | 2640.00 | PLN
264 Kč | 264 | CZK
2 640,00 Kč bez DPH | 2640.00 | CZK
264,00 lei | 264.00 | RON
26,40 лв. | 26.40 | BGN
2.640,00 TL | 2640.00 | TRY
₺264,00 KDV dahil | 264.00 | TRY
264,00 грн | 264.00 | UAH
2 640 ₽ | 2640 | RUB
264 руб. | 264 | RUB
2640 din | 2640 | RSD
264 ден | 264 | MKD
₪264.00 | 264.00 | ILS
264.00 د.إ | 264.00 | AED
S/. 26.40 | 26.40 | PEN
S/.26.40 | 26.40 | PEN
₦2,640.00 | 2640.00 | NGN
KSh 2,640 | 2640 | KES
₸ 2 640 | 2640 | KZT
৳ 2,640 | 2640 | BDT
kr 264,00 | 264.00 |
2.640,00 kr. | 2640.00 |
264:- | 264 |
2 640:- inkl. moms | 2640 |
264,00 | 264.00 |
1.264,90 | 1264.90 |
free | 0 |
-€8.40 | -8.40 | EUR
€ -8.40 | -8.40 | EUR
"""


def cases():
    for line in WRITTEN.strip().splitlines():
        text, amount, code = (part.strip() for part in line.split("|"))
        yield pytest.param(text, Decimal(amount), code or None, id=text)


@pytest.mark.parametrize(("text", "amount", "code"), list(cases()))
@pytest.mark.parametrize("mark", [".", ","])
def test_what_is_clear_is_read_the_same_whatever_the_mark(text, amount, code, mark):
    assert parse_money(text, mark) == (amount, code)


@pytest.mark.parametrize(
    ("text", "dot", "comma"),
    [("2.640 €", "2.640", "2640"), ("2,640 €", "2640", "2.640"), ("€ 1.050", "1.050", "1050")],
)
def test_three_digits_behind_one_separator_are_for_the_mark_to_say(text, dot, comma):
    assert parse_money(text, ".")[0] == Decimal(dot)
    assert parse_money(text, ",")[0] == Decimal(comma)


@pytest.mark.parametrize(
    ("text", "shop", "code"),
    [
        ("264 kr", "DKK", "DKK"),
        ("264 kr", "NOK", "NOK"),
        ("264 kr", "EUR", None),
        ("$18", "CAD", "CAD"),
        ("$18", "EUR", "USD"),
        ("18 L", "HNL", "HNL"),
        ("12 km", "BAM", "BAM"),
    ],
)
def test_a_sign_that_several_share_is_that_of_the_shop(text, shop, code):
    assert parse_money(text, ".", shop)[1] == code


@pytest.mark.parametrize(
    "text",
    [
        *("", "red", "12 ft", "10.5 L", "20 den", "R16", "5 V", "8 EUR USD", "8 for 2", "S 12"),
        *("1.2.3 €", "€", "12-15 €", "approx", "size 8 €x", "8" * (LONGEST + 1), "€ 12 34"),
    ],
)
def test_what_is_no_amount_is_none(text):
    assert parse_money(text) is None


def test_of_several_currencies_that_of_the_shop_is_taken():
    assert money_in("$ 18.20 / € 16.10", "EUR") == (Decimal("16.10"), "EUR")
    assert money_in("$ 18.20 / € 16.10", "GBP") == (Decimal("18.20"), "USD")
    assert money_in("18 | about", "EUR") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("eur", "EUR"),
        ("Euros", "EUR"),
        ("quid", "GBP"),
        ("Kč", "CZK"),
        ("zł", "PLN"),
        ("kr", None),
        ("x", None),
    ],
)
def test_a_currency_has_signs_and_words(text, code):
    assert currency_of(text) == code


def test_every_sign_means_one_currency_or_is_shared():
    table = money_table()
    assert not set(table.signs) & set(table.shared)
    assert set(table.signs.values()) <= table.codes
    assert table.sure <= set(table.shared)
    assert "€" in currency_signs() and "$" in currency_signs()
    assert "euros" in currency_words() and "den" not in currency_words()


@pytest.mark.parametrize("word", ["cup", "all", "try", "top", "pen", "soles", "sterling", "din"])
def test_ordinary_words_are_no_money_in_a_sentence(word):
    assert word not in currency_words()
    assert word not in spoken_currencies("en")
    assert currency_of("CUP") == "CUP"


@pytest.mark.parametrize(
    ("language", "word", "code"),
    [
        ("en", "\u20ac", "EUR"),
        ("en", "quid", "GBP"),
        ("en", "pounds", "GBP"),
        ("en", "bucks", ""),
        ("en", "forint", "HUF"),
        ("de", "franken", "CHF"),
        ("de", "mäuse", ""),
        ("de", "bucks", "USD"),
        ("de", "pounds", None),
        ("xx", "euros", "EUR"),
    ],
)
def test_messages_name_money_in_their_language(language, word, code):
    assert spoken_currencies(language).get(word) == code


@pytest.mark.parametrize(
    ("code", "sign"),
    [("EUR", "\u20ac"), ("USD", "$"), ("TRY", "\u20ba"), ("CHF", None), ("CAD", None)],
)
def test_currencies_are_written_with_their_own_sign_alone(code, sign):
    assert sign_of(code) == sign
