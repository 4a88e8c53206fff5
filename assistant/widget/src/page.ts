/** The page: puts conversation, log, shelf, wishes, input and sheet together. */

import { About } from "./about";
import { hush, readAloud } from "./aloud";
import { Shelf } from "./cards";
import { Composer } from "./composer";
import { Conversation, type Arrival, type Listener, type Turn } from "./conversation";
import { ICONS, button, byId, icon } from "./dom";
import { Log } from "./log";
import { microphoneSupported } from "./microphone";
import { Speech } from "./speech";
import { type Session, loadPreferences } from "./storage";
import { Stream } from "./stream";
import type { Outgoing, StreamEvent } from "./messages";
import type { Reply, Suggestion } from "./types";
import { drawWishes } from "./wishes";
import { plural, shop, t } from "./words";

/** From here on the shelf stands beside the conversation instead of in it. */
const WIDE = "(min-width: 60rem)";

export class Page implements Listener {
  private readonly logElement = byId("log");
  private readonly aside = byId("aside");
  private readonly wishes = byId("wishes");
  private readonly wide = matchMedia(WIDE);
  private readonly conversation = new Conversation(this);
  private readonly shelf: Shelf;
  private readonly log: Log;
  private readonly composer: Composer;
  private readonly stream: Stream;
  private readonly speech: Speech;
  private readonly about: About;
  private preferences = loadPreferences();
  private streamWasLost = false;

  constructor() {
    this.shelf = new Shelf({
      choose: (choice) => this.choose(choice),
    });
    this.log = new Log(this.logElement, byId("live"), {
      choose: (id, label) => this.say({ choice_id: id }, label),
      retry: (turn) => this.conversation.retry(turn),
      edit: (turn) => this.edit(turn),
      startOver: () => this.startOver(),
    });
    this.composer = new Composer({
      send: (text) => this.say({ text }, text, { keepFocus: true }),
      listen: () => {
        hush();
        void this.speech.start(this.preferences.confirmSpeech);
      },
      stopListening: () => this.speech.stop(),
      cancelListening: () => this.speech.cancel(),
    });
    this.stream = new Stream(
      (event) => this.receive(event),
      () => this.reconnected(),
      () => this.disconnected(),
    );
    this.speech = new Speech(this.stream, {
      state: (state) => this.composer.showSpeech(state),
      partial: (text) => this.composer.showPartial(text),
      heard: (id, text, alternatives, sent) => this.heard(id, text, alternatives, sent),
      trouble: (key, final) => (final ? this.composer.speechOff(t(key)) : this.composer.say(t(key))),
    });
    this.about = new About(byId<HTMLDialogElement>("sheet"), {
      startOver: () => this.startOver(),
      preferencesChanged: (preferences) => {
        this.preferences = preferences;
        if (!preferences.readAloud) hush();
      },
      remembered: (token) => this.useMemory(token),
      erased: () => void this.conversation.begin(),
      microphone: microphoneSupported(),
    });
    this.prepareHeader();
    this.wide.addEventListener("change", () => this.drawCurrent());
    addEventListener("offline", () => this.showConnection());
    addEventListener("online", () => {
      this.showConnection();
      this.conversation.retryUnsent();
    });
    this.showConnection();
  }

  open(): Promise<void> {
    return this.conversation.open();
  }

  // --- what the conversation reports -------------------------------------------------------------------------

  added(turn: Turn, arrival: Arrival): void {
    this.log.add(turn);
    this.drawCurrent();
    this.log.reveal(turn);
    if (turn.reply) this.arrived(turn.reply, arrival);
  }

  changed(turn: Turn, arrival: Arrival): void {
    // A button that had the focus goes away with its turn's old state; the turn itself keeps the place.
    const hadFocus = document.activeElement?.closest(".turn, .shelf, .wishes") !== null;
    this.log.draw(turn);
    this.drawCurrent();
    if (hadFocus && document.activeElement === document.body) this.log.focus(turn);
    this.log.reveal(turn);
    if (turn.reply) this.arrived(turn.reply, arrival);
    else if (turn.state === "failed") this.log.announce(t("trouble.spoken"));
  }

  removed(turn: Turn): void {
    this.log.remove(turn);
    this.drawCurrent();
  }

  cleared(): void {
    this.stream.close();
    this.speech.cancel();
    hush();
    this.log.clear();
    this.drawCurrent();
  }

  opened(session: Session): void {
    this.streamWasLost = false;
    this.stream.open(session);
  }

  private arrived(reply: Reply, arrival: Arrival): void {
    if (arrival === "restored") return;
    const shown = reply.products.length > 0 ? ` ${plural("log.shown", reply.products.length)}.` : "";
    this.log.announce(reply.text + shown);
    if (this.preferences.readAloud) readAloud(reply.text);
  }

