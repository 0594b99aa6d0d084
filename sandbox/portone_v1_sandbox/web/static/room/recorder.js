// What was recorded, as a test to copy.
import { $, make } from "../shared/elements.js";
import { say } from "../shared/language.js";
import { button, copy, scrolling } from "../shared/parts.js";
import { read, write } from "../shared/record.js";
import { asTest } from "./as-test.js";

// `changed` draws what else shows the recording.
export function recorder(changed) {
  const kept = read();
  const keep = (values) => {
    write({ ...read(), ...values });
    changed();
  };
  const turn = () => {
    keep({ on: !kept.on });
    $("record").querySelector("button").focus();
  };
  const languages = ["Python", "curl"].map((as) => button(as, () => keep({ as }), { "aria-pressed": String(kept.as === as) }));
  const full = kept.steps.length > 0;
  return make("section", { class: "card", id: "record", "aria-labelledby": "record-h" }, make("h2", { id: "record-h" }, say("rec.title")), make("div", { class: "stack" },
    make("div", { class: "toolbar" }, button(say(kept.on ? "rec.stop" : "rec.start"), turn, { class: kept.on ? "small danger" : "small primary" }),
      make("span", { role: "group", class: "toolbar", "aria-label": say("rec.as") }, ...languages), full ? button(say("rec.clear"), () => keep({ steps: [] })) : null),
    full ? make("div", { class: "codebox" }, scrolling(say("rec.title"), { id: "test" }, asTest(kept))) : make("p", { class: "quiet small" }, say("rec.empty")),
    full ? make("div", {}, button(say("rec.copy"), () => copy(asTest(read())))) : null));
}
