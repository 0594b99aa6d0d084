// The rows of a timeline: calls, window, webhooks, clock and ledger in one shape. Bodies are asked for when a row is opened.
import { ask, here } from "../shared/api.js";
import { make } from "../shared/elements.js";
import { money, number, plainly, time } from "../shared/format.js";
import { known, nameOf, pick, say } from "../shared/language.js";
import { answered, badge, code, prose, status, toast } from "../shared/parts.js";
import { attempts, sides } from "./bodies.js";
import { copyBox } from "./copy-box.js";

export const KINDS = { api: "info", window: "", webhook: "wait", control: "", clock: "", state: "", ledger: "good" };

async function fill(box, event, revealed, whole = false) {
  const empty = { ...event, request: null, answer: { headers: {}, body: event.facts, size: 0, cut: false, none: null } };
  const full = event.id ? await ask(`events/${event.id}?reveal=${revealed ? 1 : 0}&whole=${whole ? 1 : 0}`) : empty;
  const loadAll = () => fill(box, event, revealed, true);
  box.replaceChildren(...[attempts(full), sides(full, { revealed, loadAll }), copyBox(full, revealed)].filter(Boolean));
}

function title(event) {
  if (event.kind === "webhook") return event.delivery ? say("what.webhook", { number: event.delivery, status: event.facts.status }) : say("what.webhook.none", { status: event.facts.status });
  if (event.kind === "api" || event.kind === "control") return code(plainly(`${event.method} ${event.path}`));
  const { before, now, card } = event.facts;
  const values = { before: before ? nameOf("status", before) : "–", now: nameOf("status", now), card: card ?? "" };
  return known(`what.${event.what}`) ? say(`what.${event.what}`, values) : event.what;
}

function detail(event) {
  if (event.kind === "webhook") return event.path;
  if (event.kind === "ledger") return event.facts.left == null ? null : say("what.left", { left: number(event.facts.left) });
  return [event.kind === "api" ? event.what : event.facts.pg ?? event.facts.reason, event.fault && say("what.fault", event), event.message].filter(Boolean).join(" · ");
}

function result(event) {
  if (event.kind === "ledger") {
    const plus = event.what === "charge";
    return [make("strong", { class: `num nowrap ${plus ? "good-text" : "wait-text"}` }, plus ? "+" : "−", money(event.facts.amount, event.facts.currency))];
  }
  const shown = [event.ms == null ? null : make("span", { class: "num" }, `${number(Math.round(event.ms))} ms`)];
  if (event.kind === "webhook" && event.delivery) shown.push(event.error || event.status ? answered(event.status, event.error) : status(event.state));
  else if (event.status) shown.push(badge(event.code == null ? String(event.status) : `${event.status} · code ${event.code}`, event.status >= 400 || event.code ? "bad" : "good"));
  return shown;
}

const next = (words, ...content) => make("span", { class: "next-line" }, make("b", {}, `→ ${words}`), make("span", {}, ...content));

// What the linter says about this call: what it is, and what to do about it.
function finding(one) {
  const words = `${pick({ ko: one.title_ko, en: one.title })}. ${pick({ ko: one.do_ko, en: one.do })} `;
  return make("p", { class: "found next-line" }, make("b", {}, `→ ${say("kind.finding")}`), make("span", {}, prose(words),
    make("a", { href: here(`/findings#${one.rule}`) }, code(one.rule))));
}

function row(event, id, open, revealed) {
  const body = make("div", { class: "body" });
  const toggle = () => box.open && !body.childElementCount && fill(body, event, revealed).catch((error) => toast(error.message, "bad"));
  const words = detail(event);
  const clock = time(event.at).slice(11);
  const box = make("details", { id, toggle },
    make("summary", { class: "stop" },
      make("span", { class: "at" }, `${clock}.${String(Math.floor((event.at % 1) * 1000)).padStart(3, "0")}`),
      make("span", { class: "kind" }, badge(say(`kind.${event.kind}`), KINDS[event.kind])),
      make("span", { class: "what" }, make("bdi", {}, title(event)), words ? make("small", {}, make("bdi", {}, plainly(words))) : null),
      make("span", { class: "result" }, ...result(event)),
      event.next ? next(say("app.next"), make("bdi", {}, plainly(pick(event.next.text)))) : null),
    body);
  box.open = open.has(id);
  // Below the row, open or not: a link in a summary would be a button in a button.
  return make("li", { class: "event" }, box, ...event.findings.map(finding));
}

// Returns the rows, with a line at each day. `open` has the ids of those that are open.
export function rowsOf(events, { hidden, open, revealed }) {
  let day = "";
  const items = [];
  for (const [n, event] of events.entries()) {
    if (hidden.has(event.kind)) continue;
    const date = time(event.at).slice(0, 10);
    if (date !== day) items.push(make("li", { class: "day" }, `${(day = date)} KST`));
    items.push(row(event, `e${event.id || `old${n}`}`, open, revealed));
  }
  return items.length ? items : [make("li", { class: "empty" }, say("pay.empty"))];
}
