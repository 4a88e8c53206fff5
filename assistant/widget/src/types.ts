/** What the public API sends and takes. Written by `python -m assistant.gateway.typescript` from /openapi.json; do not edit. */

/** Whether a product can be had now. */
export type Availability = "in_stock" | "out_of_stock" | "preorder" | "backorder" | "unknown";

/** A way to go on typing. */
export interface Completion {
  /** As shown; searching for it finds at least one product. */
  text: string;
  /** "value" of a facet, "range" for how several titles begin, or "product". */
  kind: string;
  /** Products behind it. */
  count: number;
  /** Of a value, the facet's key. */
  facet: string | null;
  /** Of a value, as it stands in ``Product.facets``. */
  value: string | boolean | null;
  /** Of a product. */
  product_id: string | null;
}

/** One wish about one facet. */
export interface Constraint {
  facet: string;
  operator: Operator;
  values: (string | number | boolean)[];
  unit: string | null;
  strength: Strength;
  origin: Origin;
  /** The wish in words. */
  text: string;
  /** choice_id that takes the wish back; empty in a profile. */
  remove_id: string;
  /** What choosing it says. */
  remove_label: string;
}

/** A value that would narrow the search. */
export interface FacetCount {
  value: string | number | boolean;
  label: string;
  count: number;
}

/** What a search found. */
export interface Found {
  products: Product[];
  /** Products that fit, shown or not. */
  total: number;
  /** Values among all that was found. */
  facets: Record<string, FacetCount[]>;
  /** Smallest and largest number found. */
  ranges: Record<string, number[]>;
  /** What numbers in the query were read as; each is met by any of its filters. */
  understood: ReadNumber[][];
  /** Cursor of the next page; null on the last. */
  next: string | null;
}

/** The house is complete. */
export interface Health {
  status: "ready";
}

/** The exchange so far. */
export interface History {
  messages: HistoryEntry[];
}

/** A message and its reply. */
export interface HistoryEntry {
  number: number;
  message_id: string;
  client_message_id: string | null;
  text: string | null;
  choice_id: string | null;
  /** What the chosen quick reply said. */
  label: string | null;
  state: "received" | "dispatched" | "answered" | "failed";
  created: string;
  /** Null while it waits for its answer. */
  reply: Reply | null;
}

/** A shopper the shop may know again. */
export interface NewShopper {
  /** Secret; shown this once. */
  shopper_token: string;
}

/** How a constraint compares a product's values with its own. */
export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "between" | "in" | "not_in";

/** An answer offered with a question. */
export interface Option {
  /** Opaque to clients; valid while the conversation lasts. */
  choice_id: string;
  /** As shown: "under €20". */
  label: string;
  /** Products behind it among those that meet every wish so far. */
  count: number;
  /** What it means. */
  kind: OptionKind;
  /** Of a VALUE option: equals an entry of ``Product.facets[facet]``. */
  value: string | number | boolean | null;
  /** Of a RANGE option: lower bound, inclusive; None is open. */
  min: number | null;
  /** Of a RANGE option: upper bound, exclusive; None is open. */
  max: number | null;
}

/** What choosing an option means. */
export type OptionKind = "value" | "range" | "any";

/** Where a constraint came from; decides how much it is believed. */
export type Origin = "said" | "answer" | "profile";

/** An amount of money. */
export interface Price {
  /** In whole currency units: "19.90". */
  amount: string;
  /** ISO 4217 code. */
  currency: string;
}

/** What is wrong (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
}

/** One thing the shop sells, exactly as in the catalog. */
export interface Product {
  id: string;
  title: string;
  description: string;
  price: Price | null;
  availability: Availability;
  url: string;
  /** Web address, or a path on this server; may be empty. */
  image_url: string;
  facets: Record<string, (string | number | boolean)[]>;
  variants: Variant[];
}

/** Some of the products. */
export interface ProductPage {
  products: Product[];
  /** Cursor of the next page; null on the last. */
  next: string | null;
  /** Products in the shop. */
  total: number;
}

/** What is remembered. */
export interface Profile {
  constraints: Constraint[];
}

/** A question about one facet. */
export interface Question {
  /** Facet key. */
  facet: string;
  /** The facet as said to a shopper. */
  label: string;
  /** The question, worded. */
  text: string;
  /** Why it is asked, worded. */
  reason: string;
  /** At least two answers and, last, exactly one ANY. */
  options: Option[];
}

/** A number of the query as a filter. */
export interface ReadNumber {
  facet: string;
  operator: "=" | "<=" | ">=" | "between";
  values: (string | number | boolean)[];
  unit: string | null;
}

/** What the assistant answers. */
export interface Reply {
  /** Of the message that is answered, unique in the conversation. */
  message_id: string;
  /** As sent; null for the greeting. */
  client_message_id: string | null;
  text: string;
  question: Question | null;
  products: ShownProduct[];
  /** Every wish held now. */
  constraints: Constraint[];
  /** Products that meet every wish. */
  remaining: number;
  suggestions: Suggestion[];
  trace_id: string;
}

/** The shop, as a page introduces it. */
export interface ShopInfo {
  name: string;
  /** Language of the catalog and the replies. */
  locale: string;
  /** ISO 4217 code. */
  currency: string;
  /** What one product is called. */
  noun: string;
  /** The same, plural. */
  nouns: string;
  /** How many there are. */
  products: number;
}

/** Everything known of a shopper. */
export interface ShopperView {
  consent: boolean;
  profile: Profile;
  /** When consent was given. */
  since: string | null;
}

/** A product in a reply, with how it meets the wishes. */
export interface ShownProduct {
  id: string;
  title: string;
  description: string;
  price: Price | null;
  availability: Availability;
  url: string;
  /** Web address, or a path on this server; may be empty. */
  image_url: string;
  facets: Record<string, (string | number | boolean)[]>;
  variants: Variant[];
  /** Wishes it meets, worded. */
  met: string[];
  /** Wishes it does not meet, or of which nothing is known. */
  unmet: string[];
  /** Why it is here; may be empty. */
  why: string;
  /** Choosing it asks about the product. */
  tell_more: Suggestion;
  /** Choosing it takes the product. */
  select: Suggestion;
}

/** A conversation that was just begun. */
export interface StartedConversation {
  conversation_id: string;
  /** Secret; send it as "Authorization: Bearer ...". */
  token: string;
  /** The greeting. */
  reply: Reply;
  /** Whether shopper_token was one the shop knows. */
  shopper_known: boolean;
}

/** Whether a product may still be shown when it breaks the constraint. */
export type Strength = "must" | "prefer";

/** A quick reply that is not an answer to the question: "Show me more", "Without the price limit". */
export interface Suggestion {
  /** Opaque to clients. */
  choice_id: string;
  /** As shown. */
  label: string;
}

/** Type-ahead. */
export interface Suggestions {
  suggestions: Completion[];
}

/** One size, colour or pack of a product. */
export interface Variant {
  id: string;
  title: string;
  price: Price | null;
  availability: Availability;
  /** Only those in which variants differ. */
  facets: Record<string, (string | number | boolean)[]>;
  image_url: string;
}
