/** The sheet behind the person button: being remembered, what is known, and how the page behaves. */

import { type FailureKind, Failure, api } from "./api";
import { canReadAloud } from "./aloud";
import { ICONS, button, h, icon } from "./dom";
import { type Preferences, loadPreferences, loadShopper, savePreferences, saveShopper } from "./storage";
import type { Constraint, ShopperView } from "./types";
import { day, t } from "./words";

export interface AboutActions {
  startOver(): void;
  preferencesChanged(preferences: Preferences): void;
  /** Remembering was switched on; the wording that says from when on it holds, if that needs saying. */
  remembered(token: string): Promise<string | null>;
  /** The shop has erased the shopper, and with it every conversation that was the shopper's. */
  erased(): void;
  microphone: boolean;
}

export class About {
  private readonly known = h("div", { class: "known" });
  private readonly status = h("p", { class: "sheet-status", role: "status" });
  private readonly remember: HTMLInputElement;

  constructor(
    private readonly sheet: HTMLDialogElement,
    private readonly actions: AboutActions,
  ) {
    this.remember = toggle(t("about.remember"), t("about.remember_note"), false, (on) => void this.consent(on)).input;
    this.build();
    // A click on the dimmed page behind the sheet lands on the dialog itself.
    sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
  }

  async open(): Promise<void> {
    this.status.textContent = "";
    this.remember.checked = loadShopper()?.agreed ?? false;
    this.known.replaceChildren();
    if (!this.sheet.open) this.sheet.showModal();
    await this.refresh();
  }

  private build(): void {
    const preferences = loadPreferences();
    const keep = (change: Partial<Preferences>) => {
      Object.assign(preferences, change);
      savePreferences(preferences);
      this.actions.preferencesChanged(preferences);
    };
    const aloud = toggle(t("about.aloud"), "", preferences.readAloud, (on) => keep({ readAloud: on }));
    const confirm = toggle(t("about.confirm"), t("about.confirm_note"), preferences.confirmSpeech, (on) => keep({ confirmSpeech: on }));
    this.sheet.setAttribute("aria-labelledby", "about-title");
    this.sheet.replaceChildren(
      h(
        "div",
        { class: "sheet-body" },
        h(
          "div",
          { class: "sheet-head" },
          h("h2", { id: "about-title" }, t("about.title")),
          button({ class: "round", "aria-label": t("about.close") }, () => this.sheet.close(), icon(...ICONS.close)),
        ),
        h("section", {}, labelOf(this.remember), this.known, this.status),
        h(
          "section",
          {},
          canReadAloud() && aloud.label,
          this.actions.microphone && confirm.label,
          button(
            { class: "quiet wide" },
            () => {
              this.sheet.close();
              this.actions.startOver();
            },
            t("about.start_over"),
          ),
        ),
      ),
    );
  }

  /** Show what the shop knows. */
  private async refresh(): Promise<void> {
    const shopper = loadShopper();
    if (!shopper) return this.known.replaceChildren();
    try {
      const known = await api.shopper(shopper.token);
      this.remember.checked = known.consent;
      this.draw(known, shopper.token);
    } catch (error) {
      if (kindOf(error) === "ended") {
        saveShopper(null); // erased elsewhere
        this.remember.checked = false;
        this.known.replaceChildren();
      } else this.say(error);
    }
  }

  private draw(known: ShopperView, token: string): void {
    const facts = known.profile.constraints;
    const since = known.since ? day(known.since) : "";
    this.known.replaceChildren(
      h("h3", {}, t("about.known")),
      facts.length > 0 ? h("ul", { class: "facts" }, ...facts.map((fact) => this.fact(fact, token))) : h("p", { class: "muted" }, t("about.nothing_known")),
      ...(since ? [h("p", { class: "muted" }, t("about.since", { day: since }))] : []),
      button({ class: "danger wide" }, () => void this.erase(token), t("about.erase")),
    );
  }

  private fact(fact: Constraint, token: string): HTMLElement {
    const text = fact.text || `${fact.facet.replaceAll("_", " ")} ${fact.operator} ${fact.values.join(", ")}`;
    return h(
      "li",
      {},
      h("span", { dir: "auto" }, text),
      button({ class: "round", "aria-label": t("about.forget_fact", { fact: text }) }, () => void this.forget(fact.facet, token), icon(...ICONS.close)),
    );
  }

  private async consent(on: boolean): Promise<void> {
    this.status.textContent = "";
    this.remember.disabled = true;
    try {
      const token = loadShopper()?.token ?? (on ? (await api.newShopper()).shopper_token : null);
      if (token) {
        await api.consent(token, on);
        saveShopper(token, on);
      }
      if (!on) this.status.textContent = t("about.withdrawn");
      else if (token) {
        const from = await this.actions.remembered(token);
        if (from) this.status.textContent = t(from);
      }
    } catch (error) {
      this.remember.checked = !on;
      this.say(error);
    } finally {
      this.remember.disabled = false;
    }
    await this.refresh();
    this.remember.focus();
  }

  private async forget(facet: string, token: string): Promise<void> {
    try {
      await api.forgetFact(token, facet);
      this.status.textContent = t("about.fact_forgotten");
      await this.refresh();
    } catch (error) {
      this.say(error);
    }
    this.remember.focus();
  }

  private async erase(token: string): Promise<void> {
    try {
      await api.erase(token);
      saveShopper(null);
      this.remember.checked = false;
      this.known.replaceChildren();
      this.status.textContent = t("about.erased");
      this.actions.erased();
    } catch (error) {
      this.say(error);
    }
    this.remember.focus();
  }

  private say(error: unknown): void {
    this.status.textContent = t(`about.trouble_${kindOf(error) === "offline" ? "offline" : "down"}`);
  }
}

function kindOf(error: unknown): FailureKind {
  if (error instanceof Failure) return error.kind;
  throw error;
}

function toggle(text: string, note: string, on: boolean, changed: (on: boolean) => void): { label: HTMLElement; input: HTMLInputElement } {
  const input = h("input", { type: "checkbox", role: "switch", class: "switch" });
  input.checked = on;
  input.addEventListener("change", () => changed(input.checked));
  const label = h("label", { class: "toggle" }, h("span", {}, h("span", {}, text), note ? h("small", {}, note) : null), input);
  return { label, input };
}

function labelOf(input: HTMLInputElement): HTMLElement {
  return input.closest("label") ?? input;
}
