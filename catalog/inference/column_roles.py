"""Which columns of a feed hold the id, title, price and so on: by their names first, then by what they say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from catalog.inference.columns import FeedColumn, is_numeric
from catalog.parsing.wordlist import words
from catalog.roles import Roles
from nlu.lexical.money import currency_signs, money_table, parse_money

_ADDRESS = re.compile(r"^https?://\S+$", re.IGNORECASE)
_DIGITS = re.compile(r"^[\d\s:./+\-TZ]{4,}$")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|avif|bmp)(?:\?\S*)?$", re.IGNORECASE)

_ALIASES: dict[str, str] = {
    "id": "id sku productid itemid itemnumber itemno articlenumber articleno artikelnummer productcode itemcode "
    "variantsku asin pk uuid uid productsku",
    "title": "title name productname producttitle itemname itemtitle displayname producttitleen bezeichnung "
    "produktname produkt nom nombre titel naam titre titulo artikel heading",
    "description": "description bodyhtml body longdescription productdescription fulldescription details about "
    "introduction summary shortdescription beschreibung descripcion overview content text abstract",
    "price": "price currentprice finalprice sellingprice unitprice priceamount retailprice regularprice listprice msrp "
    "rrp mrp prix cena hinta pris pret ar fiyat cijena kaina hind "
    "prix preis precio prezzo prijs variantprice amount cost unitcost",
    "sale_price": "saleprice specialprice discountedprice discountprice offerprice",
    "sale_starts": "salestarts salepriceeffectivedate datesalepricestarts salestartdate salestart salefrom "
    "specialpricefromdate "
    "specialpricefrom specialfromdate salepricestartdate discountstart discountfrom saleperiod angebotab",
    "sale_ends": "saleends datesalepriceends saleenddate saleend saleto saleuntil specialpricetodate specialpriceto "
    "specialtodate salepriceenddate discountend discountto angebotbis",
    "currency": "currency pricecurrency currencycode priceunit währung waehrung devise moneda valuta waluta měna "
    "mena moeda munt valuutta pénznem",
    "availability": "availability stockstatus instock isinstock isavailable available stock stockonhand stockquantity "
    "quantity qty stocklevel inventory inventoryquantity quantityinstock onhand unitsinstock",
    "url": "link url producturl productlink permalink pageurl deeplink itemurl",
    "image": "imagelink image imageurl imageurls images imagesrc picture pictureurl photo thumbnail thumbnailurl img "
    "baseimage mainimage imagepath assets photos pictures featuredimage",
    "group": "itemgroupid parentsku parentid groupid productgroup masterid",
}
_SHORT = words("shortdescription subtitle tagline kurzbeschreibung shortname")
"""What says the rest where many products share one name: "ALMA", "Bookcase, white"."""
_COUNTERS = ("rownames", "index", "unnamed0", "column1")
"""What columns that only count the rows are called: an id where there is no other."""
_BRANDS = [
    "manufacturer",
    "make",
    "brand",
    "brandname",
    "productbrand",
    "marque",
    "marca",
    "vendor",
    "producer",
    "maker",
    "marke",
    "hersteller",
    "company",
]
_MODELS = [
    "model",
    "modelname",
    "productmodel",
    "modele",
    "modell",
    "modelo",
    "series",
    "line",
    "version",
    "product",
]


def find_roles(
    columns: Mapping[str, FeedColumn], chosen: Mapping[str, object], technical: frozenset[str]
) -> Roles:
    """Decide the roles by standard names first and by the texts themselves where no name helps.

    Args:
        columns: all columns of the feed.
        chosen: what the staff wrote under ``columns`` in shop.yml; it wins.
        technical: columns of the merchant's own bookkeeping, never a title or price.
    """
    usable = {
        key: column for key, column in columns.items() if key not in technical and column.filled
    }
    results: dict[str, str] = {}
    for role in ("currency", "availability", "group", "url", "image", "sale_starts", "sale_ends"):
        results[role] = _by_name(role, usable)
    if not results["currency"]:
        stated = (
            key
            for key in usable
            if re.search(r"(?:price|pricing|current|amount)\w*_currency(?:_code)?$", key)
        )
        results["currency"] = next(stated, "")
    results["description"] = _by_name(
        "description", {key: prose for key, prose in usable.items() if _tells(prose)}
    )
    results["price"] = _gross(_price(usable), usable)
    results["sale_price"] = _by_name("sale_price", usable) if results["price"] else ""
    results["id"] = _identity(usable, results)
    results["url"] = _address(usable, results["url"])
    title = _title(usable, set(results.values()))
    if not results["description"]:
        results["description"] = _longest(usable, {*results.values(), *title})
    for role in results:
        if role in chosen:
            results[role] = str(chosen[role] or "")
    wanted = chosen.get("title", title)
    title = (
        (wanted,)
        if isinstance(wanted, str)
        else tuple(str(key) for key in wanted)
        if isinstance(wanted, list | tuple)
        else title
    )
    return Roles(title=title, **results)


def role_named(key: str) -> str:
    """The role that a column's name stands for by itself; empty when it stands for none."""
    name = _compact(key)
    return next((role for role, names in _ALIASES.items() if name in names.split()), "")


