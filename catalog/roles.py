"""Which column of a feed holds what."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Which column holds what; empty where none does."""

    id: str = ""
    title: tuple[str, ...] = ()
    """One column, or several whose texts together name a product."""
    description: str = ""
    price: str = ""
    sale_price: str = ""
    sale_starts: str = ""
    """First day of the sale price, or the stretch of time it is for."""
    sale_ends: str = ""
    """Last day of the sale price."""
    currency: str = ""
    availability: str = ""
    url: str = ""
    image: str = ""
    group: str = ""
    """Rows with the same text here are forms of one product."""

    def used(self) -> frozenset[str]:
        """Columns that are no facets because they have a role."""
        single = (self.id, self.description, self.price, self.sale_price, self.currency)
        rest = (
            self.availability,
            self.url,
            self.image,
            self.group,
            self.sale_starts,
            self.sale_ends,
        )
        title = self.title if len(self.title) == 1 else ()
        return frozenset(key for key in (*single, *rest, *title) if key)


ROLE_NAMES = tuple(spec.name for spec in fields(Roles))
"""The roles as shop.yml names them."""
