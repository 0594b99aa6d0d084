// A bad network and bad banks: the next calls break, the next charges are declined.
import { make } from "../shared/elements.js";
import { plainly } from "../shared/format.js";
import { nameOf, say } from "../shared/language.js";
import { button } from "../shared/parts.js";
import { card, count, field, form, given, go, grid, heading, select, text } from "./forms.js";

const FAULTS = {
  502: { kind: "fail", status: 502, executed: true }, 503: { kind: "fail", status: 503, executed: false }, cut: { kind: "cut" },
  delay: { kind: "delay", seconds: 30 }, html: { kind: "html" }, duplicate: { kind: "duplicate" },
};

export function faults(room, play) {
  const arm = (v) => play("faults", given({ ...FAULTS[v.kind], operation: v.operation, count: Number(v.count) }));
  const decline = (v) => play("declines", given({ message: v.message, outcome: v.outcome, count: Number(v.count) }));
  const outcomes = ["failed", "refused"].map((value) => [value, say(`room.decline.${value}`)]);
  return card("faults",
    form("room.faults", arm, grid(field("room.faults.kind", select("kind", Object.keys(FAULTS).map((kind) => [kind, say(`room.faults.${kind}`)]))),
      field("room.faults.operation", select("operation", [["", say("room.faults.any")], ...room.operations])), count()), go("room.faults.go")),
    heading("room.decline"),
    form("room.decline", decline, grid(field("room.decline.message", text("message", "[SB02] 한도초과"), "full"), field("room.decline.how", select("outcome", outcomes)), count()), go("room.decline.go")));
}

// What is armed: how it breaks, which calls, and how often still.
export function armed(room, play) {
  const fault = (one) => {
    const status = ["fail", "html"].includes(one.kind) ? ` ${one.status}` : "";
    return `${nameOf("fault", one.kind)}${status} · ${one.operation ?? say("room.faults.any")} × ${one.left}`;
  };
  const row = (one, what) => make("li", {}, make("bdi", { class: "grow" }, plainly(what)),
    button("✕", () => play("faults/remove", { number: [String(one.number)] }), { "aria-label": say("room.remove", { what: plainly(what) }) }));
  const all = [...room.faults.map((one) => row(one, fault(one))), ...room.declines.map((one) => row(one, `${one.message} × ${one.left}`))];
  if (!all.length) return [make("p", { class: "quiet small" }, say("room.armed.none"))];
  return [make("ul", { class: "rows" }, ...all), button(say("room.armed.clear"), () => play("faults/clear", {}))];
}
