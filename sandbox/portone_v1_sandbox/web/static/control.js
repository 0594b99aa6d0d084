// The control room: play the buyer, the bank, the PG, the console and time. Every form is one control call.
import { asTest, read, write } from "./recorder.js";
import { $, ask, badge, code, copy, head, known, make, number, say, send, showTime, status, time, toast, translate } from "./ui.js";
import { choose } from "./words.js";

const EVERY = 1000;
const kept = read();
let room = null;
let seen = "";
let order = [];

async function play(path, body) {
  try {
    const result = await send(path, body);
    if (kept.on) {
      kept.steps.push({ path, body, imp_uid: result?.imp_uid ?? null });
      keep();
      toast(say("rec.step", { n: kept.steps.length }));
    } else toast(say("app.done"));
    await refresh();
    return result;
  } catch (error) {
    toast(error.status ? error.message : say("app.lost"), "bad");
    return null;
  }
}

function keep() {
  write(kept);
  aside();
}

const field = (key, control, style = "") => make("label", { class: `field ${style}` }, make("span", {}, known(key) ? say(key) : key), control);
const text = (name, value = "", extra = {}) => make("input", { type: "text", name, value, autocomplete: "off", ...extra });
const select = (name, entries) => make("select", { name }, ...entries.map((e) => (Array.isArray(e) ? make("option", { value: e[0] }, e[1]) : make("option", {}, e))));
const count = () => field("room.faults.count", make("input", { type: "number", name: "count", value: 1, min: 1, max: 1000 }));
const go = (key, style = "") => make("div", {}, make("button", { class: style }, say(key)));
const small = (key, press) => make("button", { type: "button", class: "small", click: press }, say(key));
const note = (key) => make("p", { class: "quiet" }, say(key));
const grid = (...content) => make("div", { class: "grid" }, ...content);
const sum = (value) => Number(String(value).replace(/[^\d.]/g, ""));
const given = (body) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== "" && value !== undefined));

function form(label, submit, ...content) {
  const send = async (event) => {
    event.preventDefault();
    const pressed = event.submitter;
    if (pressed) pressed.disabled = true;
    await submit(Object.fromEntries(new FormData(event.target)), pressed);
    if (pressed) pressed.disabled = false;
  };
  return make("form", { "aria-label": label, submit: send }, ...content);
}

const card = (id, ...content) => make("section", { class: "card play", id, "aria-labelledby": `${id}-h` }, make("h2", { id: `${id}-h` }, say(`room.${id}`)), ...content);

// Orders are what people know: an order number stands for its latest payment.
async function uidOf(id) {
  if (/^imps?_/.test(id)) return id;
  const found = await ask(`list/payments?q=${encodeURIComponent(id.toWellFormed())}&limit=100`);
  return found.rows.find((row) => row.merchant_uid === id)?.imp_uid ?? id;
}

function clockCard() {
  const step = (seconds) => () => play("clock", { advance: seconds });
  const set = (v) => play("clock", { date: Math.floor(new Date(`${v.at}:00+09:00`).getTime() / 1000) });
  return card("clock", note("room.clock.note"),
    form(say("room.clock.set"), set, field("room.clock.set", make("input", { type: "datetime-local", name: "at", value: time(room.clock.now).slice(0, 16).replace(" ", "T"), required: true })),
      make("div", { class: "toolbar" }, make("button", { class: "primary small" }, say("room.clock.go")), small("app.hour", step(3600)), small("app.day", step(86400)), small("app.month", step(2592000)))),
    form(say("room.clock.rate"), (v) => play("clock", { rate: Number(v.rate) }), field("room.clock.rate", select("rate", [1, 60, 1440].map((n) => [n, say("room.clock.rate.n", { n: number(n) })]))),
      make("div", { class: "toolbar" }, make("button", { class: "small" }, say("room.clock.run")), small("room.clock.freeze", () => play("clock", { frozen: true })))));
}

function buyCard() {
  const pay = (v) => play("payments", given({ ...v, amount: sum(v.amount) }));
  const pgs = [...new Set(room.channels.filter((c) => c.type === "payment").map((c) => c.pg_provider))];
  return card("buy", form(say("room.buy"), pay, grid(
    field("pay.order", text("merchant_uid", `order-${String(room.clock.now).slice(-6)}`, { required: true })), field("list.amount", text("amount", "32,000", { inputmode: "numeric", required: true })),
    field("list.method", select("pay_method", room.pay_methods)), field("list.pg", select("pg", pgs)),
    field("room.buy.outcome", select("status", [["paid", say("room.buy.ok")], ["failed", say("room.buy.failed")], ["ready", say("room.buy.leave")]]), "full")), go("room.buy.go", "primary")));
}

