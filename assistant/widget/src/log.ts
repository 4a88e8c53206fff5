/** The conversation as it is read: who said what, the answers offered now, and what went wrong. */

import type { Conversation, Turn } from "./conversation";
import { price, title } from "./cards";
import { button, h, hidden } from "./dom";
import type { Option, Reply, Suggestion } from "./types";
import { number, plural, t } from "./words";

export interface LogActions {
  choose(choiceId: string, label: string): void;
  retry(turn: Turn): void;
  /** Take a message that could not be sent back into the input. */
  edit(turn: Turn): void;
  startOver(): void;
}

interface Shown {
  element: HTMLElement;
  /** Where the shelf may stand. */
  place: HTMLElement;
  past: HTMLElement | null;
}

export class Log {
  private readonly shown = new Map<string, Shown>();
  /** Answers to the latest question; there is only one set, so no older question can be answered. */
  private answers: HTMLElement | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly live: HTMLElement,
    private readonly actions: LogActions,
  ) {}

  add(turn: Turn): void {
    const element = h("div", { class: "turn", tabindex: "-1" });
    const place = h("div", { class: "place" });
    this.shown.set(turn.id, { element, place, past: null });
    this.draw(turn);
    this.element.append(element);
  }

  draw(turn: Turn): void {
    const shown = this.shown.get(turn.id);
    if (!shown) return;
    shown.past = turn.reply?.products.length ? past(turn.reply) : null;
    shown.element.replaceChildren();
    if (turn.said !== null) {
      shown.element.append(speaker(t("log.you")), h("p", { class: "said", dir: "auto" }, turn.said));
    }
    if (turn.state === "sending") shown.element.append(typing());
    if (turn.state === "failed") shown.element.append(this.trouble(turn));
    if (turn.reply) {
      shown.element.append(speaker(t("log.assistant")), h("p", { class: "reply", dir: "auto" }, turn.reply.text));
      if (shown.past) shown.element.append(shown.past);
    }
    shown.element.append(shown.place);
  }

  remove(turn: Turn): void {
    this.shown.get(turn.id)?.element.remove();
    this.shown.delete(turn.id);
  }

  clear(): void {
    this.shown.clear();
    this.answers = null;
    this.element.replaceChildren();
  }

  /** Offer the answers of the last turn, if it has any, and withdraw all others. */
  offerAnswers(conversation: Conversation): void {
    const last = conversation.turns.at(-1);
    this.answers?.remove();
    this.answers = null;
    if (!last?.reply) return;
    this.answers = this.answersTo(last.reply);
    if (this.answers) this.shown.get(last.id)?.place.before(this.answers);
  }

  /** Where the shelf stands below a turn; the turn's own list of past products makes room for it. */
  placeFor(turn: Turn | undefined): HTMLElement | null {
    for (const [id, shown] of this.shown) if (shown.past) shown.past.hidden = id === turn?.id;
    return (turn && this.shown.get(turn.id)?.place) ?? null;
  }

  focus(turn: Turn): void {
    this.shown.get(turn.id)?.element.focus({ preventScroll: true });
  }

  /** Bring a turn into view: its beginning when it is tall, all of it otherwise. */
  reveal(turn: Turn): void {
    const element = this.shown.get(turn.id)?.element;
    if (!element) return;
    const seen = Math.min(this.element.clientHeight, window.innerHeight);
    const tall = element.offsetHeight > seen;
    element.scrollIntoView({ block: tall ? "start" : "end" });
  }

  announce(text: string): void {
    // A fresh node each time, so that the same sentence twice is read twice.
    this.live.replaceChildren(h("p", { dir: "auto" }, text));
  }

  private answersTo(reply: Reply): HTMLElement | null {
    const { question, suggestions } = reply;
    if (!question && suggestions.length === 0) return null;
    return h(
      "div",
      { class: "answers" },
      question && this.options(question.text, question.options),
      this.aside(question?.reason ?? "", suggestions),
    );
  }

  private options(question: string, options: Option[]): HTMLElement {
    const make = (option: Option) =>
      button(
        { class: option.kind === "any" ? "choice any" : "choice", "data-choice": option.choice_id },
        () => this.actions.choose(option.choice_id, option.label),
        h("span", { dir: "auto" }, option.label),
        option.kind !== "any" && h("span", { class: "count" }, h("span", { "aria-hidden": "true" }, `· ${number(option.count)}`), hidden(` ${plural("question.count", option.count)}`)),
      );
    return h("div", { class: "choices", role: "group", "aria-label": question }, ...options.map(make));
  }

  /** Below the answers, lighter: what else could be said, and why this was asked. */
  private aside(reason: string, suggestions: Suggestion[]): HTMLElement {
    const make = ({ choice_id, label }: Suggestion) =>
      button({ class: "suggestion", "data-choice": choice_id }, () => this.actions.choose(choice_id, label), h("span", { dir: "auto" }, label));
    const why = reason && h("details", { class: "reason" }, h("summary", {}, t("question.why")), h("p", { dir: "auto" }, reason));
    return h("div", { class: "choices", role: "group", "aria-label": t("question.suggestions") }, ...suggestions.map(make), why || null);
  }

  private trouble(turn: Turn): HTMLElement {
    const kind = turn.failure ?? "down";
    const opening = turn.said === null;
    const ended = kind === "ended" && !opening;
    return h(
      "div",
      { class: "trouble" },
      h("p", {}, t(opening ? `trouble.opening_${kind === "offline" ? "offline" : "down"}` : `trouble.${kind}`)),
      h(
        "div",
        { class: "trouble-actions" },
        ended
          ? button({ class: "solid" }, () => this.actions.startOver(), t("trouble.begin"))
          : button({ class: "solid" }, () => this.actions.retry(turn), t("trouble.retry")),
        !opening && button({ class: "quiet" }, () => this.actions.edit(turn), t("trouble.edit")),
      ),
    );
  }
}

/** Who says what follows; apart from it, so that the direction of the words is found from the words alone. */
function speaker(name: string): HTMLElement {
  return h("p", { class: "sr" }, name);
}

function typing(): HTMLElement {
  const dot = () => h("span", { "aria-hidden": "true" });
  return h("div", { class: "typing" }, hidden(t("log.thinking")), dot(), dot(), dot());
}

/** What an earlier reply showed, folded away. */
function past(reply: Reply): HTMLElement {
  return h(
    "details",
    { class: "past" },
    h("summary", {}, plural("log.shown", reply.products.length)),
    h("ol", {}, ...reply.products.map((product) => h("li", { dir: "auto" }, title(product), " ", price(product)))),
  );
}
