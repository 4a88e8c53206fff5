/** The wishes understood so far, each of which can be taken back. */

import { ICONS, button, h, icon } from "./dom";
import type { Constraint } from "./types";
import { t } from "./words";

export function drawWishes(place: HTMLElement, wishes: Constraint[], takeBack: (wish: Constraint) => void): void {
  place.hidden = wishes.length === 0;
  const before = place.querySelector("ul");
  const scrolled = before?.scrollLeft ?? 0;
  const newest = before?.lastElementChild?.textContent ?? "";
  const list = h(
    "ul",
    {},
    ...wishes.map((wish) =>
      h(
        "li",
        { class: "wish", "data-strength": wish.strength, "data-facet": wish.facet },
        h("span", { dir: "auto" }, wish.text),
        button({ "aria-label": t("wishes.remove", { wish: wish.text }) }, () => takeBack(wish), icon(...ICONS.close)),
      ),
    ),
  );
  place.replaceChildren(h("h2", {}, t("wishes.title")), list);
  // On a phone the row is longer than the screen: what was just said is brought into it.
  list.scrollLeft = scrolled;
  if (list.lastElementChild?.textContent !== newest) list.lastElementChild?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