function moneyCard() {
  const id = () => field("room.money.id", text("id", "", { required: true }), "full");
  const refund = async (v) => play("cancels", given({ imp_uid: await uidOf(v.id), amount: v.amount && sum(v.amount), reason: v.reason }));
  const deposit = async (v) => play("deposits", given({ imp_uid: await uidOf(v.id), amount: v.amount && sum(v.amount), depositor_name: v.name }));
  const late = async (v) => play("payments/late", { imp_uid: await uidOf(v.id) });
  return card("money",
    make("h3", {}, say("room.refund.go")), form(say("room.refund.go"), refund, grid(id(), field("room.refund.full", text("amount", "", { inputmode: "numeric" })), field("refund.reason", text("reason"))), go("room.refund.go")),
    make("h3", {}, say("room.deposit")), form(say("room.deposit"), deposit, grid(id(), field("list.amount", text("amount", "", { inputmode: "numeric" })), field("room.deposit.name", text("name"))), go("room.deposit.go")),
    make("h3", {}, say("room.late")), note("room.late.note"), form(say("room.late"), late, grid(id()), go("room.late.go")));
}

const FAULTS = {
  502: { kind: "fail", status: 502, executed: true }, 503: { kind: "fail", status: 503, executed: false }, cut: { kind: "cut" },
  delay: { kind: "delay", seconds: 30 }, html: { kind: "html" }, duplicate: { kind: "duplicate" },
};

function faultsCard() {
  const arm = (v) => play("faults", given({ ...FAULTS[v.kind], operation: v.operation, count: Number(v.count) }));
  const decline = (v) => play("declines", given({ message: v.message, outcome: v.outcome, count: Number(v.count) }));
  return card("faults",
    form(say("room.faults"), arm, grid(field("room.faults.kind", select("kind", Object.keys(FAULTS).map((k) => [k, say(`room.faults.${k}`)]))),
      field("room.faults.operation", select("operation", [["", say("room.faults.any")], ...room.operations])), count()), go("room.faults.go")),
    make("h3", {}, say("room.decline")),
    form(say("room.decline"), decline, grid(field("room.decline.message", text("message", "[SB02] 한도초과"), "full"),
      field("room.decline.how", select("outcome", [["failed", say("room.decline.failed")], ["refused", say("room.decline.refused")]])), count()), go("room.decline.go")));
}

function queueRow(webhook, n) {
  const what = `#${webhook.number}`;
  const button = (key, label, press, off = false) => make("button", { type: "button", class: "small", disabled: off, "aria-label": say(key, { what }), click: press }, label);
  const move = (by) => () => {
    order.splice(n + by, 0, order.splice(n, 1)[0]);
    fillQueue();
    $("queue").children[n + by].querySelector("button:not([disabled])").focus();
  };
  return make("li", {}, make("span", { class: "grow" }, make("strong", {}, what), " ", status(webhook.status), make("small", {}, make("bdi", {}, webhook.merchant_uid))),
    button("room.webhooks.up", "↑", move(-1), n === 0), button("room.webhooks.down", "↓", move(1), n === order.length - 1),
    button("room.webhooks.drop", "✕", () => play("webhooks/drop", { number: [String(webhook.number)] })));
}

function sentRow(webhook) {
  const what = `#${webhook.number}`;
  const answer = webhook.error ?? (webhook.answer ? String(webhook.answer) : null);
  const fine = webhook.answer >= 200 && webhook.answer < 300;
  return make("li", {}, make("span", { class: "grow" }, make("a", { href: `/payments/${webhook.imp_uid}/timeline` }, what), " ", status(webhook.status), " ", answer ? badge(answer, fine ? "good" : "bad") : status(webhook.state)),
    make("button", { type: "button", class: "small", click: () => play("webhooks/resend", { number: [String(webhook.number)] }) }, say("room.webhooks.again", { what })));
}

function fillQueue() {
  $("queue").replaceChildren(...(order.length ? order.map(queueRow) : [make("li", { class: "quiet small" }, say("room.webhooks.none"))]));
  $("sent").replaceChildren(...room.webhooks.latest.filter((one) => one.state !== "waiting").slice(0, 5).map(sentRow));
}

function webhooksCard() {
  const hold = (event) => play(event.target.checked ? "webhooks/hold" : "webhooks/release", {});
  return card("webhooks",
    form(say("room.webhooks.url"), (v) => play("webhooks/settings", { url: v.url }), field("room.webhooks.url", text("url", room.webhooks.url ?? "")), go("room.webhooks.save")),
    make("div", { class: "rows" }, make("label", { class: "check" }, make("input", { type: "checkbox", id: "hold", checked: room.webhooks.held, change: hold }), say("room.webhooks.hold")),
      make("ol", { class: "rows", id: "queue", "aria-label": say("room.webhooks.queue") })),
    make("div", { class: "toolbar" },
      small("room.webhooks.release", () => play("webhooks/release", { number: order.map((one) => String(one.number)) })),
      small("room.webhooks.lose", () => play("webhooks/drop", { next: 1 }))),
    make("h3", {}, say("room.webhooks.latest")), make("ul", { class: "rows", id: "sent" }));
}

function codesCard() {
  return card("codes", note("room.codes.note"), make("ul", { class: "rows", id: "numbers" }));
}

