"""Rows with a separator too many or too few are refused, and nothing else is."""

import pytest

HEAD = "id;name;price;material;blades;length;foldable;colour"
ROWS = [
    f"p{n};Paddle {n};{20 + n};{['Ash', 'Carbon', 'Beech'][n % 3]};{n % 3 + 1};{180 + n % 4 * 10} cm;"
    f"{['yes', 'no'][n % 2]};{['Red', 'Black'][n % 2]}"
    for n in range(24)
]


def take(shop, *rows):
    shop.take("\n".join([HEAD, *ROWS, *rows]))
    return [entry["reason"] for entry in shop.rejected]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x;Odd paddle;30;;Ash;2;190 cm;yes", "too far to the right"),
        ("x;Odd paddle;30;2;190 cm;yes;Red;", "too far to the left"),
    ],
)
def test_a_row_out_of_step_is_refused_with_what_is_wrong(shop, row, reason):
    reasons = take(shop, row)
    assert len(reasons) == 1 and reason in reasons[0]
    assert len(shop.stored.products) == len(ROWS)


@pytest.mark.parametrize(
    "row",
    [
        "x;Odd paddle;30;Ash;two;190 cm;yes;Red",
        "x;Odd paddle;30;Ash;n/a;-;yes;Red",
        "x;Odd paddle;30;Ash;two;quite long;perhaps;Red",
        "x;Odd paddle;30;Teak;2;190 cm;yes;Green",
        "x;Odd paddle;30;;;;;",
    ],
)
def test_a_row_with_odd_or_missing_cells_stays(shop, row):
    assert take(shop, row) == []
    assert len(shop.stored.products) == len(ROWS) + 1
