/** The wishes understood so far, each of which can be taken back. */

import { ICONS, button, h, icon } from "./dom";
import type { Wish } from "./types";
import { t } from "./words";

export function drawWishes(place: HTMLElement, wishes: Wish[], takeBack: (wish: Wish) => void): void {
  place.hidden = wishes.length === 0;
  place.replaceChildren(
    h("h2", {}, t("wishes.title")),
    h(
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
    ),
  );
}

/** The ordinary message that takes a wish back. */
export function takingBack(wish: Wish): string {
  return t("say.take_back", { wish: wish.text, facet: wish.facet.replaceAll("_", " ") });
}
