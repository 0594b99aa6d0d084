// The dashboard: asks every second what has changed, shows it as text, and plays buyers, banks and time.
import { call, choose, known, make, money, other, say, time, translate } from "./words.js";

const CONTROL = "/_sandbox";
const EVERY = 1000;
const TABS = ["payments", "billing_keys", "schedules", "webhooks", "journal"];
const COLOURS = {
  ready: "wait", paid: "good", failed: "bad", cancelled: "", scheduled: "wait", executed: "good", revoked: "",
  waiting: "wait", delivered: "good", dropped: "bad",
};
const $ = (id) => document.getElementById(id);

let shown = null;
let tab = TABS.includes(location.hash.slice(1)) ? location.hash.slice(1) : TABS[0];
let asking = false;
const asked = new URLSearchParams(location.search);
const query = { q: asked.get("q") ?? "", status: asked.get("status") ?? "", after: asked.get("after") ?? "", before: "" };
let found = null;
let search = 0;

// Cells

const badge = (key, colour) => make("span", { class: `badge ${colour ?? ""}` }, key);
const status = (name, kind = "status") => badge(known(`${kind}.${name}`) ? say(`${kind}.${name}`) : name, COLOURS[name]);
const small = (text, colour = "") => (text ? make("small", { class: colour }, text) : null);
const code = (text) => (text ? make("code", {}, text) : null);
const marks = (record, first) =>
  small([first, record.sandbox && say("note.test"), record.tier && say("note.tier", record)].filter(Boolean).join(" · "));
const column = (name, content, style = "") => ({ name, content, style });

function means(payment) {
  const name = payment.emb_pg_provider ?? payment.pay_method;
  const label = known(`means.${name}`) ? say(`means.${name}`) : name;
  const detail = payment.vbank_num
    ? say("note.account", { bank: payment.vbank_name, number: payment.vbank_num, until: time(payment.vbank_date).slice(0, 16) })
    : [payment.card_name, payment.card_number].filter(Boolean).join(" ");
  return [label, small(detail)];
}

function paid(payment) {
  const back = payment.cancel_amount
    ? small(say("note.refunded", { amount: money(payment.cancel_amount, payment.currency) }))
    : null;
  return [make("strong", {}, money(payment.amount, payment.currency)), back];
}

function order(record) {
  return [record.name ?? record.merchant_uid, marks(record, record.name && record.merchant_uid)];
}

function paymentOrder(payment) {
  const [name, ...rest] = order(payment);
  return [make("a", { href: `/payments/${payment.imp_uid}/timeline` }, name), ...rest];
}

function paymentStatus(payment) {
  // V1 answers `cancelled` after a partial refund, too; `paid` where the sandbox is set so.
  const partial = payment.cancel_amount > 0 && payment.cancel_amount < payment.amount;
  const left = payment.status === "ready" && payment.actions.length === 0 ? small(say("note.open")) : null;
  return [partial ? badge(say("status.partial"), "info") : status(payment.status), small(payment.fail_reason, "bad"), left];
}

