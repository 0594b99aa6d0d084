// Webhooks: where they go, held ones in another order, lost ones, and those that were sent.
import { timelineOf } from "../shared/api.js";
import { $, make } from "../shared/elements.js";
import { plainly } from "../shared/format.js";
import { say } from "../shared/language.js";
import { answered, button, status } from "../shared/parts.js";
import { card, check, field, form, go, heading, nothing, text } from "./forms.js";

const SHOWN = 5;
let order = [];
const named = (one) => `#${one.number}`;

export function webhooks(room, play) {
  const hold = (event) => play(event.target.checked ? "webhooks/hold" : "webhooks/release", {});
  return card("webhooks",
    form("room.webhooks.url", (v) => play("webhooks/settings", { url: v.url }), field("room.webhooks.url", text("url", room.webhooks.url ?? "", { placeholder: "http://127.0.0.1:8000/portone/webhook" })), go("room.webhooks.save")),
    make("div", { class: "rows" }, check("hold", "room.webhooks.hold", { id: "hold", change: hold }), make("ol", { class: "rows", id: "queue", "aria-label": say("room.webhooks.queue") })),
    make("div", { class: "toolbar" }, button(say("room.webhooks.release"), () => play("webhooks/release", { number: order.map((one) => String(one.number)) }), { id: "release" }),
      button(say("room.webhooks.lose"), () => play("webhooks/drop", { next: 1 }))),
    heading("room.webhooks.latest"), make("ul", { class: "rows", id: "sent" }));
}

function waiting(play) {
  const row = (one, n) => {
    const act = (key, label, press, disabled = false) => button(label, press, { disabled, "aria-label": say(key, { what: named(one) }) });
    const move = (by) => () => {
      order.splice(n + by, 0, order.splice(n, 1)[0]);
      waiting(play);
      $("queue").children[n + by].querySelector("button:not([disabled])").focus();
    };
    return make("li", {}, make("span", { class: "grow" }, make("strong", {}, named(one)), " ", status(one.status), make("small", {}, make("bdi", {}, plainly(one.merchant_uid)))),
      act("room.webhooks.up", "↑", move(-1), n === 0), act("room.webhooks.down", "↓", move(1), n === order.length - 1),
      act("room.webhooks.drop", "✕", () => play("webhooks/drop", { number: [String(one.number)] })));
  };
  $("release").disabled = !order.length;
  $("queue").replaceChildren(...(order.length ? order.map(row) : [nothing("room.webhooks.none")]));
}

function sent(room, play) {
  const row = (one) => make("li", {},
    make("span", { class: "grow" }, make("a", { href: timelineOf(one.imp_uid) }, named(one)), " ", status(one.status), " ", one.error || one.answer ? answered(one.answer, one.error) : status(one.state), make("small", {}, make("bdi", {}, plainly(one.merchant_uid)))),
    button(say("room.webhooks.again", { what: named(one) }), () => play("webhooks/resend", { number: [String(one.number)] })));
  const over = room.webhooks.latest.filter((one) => one.state !== "waiting").slice(0, SHOWN);
  $("sent").replaceChildren(...(over.length ? over.map(row) : [nothing("room.webhooks.sent.none")]));
}

// Webhooks that the user has moved keep their order while others come.
export function fillWebhooks(room, play) {
  const now = room.webhooks.waiting;
  const rank = new Map(order.map((one, n) => [one.number, n]));
  order = [...now].sort((a, b) => (rank.get(a.number) ?? now.length) - (rank.get(b.number) ?? now.length));
  $("hold").checked = room.webhooks.held;
  waiting(play);
  sent(room, play);
}
