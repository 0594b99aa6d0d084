// Requests and answers as they went over the wire; personal data is masked until the user asks for it.
import { make } from "../shared/elements.js";
import { number, plainly, time } from "../shared/format.js";
import { say } from "../shared/language.js";
import { answered, button, scrolling } from "../shared/parts.js";

const personal = (value) => value !== null && typeof value === "object" && "$personal" in value;
export const unmasked = (revealed) => (_, value) => (personal(value) ? (revealed ? value.$personal : value.mask) : value);
const word = (style, text) => make("span", { class: style }, plainly(text));

function json(value, revealed, depth = 0) {
  const pad = "  ".repeat(depth + 1);
  if (personal(value)) return [word(revealed ? "s" : "masked", JSON.stringify(unmasked(revealed)("", value)))];
  if (typeof value === "string") return [word(value === "••••" ? "masked" : "s", JSON.stringify(value))];
  if (value === null || typeof value !== "object") return [word("n", String(value))];
  const list = Array.isArray(value);
  const entries = list ? value.map((item) => [null, item]) : Object.entries(value);
  if (!entries.length) return [list ? "[]" : "{}"];
  const inner = entries.flatMap(([key, item], n) => [
    `\n${pad}`, ...(key === null ? [] : [word("k", JSON.stringify(key)), ": "]), ...json(item, revealed, depth + 1), n < entries.length - 1 ? "," : "",
  ]);
  return [list ? "[" : "{", ...inner, `\n${"  ".repeat(depth)}`, list ? "]" : "}"];
}

function body(part, revealed) {
  if (part.body === null) return [part.none ? say("pay.noanswer", { why: part.none }) : say("pay.nobody")];
  return typeof part.body === "string" ? [plainly(part.body)] : json(part.body, revealed);
}

function headersOf(part) {
  const headers = Object.entries(part.headers);
  if (!headers.length) return null;
  const label = say("pay.headers", { n: headers.length });
  return make("details", {}, make("summary", {}, label), scrolling(label, { class: "headers" }, headers.map(([key, value]) => `${key}: ${plainly(value)}`).join("\n")));
}

function side(name, part, extra, { revealed, loadAll }) {
  if (!part) return null;
  const label = say(`pay.${name}`);
  return make("section", { class: "side" },
    make("h3", {}, label, extra ? make("span", {}, extra) : null), scrolling(label, {}, ...body(part, revealed)),
    part.cut ? button(say("pay.rest", { n: number(part.size) }), loadAll) : null, headersOf(part));
}

// What is no exchange has facts only.
const FACTS = ["state", "ledger", "clock"];

export function sides(event, options) {
  if (FACTS.includes(event.kind)) return make("div", { class: "sides" }, side("details", event.answer, null, options));
  const status = event.status ? `HTTP ${event.status}` : null;
  return make("div", { class: "sides" }, side("request", event.request, event.method, options), side("answer", event.answer, status, options));
}

export function attempts(event) {
  if (!event.attempts?.length) return null;
  const row = (one, n) => make("li", {}, make("strong", {}, say("pay.attempt", { n: n + 1 })), make("span", { class: "num quiet" }, time(one.at)),
    answered(one.status, one.error), one.ms == null ? null : make("span", { class: "num quiet small" }, `${one.ms} ms`));
  return make("ol", { class: "attempts", "aria-label": say("pay.attempts", { n: event.attempts.length }) }, ...event.attempts.map(row));
}