const COLUMNS = {
  payments: [
    column("column.order", paymentOrder, "lead"),
    column("column.status", paymentStatus, "badge-cell"),
    column("column.amount", paid, "number"),
    column("column.means", means),
    column("column.payment", (p) => [code(p.imp_uid), small(p.pg_provider)]),
    column("column.at", (p) => [time(p.at ?? (p.cancelled_at || p.paid_at || p.failed_at || p.started_at))], "moment"),
    column("column.actions", (p) => p.actions.map((name) => button(name, p)), "actions"),
  ],
  billing_keys: [
    column("column.key", (k) => [code(k.customer_uid), marks(k, k.customer_name)], "lead"),
    column("column.card", (k) => [k.card_name, small(k.card_number)]),
    column("column.pg", (k) => [k.pg_provider]),
    column("column.issued", (k) => [time(k.inserted)], "moment"),
  ],
  schedules: [
    column("column.order", order, "lead"),
    column("column.status", (s) => [status(s.schedule_status)], "badge-cell"),
    column("column.amount", (s) => [make("strong", {}, money(s.amount, s.currency))], "number"),
    column("column.key", (s) => [code(s.customer_uid)]),
    column("column.due", (s) => [time(s.schedule_at)], "moment"),
    column("column.result", (s) => [s.payment_status ? status(s.payment_status) : "", small(s.fail_reason, "bad"), code(s.imp_uid)]),
  ],
  webhooks: [
    column("column.payment", (w) => [make("a", { href: `/payments/${w.imp_uid}/timeline` }, code(w.imp_uid)), small(w.merchant_uid)], "lead"),
    column("column.status", (w) => [status(w.status), small(w.event ?? w.cancellation_id)], "badge-cell"),
    column("column.delivery", delivery),
    column("column.url", (w) => [w.url], "wide"),
    column("column.at", (w) => [time(w.at)], "moment"),
    column("column.actions", (w) => (w.number ? [button("resend", w)] : []), "actions"),
  ],
  journal: [
    column("column.request", (x) => [make("code", {}, `${x.method} ${x.path}`), marks(x)], "lead"),
    column("column.operation", (x) => [code(x.operation ?? x.what)]),
    column("column.answer", answer, "badge-cell"),
    column("column.at", (x) => [time(x.at)], "moment"),
  ],
};

function delivery(webhook) {
  if (!webhook.state) return [badge(say("delivery.none"))];
  return [status(webhook.state, "delivery"), small(webhook.answer === 0 ? webhook.error : webhook.answer && `HTTP ${webhook.answer}`)];
}

function answer(exchange) {
  const fine = exchange.status < 300 && exchange.code === 0;
  const words = exchange.code === 0 ? `${exchange.status}` : `${exchange.status} · code ${exchange.code}`;
  return [badge(words, fine ? "good" : "bad"), small(exchange.message, "bad")];
}

// Doing

const ACTIONS = {
  deposit: (p) => ["deposits", { imp_uid: p.imp_uid }],
  cancel: (p) => ["cancels", { imp_uid: p.imp_uid, reason: "dashboard" }],
  pay_at_store: (p) => ["store-payments", { imp_uid: p.imp_uid }],
  confirm_purchase: (p) => ["inicis/events", { imp_uid: p.imp_uid, event: "purchase_confirmed" }],
  deny_purchase: (p) => ["inicis/events", { imp_uid: p.imp_uid, event: "purchase_denied" }],
  accept_denial: (p) => ["inicis/events", { imp_uid: p.imp_uid, event: "denial_accepted" }],
  settle: (p) => ["refunds/settle", { imp_uid: p.imp_uid }],
  resend: (w) => ["webhooks/resend", { number: [String(w.number)] }],
};

function button(name, record) {
  const about = record.merchant_uid;
  const press = async () => {
    const amount = money(record.amount - record.cancel_amount, record.currency);
    if (name === "cancel" && !(await agreed(say("action.cancel.sure", { order: about, amount })))) return;
    await act(...ACTIONS[name](record), record.tier);
  };
  const style = name === "cancel" ? "danger" : name === "resend" ? "" : "primary";
  return make("button", { type: "button", class: style, "aria-label": `${say(`action.${name}`)}: ${about}`, click: press }, say(`action.${name}`));
}

function agreed(question) {
  const dialog = $("ask");
  $("question").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

async function act(path, body, tier) {
  try {
    const answer = await call("POST", `${CONTROL}/${path}`, body, tier ? { Tier: tier } : {});
    toast(path === "clock" ? say("board.moved", { now: time(answer.now) }) : say("board.done"));
  } catch (error) {
    toast(error.status ? error.message : say("board.lost"), "bad");
  }
  await refresh();
}

let fading = 0;
function toast(text, colour = "") {
  $("toast").textContent = text;
  $("toast").className = `toast ${colour}`;
  $("toast").hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => ($("toast").hidden = true), 4000);
}