def names_an_id(key: str) -> bool:
    """Whether a column is called as item numbers are."""
    return re.search(r"(?:^|_)(?:id|sku|code|no|nr|number)$|[a-z]id$", key) is not None


def counts_rows(key: str) -> bool:
    """Whether a column by its name only counts the rows."""
    return _compact(key) in _COUNTERS


def names_a_title(key: str) -> bool:
    """Whether a column is called what titles are called."""
    return _compact(key) in _ALIASES["title"].split()


_KIND = re.compile(
    r"(?:^|_)(?:types?|categor(?:y|ies)|kind|class|kategorien?|department|warengruppe|producttype|productgroup)"
    r"(?:_?(?:name|tree|path|\d))?$"
)


@cache
def names_a_kind(key: str) -> bool:
    """Whether a column is called what says which kind of thing a product is."""
    return _KIND.search(key) is not None


def _compact(key: str) -> str:
    return key.replace("_", "")


def _by_name(role: str, columns: Mapping[str, FeedColumn]) -> str:
    """The column whose name stands earliest among the role's usual names."""
    wanted = _ALIASES[role].split()
    by_name = {_compact(key): key for key in reversed(list(columns))}
    return next((by_name[name] for name in wanted if name in by_name), "")


def _price(columns: Mapping[str, FeedColumn]) -> str:
    exact = columns.get("price")
    if exact is not None and _money_share(exact) > 0.2:
        return "price"
    by_name = {_compact(key): key for key in reversed(list(columns))}
    for name in _ALIASES["price"].split():
        if name in by_name and _money_share(columns[by_name[name]]) > 0.5:
            return by_name[name]
    partly = [
        column
        for key, column in columns.items()
        if {"price", "prices", "pricing", "msrp", "cost", "preis", "prix"} & set(key.split("_"))
        and not {
            "percent",
            "range",
            "level",
            "category",
            "min",
            "max",
            "was",
            "old",
            "compare",
            "wholesale",
            "dealer",
            "purchase",
            "supplier",
            "discount",
        }
        & set(key.split("_"))
        and not ("tax" in key.split("_") and not re.search(r"incl|excl|with", key))
        and _money_share(column) > 0.5
    ]
    best = max(partly, key=lambda column: column.filled, default=None) or _priced_by_name(columns)
    if exact is not None and best is None and len(exact.counts) > 0.5 * exact.filled:
        return "price"  # hopeless texts that are still no facet: the rows are refused one by one
    return best.key if best else ""


_NET = re.compile(r"(?:^|_)(?:net|netto|ht|excl\w*|without_tax|ex_vat|ex_tax)(?:_|$)")
_GROSS = re.compile(r"(?:^|_)(?:gross|brutto|ttc|incl\w*|with_tax|inc_vat|inc_tax)(?:_|$)")


def _gross(price: str, columns: Mapping[str, FeedColumn]) -> str:
    """The column of prices with tax, where the one found is of those without: shoppers pay the tax."""
    if not price or not _NET.search(price):
        return price
    stem = _NET.sub("_", price).strip("_")
    gross = (
        key
        for key, column in columns.items()
        if _GROSS.search(key)
        and _GROSS.sub("_", key).strip("_") == stem
        and _money_share(column) > _MOSTLY_MONEY
    )
    return next(gross, price)


_MOSTLY_MONEY = 0.5
"""Share of a column's texts that must be amounts."""


def _priced_by_name(columns: Mapping[str, FeedColumn]) -> FeedColumn | None:
    """Numbers whose name states a currency, "100g_USD", or the lower end of a price range."""
    for column in columns.values():
        parts = re.split(r"[\s_()\[\]/.\-]+", column.name)
        stated = any(
            part.upper() in money_table().codes and len(part) == 3 for part in parts
        ) or currency_signs() & set(column.name)
        least = _mostly_money(column) or re.search(
            r"(?:^|_)prices?_(?:amount_?)?min$|^min_?price$|^lowest_price$", column.key
        )
        if (stated or least) and _money_share(column) > 0.5 and not _POPULAR.search(column.key):
            return column
    return None


