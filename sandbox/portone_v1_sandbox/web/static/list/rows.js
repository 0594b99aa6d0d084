// One row of each list: what happened, what came back, and what to do next.
import { timelineOf } from "../shared/api.js";
import { make } from "../shared/elements.js";
import { money, plainly, time } from "../shared/format.js";
import { nameOf, say } from "../shared/language.js";
import { amount, answered, badge, button, code, small, status } from "../shared/parts.js";

const cell = (style, ...content) => make("td", { class: style }, ...content);
const marks = (record, first) =>
  small([first, record.sandbox && say("note.test"), record.tier && say("note.tier", record)].filter(Boolean).join(" · "));
const lead = (href, words, ...more) => cell("lead", href ? make("a", { class: "stop", href }, make("bdi", {}, words)) : make("strong", {}, make("bdi", {}, words)), ...more);
const moment = (at) => cell("moment", at ? make("time", { datetime: new Date(at * 1000).toISOString() }, time(at)) : null);
const sum = (record, note) => cell("number", make("strong", {}, amount(record.amount, record.currency)), note);
const about = (record) => record.merchant_uid;
const act = (key, record, press) => button(say(key), press, { "aria-label": `${say(key)}: ${about(record)}` });

function means(payment) {
  const name = nameOf("means", payment.emb_pg_provider ?? payment.pay_method);
  if (!payment.vbank_num) return cell("means", name, small([payment.card_name, payment.card_number].filter(Boolean).join(" ")));
  const until = say("note.until", { until: time(payment.vbank_date).slice(0, 16) });
  return cell("means", name, small(`${payment.vbank_name} ${payment.vbank_num}`), small(until));
}

function payment(one, does) {
  const back = one.cancel_amount ? small(say("note.refunded", { n: money(one.cancel_amount, one.currency) })) : null;
  const left = one.status === "ready" && !one.actions.length ? say("note.open") : one.fail_reason;
  const first = one.actions[0];
  return [
    lead(timelineOf(one.imp_uid), plainly(one.name ?? one.merchant_uid), marks(one, one.name && one.merchant_uid)),
    cell("state", status(one.shown_status), small(left && plainly(left), one.fail_reason ? "bad" : "")),
    sum(one, back), means(one), cell("id", code(one.imp_uid), small(one.pg_provider)), moment(one.at),
    cell("actions", first ? act(`act.${first}`, one, () => does(first, one)) : null),
  ];
}

function billingKey(one) {
  return [lead(null, one.customer_uid, marks(one, one.customer_name)), cell("means", one.card_name, small(one.card_number)), cell("id", code(one.pg_provider)), moment(one.inserted)];
}

function schedule(one) {
  const paid = one.payment_status ? status(one.payment_status) : null;
  return [
    lead(one.imp_uid ? timelineOf(one.imp_uid) : null, plainly(one.name ?? one.merchant_uid), marks(one, one.name && one.merchant_uid)),
    cell("state", status(one.schedule_status)), sum(one), cell("id", code(one.customer_uid)), moment(one.schedule_at),
    cell("wide", paid, small(one.fail_reason, "bad")),
  ];
}

function webhook(one, does) {
  const shown = !one.state ? badge(say("status.none")) : one.answer || one.error ? answered(one.answer, one.error) : status(one.state);
  return [
    lead(timelineOf(one.imp_uid), one.number ? `#${one.number} ${one.merchant_uid}` : one.merchant_uid, small(one.imp_uid)),
    cell("state", status(one.status), small(one.event ?? one.cancellation_id)), cell("result", shown, one.state === "dropped" ? small(say("status.dropped")) : null),
    cell("wide", one.url ? code(plainly(one.url)) : null), moment(one.at),
    cell("actions", one.number ? act("act.resend", { merchant_uid: `#${one.number}` }, () => does("resend", one)) : null),
  ];
}

function call(one) {
  const uid = one.imp_uids[0];
  const words = plainly(one.method ? `${one.method} ${one.path}` : say(`what.${one.what}`));
  const fine = (one.status ?? 200) < 400 && !one.code;
  const result = one.status ? badge(one.code ? `${one.status} · code ${one.code}` : String(one.status), fine ? "good" : "bad") : null;
  const note = one.fault ? say("what.fault", one) : one.message ? plainly(one.message) : one.unknown.length ? say("what.ignored", { names: plainly(one.unknown.join(", ")) }) : null;
  return [
    lead(uid ? timelineOf(uid, `#e${one.id}`) : null, words, small(one.merchant_uids[0])),
    cell("id", code(one.what)), cell("state", result, small(note, "bad")),
    cell("ms num", one.ms == null ? null : `${Math.round(one.ms)} ms`), moment(one.at),
  ];
}

const LISTS = {
  payments: [["order", "status", "amount:number", "means", "payment", "at", "actions"], payment],
  billing_keys: [["key", "card", "pg", "issued"], billingKey],
  schedules: [["order", "status", "amount:number", "key", "due", "result"], schedule],
  webhooks: [["webhook", "status", "answer", "url", "at", "actions"], webhook],
  journal: [["request", "operation", "answer", "took", "at"], call],
};

export function headOf(tab) {
  const cells = LISTS[tab][0].map((column) => {
    const [key, style] = column.split(":");
    const words = say(`column.${key}`);
    return make("th", { scope: "col", class: style }, key === "actions" ? make("span", { class: "visually-hidden" }, words) : words);
  });
  return make("thead", {}, make("tr", {}, ...cells));
}

export const rowOf = (tab, record, does, isNew) =>
  make("tr", { id: `row-${record.key}`, "data-row": record.key, class: isNew ? "new" : null }, ...LISTS[tab][1](record, does));
