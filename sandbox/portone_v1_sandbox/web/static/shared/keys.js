// Shortcuts of every page. They do nothing in fields and dialogs, with Ctrl, Alt or Meta, or while Korean is composed.
import { dialog } from "./dialogs.js";
import { $, make } from "./elements.js";
import { say, storage } from "./language.js";

const KEPT = "portone-v1-sandbox-keys";
const single = () => storage.read(KEPT) !== "off";

function help() {
  const row = (keys, what) => [make("dt", {}, ...keys.flatMap((key) => [make("kbd", {}, key), " "])), make("dd", {}, say(what))];
  const keep = (event) => storage.write(KEPT, event.target.checked ? "on" : "off");
  const box = dialog(say("app.keys"),
    make("dl", { class: "keys" }, ...row(["/"], "key.search"), ...row(["j", "k"], "key.list"), ...row(["Enter", "Space"], "key.open"),
      ...row(["←", "→", "Home", "End"], "key.tabs"), ...row(["g"], "key.pages"), ...row(["?"], "key.help"), ...row(["Esc"], "key.close")),
    make("p", {}, make("label", { class: "check" }, make("input", { type: "checkbox", checked: single(), change: keep }), say("app.keys.on"))),
    make("div", { class: "ends" }, make("button", { type: "button", class: "primary", click: () => box.close() }, say("app.close"))));
}

function move(by) {
  const stops = [...document.querySelectorAll(".stop")].filter((one) => one.checkVisibility());
  const at = stops.indexOf(document.activeElement);
  stops[Math.max(0, Math.min(stops.length - 1, at + by))]?.focus();
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, select, textarea, dialog")) return;
  const does = {
    "/": () => $("q")?.focus(),
    g: () => document.querySelector(".nav a")?.focus(),
    j: () => move(1),
    k: () => move(-1),
  }[event.key];
  if (event.key !== "?" && !(does && single())) return;
  event.preventDefault();
  (does ?? help)();
}

export const keysButton = () => make("button", { type: "button", class: "plain small", click: help }, say("app.keys"), " ", make("kbd", {}, "?"));

document.addEventListener("keydown", press);