  // --- drawing -----------------------------------------------------------------------------------------------

  private drawCurrent(): void {
    const { turns } = this.conversation;
    const latest = turns.findLast((turn) => turn.reply);
    const showing = turns.findLast((turn) => turn.reply && (turn.reply.products.length > 0 || turn.reply.remaining === 0));
    drawWishes(this.wishes, latest?.reply?.constraints ?? [], (wish) =>
      this.choose({ choice_id: wish.remove_id, label: wish.remove_label }),
    );
    this.log.offerAnswers(this.conversation);
    const place = this.log.placeFor(showing);
    if (showing?.reply) this.putShelf(showing.reply, place);
    else this.shelf.element.remove();
    this.aside.dataset["empty"] = String(!showing);
  }

  private shelfShows: Reply | null = null;

  private putShelf(reply: Reply, place: HTMLElement | null): void {
    if (this.shelfShows !== reply) this.shelf.show(reply);
    this.shelfShows = reply;
    const home = this.wide.matches ? this.aside : place;
    if (home && this.shelf.element.parentElement !== home) home.append(this.shelf.element);
  }

  private prepareHeader(): void {
    document.title = shop?.name ?? t("page.title");
    byId("title").textContent = shop?.name ?? t("page.title");
    byId("aside-empty").textContent = t("shelf.empty");
    byId("log").setAttribute("aria-label", t("log.label"));
    byId("skip").textContent = t("page.skip");
    byId("skip").addEventListener("click", () => byId("input").focus());
    const restart = byId("restart");
    restart.setAttribute("aria-label", t("about.start_over"));
    restart.title = t("about.start_over");
    restart.append(icon(...ICONS.restart));
    restart.addEventListener("click", () => this.startOver());
    const person = byId("person");
    person.setAttribute("aria-label", t("about.title"));
    person.title = t("about.title");
    person.append(icon(...ICONS.person));
    person.addEventListener("click", () => void this.about.open());
  }

  private showConnection(): void {
    const banner = byId("banner");
    banner.hidden = navigator.onLine;
    banner.textContent = navigator.onLine ? "" : t("trouble.banner");
  }

  // --- what the shopper does ---------------------------------------------------------------------------------

  private say(outgoing: Outgoing, said: string, { keepFocus = false } = {}): void {
    hush();
    const turn = this.conversation.send(outgoing, said);
    if (!keepFocus) this.log.focus(turn); // the button just used is gone or about to go
  }

  private choose({ choice_id, label }: Suggestion): void {
    this.say({ choice_id }, label);
  }

  private edit(turn: Turn): void {
    this.conversation.drop(turn);
    if (turn.outgoing && "text" in turn.outgoing) this.composer.fill(turn.outgoing.text);
    else byId("input").focus();
  }

  private startOver(): void {
    const former = this.conversation.turns.some((turn) => turn.said !== null) ? this.conversation.session : null;
    void this.conversation.begin();
    byId("input").focus({ preventScroll: true });
    if (!former) return;
    const back = button({ class: "suggestion" }, () => {
      this.composer.say();
      byId("input").focus({ preventScroll: true });
      void this.conversation.open(former);
    }, t("about.bring_back"));
    this.composer.say(t("about.started_over"), back);
  }

  /** Nothing is lost by beginning an untouched conversation again; one under way learns whose it is. */
  private async useMemory(token: string): Promise<string | null> {
    if (this.conversation.turns.some((turn) => turn.said !== null)) {
      return (await this.conversation.link(token)) ? "about.from_now" : "about.from_next";
    }
    void this.conversation.begin();
    return null;
  }

  private heard(id: string, text: string, alternatives: string[], sent: boolean): void {
    if (!sent) return this.composer.fill(text, alternatives);
    this.conversation.expectSpoken(id, text);
  }

  // --- the stream --------------------------------------------------------------------------------------------

  private receive(event: StreamEvent): void {
    if (this.speech.receive(event)) return;
    if (event.type === "reply") this.conversation.receiveReply(event.reply);
    else if (event.type === "message") this.conversation.receiveExchange(event);
    else if (event.type === "error" && event.client_message_id) this.conversation.failed(event.client_message_id, event.problem?.status ?? 0);
    else if (event.type === "error") console.warn("The stream reports:", event.problem?.detail ?? event.problem?.title);
  }

  private reconnected(): void {
    this.conversation.retryUnsent();
    if (this.streamWasLost) void this.conversation.catchUp();
    this.streamWasLost = false;
  }

  private disconnected(): void {
    this.streamWasLost = true;
    this.speech.lost();
  }
}
