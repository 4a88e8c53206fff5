/** The public API over HTTP. Every call ends in time, and every failure is a `Failure` of a kind that has a wording. */

import type { Outgoing } from "./messages";
import type { History, NewShopper, Problem, Reply, ShopInfo, ShopperView, StartedConversation } from "./types";

export type FailureKind = "offline" | "slow" | "ended" | "busy" | "refused" | "down";

export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    readonly status = 0,
    detail = "",
  ) {
    super(detail || kind);
  }
}

const TIMEOUT = 15_000;

export const apiUrl = (path: string): URL => new URL(`api/${path}`, document.baseURI);

/** What a status of the server means to a shopper. */
export function kindOf(status: number): FailureKind {
  if (status === 401 || status === 403 || status === 404 || status === 410) return "ended";
  if (status === 429) return "busy";
  if (status >= 500) return "down";
  return "refused";
}

async function call<T>(method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token) headers["Authorization"] = `Bearer ${token}`;
  let response: Response;
  try {
    response = await fetch(apiUrl(path), {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT),
      credentials: "omit",
      cache: "no-store",
    });
  } catch (error) {
    throw new Failure(error instanceof DOMException && error.name === "TimeoutError" ? "slow" : "offline");
  }
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
    throw new Failure(kindOf(response.status), response.status, problem.detail ?? problem.title ?? "");
  }
  if (response.status === 204) return undefined as T;
  return (await response.json().catch(() => {
    throw new Failure("down", response.status);
  })) as T;
}

const conversation = (id: string): string => `conversations/${encodeURIComponent(id)}/messages`;

export const api = {
  shop: () => call<ShopInfo>("GET", "shop"),

  start: (shopperToken: string | null, locale: string) =>
    call<StartedConversation>("POST", "conversations", shopperToken ? { shopper_token: shopperToken, locale } : { locale }),

  send: (id: string, token: string, what: Outgoing, clientMessageId: string) =>
    call<Reply>("POST", conversation(id), { ...what, client_message_id: clientMessageId }, token),

  link: (id: string, token: string, shopperToken: string) =>
    call<unknown>("PUT", `conversations/${encodeURIComponent(id)}/shopper`, { shopper_token: shopperToken }, token),

  history: (id: string, token: string, after?: number) =>
    call<History>("GET", conversation(id) + (after === undefined ? "" : `?after=${after}`), undefined, token),

  newShopper: () => call<NewShopper>("POST", "shoppers", {}),
  shopper: (token: string) => call<ShopperView>("GET", "shoppers/me", undefined, token),
  consent: (token: string, granted: boolean) => call<unknown>("PUT", "shoppers/me/consent", { granted }, token),
  forgetFact: (token: string, facet: string) =>
    call<unknown>("DELETE", `shoppers/me/profile/${encodeURIComponent(facet)}`, undefined, token),
  erase: (token: string) => call<unknown>("DELETE", "shoppers/me", undefined, token),
};
