// One payment and everything that happened to it.
import { ask, here } from "../shared/api.js";
import { refundDialog } from "../shared/dialogs.js";
import { $, keepingFocus, make } from "../shared/elements.js";
import { money, plainly } from "../shared/format.js";
import { begin } from "../shared/head.js";
import { learn, nameOf, pick, say, translate } from "../shared/language.js";
import { amount, button, code, copyButton, status } from "../shared/parts.js";
import { ACTIONS, play, played } from "../shared/play.js";
import { APP } from "../words/app.js";
import { PAYMENT } from "../words/payment.js";
import { MEANS } from "../words/means.js";
import { KINDS, rowsOf } from "./timeline.js";

const uid = location.pathname.split("/")[2];
const SEVERITY = { high: "bad", mid: "bad", low: "" };
const hidden = new Set();
let revealed = false;
let view = null;
let events = [];
let seen = "";

learn(APP, MEANS, PAYMENT);

const page = { name: "payments", draw, load };
const rows = () => [...document.querySelectorAll("#timeline > .event > details")];

async function does(name) {
  const { payment, webhooks } = view;
  if (name === "cancel") return refundDialog(payment, async (body) => {
    await played("cancels", body, { tier: view.row.tier });
    await page.refresh();
  });
  if (name === "resend") await play("webhooks/resend", { number: [String(webhooks.at(-1))] });
  else await play(...ACTIONS[name](payment), { tier: view.row.tier });
  await page.refresh();
}

function drawTitle() {
  const { payment, row, actions, webhooks } = view;
  const names = [...actions, ...(webhooks.length ? ["resend"] : [])];
  document.title = `${payment.merchant_uid} · ${say("app.name")}`;
  $("title").replaceChildren(
    make("a", { href: here("/"), id: "back" }, `← ${say("pay.back")}`), make("h1", {}, make("bdi", {}, plainly(row.name ?? payment.merchant_uid))), status(view.shown_status),
    make("strong", {}, amount(payment.amount, payment.currency)),
    make("div", { class: "head-actions" }, ...names.map((name) => button(say(`act.${name}`), () => does(name), { id: `act-${name}` }))));
}

function drawNext() {
  $("next").hidden = !view.next;
  if (!view.next) return;
  $("next").className = `next ${SEVERITY[view.next.severity]}`;
  $("next").replaceChildren(make("b", {}, say("app.next")), make("span", {}, make("bdi", {}, plainly(pick(view.next.text)))));
}

function drawFacts() {
  const p = view.payment;
  const fact = (key, ...content) => make("div", {}, make("dt", {}, say(key)), make("dd", {}, ...content));
  const mask = (text) => `${text.slice(0, 1)}**`;
  const buyer = [p.buyer_name, p.buyer_tel].filter(Boolean).map((text) => (revealed ? text : mask(text)));
  const means = [nameOf("means", p.emb_pg_provider ?? p.pay_method), p.card_name ?? p.vbank_name, p.card_number ?? p.vbank_num].filter(Boolean).join(" ");
  const left = [amount(view.remaining, p.currency), " ", make("span", { class: "quiet small" }, `= ${money(p.amount, p.currency)} − ${money(p.cancel_amount, p.currency)}`)];
  $("facts").replaceChildren(
    fact("pay.order", code(plainly(p.merchant_uid)), copyButton("merchant_uid", p.merchant_uid)), fact("pay.id", code(uid), copyButton("imp_uid", uid)),
    fact("pay.left", ...left), fact("pay.means", means), fact("pay.channel", code(`${p.pg_provider} · ${p.pg_id}`)), fact("pay.buyer", make("bdi", {}, plainly(buyer.join(" · ")) || "–")));
}

function drawKinds() {
  const kinds = Object.keys(KINDS).filter((kind) => events.some((event) => event.kind === kind));
  const chip = (kind) => {
    const turn = () => {
      if (!hidden.delete(kind)) hidden.add(kind);
      keepingFocus(draw);
    };
    const count = events.filter((event) => event.kind === kind).length;
    return make("button", { type: "button", id: `kind-${kind}`, "aria-pressed": String(!hidden.has(kind)), click: turn }, say(`kind.${kind}`), make("span", { class: "n" }, String(count)));
  };
  $("kinds").replaceChildren(...kinds.map(chip));
}

function drawTimeline() {
  const open = new Set(rows().filter((row) => row.open).map((row) => row.id));
  if (location.hash) open.add(location.hash.slice(1));
  const held = document.activeElement?.closest("#timeline details")?.id;
  $("timeline").replaceChildren(...rowsOf(events, { hidden, open, revealed }));
  if (held) document.getElementById(held)?.querySelector("summary").focus({ preventScroll: true });
}

function nameButtons() {
  $("expand").textContent = say(rows().length && rows().every((row) => row.open) ? "pay.collapse" : "pay.expand");
  $("reveal").textContent = say(revealed ? "pay.hide" : "pay.reveal");
  $("reveal").setAttribute("aria-pressed", String(revealed));
}

function draw() {
  translate();
  if (!view) return;
  drawTitle();
  drawNext();
  drawFacts();
  drawKinds();
  drawTimeline();
  nameButtons();
}

function gone() {
  $("story").hidden = true;
  $("title").replaceChildren(make("a", { href: here("/"), id: "back" }, `← ${say("pay.back")}`), make("h1", {}, say("pay.gone")));
}

async function load() {
  const clock = await ask("clock");
  try {
    const [payment, line] = await Promise.all([ask(`payments/${uid}`), ask(`payments/${uid}/timeline`)]);
    const stamp = JSON.stringify([payment, line]);
    if (stamp === seen) return clock;
    [seen, view, events] = [stamp, payment, line.events];
    $("story").hidden = false;
    keepingFocus(draw);
  } catch (error) {
    if (error.status !== 404) throw error;
    seen = "";
    if (view || $("title").childElementCount === 0) gone();
    view = null;
  }
  return clock;
}

$("reveal").addEventListener("click", () => {
  revealed = !revealed;
  draw();
});
$("expand").addEventListener("click", () => {
  const open = !rows().every((row) => row.open);
  for (const row of rows()) row.open = open;
  nameButtons();
});

await begin(page);
document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
