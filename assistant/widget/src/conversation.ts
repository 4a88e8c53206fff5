/** The conversation as this page knows it: its turns, sending one after the other, and what happens when that fails. */

import { Failure, type FailureKind, api, kindOf } from "./api";
import { type Session, loadSession, loadShopper, saveSession } from "./storage";
import type { Exchange, Outgoing } from "./messages";
import type { Reply } from "./types";
import { locale } from "./words";

export interface Turn {
  /** The client_message_id; the opening has one of its own making. */
  readonly id: string;
  /** What the shopper said, as shown; null for the opening. */
  said: string | null;
  /** What is sent when the turn is tried again; null when somebody else sent it. */
  outgoing: Outgoing | null;
  state: "sending" | "failed" | "done";
  failure: FailureKind | null;
  reply: Reply | null;
}

/** "new": just happened here or in another tab; "restored": known from before. */
export type Arrival = "new" | "restored";

export interface Listener {
  added(turn: Turn, arrival: Arrival): void;
  changed(turn: Turn, arrival: Arrival): void;
  removed(turn: Turn): void;
  cleared(): void;
  opened(session: Session): void;
}

/** How long a message that somebody else sent may wait for its answer on the stream. */
const STREAM_TIMEOUT = 15_000;

export function newId(): string {
  // crypto.randomUUID exists only on https and localhost.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Conversation {
  readonly turns: Turn[] = [];
  session: Session | null = null;
  private latestNumber: number | undefined;
  private queue: Promise<void> = Promise.resolve();
  /** Rises with each new conversation, so that late answers to the former one are dropped. */
  private epoch = 0;

  constructor(private readonly listener: Listener) {}

  /** Take up this tab's conversation or the one given; begin a new one where there is none or it has ended. */
  async open(kept: Session | null = loadSession()): Promise<void> {
    if (!kept) return this.begin();
    const epoch = this.leave();
    saveSession(kept);
    const waiting = this.addOpening("restored");
    try {
      const { messages } = await api.history(kept.id, kept.token);
      if (epoch !== this.epoch) return;
      this.drop(waiting);
      this.session = kept;
      this.merge(messages, "restored");
      this.listener.opened(kept);
    } catch (error) {
      if (epoch !== this.epoch) return;
      if (failureKind(error) === "ended") await this.begin();
      else this.fail(waiting, failureKind(error));
    }
  }

  /** Leave the present conversation, if any, and begin a new one. */
  async begin(): Promise<void> {
    const epoch = this.leave();
    saveSession(null);
    const opening = this.addOpening("new");
    try {
      const shopper = loadShopper();
      const started = await this.start(shopper?.agreed ? shopper.token : null);
      if (epoch !== this.epoch) return;
      this.session = { id: started.conversation_id, token: started.token };
      saveSession(this.session);
      this.listener.opened(this.session);
      this.settle(opening, started.reply, "new");
    } catch (error) {
      if (epoch === this.epoch) this.fail(opening, failureKind(error));
    }
  }

  /** Say something; it is shown at once and sent when what was said before is answered. */
  send(outgoing: Outgoing, said: string): Turn {
    const turn: Turn = { id: newId(), said, outgoing, state: "sending", failure: null, reply: null };
    this.add(turn, "new");
    this.enqueue(turn);
    return turn;
  }

  /** What the recognizer heard and the server answers by itself, over the stream. */
  expectSpoken(id: string, text: string): Turn {
    const known = this.find(id);
    if (known) return known;
    const turn: Turn = { id, said: text, outgoing: { text }, state: "sending", failure: null, reply: null };
    this.add(turn, "new");
    this.awaitAnswer(turn);
    return turn;
  }

  retry(turn: Turn): void {
    if (turn.state !== "failed") return;
    if (turn.said === null) {
      this.drop(turn);
      void this.open();
      return;
    }
    turn.state = "sending";
    turn.failure = null;
    this.listener.changed(turn, "new");
    this.enqueue(turn);
  }

  /** Try again what only failed for want of a connection. */
  retryUnsent(): void {
    for (const turn of [...this.turns]) {
      if (turn.state === "failed" && (turn.failure === "offline" || turn.failure === "slow")) this.retry(turn);
    }
  }

  drop(turn: Turn): void {
    const at = this.turns.indexOf(turn);
    if (at < 0) return;
    this.turns.splice(at, 1);
    this.listener.removed(turn);
  }

  /** A reply that came over the stream. */
  receiveReply(reply: Reply): void {
    const turn = reply.client_message_id ? this.find(reply.client_message_id) : undefined;
    if (turn) this.settle(turn, reply, "new");
    else if (!this.turns.some((other) => other.reply?.message_id === reply.message_id)) {
      this.merge([{ client_message_id: reply.client_message_id, reply }], "new");
    }
  }

  /** The stream says that a message could not be answered. */
  failed(clientMessageId: string, status: number): void {
    const turn = this.find(clientMessageId);
    if (turn) this.fail(turn, kindOf(status));
  }

  receiveExchange(exchange: Exchange): void {
    this.merge([exchange], "new");
  }

  /** Fetch what was missed while the stream was away. */
  async catchUp(): Promise<void> {
    const session = this.session;
    const epoch = this.epoch;
    if (!session) return;
    try {
      const { messages } = await api.history(session.id, session.token, this.latestNumber);
      if (epoch === this.epoch) this.merge(messages, "new");
    } catch (error) {
      if (!(error instanceof Failure)) throw error; // the next reconnect tries again
    }
  }

  /** Say whose conversation this is; false when it is another shopper's or cannot be changed now. */
  async link(shopperToken: string): Promise<boolean> {
    if (!this.session) return false;
    try {
      await api.link(this.session.id, this.session.token, shopperToken);
      return true;
    } catch (error) {
      if (error instanceof Failure) return false;
      throw error;
    }
  }

  /** The label of a choice offered anywhere in this conversation. */
  choiceLabel(choiceId: string): string | null {
    for (const { reply } of [...this.turns].reverse()) {
      const offered = [...(reply?.question?.options ?? []), ...(reply?.suggestions ?? [])];
      const found = offered.find((choice) => choice.choice_id === choiceId);
      if (found) return found.label;
    }
    return null;
  }

  /** Nothing that still comes in for the former conversation counts any more. */
  private leave(): number {
    this.session = null;
    this.latestNumber = undefined;
    this.turns.length = 0;
    this.queue = Promise.resolve();
    this.listener.cleared();
    return ++this.epoch;
  }

  private async start(shopperToken: string | null): ReturnType<typeof api.start> {
    try {
      return await api.start(shopperToken, locale());
    } catch (error) {
      // A token the shop no longer knows must not keep anybody from talking to it.
      if (shopperToken && error instanceof Failure && (error.kind === "ended" || error.kind === "refused")) {
        return api.start(null, locale());
      }
      throw error;
    }
  }

  private enqueue(turn: Turn): void {
    const epoch = this.epoch;
    this.queue = this.queue.then(async () => {
      if (epoch !== this.epoch || turn.state !== "sending") return;
      if (!this.session || !turn.outgoing) return this.fail(turn, "offline");
      try {
        const reply = await api.send(this.session.id, this.session.token, turn.outgoing, turn.id);
        if (epoch === this.epoch) this.settle(turn, reply, "new");
      } catch (error) {
        if (epoch === this.epoch) this.fail(turn, failureKind(error));
      }
    });
  }

  private merge(exchanges: Exchange[], arrival: Arrival): void {
    for (const exchange of exchanges) {
      if (exchange.number !== undefined) this.latestNumber = Math.max(this.latestNumber ?? 0, exchange.number);
      const id = exchange.client_message_id ?? exchange.reply?.message_id ?? `number-${exchange.number ?? newId()}`;
      const known = this.find(id) ?? this.turns.find((turn) => sameReply(turn.reply, exchange.reply));
      if (known) {
        if (exchange.reply) this.settle(known, exchange.reply, arrival);
        continue;
      }
      const said = exchange.label || exchange.text || (exchange.choice_id ? this.choiceLabel(exchange.choice_id) : null);
      const reply = exchange.reply ?? null;
      const outgoing: Outgoing | null = exchange.choice_id ? { choice_id: exchange.choice_id } : said ? { text: said } : null;
      const turn: Turn = { id, said: said ?? null, outgoing, state: reply ? "done" : "sending", failure: null, reply };
      this.add(turn, arrival);
      // Still being answered when the page was left: asking again with the same id waits for that same answer.
      if (!reply && arrival === "restored") this.enqueue(turn);
      else if (!reply) this.awaitAnswer(turn);
    }
  }

  private awaitAnswer(turn: Turn): void {
    window.setTimeout(() => this.turns.includes(turn) && this.fail(turn, "slow"), STREAM_TIMEOUT);
  }

  private addOpening(arrival: Arrival): Turn {
    const turn: Turn = { id: newId(), said: null, outgoing: null, state: "sending", failure: null, reply: null };
    this.add(turn, arrival);
    return turn;
  }

  private add(turn: Turn, arrival: Arrival): void {
    this.turns.push(turn);
    this.listener.added(turn, arrival);
  }

  private settle(turn: Turn, reply: Reply | null, arrival: Arrival): void {
    if (turn.state === "done" && turn.reply) return; // the same reply by HTTP and by stream
    turn.state = "done";
    turn.failure = null;
    turn.reply = reply;
    this.listener.changed(turn, arrival);
  }

  private fail(turn: Turn, kind: FailureKind): void {
    if (turn.state !== "sending") return;
    turn.state = "failed";
    turn.failure = kind;
    this.listener.changed(turn, "new");
  }

  private find(id: string): Turn | undefined {
    return this.turns.find((turn) => turn.id === id);
  }
}

function sameReply(one: Reply | null | undefined, other: Reply | null | undefined): boolean {
  return !!one && !!other && one.message_id === other.message_id;
}

function failureKind(error: unknown): FailureKind {
  if (error instanceof Failure) return error.kind;
  throw error;
}
