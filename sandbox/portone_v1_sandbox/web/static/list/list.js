// The list: searches on the server, keeps every condition in the address, and never moves by itself.
import { ask } from "../shared/api.js";
import { $, keepingFocus, make } from "../shared/elements.js";
import { atLeast, compact, money, number } from "../shared/format.js";
import { begin } from "../shared/head.js";
import { learn, nameOf, say, translate } from "../shared/language.js";
import { refundDialog } from "../shared/dialogs.js";
import { toast } from "../shared/parts.js";
import { ACTIONS, play, played } from "../shared/play.js";
import { APP } from "../words/app.js";
import { LIST } from "../words/list.js";
import { MEANS } from "../words/means.js";
import { listenToFilters, showFilters } from "./filters.js";
import { empty, pager } from "./pages.js";
import { address, changed, cleared, hasConditions, read, TABS, toggled, turned, wanted } from "./query.js";
import { headOf, rowOf } from "./rows.js";

let query = read();
let shown = null; // the page of the list
let latest = { now: 0, frozen: false, totals: {}, sums: [], seen: "" }; // what is asked every second
let fresh = 0;
let fromTop = 0; // rows at the top that are new
let search = 0;

learn(APP, MEANS, LIST);

const page = { name: "payments", draw, load };

// What the user asks for goes into the history; what they type replaces it. Returns whether it is drawn.
async function look(next, { push = false } = {}) {
  const mine = ++search;
  query = next;
  history[push ? "pushState" : "replaceState"](null, "", address(query));
  try {
    const answer = await ask(wanted(query, latest.now));
    if (mine !== search) return false; // an older answer
    shown = answer;
    latest.totals = answer.totals;
    fresh = 0;
    keepingFocus(draw);
    return true;
  } catch (error) {
    toast(error.status ? error.message : say("app.lost"), "bad");
    return false;
  }
}

async function does(name, record) {
  const after = () => page.refresh();
  if (name === "cancel") return refundDialog(record, async (body) => {
    await played("cancels", body, { tier: record.tier });
    await after();
  });
  if (name === "resend") {
    await play("webhooks/resend", { number: [String(record.number)] });
    return look(query);
  }
  await play(...ACTIONS[name](record), { tier: record.tier });
  await after();
}

const hitsOf = (name) => (query.q ? (name === query.tab ? shown?.count : shown?.elsewhere[name]) : { value: latest.totals[name] ?? 0, exact: true });

function showTabs() {
  const tabs = TABS.map((name) => {
    const { value: hits, exact } = hitsOf(name) ?? { value: 0, exact: true };
    return make("button", {
      type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "panel", "aria-selected": String(name === query.tab),
      tabindex: name === query.tab ? 0 : -1, title: atLeast(hits, exact), click: () => turn(name),
    }, say(`tab.${name}`), make("span", { class: `count ${query.q && (hits || !exact) ? "hit" : ""}` }, `${compact(hits)}${exact ? "" : "+"}`));
  });
  $("tabs").replaceChildren(...tabs);
  $("panel").setAttribute("aria-labelledby", `tab-${query.tab}`);
}

async function turn(name) {
  await look(turned(query, name), { push: true });
  $(`tab-${name}`).focus();
}

function showSums() {
  const sums = latest.sums.length ? latest.sums : [{ currency: "KRW", charged: 0, refunded: 0 }];
  const one = (key, style, n, currency) => make("div", {}, make("dt", {}, say(`list.${key}`)), make("dd", { class: style }, money(n, currency)));
  $("sums").replaceChildren(...sums.flatMap(({ currency, charged, refunded }) => [
    one("charged", "", charged, currency), one("refunded", "wait-text", refunded, currency), one("left", "good-text", charged - refunded, currency),
  ]));
}

