// A call as code of four languages, to look at and to copy.
import { make } from "../shared/elements.js";
import { say } from "../shared/language.js";
import { button, copy, scrolling } from "../shared/parts.js";
import { unmasked } from "./bodies.js";
import { codeFor, LANGUAGES } from "./copyas.js";

export function copyBox(event, revealed) {
  if (!event.method || !event.path) return null;
  const sent = event.request?.body ?? null;
  const body = sent === null ? null : typeof sent === "string" ? sent : JSON.stringify(sent, unmasked(revealed));
  let language = LANGUAGES[0];
  const shown = scrolling(say("pay.copyas"), {}, codeFor(language, event, body));
  const go = button(say("pay.copycode", { as: language }), () => copy(codeFor(language, event, body)), { class: "small primary" });
  const buttons = LANGUAGES.map((name) => {
    const turn = () => {
      language = name;
      shown.textContent = codeFor(name, event, body);
      go.textContent = say("pay.copycode", { as: name });
      buttons.forEach((one, n) => one.setAttribute("aria-pressed", String(LANGUAGES[n] === name)));
    };
    return button(name, turn, { "aria-pressed": String(name === language) });
  });
  return make("div", { class: "stack" },
    make("div", { class: "toolbar", role: "group", "aria-label": say("pay.copyas") }, make("span", { class: "label" }, say("pay.copyas")), ...buttons, go),
    make("div", { class: "codebox" }, shown));
}
