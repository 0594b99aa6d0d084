// Small parts that every page is made of.
import { $, make } from "./elements.js";
import { money } from "./format.js";
import { nameOf, say } from "./language.js";

const COLOURS = {
  ready: "wait", paid: "good", partial: "info", cancelled: "", failed: "bad", scheduled: "wait", executed: "good", revoked: "",
  waiting: "wait", held: "wait", delivered: "good", dropped: "bad", none: "", bad: "bad", good: "good",
};

export const code = (text) => make("code", {}, make("bdi", {}, text));
export const small = (text, colour = "") => (text ? make("small", { class: colour }, make("bdi", {}, text)) : null);
export const badge = (text, colour = "") => make("span", { class: `badge ${colour}` }, text);
export const status = (name) => badge(nameOf("status", name), COLOURS[name] ?? "");
export const amount = (n, currency) => make("span", { class: "money-text num" }, money(n, currency));
export const button = (text, press, attributes = {}) => make("button", { type: "button", class: "small", click: press, ...attributes }, text);

// A sentence whose `names` stand in code.
export const prose = (text) => text.split("`").map((part, n) => (n % 2 ? make("code", {}, part) : part));

// What an HTTP status or a network error means, at a glance.
export const answered = (number, error) => badge(error ?? String(number), !error && number >= 200 && number < 300 ? "good" : "bad");

let fading;
export function toast(text, colour = "") {
  $("toast").textContent = text;
  $("toast").className = `toast ${colour}`;
  $("toast").hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => ($("toast").hidden = true), 6000);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", { "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast(say("app.copied"));
}

export function copyButton(what, text) {
  return make("button", { type: "button", class: "copy", "aria-label": `${say("app.copy")}: ${what}`, click: () => copy(text) }, say("app.copy"));
}

// Code and bodies scroll, so the keyboard has to reach them.
export const scrolling = (label, attributes, ...content) => make("pre", { tabindex: 0, role: "group", "aria-label": label, ...attributes }, ...content);
