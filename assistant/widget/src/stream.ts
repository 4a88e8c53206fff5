/** The conversation's WebSocket: speech, and what is said in other tabs. It comes back by itself when it breaks. */

import { apiUrl } from "./api";
import type { Session } from "./storage";
import type { StreamEvent } from "./messages";

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** Codes the server closes with when knocking again is of no use: no such token, conversation erased. */
const REFUSED = [4401, 4404];

export class Stream {
  private socket: WebSocket | null = null;
  private session: Session | null = null;
  private pause = FIRST_PAUSE;
  private timer = 0;

  constructor(
    private readonly onEvent: (event: StreamEvent) => void,
    private readonly onOpen: () => void,
    private readonly onClose: () => void,
  ) {
    addEventListener("online", () => this.reconnectNow());
    document.addEventListener("visibilitychange", () => !document.hidden && this.reconnectNow());
    addEventListener("pageshow", (event) => event.persisted && this.reconnectNow());
  }

  get ready(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  open(session: Session): void {
    this.close();
    this.session = session;
    this.connect();
  }

  close(): void {
    clearTimeout(this.timer);
    this.session = null;
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  sendJson(message: object): void {
    if (this.ready) this.socket?.send(JSON.stringify(message));
  }

  sendAudio(frame: ArrayBuffer): void {
    if (this.ready) this.socket?.send(frame);
  }

  private reconnectNow(): void {
    if (!this.session || this.socket) return;
    this.pause = FIRST_PAUSE;
    this.connect();
  }

  private connect(): void {
    clearTimeout(this.timer);
    const session = this.session;
    if (!session || !navigator.onLine) return;
    const url = apiUrl(`conversations/${encodeURIComponent(session.id)}/stream`);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.addEventListener("open", () => {
      // The token travels in a message, never in an address that logs would keep.
      socket.send(JSON.stringify({ type: "hello", token: session.token }));
      this.onOpen();
    });
    socket.addEventListener("message", (message) => {
      if (socket !== this.socket || typeof message.data !== "string") return;
      this.pause = FIRST_PAUSE;
      try {
        this.onEvent(JSON.parse(message.data) as StreamEvent);
      } catch (error) {
        console.error("A message of the stream could not be used.", error);
      }
    });
    socket.addEventListener("close", ({ code }) => {
      if (socket !== this.socket) return;
      this.socket = null;
      this.onClose();
      if (REFUSED.includes(code)) {
        this.session = null;
        return;
      }
      // Unseen tabs wait until somebody looks, so that a closed laptop does not knock all night.
      if (!document.hidden) this.timer = window.setTimeout(() => this.connect(), this.pause);
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    });
  }
}
