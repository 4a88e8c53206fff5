/** Product cards: the shelf of what fits best now. */

import { ICONS, button, h, hidden, icon } from "./dom";
import { isElsewhere, safeUrl } from "./safe";
import type { Reply, ShownProduct, Suggestion } from "./types";
import { money, number, plural, t } from "./words";

/** Addresses that turned out to hold no picture; not asked again while the page is open. */
const missing = new Set<string>();
/** Wishes named on a card before the rest is only counted. */
const MET_SHOWN = 4;
const UNMET_SHOWN = 3;

export interface CardActions {
  choose(choice: Suggestion): void;
}

export class Shelf {
  readonly element: HTMLElement;
  private readonly heading = h("h2", { class: "shelf-count" });
  private readonly list = h("ul", { class: "cards", tabindex: "-1" });
  private readonly arrows: HTMLElement;

  constructor(private readonly actions: CardActions) {
    this.arrows = h(
      "div",
      { class: "arrows" },
      button({ class: "round", "aria-label": t("shelf.previous") }, () => this.scroll(-1), icon(...ICONS.previous)),
      button({ class: "round", "aria-label": t("shelf.next") }, () => this.scroll(1), icon(...ICONS.next)),
    );
    this.element = h(
      "section",
      { class: "shelf", "aria-label": t("shelf.label") },
      h("div", { class: "shelf-head" }, this.heading, this.arrows),
      this.list,
    );
    new ResizeObserver(() => this.showArrows()).observe(this.list);
  }

  show(reply: Reply): void {
    this.heading.replaceChildren(...countLine(reply));
    this.list.replaceChildren(...reply.products.map((product, index) => this.card(product, index + 1)));
    this.list.scrollLeft = 0;
    this.showArrows();
  }

  private showArrows(): void {
    this.arrows.hidden = this.list.scrollWidth <= this.list.clientWidth + 1;
  }

  private scroll(direction: 1 | -1): void {
    const toEnd = getComputedStyle(this.list).direction === "rtl" ? -direction : direction;
    this.list.scrollBy({ left: toEnd * this.list.clientWidth * 0.8 });
  }

  private card(product: ShownProduct, position: number): HTMLElement {
    const name = hidden(` ${product.title}`);
    return h(
      "li",
      { class: "card", "data-product": product.id },
      picture(product, position),
      h(
        "div",
        { class: "card-body" },
        h("h3", { dir: "auto" }, title(product)),
        h("p", { class: "price-line" }, price(product), availability(product)),
        product.why ? h("p", { class: "why", dir: "auto" }, product.why) : null,
        fit(product),
      ),
      h(
        "div",
        { class: "card-actions" },
        // What was said before an update of the server may lack them.
        product.tell_more && button({ class: "quiet" }, () => this.actions.choose(product.tell_more), t("card.more"), name.cloneNode(true)),
        product.select && button({ class: "solid" }, () => this.actions.choose(product.select), t("card.choose"), name),
      ),
    );
  }
}

function countLine(reply: Reply): (Node | string)[] {
  const shown = reply.products.length;
  if (reply.remaining === 0) return [t(shown > 0 ? "shelf.none" : "shelf.none_at_all")];
  const line = h("strong", {}, plural("shelf.fit", reply.remaining));
  return shown > 1 && shown < reply.remaining ? [line, h("span", {}, t("shelf.best", { count: number(shown) }))] : [line];
}

/** The product's name, linked to its page where it has one. */
export function title(product: ShownProduct): HTMLElement {
  const address = safeUrl(product.url);
  if (!address) return h("span", {}, product.title);
  const outside = isElsewhere(address);
  return h(
    "a",
    { href: address, target: outside ? "_blank" : null, rel: outside ? "noopener noreferrer" : null },
    product.title,
    outside && hidden(` ${t("card.new_tab")}`),
  );
}

function picture(product: ShownProduct, position: number): HTMLElement {
  const frame = h("div", { class: "picture" }, h("span", { class: "position" }, hidden(t("card.number")), number(position)));
  const empty = () => h("span", { class: "no-picture", "aria-hidden": "true" }, Array.from(product.title.trim())[0] ?? "");
  const address = safeUrl(product.image_url);
  if (!address || missing.has(address)) {
    frame.append(empty());
    return frame;
  }
  const image = h("img", { alt: "", decoding: "async", referrerpolicy: "no-referrer" });
  image.addEventListener(
    "error",
    () => {
      missing.add(address);
      image.replaceWith(empty());
    },
    { once: true },
  );
  image.src = address;
  frame.append(image);
  return frame;
}

export function price(product: ShownProduct): HTMLElement | null {
  return product.price && h("span", { class: "price" }, money(product.price.amount, product.price.currency));
}

const WORDED = new Set(["out_of_stock", "preorder", "backorder"]);

function availability(product: ShownProduct): HTMLElement | null {
  const state = (product.availability ?? "").toLowerCase().replace(/[\s-]+/g, "_");
  return WORDED.has(state) ? h("span", { class: "stock", "data-state": state }, t(`stock.${state}`)) : null;
}

function fit(product: ShownProduct): HTMLElement | null {
  const met = notes(product.met, MET_SHOWN, "met", ICONS.tick, t("card.met"));
  const unmet = notes(product.unmet, UNMET_SHOWN, "unmet", ICONS.minus, t("card.unmet"));
  return met.length + unmet.length > 0 ? h("ul", { class: "fit" }, ...met, ...unmet) : null;
}

function notes(texts: string[], most: number, kind: string, paths: readonly string[], spoken: string): HTMLElement[] {
  const lines = texts
    .slice(0, most)
    .map((text) => h("li", { class: kind }, icon(...paths), hidden(`${spoken} `), h("span", { dir: "auto" }, text)));
  const rest = texts.length - most;
  if (rest > 0) lines.push(h("li", { class: kind }, icon(...paths), h("span", {}, t(`card.${kind}_more`, { count: number(rest) }))));
  return lines;
}