// Showing

function showTabs() {
  $("tabs").replaceChildren(
    ...TABS.map((name) =>
      make(
        "button",
        {
          type: "button", role: "tab", id: `tab-${name}`, "aria-selected": String(name === tab), "aria-controls": "panel",
          tabindex: name === tab ? 0 : -1, click: () => turn(name),
        },
        say(`tab.${name}`),
        make("span", { class: "count" }, String(shown?.counts[name] ?? 0)),
      ),
    ),
  );
  $("panel").setAttribute("aria-labelledby", `tab-${tab}`);
}

function turn(name) {
  tab = name;
  Object.assign(query, { status: "", after: "", before: "" });
  found = null;
  show();
  look();
  $(`tab-${name}`).focus();
}

function showMoney() {
  const sums = shown.money.length ? shown.money : [{ currency: "KRW", charged: 0, refunded: 0 }];
  const cell = (colour, key, amount, currency) =>
    make("div", { class: colour }, make("dt", {}, say(key)), make("dd", {}, money(amount, currency)));
  $("money").replaceChildren(
    ...sums.flatMap(({ currency, charged, refunded }) => [
      cell("", "board.charged", charged, currency),
      cell("wait", "board.refunded", refunded, currency),
      cell("good", "board.left", charged - refunded, currency),
    ]),
  );
}

function showRows() {
  if (isAsked() && !found) return;
  const records = found?.rows ?? shown[tab];
  const columns = COLUMNS[tab];
  const head = columns.map(({ name, style }) => {
    const words = say(name);
    const hidden = style === "actions" ? make("span", { class: "visually-hidden" }, words) : words;
    return make("th", { scope: "col", class: style }, hidden);
  });
  const rows = records.map((record) =>
    make("tr", {}, ...columns.map(({ name, content, style }) =>
      make("td", { class: style, "data-column": say(name) }, ...content(record).filter((part) => part != null && part !== "")))),
  );
  const table = make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
  const where = TABS.filter((name) => found?.elsewhere[name]).map((name) => `${say(`tab.${name}`)} ${found.elsewhere[name]}`);
  const none = [make("p", {}, say("board.none")), where.length ? make("p", {}, say("board.elsewhere", { where: where.join(", ") })) : null];
  $("rows").replaceChildren(rows.length ? table : make("div", { class: "empty" }, ...none.filter(Boolean)));
  const total = shown.counts[tab];
  $("more").hidden = Boolean(found) || total <= shown[tab].length;
  $("more").textContent = say("board.more", { total, shown: shown[tab].length });
  showPager(total);
}

// Search: the server looks through everything. What is asked for stands in the address.

const isAsked = () => Boolean(query.q.trim() || query.status || query.after || query.before);

function showPager(total) {
  const go = (key, place) => {
    const press = () => { Object.assign(query, { after: "", before: "" }, place); look(); };
    return make("button", { type: "button", disabled: place === null, click: press }, say(key));
  };
  const older = found ? (found.next === null ? null : { after: String(found.next) }) : total > shown[tab].length ? { after: String(total - shown[tab].length) } : null;
  const newer = found && found.previous !== null ? { before: String(found.previous) } : null;
  $("pager").hidden = !found && !older;
  $("pager").replaceChildren(go("board.first", isAsked() && (query.after || query.before) ? {} : null), go("board.newer", newer), go("board.older", older));
  $("found").textContent = !found ? "" : say(found.count.exact ? "board.found" : "board.found.more", { n: new Intl.NumberFormat().format(found.count.value) });
  const states = Object.entries(found?.facets.status ?? {});
  const turn = (name) => () => { Object.assign(query, { status: query.status === name ? "" : name, after: "", before: "" }); look(); };
  const words = (name) => ["status", "delivery"].map((kind) => `${kind}.${name}`).find(known);
  $("states").replaceChildren(...states.map(([name, n]) =>
    make("button", { type: "button", "aria-pressed": String(query.status === name), click: turn(name) }, words(name) ? say(words(name)) : name, make("span", { class: "count" }, String(n)))));
}

