/** Which addresses from a feed may become a link or a picture. */

/**
 * The absolute form of an http(s) or relative address, or "" for every other scheme (`javascript:`, `data:`, ...)
 * and for what cannot be read. The browser's own parser decides, so that hidden control characters do not fool it.
 */
export function safeUrl(address: string | null | undefined): string {
  if (!address?.trim()) return "";
  try {
    const url = new URL(address, document.baseURI);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : "";
  } catch {
    return "";
  }
}

export function isElsewhere(address: string): boolean {
  return new URL(address, document.baseURI).origin !== location.origin;
}
