/** What the public API sends and takes; see /openapi.json of a running server. */

export interface Money {
  amount: string;
  currency: string;
}

export interface ShownProduct {
  id: string;
  title: string;
  price: Money | null;
  availability: string;
  url: string;
  image_url: string;
  /** Wishes it meets, worded. */
  met: string[];
  /** Wishes it does not meet, or of which the catalog does not say. */
  unmet: string[];
  /** One sentence on why it is shown; may be empty. */
  why: string;
}

export interface Option {
  choice_id: string;
  label: string;
  count: number;
  kind: "value" | "range" | "any";
}

export interface Question {
  facet: string;
  label: string;
  text: string;
  reason: string;
  options: Option[];
}

export interface Wish {
  facet: string;
  operator: string;
  values: (string | number | boolean)[];
  unit: string | null;
  strength: "must" | "prefer";
  text: string;
  /** Choosing it takes the wish back; an older server gives none. */
  remove_id?: string;
  /** What choosing it says. */
  remove_label?: string;
}

/** The shop, as the page introduces it. */
export interface ShopInfo {
  name: string;
  /** Language its nouns are in. */
  locale: string;
  noun: string;
  nouns: string;
}

export interface Suggestion {
  choice_id: string;
  label: string;
}

export interface Reply {
  message_id: string;
  client_message_id: string | null;
  text: string;
  question: Question | null;
  products: ShownProduct[];
  constraints: Wish[];
  remaining: number;
  suggestions: Suggestion[];
}

/** One exchange as the history and the stream tell it. The first of a conversation has no shopper's words. */
export interface Exchange {
  number?: number;
  client_message_id?: string | null;
  text?: string | null;
  choice_id?: string | null;
  label?: string | null;
  reply?: Reply | null;
}

export interface StartedConversation {
  conversation_id: string;
  token: string;
  reply: Reply | null;
}

/** What a shopper sends: words, or one of the choices a reply offered. */
export type Outgoing = { text: string } | { choice_id: string };

export interface KnownShopper {
  consent: boolean;
  profile: { constraints?: Wish[] };
  since: string | null;
}

export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
}

export type StreamEvent =
  | { type: "partial"; text: string }
  | { type: "transcript"; client_message_id: string; text: string; alternatives?: string[] }
  | { type: "reply"; reply: Reply }
  | ({ type: "message" } & Exchange)
  | { type: "error"; problem?: ProblemBody; client_message_id?: string };
