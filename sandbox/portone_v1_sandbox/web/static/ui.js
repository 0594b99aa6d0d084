// Shared by the payment page and the control room: words, elements, the page head, toasts, copying and shortcuts.
import { call, choose, make, other, say as common, sayIn, time } from "./words.js";
import { PAGE_WORDS } from "./page-words.js";

export { call, make, time };
export const $ = (id) => document.getElementById(id);
export const say = (key, values = {}) => (key in PAGE_WORDS ? sayIn(PAGE_WORDS[key], values) : common(key, values));
export const known = (key) => key in PAGE_WORDS;
export const pick = (both) => both[document.documentElement.lang] ?? both.ko;
export const code = (text) => make("code", {}, make("bdi", {}, text));
export const badge = (text, colour = "") => make("span", { class: `badge ${colour}` }, text);
const COLOURS = {
  ready: "wait", paid: "good", partial: "info", cancelled: "", failed: "bad", waiting: "wait", held: "wait", delivered: "good", dropped: "bad",
};
export const status = (name) => badge(known(`status.${name}`) ? say(`status.${name}`) : name, COLOURS[name] ?? "");

export function number(n) {
  return new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 10 }).format(n);
}

export function amount(n, currency = "KRW") {
  const text = currency === "KRW" && document.documentElement.lang === "ko" ? `${number(n)}원` : `${number(n)}\u00a0${currency}`;
  return make("span", { class: "money-text num" }, text);
}

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
  const press = () => copy(text);
  return make("button", { type: "button", class: "copy", "aria-label": `${say("app.copy")}: ${what}`, click: press }, say("app.copy"));
}

// The shop of a page stands in its address, so a link leads to the same one.
const shop = new URLSearchParams(location.search).get("shop");
export const header = shop ? { "X-Sandbox": shop } : {};
export const ask = (path) => call("GET", `/_sandbox/${path}`, undefined, header);
export const send = (path, body) => call("POST", `/_sandbox/${path}`, body, header);
export const here = (path) => (shop ? `${path}?shop=${encodeURIComponent(shop)}` : path);

export function translate(root = document) {
  for (const e of root.querySelectorAll("[data-say]")) e.textContent = say(e.dataset.say);
  for (const e of root.querySelectorAll("[data-say-label]")) e.setAttribute("aria-label", say(e.dataset.sayLabel));
}

export function showTime(clock) {
  if (!$("now")) return;
  $("now").textContent = time(clock.now);
  $("pace").textContent = say(clock.frozen ? "app.frozen" : "app.running");
}

export function head(current, redraw) {
  const link = (page, href) =>
    make("a", { href: here(href), "aria-current": page === current ? "page" : null }, say(`nav.${page}`));
  const turn = () => {
    choose(other(), { keep: true });
    head(current, redraw);
    redraw();
  };
  document.title = `${say(`nav.${current}`)} · ${say("app.name")}`;
  $("top").replaceChildren(
    make("div", { class: "brand" },
      make("img", { src: "/_sandbox/web/files/icon.svg", alt: "", width: 34, height: 34 }),
      make("div", {}, make("strong", {}, say("app.name")), make("p", {}, make("span", { class: "live", id: "live" }, say("app.live")), " ", code(shop ?? location.host)))),
    make("nav", { class: "nav", "aria-label": say("app.nav") }, link("payments", "/"), link("control", "/control")),
    make("div", { class: "clock" },
      make("span", { class: "visually-hidden" }, say("app.clock")), make("time", { id: "now" }), make("span", { class: "quiet small" }, "KST"), make("span", { class: "badge", id: "pace" })),
    make("button", { type: "button", class: "plain language", click: turn }, say("app.language")),
  );
  translate();
}

const shortcuts = () => localStorage.getItem("portone-v1-sandbox-keys") !== "off";

export function dialog(title, ...content) {
  const box = make("dialog", { "aria-labelledby": "dialog-title", close: () => box.remove() }, make("h2", { id: "dialog-title" }, title), ...content);
  document.body.append(box);
  box.showModal();
  return box;
}

function help() {
  const key = (keys, what) => [make("dt", {}, ...keys.flatMap((k) => [make("kbd", {}, k), " "])), make("dd", {}, say(what))];
  const keep = (event) => localStorage.setItem("portone-v1-sandbox-keys", event.target.checked ? "on" : "off");
  const box = dialog(say("app.keys"),
    make("dl", { class: "keys" }, ...key(["j", "k"], "key.list"), ...key(["Enter"], "key.open"), ...key(["g"], "key.pages"), ...key(["?"], "key.help")),
    make("p", {}, make("label", { class: "check" }, make("input", { type: "checkbox", checked: shortcuts(), change: keep }), say("app.keys.on"))),
    make("div", { class: "ends" }, make("button", { type: "button", class: "primary", click: () => box.close() }, say("app.close"))));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, select, textarea, dialog")) return;
  if (event.key === "?") return help();
  if (!shortcuts()) return;
  if (event.key === "g") document.querySelector(".nav a")?.focus();
  if (event.key !== "j" && event.key !== "k") return;
  const stops = [...document.querySelectorAll(".stop")];
  const at = stops.findIndex((e) => e === document.activeElement);
  stops[Math.max(0, Math.min(stops.length - 1, at + (event.key === "j" ? 1 : -1)))]?.focus();
});
