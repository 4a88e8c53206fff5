/** What the browser keeps: the conversation for this tab, and the shopper's token once remembering was agreed to. */

export interface Session {
  id: string;
  token: string;
}

export interface Preferences {
  readAloud: boolean;
  confirmSpeech: boolean;
}

const HERE = new URL(".", document.baseURI).pathname;
const SESSION = `assistant:conversation:${HERE}`;
const SHOPPER = `assistant:shopper:${HERE}`;
const PREFERENCES = `assistant:preferences:${HERE}`;

/** A store that forgets when the browser refuses to store anything. */
function read(area: () => Storage, key: string): string | null {
  try {
    return area().getItem(key);
  } catch {
    return null;
  }
}

function write(area: () => Storage, key: string, value: string | null): void {
  try {
    if (value === null) area().removeItem(key);
    else area().setItem(key, value);
  } catch {
    // Private windows and full stores: the page works on, it only cannot survive a reload.
  }
}

const tab = () => sessionStorage;
const browser = () => localStorage;

export function loadSession(): Session | null {
  try {
    const found: unknown = JSON.parse(read(tab, SESSION) ?? "null");
    const { id, token } = (found ?? {}) as Partial<Session>;
    return typeof id === "string" && typeof token === "string" ? { id, token } : null;
  } catch {
    return null;
  }
}

export function saveSession(session: Session | null): void {
  write(tab, SESSION, session && JSON.stringify(session));
}

/** The shopper's token; kept beyond this tab only while the shopper agrees to being remembered. */
export function loadShopper(): { token: string; agreed: boolean } | null {
  const kept = read(browser, SHOPPER);
  if (kept) return { token: kept, agreed: true };
  const passing = read(tab, SHOPPER);
  return passing ? { token: passing, agreed: false } : null;
}

export function saveShopper(token: string | null, agreed = false): void {
  write(browser, SHOPPER, agreed ? token : null);
  write(tab, SHOPPER, agreed ? null : token);
}

export function loadPreferences(): Preferences {
  const standard: Preferences = { readAloud: false, confirmSpeech: false };
  try {
    return { ...standard, ...(JSON.parse(read(tab, PREFERENCES) ?? "{}") as Partial<Preferences>) };
  } catch {
    return standard;
  }
}

export function savePreferences(preferences: Preferences): void {
  write(tab, PREFERENCES, JSON.stringify(preferences));
}