def _mostly_money(column: FeedColumn) -> bool:
    """Whether the texts state their currency, whatever the column is called."""
    with_currency = sum(
        n
        for text, n in column.counts.items()
        if (money := parse_money(text) or parse_money(text, ",")) and money[1]
    )
    return with_currency > 0.8 * column.counts.total() and column.coverage > 0.5


_POPULAR = re.compile(r"sales|revenue|shipping|tax|income|profit|discount|old|was|wholesale")


def _money_share(column: FeedColumn) -> float:
    total = column.counts.total()
    good = sum(
        n for text, n in column.counts.items() if parse_money(text) or parse_money(text, ",")
    )
    return good / total if total else 0.0


def _identity(columns: Mapping[str, FeedColumn], found: Mapping[str, str]) -> str:
    by_name = {_compact(key): key for key in reversed(list(columns))}
    for name in _ALIASES["id"].split():
        column = columns.get(by_name.get(name, ""))
        if (
            column
            and column.coverage > 0.5
            and column.uniqueness > (0.3 if name in {"id", "sku"} else 0.95)
        ):
            return column.key
    endings = [
        column
        for column in columns.values()
        if names_an_id(column.key)
        and column.key not in found.values()
        and column.coverage == 1
        and column.uniqueness == 1
        and column.mean_length <= 40
    ]
    counters = [by_name[name] for name in _COUNTERS if name in by_name]
    counters = [key for key in counters if columns[key].uniqueness > 0.95]
    return endings[0].key if endings else counters[0] if counters else ""


def _address(columns: Mapping[str, FeedColumn], named: str) -> str:
    """The product's own page: addresses that differ from row to row."""
    column = columns.get(named)
    return named if column and column.share(_ADDRESS) > 0.3 else ""


def _title(columns: Mapping[str, FeedColumn], taken: set[str]) -> tuple[str, ...]:
    title = _by_name("title", columns)
    endings = [
        column
        for key, column in columns.items()
        if re.search(r"(?:name|title)$", key)
        and key not in taken
        and not is_numeric(column)
        and column.coverage > 0.5
        and column.uniqueness > 0.4
    ]
    texts = [column for key, column in columns.items() if key not in taken and _may_name(column)]
    brand = next((c.key for name in _BRANDS for c in texts if _compact(c.key) == name), "")
    model = next((c.key for name in _MODELS for c in texts if _compact(c.key) == name), "")
    most = max((column.uniqueness for column in endings), default=0.0)
    if not title and endings and (most > 0.9 or not (brand and model)):
        title = next(column.key for column in endings if column.uniqueness >= 0.8 * most)
    if title and columns[title].uniqueness < 0.4:
        if brand and brand != title:
            return (brand, title)
        short = next((key for key in columns if _compact(key) in _SHORT), "")
        if short and columns[short].mean_length <= 60 and columns[short].uniqueness > 0.1:
            return (title, short)
    if title:
        return (title,)
    if brand and model:
        return (brand, model)
    best = max(texts, key=lambda column: column.uniqueness * column.coverage, default=None)
    if best is not None and best.uniqueness >= 0.5:
        return (best.key,)
    return ()


def _may_name(column: FeedColumn) -> bool:
    return (
        not _mostly_money(column)
        and column.coverage > 0.5
        and 2 <= column.mean_length <= 150
        and not is_numeric(column)
        and column.share(_ADDRESS) < 0.2
        and column.share(_PICTURE) < 0.2
        and column.share(_DIGITS) < 0.2
    )


def _tells(column: FeedColumn) -> bool:
    """Whether a column is prose, or says by its name that it is meant to be."""
    return "descr" in column.key or (column.mean_length > 30 and column.uniqueness > 0.3)


def _longest(columns: Mapping[str, FeedColumn], taken: set[str]) -> str:
    texts = [
        column
        for key, column in columns.items()
        if key not in taken
        and column.mean_length > 60
        and column.uniqueness > 0.5
        and column.coverage > 0.3
        and column.share(_ADDRESS) < 0.2
        and column.share(re.compile(r"^\s*\[")) < 0.2
        and not re.search(r"hours|address|terms|shipping", key)
    ]
    return max(texts, key=lambda column: column.mean_length).key if texts else ""
