// The clock: set, advanced, frozen, or faster than ours.
import { make } from "../shared/elements.js";
import { number, secondsOf, time } from "../shared/format.js";
import { say } from "../shared/language.js";
import { button } from "../shared/parts.js";
import { card, field, form, note, select } from "./forms.js";

const RATES = [1, 60, 1440];
// The next minute: the clock goes forward only.
const nextMinute = (now) => time(now + 60).slice(0, 16).replace(" ", "T");

export function clock(room, play) {
  const step = (key, seconds) => button(say(key), () => play("clock", { advance: seconds }));
  const days = (v) => play("clock", { advance: Math.round(Number(v.days) * 86400) });
  return card("clock", note("room.clock.note"),
    form("room.clock.set", (v) => play("clock", { date: secondsOf(v.at) }),
      field("room.clock.set", make("input", { type: "datetime-local", name: "at", value: nextMinute(room.clock.now), required: true })),
      make("div", { class: "toolbar" }, make("button", { class: "primary small" }, say("room.clock.go")), step("app.hour", 3600), step("app.day", 86400), step("app.month", 2592000))),
    form("room.clock.days", days, make("div", { class: "toolbar" },
      make("input", { type: "number", name: "days", class: "short", min: 1, max: 3650, step: 1, value: 7, required: true, "aria-label": say("room.clock.days") }), make("button", { class: "small" }, say("room.clock.days.go")))),
    form("room.clock.rate", (v) => play("clock", { rate: Number(v.rate) }),
      field("room.clock.rate", select("rate", RATES.map((n) => [n, say("room.clock.rate.n", { n: number(n) })]))),
      make("div", { class: "toolbar" }, make("button", { class: "small" }, say("room.clock.run")), button(say("room.clock.freeze"), () => play("clock", { frozen: true })))));
}

// A time that has passed meanwhile would be refused.
export function fillClock(room) {
  const at = document.querySelector("#clock [name=at]");
  if (at !== document.activeElement && !(secondsOf(at.value) > room.clock.now)) at.value = nextMinute(room.clock.now);
}