function showStates() {
  const states = new Set([...query.status, ...Object.keys(shown?.facets.status ?? {})]);
  const press = (name) => async () => {
    await look(toggled(query, name), { push: true });
    document.querySelector(`[data-key="state-${name}"]`)?.focus();
  };
  $("states").replaceChildren(...[...states].map((name) =>
    make("button", { type: "button", "data-key": `state-${name}`, "aria-pressed": String(query.status.includes(name)), click: press(name) },
      nameOf("status", name), make("span", { class: "n" }, atLeast(shown?.facets.status[name] ?? 0, shown?.facets.exact ?? true)))));
}

function showMeaning() {
  $("meant").hidden = !shown.meant;
  if (shown.meant) {
    const { by, value } = shown.meant;
    const n = by === "status" ? nameOf("status", value) : by === "amount" ? number(value) : value;
    $("meant").textContent = say("list.meant", { what: say(`list.meant.${by}`, { n }) });
  }
  const count = atLeast(shown.count.value, shown.count.exact);
  $("found").textContent = hasConditions(query) ? say("list.found", { n: count }) : "";
}

function showRows() {
  const rows = shown.rows.map((record, n) => rowOf(query.tab, record, does, n < fromTop));
  if (!rows.length) return $("rows").replaceChildren(empty(shown, query, clear));
  const caption = make("caption", { class: "visually-hidden" }, say(`tab.${query.tab}`));
  $("rows").replaceChildren(make("table", { class: query.tab }, caption, headOf(query.tab), make("tbody", {}, ...rows)), pager(shown, query, look));
}

function showFresh() {
  $("fresh").hidden = !fresh;
  $("fresh").textContent = say("list.fresh", { n: number(fresh) });
}

function draw() {
  translate();
  showTabs();
  showSums();
  showFilters(query);
  $("clear").hidden = !hasConditions(query);
  showFresh();
  if (!shown) return;
  showStates();
  showMeaning();
  showRows();
}

function clear() {
  for (const id of ["q", "min", "max"]) $(id).value = "";
  look(cleared(query), { push: true });
  $("q").focus();
}

// Known rows change in place; new ones wait behind a button, unless there is nothing that could move.
async function load() {
  const ids = (shown?.rows ?? []).map((row) => row.key).join(",");
  const total = shown?.totals[query.tab];
  const asked = search;
  const now = await ask(`changes/${query.tab}?${new URLSearchParams({ seen: latest.seen, ids, ...(total === undefined ? {} : { since: total }) })}`);
  const totals = now.totals ?? latest.totals;
  const changes = new Map((now.changed ?? []).map((row) => [row.key, row]));
  const gone = now.changed && shown?.rows.some((row) => !changes.has(row.key)); // a reset, or another server
  latest = { ...latest, ...now, totals, seen: latest.seen };
  if (asked !== search) return latest; // another page is being asked for
  // What is not drawn counts as not seen, so that the next poll brings it again.
  if (!shown || gone || (now.fresh && !shown.rows.length)) {
    if (await look(query)) latest.seen = now.seen;
    return latest;
  }
  if (now.changed) {
    shown.rows = shown.rows.map((row) => changes.get(row.key) ?? row);
    keepingFocus(() => {
      for (const row of document.querySelectorAll("#rows tbody tr")) {
        const record = changes.get(row.dataset.row);
        if (record) row.replaceWith(rowOf(query.tab, record, does, row.classList.contains("new")));
      }
      showTabs();
      showSums();
    });
  }
  latest.seen = now.seen;
  fresh = now.fresh ?? 0;
  showFresh();
  return latest;
}

$("clear").addEventListener("click", clear);
$("fresh").addEventListener("click", async () => {
  fromTop = fresh;
  await look(changed(query, {}));
  fromTop = 0;
  $("panel").focus({ preventScroll: true });
});
$("tabs").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const edge = { Home: 0, End: TABS.length - 1 }[event.key];
  if (step === undefined && edge === undefined) return;
  event.preventDefault();
  turn(TABS[edge ?? (TABS.indexOf(query.tab) + step + TABS.length) % TABS.length]);
});
window.addEventListener("popstate", () => look(read()));
listenToFilters((values) => look(changed(query, values)));
await begin(page);
