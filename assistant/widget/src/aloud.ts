/** Reading answers aloud with the browser's own voices. */

import { locale } from "./words";

export const canReadAloud = (): boolean => "speechSynthesis" in window;

export function readAloud(text: string): void {
  if (!canReadAloud() || !text) return;
  speechSynthesis.cancel();
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = locale();
  speechSynthesis.speak(utterance);
}

export function hush(): void {
  if (canReadAloud()) speechSynthesis.cancel();
}