function fillCodes() {
  const row = (one) => make("li", {}, make("span", { class: "grow" }, code(one.imp_uid)), make("strong", { class: "num" }, one.otp),
    make("button", { type: "button", class: "small", "aria-label": `${say("app.copy")}: ${one.otp}`, click: () => copy(one.otp) }, say("app.copy")));
  $("numbers").replaceChildren(...(room.otp.length ? room.otp.map(row) : [make("li", { class: "quiet small" }, say("room.codes.none"))]));
}

function eventsCard() {
  const naver = (v) => play("naver/events", { product_order_id: v.id, event: v.event });
  const escrow = async (v) => play("inicis/events", given({ imp_uid: await uidOf(v.id), event: v.event, denied_reason: v.reason }));
  return card("events",
    form(say("room.events.naver"), naver, grid(field("room.events.naver", select("event", room.naver_events)), field("product_order_id", text("id", "", { required: true }))), go("room.events.go")),
    form(say("room.events.escrow"), escrow, grid(field("room.events.escrow", select("event", room.escrow_events), "full"), field("room.money.id", text("id", "", { required: true })), field("room.events.reason", text("reason"))), go("room.events.go")));
}

function channelsCard() {
  const row = (one) => make("li", {}, make("span", { class: "grow" }, code(`${one.pg_provider}.${one.pg_id}`), make("small", {}, one.type)), code(one.channel_key));
  return card("channels", make("ul", { class: "rows" }, ...room.channels.map(row)));
}

function armed() {
  const fault = (one) => `${one.kind}${one.kind === "fail" || one.kind === "html" ? ` ${one.status}` : ""} · ${one.operation ?? say("room.faults.any")} × ${one.left}`;
  const list = [...room.faults.map(fault), ...room.declines.map((one) => `${one.message} × ${one.left}`)];
  if (!list.length) return [make("p", { class: "quiet small" }, say("room.armed.none"))];
  return [make("ul", { class: "rows" }, ...list.map((what) => make("li", {}, make("bdi", {}, what)))), small("room.armed.clear", () => play("faults/clear", {}))];
}

function aside() {
  const languages = ["Python", "curl"].map((as) => make("button", { type: "button", class: "small", "aria-pressed": String(kept.as === as), click: () => { kept.as = as; keep(); } }, as));
  const turn = () => { kept.on = !kept.on; keep(); $("record").querySelector("button").focus(); };
  const full = kept.steps.length > 0;
  $("aside").replaceChildren(
    make("section", { class: "card", id: "record", "aria-labelledby": "record-h" }, make("h2", { id: "record-h" }, say("rec.title")), make("div", { class: "stack" },
      make("div", { class: "toolbar" }, make("button", { type: "button", class: kept.on ? "small danger" : "small primary", click: turn }, say(kept.on ? "rec.stop" : "rec.start")),
        make("span", { role: "group", class: "toolbar", "aria-label": say("rec.as") }, ...languages), full ? small("rec.clear", () => { kept.steps = []; keep(); }) : null),
      full ? make("div", { class: "codebox" }, make("pre", { tabindex: 0, role: "group", "aria-label": say("rec.title"), id: "test" }, asTest(kept))) : make("p", { class: "quiet small" }, say("rec.empty")),
      full ? make("div", {}, small("rec.copy", () => copy(asTest(kept)))) : null)),
    make("section", { class: "card", "aria-labelledby": "armed-h" }, make("h2", { id: "armed-h" }, say("room.armed")), ...armed()),
    make("section", { class: "card", "aria-labelledby": "reset-h" }, make("h2", { id: "reset-h" }, say("room.reset")), make("button", { type: "button", class: "danger small", click: reset }, say("room.reset"))));
}

const reset = () => window.confirm(say("room.reset.sure")) && play("reset", {});

function draw() {
  translate();
  if (!room) return;
  const cards = { clock: clockCard, buy: buyCard, money: moneyCard, faults: faultsCard, webhooks: webhooksCard, codes: codesCard, events: eventsCard, channels: channelsCard };
  $("jump").replaceChildren(...Object.keys(cards).map((id) => make("a", { href: `#${id}` }, say(`room.${id}`))), make("a", { href: "#record" }, say("rec.title")));
  $("plays").replaceChildren(...Object.values(cards).map((one) => one()));
  update();
}

// Forms stay as they are while the user fills them in; only lists are drawn anew.
function update() {
  order = [...room.webhooks.waiting];
  $("hold").checked = room.webhooks.held;
  fillQueue();
  fillCodes();
  aside();
}

async function refresh() {
  try {
    const answer = await ask("room");
    const first = room === null;
    room = answer;
    showTime(room.clock);
    $("lost").hidden = true;
    $("live")?.classList.remove("off");
    const stamp = JSON.stringify({ ...answer, clock: null });
    if (first) draw();
    else if (stamp !== seen) update();
    seen = stamp;
  } catch (error) {
    $("lost").hidden = false;
    $("live")?.classList.add("off");
  }
}

choose();
head("control", draw);
await refresh();
document.getElementById(location.hash.slice(1))?.scrollIntoView();
setInterval(() => document.hidden || refresh(), EVERY);
