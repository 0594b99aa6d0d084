// Buyers, banks and the console: payments, refunds, deposits and approvals that come late.
import { ask } from "../shared/api.js";
import { make } from "../shared/elements.js";
import { sum } from "../shared/format.js";
import { nameOf, say } from "../shared/language.js";
import { card, field, form, given, go, grid, heading, note, select, text, uidOf } from "./forms.js";

const OUTCOMES = [["paid", "ok"], ["failed", "failed"], ["ready", "leave"]];

export function buy(room, play) {
  const pay = (v) => play("payments", given({ ...v, amount: sum(v.amount) }));
  const pgs = [...new Set(room.channels.filter((one) => one.type === "payment").map((one) => one.pg_provider))];
  return card("buy", form("room.buy", pay, grid(
    field("room.order", text("merchant_uid", `order-${String(room.clock.now).slice(-6)}`, { required: true })), field("room.amount", text("amount", "32,000", { inputmode: "numeric", required: true })),
    field("room.method", select("pay_method", room.pay_methods.map((name) => [name, nameOf("means", name)]))), field("room.pg", select("pg", pgs)),
    field("room.buy.outcome", select("status", OUTCOMES.map(([value, key]) => [value, say(`room.buy.${key}`)])), "full")), go("room.buy.go", "primary")));
}

// A bank refuses another amount than the account expects: a thousand more than the payment's.
const wrong = async (uid) => (await ask(`payments/${uid}`)).payment.amount + 1000;

export function money(_room, play) {
  const id = () => field("room.money.id", text("id", "", { required: true }), "full");
  const refund = async (v) => play("cancels", given({ imp_uid: await uidOf(v.id), amount: v.amount && sum(v.amount), reason: v.reason }));
  const deposit = async (v, which) => {
    const uid = await uidOf(v.id);
    const amount = which === "wrong" ? await wrong(uid).catch(() => 1000) : v.amount && sum(v.amount);
    return play("deposits", given({ imp_uid: uid, amount, depositor_name: v.name }));
  };
  const late = async (v) => play("payments/late", { imp_uid: await uidOf(v.id) });
  return card("money",
    heading("room.refund.go"), form("room.refund.go", refund, grid(id(), field("room.refund.full", text("amount", "", { inputmode: "numeric" })), field("refund.reason", text("reason"))), go("room.refund.go")),
    heading("room.deposit"), note("room.deposit.note"),
    form("room.deposit", deposit, grid(id(), field("room.amount", text("amount", "", { inputmode: "numeric" })), field("room.deposit.name", text("name"))),
      make("div", { class: "toolbar" }, make("button", {}, say("room.deposit.go")), make("button", { class: "danger", value: "wrong" }, say("room.deposit.wrong")))),
    heading("room.late"), note("room.late.note"), form("room.late", late, grid(id()), go("room.late.go")));
}
