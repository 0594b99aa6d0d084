// One payment and everything that happened to it. Bodies are asked for when a row is first opened.
import { codeFor, LANGUAGES } from "./copyas.js";
import { $, amount, ask, badge, code, copy, copyButton, dialog, head, here, known, make, number, pick, say, send, showTime, status, time, toast, translate } from "./ui.js";
import { choose } from "./words.js";

const EVERY = 1000;
const KINDS = { api: "info", window: "", webhook: "wait", control: "", clock: "", state: "", ledger: "good" };
const SEVERITY = { high: "bad", mid: "bad", low: "" };
const uid = location.pathname.split("/")[2];
const hidden = new Set();
let revealed = false;
let view = null;
let events = [];
let seen = "";

// Bidirectional controls are shown as escapes, so that text cannot pose as other text.
const plainly = (text) => text.replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
const personal = (value) => value !== null && typeof value === "object" && "$personal" in value;
const unmasked = (_, value) => (personal(value) ? (revealed ? value.$personal : value.mask) : value);

function json(value, depth = 0) {
  const pad = "  ".repeat(depth + 1);
  if (personal(value)) return [make("span", { class: revealed ? "s" : "masked" }, plainly(JSON.stringify(unmasked("", value))))];
  if (typeof value === "string") return [make("span", { class: value === "••••" ? "masked" : "s" }, plainly(JSON.stringify(value)))];
  if (value === null || typeof value !== "object") return [make("span", { class: "n" }, String(value))];
  const list = Array.isArray(value);
  const entries = list ? value.map((item) => [null, item]) : Object.entries(value);
  if (!entries.length) return [list ? "[]" : "{}"];
  const inner = entries.flatMap(([key, item], n) => [
    `\n${pad}`, ...(key === null ? [] : [make("span", { class: "k" }, plainly(JSON.stringify(key))), ": "]), ...json(item, depth + 1), n < entries.length - 1 ? "," : "",
  ]);
  return [list ? "[" : "{", ...inner, `\n${"  ".repeat(depth)}`, list ? "]" : "}"];
}

function shownBody(part) {
  if (part.body === null) return [part.none ? say("pay.noanswer", { why: part.none }) : say("pay.nobody")];
  return typeof part.body === "string" ? [plainly(part.body)] : json(part.body);
}

function side(name, part, extra, event, redraw) {
  if (!part) return null;
  const headers = Object.entries(part.headers);
  const rest = part.cut && make("button", { type: "button", class: "small", click: () => redraw(true) }, say("pay.rest", { n: number(part.size) }));
  const list = headers.map(([key, value]) => `${key}: ${plainly(value)}`).join("\n");
  return make("section", { class: "side" },
    make("h3", {}, say(`pay.${name}`), extra ? make("span", {}, extra) : null),
    make("pre", { tabindex: 0, role: "group", "aria-label": say(`pay.${name}`) }, ...shownBody(part)), rest || null,
    headers.length ? make("details", {}, make("summary", {}, say("pay.headers", { n: headers.length })), make("pre", { class: "headers", tabindex: 0, role: "group", "aria-label": say("pay.headers", { n: headers.length }) }, list)) : null);
}

function copyAs(event) {
  if (!event.method || !event.path) return null;
  const sent = event.request?.body ?? null;
  const body = sent === null ? null : typeof sent === "string" ? sent : JSON.stringify(sent, unmasked);
  let language = LANGUAGES[0];
  const shown = make("pre", { tabindex: 0, role: "group", "aria-label": say("pay.copyas") }, codeFor(language, event, body));
  const go = make("button", { type: "button", class: "small primary", click: () => copy(codeFor(language, event, body)) }, say("pay.copycode", { as: language }));
  const buttons = LANGUAGES.map((name) => {
    const turn = (press) => {
      language = name;
      shown.textContent = codeFor(name, event, body);
      go.textContent = say("pay.copycode", { as: name });
      for (const one of buttons) one.setAttribute("aria-pressed", String(one === press.currentTarget));
    };
    return make("button", { type: "button", class: "small", "aria-pressed": String(name === language), click: turn }, name);
  });
  return make("div", { class: "stack" },
    make("div", { class: "toolbar", role: "group", "aria-label": say("pay.copyas") }, make("span", { class: "label" }, say("pay.copyas")), ...buttons, go),
    make("div", { class: "codebox" }, shown));
}

function attempts(event) {
  if (!event.attempts?.length) return null;
  const row = (one, n) => make("li", {}, make("strong", {}, say("pay.attempt", { n: n + 1 })), make("span", { class: "num quiet" }, time(one.at)),
    badge(one.error ?? String(one.status), one.status >= 200 && one.status < 300 ? "good" : "bad"), one.ms == null ? null : make("span", { class: "num quiet small" }, `${one.ms} ms`));
  return make("ol", { class: "attempts", "aria-label": say("pay.attempts", { n: event.attempts.length }) }, ...event.attempts.map(row));
}

