// The shop itself: its channels, other shops, snapshots, scenarios, and a fresh start.
import { here, shop } from "../shared/api.js";
import { confirmed } from "../shared/dialogs.js";
import { $, make } from "../shared/elements.js";
import { plainly, time } from "../shared/format.js";
import { pick, say } from "../shared/language.js";
import { badge, button, code, toast } from "../shared/parts.js";
import { card, check, field, form, go, grid, heading, list, note, nothing, select, text } from "./forms.js";

const TYPES = ["payment", "certification"];

export function channels(_room, play) {
  const add = (v) => play("channels/adopt", { pg: v.pg, mid: v.mid, ...(v.key ? { key: v.key } : {}), type: v.type, sandbox: v.sandbox === "on" });
  return card("channels", heading("room.channels.unknown"), list("unknown", "room.channels.unknown"),
    make("details", { class: "more" }, make("summary", { id: "channel-count" }), list("known", "room.channels.here")),
    make("details", { class: "more" }, make("summary", {}, say("room.channels.add")), form("room.channels.add", add, grid(
      field("room.pg", text("pg", "", { required: true })), field("room.channels.mid", text("mid", "", { required: true })),
      field("room.channels.key", text("key")), field("room.channels.type", select("type", TYPES)), check("sandbox", "room.channels.test")), go("room.channels.add.go"))),
    make("details", { class: "more" }, make("summary", {}, say("room.channels.import")), note("room.channels.import.note"),
      form("room.channels.import", (v) => pasted(v.json, play), field("room.channels.json", make("textarea", { name: "json", rows: 5, required: true, spellcheck: "false", autocomplete: "off" })), go("room.channels.import.go"))));
}

// Only the keys leave the page: what else stands in the answer stays in the field.
const KEPT = ["channel_key", "channel_name", "pg_id", "pg_provider", "sandbox", "type"];

async function pasted(text, play) {
  let answer = null;
  try {
    answer = JSON.parse(text);
  } catch {
    // shown below
  }
  const rows = Array.isArray(answer) ? answer : answer?.response;
  if (!Array.isArray(rows) || !rows.every((row) => row && typeof row === "object")) return toast(say("room.channels.import.bad"), "bad");
  const tables = rows.map((row) => ("pg_provider" in row ? Object.fromEntries(KEPT.filter((name) => name in row).map((name) => [name, row[name]])) : row));
  return play("channels/import", { channels: tables });
}

// A pg says which PG it is. A key does not, so the user has to choose.
function adopt(one, pgs, play) {
  if (one.name === "pg") {
    const [pg, ...mid] = one.value.split(".");
    return button(say("room.channels.adopt"), () => play("channels/adopt", { pg, ...(mid.length ? { mid: mid.join(".") } : {}) }), { class: "small primary", "aria-label": `${say("room.channels.adopt")}: ${one.value}` });
  }
  return form("room.channels.adopt", (v) => play("channels/adopt", { pg: v.pg, key: one.value }), make("div", { class: "toolbar" },
    select("pg", pgs, { "aria-label": say("room.channels.as") }), make("button", { class: "small primary", "aria-label": `${say("room.channels.adopt")}: ${one.value}` }, say("room.channels.adopt"))));
}

export function fillChannels(room, play) {
  const pgs = [...new Set(room.channels.filter((one) => one.type === "payment").map((one) => one.pg_provider))];
  const unknown = (one) => make("li", {}, make("span", { class: "grow" }, code(plainly(one.value)), make("small", {}, say("room.channels.seen", { n: one.times }))), adopt(one, pgs, play));
  const known = (one) => make("li", {}, make("span", { class: "grow" }, code(plainly(`${one.pg_provider}.${one.pg_id}`)), one.sandbox ? [" ", badge(say("room.channels.test"), "info")] : null, make("small", {}, `${one.type} · `, code(one.channel_key))));
  $("channel-count").textContent = `${say("room.channels.here")} ${room.channels.length}`;
  $("unknown").replaceChildren(...(room.unknown.length ? room.unknown.map(unknown) : [nothing("room.channels.none")]));
  $("known").replaceChildren(...room.channels.map(known));
}

export function shops(room, play) {
  const reset = async () => (await confirmed(say("room.reset"), say("room.reset.sure"), say("room.reset"), say("room.reset.no"))) && play("reset", {});
  const scenarios = room.scenarios.map((one) => [one.name, pick({ ko: one.about_ko, en: one.about })]);
  return card("shops", note("room.shops.note"),
    form("room.shops.add", (v) => location.assign(here("/control", v.name)), field("room.shops.name", text("name", "", { required: true, pattern: "[A-Za-z0-9][A-Za-z0-9._\\-]{0,79}" })), go("room.shops.go")),
    heading("room.scenarios"), form("room.scenarios", (v) => play("scenarios", { name: v.name }), field("room.scenarios.which", select("name", scenarios)), go("room.scenarios.go")),
    heading("room.snapshots"), form("room.snapshots", (v) => play("snapshots", { name: v.name }), field("room.snapshots.name", text("name", "before", { required: true, maxlength: 80 })), go("room.snapshots.take")),
    list("snapshots", "room.snapshots"),
    heading("room.reset"), make("p", { class: "quiet small" }, shop ? code(shop) : say("app.main")), make("div", {}, button(say("room.reset"), reset, { class: "danger", id: "reset" })));
}

export function fillShops(room, play) {
  const act = (key, one, press) => button(say(key), press, { "aria-label": `${say(key)}: ${one.name}` });
  const row = (one) => make("li", {}, make("span", { class: "grow" }, code(plainly(one.name)), make("small", { class: "num" }, `${time(one.now)} KST · ${say("room.snapshots.payments", { n: one.payments })}`)),
    act("room.snapshots.restore", one, () => play("snapshots/restore", { name: one.name })), act("room.snapshots.delete", one, () => play("snapshots/delete", { name: [one.name] })));
  $("snapshots").replaceChildren(...(room.snapshots.length ? room.snapshots.map(row) : [nothing("room.snapshots.none")]));
}
