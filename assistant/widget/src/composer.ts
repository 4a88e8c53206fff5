/** The input: writing, sending, and the microphone beside it. */

import { ICONS, button, byId, h, icon } from "./dom";
import { microphoneSupported } from "./microphone";
import type { SpeechState } from "./speech";
import { t } from "./words";

export interface ComposerActions {
  send(text: string): void;
  listen(): void;
  stopListening(): void;
  cancelListening(): void;
}

/** A press longer than this is "hold to talk": letting go ends it. */
const HOLD = 500;
const LONGEST_TEXT = 2_000;

export class Composer {
  private readonly input = byId<HTMLTextAreaElement>("input");
  private readonly mic = byId<HTMLButtonElement>("mic");
  private readonly sendButton = byId<HTMLButtonElement>("send");
  private readonly hearing = byId("hearing");
  private readonly note = byId("note");
  private speechState: SpeechState = "idle";
  private holding = false;

  constructor(private readonly actions: ComposerActions) {
    this.input.placeholder = t("input.placeholder");
    this.input.maxLength = LONGEST_TEXT;
    this.input.setAttribute("aria-label", t("input.label"));
    this.sendButton.setAttribute("aria-label", t("input.send"));
    this.sendButton.append(icon(...ICONS.send));
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.input.addEventListener("keydown", (event) => {
      // Enter that chooses a word of an input method is not a full stop.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.submit();
    });
    this.input.addEventListener("input", () => this.fitHeight());
    this.prepareMicrophone();
    this.fitHeight();
  }

  /** Put words into the input without losing what stands there. */
  fill(text: string, alternatives: string[] = []): void {
    const before = this.input.value.trim();
    this.input.value = before ? `${before} ${text}` : text;
    this.fitHeight();
    this.input.focus();
    const others = alternatives.filter((other) => other.trim() && other !== text).slice(0, 2);
    if (others.length === 0) return;
    this.say(
      h("span", {}, t("speech.or")),
      ...others.map((other) =>
        button({ class: "suggestion" }, () => {
          this.input.value = before ? `${before} ${other}` : other;
          this.fitHeight();
          this.say();
          this.input.focus();
        }, other),
      ),
    );
  }

  /** A quiet line above the input; nothing clears it. */
  say(...content: (Node | string)[]): void {
    this.note.hidden = content.length === 0;
    this.note.replaceChildren(...content);
  }

  showSpeech(state: SpeechState): void {
    this.speechState = state;
    const active = state !== "idle";
    if (active) this.say();
    this.mic.setAttribute("aria-pressed", String(active));
    this.mic.setAttribute("aria-label", t(active ? "speech.stop" : "speech.start"));
    this.mic.replaceChildren(icon(...(active ? ICONS.stop : ICONS.mic)));
    this.mic.dataset["state"] = state;
    this.hearing.hidden = !active;
    if (active) this.showPartial("");
  }

  showPartial(text: string): void {
    const waiting = this.speechState === "starting" ? "speech.starting" : this.speechState === "finishing" ? "speech.finishing" : "speech.listening";
    this.hearing.replaceChildren(
      h("span", { class: "pulse", "aria-hidden": "true" }),
      h("span", { class: "partial", dir: "auto" }, text || t(waiting)),
      button({ class: "quiet" }, () => this.actions.cancelListening(), t("speech.cancel")),
    );
  }

  speechOff(note: string): void {
    this.mic.disabled = true;
    this.mic.title = note;
    this.say(note);
  }

  private submit(): void {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.fitHeight();
    this.say();
    this.actions.send(text);
  }

  private fitHeight(): void {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
    this.sendButton.dataset["ready"] = String(this.input.value.trim() !== "");
  }

  private prepareMicrophone(): void {
    this.showSpeech("idle");
    if (!microphoneSupported()) {
      this.mic.disabled = true;
      this.mic.title = t("speech.unsupported");
      return;
    }
    this.mic.addEventListener("click", () => {
      if (this.holding) this.holding = false; // letting go has already ended it
      else if (this.speechState === "idle") this.actions.listen();
      else this.actions.stopListening();
    });
    this.mic.addEventListener("pointerdown", (event) => {
      this.holding = false;
      if (this.speechState === "idle" && event.button === 0) this.watchHold();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.speechState !== "idle") this.actions.cancelListening();
    });
  }

  private watchHold(): void {
    const timer = window.setTimeout(() => {
      this.holding = true;
      this.actions.listen();
    }, HOLD);
    const release = () => {
      clearTimeout(timer);
      if (this.holding) this.actions.stopListening();
    };
    addEventListener("pointerup", release, { once: true });
  }
}