async function fill(box, line, whole = false) {
  const event = line.id ? await ask(`events/${line.id}?reveal=${revealed ? 1 : 0}&whole=${whole ? 1 : 0}`) : { ...line, request: null, answer: { headers: {}, body: line.facts, size: 0, cut: false, none: null } };
  const again = (all) => fill(box, line, all);
  const sides = make("div", { class: "sides" }, side("request", event.request, event.method, event, again), side("answer", event.answer, event.status ? `HTTP ${event.status}` : null, event, again));
  box.replaceChildren(...[attempts(event), sides, copyAs(event)].filter(Boolean));
}

function title(event) {
  if (event.kind === "webhook") return event.delivery ? say("what.webhook", { number: event.delivery, status: event.facts.status }) : say("what.webhook.none", { status: event.facts.status });
  if (event.kind === "api" || event.kind === "control") return code(`${event.method} ${event.path}`);
  const values = { before: event.facts.before ?? "–", now: event.facts.now, card: event.facts.card ?? "" };
  return known(`what.${event.what}`) ? say(`what.${event.what}`, values) : event.what;
}

function detail(event) {
  if (event.kind === "webhook") return event.path;
  if (event.kind === "ledger") return event.facts.left == null ? null : say("what.left", { left: number(event.facts.left) });
  return [event.kind === "api" ? event.what : event.facts.pg ?? event.facts.reason, event.fault && say("what.fault", { fault: event.fault }), event.message].filter(Boolean).join(" · ");
}

function result(event) {
  if (event.kind === "ledger") {
    const plus = event.what === "charge";
    return [make("strong", { class: `num nowrap ${plus ? "good-text" : "wait-text"}` }, plus ? "+" : "−", amount(event.facts.amount, event.facts.currency))];
  }
  const shown = [event.ms == null ? null : make("span", { class: "num" }, `${number(Math.round(event.ms))} ms`)];
  if (event.kind === "webhook" && event.delivery) shown.push(event.error ? badge(event.error, "bad") : event.status ? badge(String(event.status), event.status < 300 ? "good" : "bad") : status(event.state));
  else if (event.status) shown.push(badge(event.code == null ? String(event.status) : `${event.status} · code ${event.code}`, event.status >= 400 || event.code ? "bad" : "good"));
  return shown;
}

function row(event, n, open) {
  const body = make("div", { class: "body" });
  const id = `e${event.id || `old${n}`}`;
  const toggle = () => box.open && !body.childElementCount && fill(body, event).catch((error) => toast(error.message, "bad"));
  const small = detail(event);
  const clock = time(event.at).slice(11);
  const box = make("details", { id, toggle },
    make("summary", { class: "stop" },
      make("span", { class: "at" }, `${clock}.${String(Math.floor((event.at % 1) * 1000)).padStart(3, "0")}`),
      make("span", { class: "kind" }, badge(say(`kind.${event.kind}`), KINDS[event.kind])),
      make("span", { class: "what" }, make("bdi", {}, title(event)), small ? make("small", {}, make("bdi", {}, small)) : null),
      make("span", { class: "result" }, ...result(event)),
      event.next ? make("span", { class: "next-line" }, make("b", {}, `→ ${say("app.next")}`), make("span", {}, pick(event.next.text))) : null),
    body);
  box.open = open.has(id);
  return make("li", { class: "event" }, box);
}

function drawEvents() {
  const open = new Set([...document.querySelectorAll("#timeline details[open]")].map((each) => each.id));
  if (location.hash) open.add(location.hash.slice(1));
  const held = document.activeElement?.closest("#timeline details")?.id;
  let day = "";
  const items = [];
  for (const [n, event] of events.entries()) {
    if (hidden.has(event.kind)) continue;
    const date = time(event.at).slice(0, 10);
    if (date !== day) items.push(make("li", { class: "day" }, `${(day = date)} KST`));
    items.push(row(event, n, open));
  }
  $("timeline").replaceChildren(...(items.length ? items : [make("li", { class: "empty" }, say("pay.empty"))]));
  if (held) document.getElementById(held)?.querySelector("summary").focus();
}

function refund() {
  const amountField = make("input", { type: "text", inputmode: "numeric", value: String(view.remaining) });
  const reason = make("input", { type: "text", maxlength: 200 });
  const go = async (event) => {
    event.preventDefault();
    if (await act("cancels", { imp_uid: uid, amount: Number(amountField.value.replace(/[^\d.]/g, "")), reason: reason.value || "dashboard" })) box.close();
  };
  const box = dialog(say("refund.title", { order: view.payment.merchant_uid }), make("form", { submit: go },
    make("label", { class: "field" }, make("span", {}, say("refund.amount", { left: number(view.remaining) })), amountField),
    make("label", { class: "field" }, make("span", {}, say("refund.reason")), reason),
    make("div", { class: "ends" }, make("button", { type: "button", click: () => box.close() }, say("app.cancel")), make("button", { class: "primary" }, say("act.refund")))));
}

