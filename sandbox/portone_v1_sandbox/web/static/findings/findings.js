// What the linter found: why it matters for money, the calls that show it, and what to change.
import { ask, timelineOf } from "../shared/api.js";
import { $, keepingFocus, make } from "../shared/elements.js";
import { plainly, time } from "../shared/format.js";
import { begin } from "../shared/head.js";
import { learn, pick, say, translate } from "../shared/language.js";
import { badge, button, code, prose } from "../shared/parts.js";
import { play as control } from "../shared/play.js";
import { APP } from "../words/app.js";
import { FINDINGS } from "../words/findings.js";

const LEVELS = { error: "bad", advice: "wait" };
const MOST = 20;
const off = new Set();
let rules = null; // rule -> { ...words, times, evidence }
let muted = [];
let seen = "";

learn(APP, FINDINGS);

const page = { name: "findings", every: 3000, draw, load };
const word = (rule, name) => pick({ ko: rule[`${name}_ko`], en: rule[name] });

function gather(findings) {
  const found = new Map();
  for (const one of findings) {
    const known = found.get(one.rule) ?? { ...one, times: 0, evidence: [] };
    found.set(one.rule, { ...known, times: known.times + 1, evidence: [...known.evidence, ...one.evidence] });
  }
  return [...found.values()];
}

function evidence(one) {
  const about = [one.imp_uid, one.merchant_uid].filter(Boolean).join(", ");
  const row = one.event ? `#e${one.event}` : "";
  const link = one.imp_uid ? make("a", { href: timelineOf(one.imp_uid, row), "aria-label": `${say("find.open")}: #${one.number}` }, say("find.open")) : null;
  return make("li", {}, make("span", { class: "num quiet" }, time(one.at)), code(plainly(`${one.call} → ${one.status}`)), make("bdi", { class: "quiet small" }, plainly(about)), link);
}

function card(rule, open) {
  const last = Math.max(...rule.evidence.map((one) => one.at));
  const shown = rule.evidence.slice(-MOST).reverse();
  const seenAt = say("find.seen", { n: rule.times, at: `${time(last)} KST` });
  return make("article", { class: "card finding" }, make("details", { id: rule.rule, open },
    make("summary", { class: "stop" }, make("span", { class: "sev" }, badge(say(`find.${rule.level}`), LEVELS[rule.level])),
      make("div", { class: "heading" }, make("h2", {}, prose(word(rule, "title"))), make("small", {}, code(rule.rule), ` · ${seenAt}`))),
    make("div", { class: "inside" }, make("p", {}, prose(word(rule, "why"))),
      make("section", {}, make("h3", {}, say("find.change")), make("p", {}, prose(word(rule, "do")))),
      make("section", {}, make("h3", {}, say("find.evidence")), make("ul", { class: "evidence" }, ...shown.map(evidence)),
        rule.evidence.length > MOST ? make("p", { class: "quiet small" }, say("find.more", { n: rule.evidence.length - MOST })) : null),
      make("div", {}, button(say("find.mute"), () => turn("mute", rule.rule), { "aria-label": `${say("find.mute")}: ${rule.rule}` })))));
}

async function turn(way, rule) {
  const done = () => say(way === "mute" ? "find.muted" : "find.unmuted", { what: rule });
  if (!(await control(`lint/${way}`, { rule }, { done }))) return;
  await page.refresh();
  $("findings-top").focus();
  await page.learn();
}

function drawMuted() {
  const row = (one) => make("li", {}, make("span", { class: "grow" }, prose(word(one, "title")), " ", code(one.rule)),
    make("span", { class: "quiet small num" }, say("find.off.times", { n: one.times })), button(say("find.unmute"), () => turn("unmute", one.rule), { "aria-label": `${say("find.unmute")}: ${one.rule}` }));
  $("muted").replaceChildren(...(muted.length ? [make("h2", { id: "muted-h" }, say("find.off")), make("ul", { class: "off", "aria-labelledby": "muted-h" }, ...muted.map(row))] : []));
}

function drawLevels() {
  const chip = (level) => {
    const turn = () => {
      if (!off.delete(level)) off.add(level);
      keepingFocus(draw);
    };
    const count = rules.filter((rule) => rule.level === level).length;
    return make("button", { type: "button", id: `level-${level}`, "aria-pressed": String(!off.has(level)), click: turn }, say(`find.${level}`), make("span", { class: "n" }, String(count)));
  };
  $("levels").replaceChildren(...Object.keys(LEVELS).map(chip));
}

function draw() {
  translate();
  if (!rules) return;
  drawLevels();
  drawMuted();
  const boxes = [...document.querySelectorAll("#findings details")];
  const open = new Set(boxes.filter((box) => box.open).map((box) => box.id));
  const held = document.activeElement?.closest("#findings details")?.id;
  if (!boxes.length) open.add(location.hash.slice(1) || rules[0]?.rule);
  const shown = rules.filter((rule) => !off.has(rule.level));
  const none = make("div", { class: "card empty" }, make("p", {}, say(rules.length ? "find.hidden" : "find.none")), rules.length ? null : make("p", { class: "small" }, say("find.none.how")));
  $("findings").replaceChildren(...(shown.length ? shown.map((rule) => card(rule, open.has(rule.rule))) : [none]));
  if (held) document.getElementById(held)?.querySelector("summary").focus({ preventScroll: true });
}

async function load() {
  const [clock, lint] = await Promise.all([ask("clock"), ask("lint")]);
  const stamp = JSON.stringify([lint.findings, lint.muted]);
  if (stamp !== seen) {
    seen = stamp;
    rules = gather(lint.findings);
    muted = lint.muted;
    keepingFocus(draw);
  }
  return clock;
}

await begin(page);
document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "start" });
