/** The page's own words: one JSON file a language under locales/, English where a language has none. */

import { api } from "./api";
import english from "./locales/en.json";
import type { ShopInfo } from "./types";

declare const BUILD: string;

type Words = Record<string, string>;
type Values = Record<string, string | number>;

const LANGUAGES = ["en", "de"];

let words: Words = english;
let language = "en";

/** What the shop says of itself; null until it is known, and for good when it cannot be had. */
export let shop: ShopInfo | null = null;

/** Ask the shop its name and what it sells; a page without an answer speaks of products. */
export async function meetShop(): Promise<void> {
  shop = await api.shop().catch(() => null);
}

/** The language to use: `?locale=` or the page's `data-locale` first, then what the browser asks for. */
export function chooseLanguage(wanted: readonly (string | null | undefined)[]): string {
  for (const tag of wanted) {
    const short = tag?.toLowerCase().split(/[-_]/)[0];
    if (short && LANGUAGES.includes(short)) return short;
  }
  return "en";
}

export async function loadWords(): Promise<void> {
  const asked = new URLSearchParams(location.search).get("locale");
  language = chooseLanguage([asked, document.documentElement.dataset["locale"], ...navigator.languages]);
  document.documentElement.lang = language;
  try {
    const response = await fetch(new URL(`locales/${language}.json?v=${BUILD}`, document.baseURI));
    if (response.ok) words = { ...english, ...((await response.json()) as Words) };
  } catch {
    // Offline before the first paint: the built-in English says so.
  }
}

export function locale(): string {
  const exact = navigator.languages.find((tag) => tag.toLowerCase().split("-")[0] === language);
  return exact?.split("-").slice(0, 2).join("-") ?? language;
}

/** The wording of `key` with `{name}` replaced by the value of that name. */
export function t(key: string, values: Values = {}): string {
  const pattern = words[key] ?? key;
  return pattern.replace(/\{(\w+)\}/g, (all, name: string) => (name in values ? String(values[name]) : all));
}

/** As `t`, in the plural form of `count`, which is also there as `{count}`. */
export function plural(key: string, count: number, values: Values = {}): string {
  const form = new Intl.PluralRules(language).select(count);
  const exact = `${key}.${form}` in words ? `${key}.${form}` : `${key}.other`;
  const things = shop?.locale.startsWith(language) && { noun: shop.noun, nouns: shop.nouns };
  return t(exact, { count: number(count), noun: t("shop.noun"), nouns: t("shop.nouns"), ...things, ...values });
}

export function number(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

export function money(amount: string, currency: string): string {
  const value = Number(amount);
  if (!Number.isFinite(value)) return `${amount} ${currency}`;
  try {
    return new Intl.NumberFormat(locale(), { style: "currency", currency }).format(value);
  } catch {
    return `${amount} ${currency}`; // a currency code the browser does not know
  }
}

export function day(moment: string): string {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? "" : new Intl.DateTimeFormat(locale(), { dateStyle: "long" }).format(date);
}