async function act(path, body) {
  try {
    await send(path, body);
    toast(say("app.done"));
    await refresh();
    return true;
  } catch (error) {
    toast(error.status ? error.message : say("app.lost"), "bad");
    return false;
  }
}

function buttons() {
  const button = (key, press) => make("button", { type: "button", class: "small", click: press }, say(key));
  const last = view.webhooks.at(-1);
  return [
    view.actions.includes("cancel") && button("act.refund", refund),
    view.actions.includes("deposit") && button("act.deposit", () => act("deposits", { imp_uid: uid })),
    last && button("act.resend", () => act("webhooks/resend", { number: [String(last)] })),
  ].filter(Boolean);
}

function drawHead() {
  const p = view.payment;
  const fact = (key, ...content) => make("div", {}, make("dt", {}, say(key)), make("dd", {}, ...content));
  document.title = `${p.merchant_uid} · ${say("app.name")}`;
  $("title").replaceChildren(make("a", { href: here("/") }, `← ${say("pay.back")}`), make("h1", {}, make("bdi", {}, view.row.name ?? p.merchant_uid)), status(view.shown_status),
    make("strong", {}, amount(p.amount, p.currency)), make("div", { class: "head-actions" }, ...buttons()));
  $("next").hidden = !view.next;
  if (view.next) {
    $("next").className = `next ${SEVERITY[view.next.severity]}`;
    $("next").replaceChildren(make("b", {}, say("app.next")), make("span", {}, make("bdi", {}, pick(view.next.text))));
  }
  const buyer = [p.buyer_name, p.buyer_tel].filter(Boolean);
  const mask = (text) => `${text.slice(0, 1)}**`;
  const means = [p.card_name ?? p.vbank_name ?? p.pay_method, p.card_number ?? p.vbank_num].filter(Boolean).join(" ");
  $("facts").replaceChildren(
    fact("pay.order", code(p.merchant_uid), copyButton("merchant_uid", p.merchant_uid)), fact("pay.id", code(uid), copyButton("imp_uid", uid)),
    fact("pay.left", amount(view.remaining, p.currency), " ", make("span", { class: "quiet small" }, "= ", amount(p.amount, p.currency), " − ", amount(p.cancel_amount, p.currency))),
    fact("column.means", means), fact("pay.channel", code(`${p.pg_provider} · ${p.pg_id}`)), fact("pay.buyer", make("bdi", {}, (revealed ? buyer : buyer.map(mask)).join(" · ") || "–")));
  $("kinds").replaceChildren(...Object.keys(KINDS).filter((kind) => events.some((event) => event.kind === kind)).map((kind) => {
    const turn = (press) => {
      if (!hidden.delete(kind)) hidden.add(kind);
      press.currentTarget.setAttribute("aria-pressed", String(!hidden.has(kind)));
      drawEvents();
    };
    return make("button", { type: "button", "aria-pressed": String(!hidden.has(kind)), click: turn }, say(`kind.${kind}`), make("span", { class: "n" }, String(events.filter((event) => event.kind === kind).length)));
  }));
}

function draw() {
  translate();
  $("reveal").textContent = say(revealed ? "pay.hide" : "pay.reveal");
  if (!view) return;
  drawHead();
  drawEvents();
  nameExpand();
}

function nameExpand() {
  const all = [...document.querySelectorAll("#timeline > .event > details")];
  $("expand").textContent = say(all.length && all.every((each) => each.open) ? "pay.collapse" : "pay.expand");
}

async function refresh() {
  try {
    const [clock, payment, line] = await Promise.all([ask("clock"), ask(`payments/${uid}`), ask(`payments/${uid}/timeline`)]);
    showTime(clock);
    $("lost").hidden = true;
    $("live")?.classList.remove("off");
    const stamp = JSON.stringify([payment, line]);
    if (stamp === seen) return;
    [seen, view, events] = [stamp, payment, line.events];
    $("story").hidden = false;
    draw();
  } catch (error) {
    $("story").hidden ||= error.status === 404;
    if (error.status === 404) return $("title").replaceChildren(make("a", { href: here("/") }, `← ${say("pay.back")}`), make("h1", {}, say("pay.gone")));
    $("lost").hidden = false;
    $("live")?.classList.add("off");
  }
}

$("reveal").addEventListener("click", () => {
  revealed = !revealed;
  $("reveal").setAttribute("aria-pressed", String(revealed));
  draw();
});
$("expand").addEventListener("click", () => {
  const all = [...document.querySelectorAll("#timeline > .event > details")];
  const open = !all.every((each) => each.open);
  for (const each of all) each.open = open;
  nameExpand();
});

choose();
head("payments", draw);
await refresh();
document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
setInterval(() => document.hidden || refresh(), EVERY);
