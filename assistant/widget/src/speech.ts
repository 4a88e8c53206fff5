/** One spoken message: microphone to stream, partial words back, and the transcript at the end. */

import { newId } from "./conversation";
import { Microphone, MicrophoneError } from "./microphone";
import type { Stream } from "./stream";
import type { StreamEvent } from "./messages";
import type { Problem } from "./types";

export type SpeechState = "idle" | "starting" | "listening" | "finishing";

export interface SpeechListener {
  state(state: SpeechState): void;
  partial(text: string): void;
  /** `sent` is true when the server answers it by itself. */
  heard(id: string, text: string, alternatives: string[], sent: boolean): void;
  /** `key` of a wording; `final` when speech is off for good on this server. */
  trouble(key: string, final: boolean): void;
}

/** The server listens to a minute at most. */
const LONGEST = 55_000;
/** How long the transcript may take after the end of speech; the server gives up after ten seconds. */
const PATIENCE = 12_000;

export class Speech {
  state: SpeechState = "idle";
  private id = "";
  private sent = true;
  private microphone: Microphone | null = null;
  private timer = 0;

  constructor(
    private readonly stream: Stream,
    private readonly listener: SpeechListener,
  ) {
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
  }

  async start(confirm: boolean): Promise<void> {
    if (this.state !== "idle") return;
    if (!this.stream.ready) return this.listener.trouble("speech.no_stream", false);
    const id = (this.id = newId());
    this.sent = !confirm;
    this.become("starting");
    let microphone: Microphone;
    try {
      microphone = await Microphone.open((frame) => {
        if (this.id === id && (this.state === "listening" || this.state === "finishing")) this.stream.sendAudio(frame);
      });
    } catch (error) {
      const trouble = error instanceof MicrophoneError ? error.trouble : "unsupported";
      this.listener.trouble(`speech.${trouble}`, trouble === "unsupported");
      return this.become("idle");
    }
    // Let go or cancelled while the browser was still asking for permission.
    if (this.id !== id) return void microphone.close();
    this.microphone = microphone;
    this.stream.sendJson({ type: "speech_start", sample_rate: 16_000, client_message_id: id, send: confirm ? "confirm" : "auto" });
    this.become("listening");
    this.limit(LONGEST, () => this.stop());
  }

  /** The shopper has finished; wait for the transcript. */
  stop(): void {
    if (this.state === "starting") return this.cancel();
    if (this.state !== "listening") return;
    this.become("finishing");
    this.limit(PATIENCE, () => this.give("speech.late"));
    const id = this.id;
    void this.release().then(() => id === this.id && this.state === "finishing" && this.stream.sendJson({ type: "speech_end" }));
  }

  /** Nothing of what was said is wanted. */
  cancel(): void {
    if (this.state === "idle") return;
    if (this.state !== "starting") this.stream.sendJson({ type: "speech_cancel" });
    this.end();
  }

  /** Take an event of the stream; true when it belonged to speech. */
  receive(event: StreamEvent): boolean {
    if (event.type === "partial") {
      if (this.state === "listening" || this.state === "finishing") this.listener.partial(event.text);
      return true;
    }
    if (event.type === "transcript") {
      const mine = event.client_message_id === this.id;
      const text = event.text.trim();
      if (mine) this.end();
      if (text) this.listener.heard(event.client_message_id, text, event.alternatives ?? [], mine ? this.sent : true);
      else if (mine) this.listener.trouble("speech.nothing", false);
      return true;
    }
    if (event.type === "error" && this.state !== "idle" && (event.client_message_id ?? this.id) === this.id) {
      const off = speechIsOff(event.problem);
      this.give(off ? "speech.off" : "speech.failed", off);
      return true;
    }
    return false;
  }

  /** The stream broke. */
  lost(): void {
    if (this.state !== "idle") this.give("speech.no_stream");
  }

  private give(key: string, final = false): void {
    if (this.state !== "idle") this.stream.sendJson({ type: "speech_cancel" });
    this.end();
    this.listener.trouble(key, final);
  }

  private end(): void {
    clearTimeout(this.timer);
    this.id = "";
    void this.release();
    this.become("idle");
  }

  private async release(): Promise<void> {
    const microphone = this.microphone;
    this.microphone = null;
    await microphone?.close();
  }

  private become(state: SpeechState): void {
    this.state = state;
    this.listener.state(state);
  }

  private limit(milliseconds: number, then: () => void): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(then, milliseconds);
  }
}

/** Only this says that speaking makes no sense here at all; everything else may work the next time. */
function speechIsOff(problem: Partial<Problem> | undefined): boolean {
  return problem?.status === 501;
}
