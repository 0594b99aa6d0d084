// One-time codes, and what happens at Naver and at INICIS.
import { $, make } from "../shared/elements.js";
import { time } from "../shared/format.js";
import { say } from "../shared/language.js";
import { code, copyButton } from "../shared/parts.js";
import { card, field, form, given, go, grid, list, note, nothing, select, text, uidOf } from "./forms.js";

export const codes = () => card("codes", note("room.codes.note"), list("numbers", "room.codes"));

export function fillCodes(room) {
  const row = (one) => make("li", {}, make("span", { class: "grow" }, code(one.imp_uid), make("small", { class: "num" }, `~ ${time(one.until).slice(11)} KST`)), make("strong", { class: "num" }, one.otp), copyButton(one.otp, one.otp));
  $("numbers").replaceChildren(...(room.otp.length ? room.otp.map(row) : [nothing("room.codes.none")]));
}

export function events(room, play) {
  const naver = (v) => play("naver/events", { product_order_id: v.id, event: v.event });
  const escrow = async (v) => play("inicis/events", given({ imp_uid: await uidOf(v.id), event: v.event, denied_reason: v.reason }));
  return card("events",
    form("room.events.naver", naver, grid(field("room.events.naver", select("event", room.naver_events)), field("room.events.product", text("id", "", { required: true, list: "product-orders" }))), go("room.events.go"), make("datalist", { id: "product-orders" })),
    form("room.events.escrow", escrow, grid(field("room.events.escrow", select("event", room.escrow_events), "full"), field("room.money.id", text("id", "", { required: true })), field("room.events.reason", text("reason"))), go("room.events.go")));
}

export function fillEvents(room) {
  $("product-orders").replaceChildren(...room.product_orders.map((one) => make("option", { value: one.product_order_id }, `${one.name} · ${one.status}`)));
}
