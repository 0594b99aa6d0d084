// Numbers, money and time as they are read in Korea.
import { current } from "./language.js";

export const number = (n) => new Intl.NumberFormat(current(), { maximumFractionDigits: 10 }).format(n);

export const atLeast = (n, exact) => `${number(n)}${exact ? "" : "+"}`;

// 131만, 1.3M: exact below 100,000.
export function compact(n) {
  if (n < 100000) return number(n);
  return new Intl.NumberFormat(current(), { notation: "compact", maximumFractionDigits: 1 }).format(n);
}

export function money(amount, currency = "KRW") {
  return currency === "KRW" && current() === "ko" ? `${number(amount)}원` : `${number(amount)}\u00a0${currency}`;
}

// The sum that the user typed: "12,000원" is 12000.
export const sum = (text) => Number(String(text).replace(/[^\d.]/g, ""));

const CLOCK = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Seoul", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
});
export const time = (seconds) => (seconds ? CLOCK.format(new Date(seconds * 1000)) : "");

// 2031-01-02T03:04 in Korea, as seconds.
export const secondsOf = (local) => Math.floor(new Date(`${local}:00+09:00`).getTime() / 1000);

// Bidirectional controls are shown as escapes, so that text cannot pose as other text.
export const plainly = (text) => text.replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
