from assistant.demo import build
from assistant.demo.feed import COLUMNS


def contents(folder):
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_same_seed_writes_the_same_bytes(shop_folder, tmp_path):
    feed = build(tmp_path)
    assert feed == tmp_path / "feed.csv"
    assert contents(tmp_path) == contents(shop_folder)


def test_edited_shop_file_is_kept(tmp_path):
    (tmp_path / "shop.yml").write_text("name: Mine\n")
    build(tmp_path)
    assert (tmp_path / "shop.yml").read_text() == "name: Mine\n"


def test_rows_fill_the_columns_a_shopper_asks_about(rows):
    assert list(rows[0]) == COLUMNS
    for column in (
        "id",
        "name",
        "description",
        "price",
        "type",
        "grapes",
        "country",
        "body",
        "sweetness",
        "food",
    ):
        assert all(row[column] for row in rows), column


def test_availability_agrees_with_stock(rows):
    for row in rows:
        assert (row["availability"] == "in_stock") == (int(row["stock"]) > 0)