async function look() {
  const mine = ++search;
  const address = new URLSearchParams(Object.entries(query).filter(([name, value]) => value && name !== "before"));
  history.replaceState(null, "", `${address.size ? `?${address}` : location.pathname}#${tab}`);
  if (!isAsked()) {
    found = null;
    return show();
  }
  const conditions = new URLSearchParams(Object.entries({ ...query, q: query.q.toWellFormed?.() ?? query.q }).filter(([, value]) => value));
  try {
    const page = await call("GET", `${CONTROL}/list/${tab}?${conditions}&limit=50`);
    if (mine !== search) return; // an older question
    found = page;
    if (shown) show();
  } catch (error) {
    toast(error.status ? error.message : say("board.lost"), "bad");
  }
}

function show() {
  document.title = say("board.title");
  translate();
  $("find").placeholder = say("board.search");
  $("live").textContent = say("board.live");
  $("address").textContent = location.origin;
  if (shown === null) return;
  const held = document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.id;
  showTime();
  showTabs();
  showMoney();
  showRows();
  // What was drawn anew must not lose the keyboard.
  if (document.activeElement === document.body && held) {
    const again = [...document.querySelectorAll("button")].find((b) => b.id === held || b.getAttribute("aria-label") === held);
    again?.focus();
  }
}

function showTime() {
  $("now").textContent = time(shown.now);
  $("pace").textContent = say(shown.frozen ? "board.frozen" : "board.running");
}

async function refresh() {
  if (asking) return;
  asking = true;
  try {
    const answer = await call("GET", `${CONTROL}/web/overview?seen=${shown?.seen ?? ""}`);
    const changed = answer.seen !== shown?.seen;
    shown = { ...shown, ...answer };
    $("lost").hidden = true;
    $("live").classList.remove("off");
    if (changed && isAsked()) await look();
    else if (changed) show();
    else showTime();
  } catch {
    $("lost").hidden = false;
    $("live").classList.add("off");
  } finally {
    asking = false;
  }
}

$("tabs").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const edge = { Home: 0, End: TABS.length - 1 }[event.key];
  if (step === undefined && edge === undefined) return;
  event.preventDefault();
  turn(TABS[edge ?? (TABS.indexOf(tab) + step + TABS.length) % TABS.length]);
});
let waiting = 0;
$("find").addEventListener("input", () => {
  Object.assign(query, { q: $("find").value, status: "", after: "", before: "" });
  clearTimeout(waiting);
  waiting = setTimeout(look, 180);
});
$("find").value = query.q;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest("input, select, textarea, dialog")) return;
  if (event.key === "/") {
    event.preventDefault();
    $("find").focus();
  }
  if (event.key !== "j" && event.key !== "k") return;
  const stops = [...document.querySelectorAll("td.lead a")];
  const at = stops.indexOf(document.activeElement) + (event.key === "j" ? 1 : -1);
  stops[Math.max(0, Math.min(stops.length - 1, at))]?.focus();
});
$("clock").addEventListener("click", (event) => {
  const step = event.target.dataset?.step;
  if (step) act("clock", { advance: Number(step) });
});
$("clock").addEventListener("submit", (event) => {
  event.preventDefault();
  const days = Number($("days").value || $("days").placeholder);
  if (days > 0) act("clock", { advance: Math.round(days * 86400) });
});
$("reset").addEventListener("click", async () => {
  if (await agreed(say("board.reset.sure"))) act("reset", {});
});
$("language").addEventListener("click", () => {
  choose(other(), { keep: true });
  show();
});

choose();
show();
await refresh();
if (isAsked()) await look();
setInterval(() => document.hidden || refresh(), EVERY);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
