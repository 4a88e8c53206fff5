/** What goes over the stream, and what the page itself sends. */

import type { HistoryEntry, Problem, Reply } from "./types";

/** One exchange as the history and the stream tell it. The first of a conversation has no shopper's words. */
export type Exchange = Partial<HistoryEntry>;

/** What a shopper sends: words, or one of the choices a reply offered. */
export type Outgoing = { text: string } | { choice_id: string };

export type StreamEvent =
  | { type: "partial"; text: string }
  | { type: "transcript"; client_message_id: string; text: string; alternatives?: string[] }
  | { type: "reply"; reply: Reply }
  | ({ type: "message" } & Exchange)
  | { type: "error"; problem?: Partial<Problem>; client_message_id?: string };
