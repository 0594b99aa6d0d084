// The head of every page: where we are, which shop, what time it is there, and whether the sandbox is still there.
import { ask, call, here, shop } from "./api.js";
import { $, keepingFocus, make } from "./elements.js";
import { time } from "./format.js";
import { keysButton } from "./keys.js";
import { choose, current, other, say, translate } from "./language.js";
import { badge, code, toast } from "./parts.js";
import { play } from "./play.js";
import { read } from "./record.js";

const EVERY = 1000;
const PAGES = { payments: "/", control: "/control", findings: "/findings" };
let clock = null;
let known = null;
let recorded = "";

export function showTime(answer) {
  clock = answer;
  $("now").textContent = time(answer.now);
  $("pace").textContent = say(answer.frozen ? "app.frozen" : "app.running");
}

async function day(page) {
  await (page.play ?? play)("clock", { advance: 86400 }, { done: (answer) => say("app.moved", { now: time(answer.now) }) });
  await page.refresh();
}

function shops() {
  const names = [...new Set([...(known?.shops ?? []), ...(shop ? [shop] : [])])];
  if (!names.length) return null;
  const go = (event) => location.assign(here(location.pathname.replace(/^\/_sandbox\/shops\/[^/]+/, ""), event.target.value || null));
  const option = (name) => make("option", { value: name, selected: name === (shop ?? "") }, name || say("app.main"));
  return make("label", { class: "shop" }, make("span", { class: "visually-hidden" }, say("app.shop")), make("select", { id: "shop", change: go }, option(""), ...names.map(option)));
}

function language(page) {
  const turn = () => {
    choose(other(), { keep: true });
    draw(page);
    page.draw();
    $("language").focus();
  };
  return make("button", { type: "button", class: "plain small", id: "language", lang: other(), click: turn }, say("app.language"));
}

function draw(page) {
  const link = ([name, address]) => make("a", { href: here(address), "aria-current": name === page.name ? "page" : null }, say(`nav.${name}`),
    name === "findings" && known?.findings ? make("span", { class: "count bad" }, String(known.findings)) : null);
  const record = read();
  recorded = JSON.stringify([record.on, record.steps.length]);
  document.title = `${say(`nav.${page.name}`)} · ${say("app.name")}`;
  $("top").replaceChildren(
    make("div", { class: "brand" },
      make("img", { src: new URL("icon.svg", import.meta.url).href, alt: "", width: 34, height: 34 }),
      make("div", {}, make("strong", {}, say("app.name")), make("p", {}, make("span", { class: "live", id: "live" }, say("app.live")), " ", code(location.host)))),
    shops() ?? "",
    make("nav", { class: "nav", "aria-label": say("app.nav") }, ...Object.entries(PAGES).map(link)),
    make("div", { class: "clock" },
      record.on ? make("a", { class: "recording", href: here("/control#record") }, say("app.recording", { n: record.steps.length })) : null,
      make("span", { class: "visually-hidden" }, say("app.clock")), make("time", { id: "now" }), make("span", { class: "quiet small" }, "KST"), badge(""),
      make("button", { type: "button", class: "small", id: "day", click: () => day(page) }, say("app.day"))),
    language(page));
  $("top").querySelector(".clock .badge").id = "pace";
  $("foot").replaceChildren(keysButton());
  if (clock) showTime(clock);
  translate();
}

// Nothing is drawn that is there already, so that what has the focus keeps it.
function redraw(page) {
  const { on, steps } = read();
  if (recorded !== JSON.stringify([on, steps.length])) keepingFocus(() => draw(page));
}

// What every page has in its head: the other shops, and how many rules of the linter found something.
async function learnMore(page) {
  try {
    const [list, lint] = await Promise.all([call("GET", "/_sandbox/shops"), ask("lint")]);
    known = { shops: list.map((one) => one.name), findings: new Set(lint.findings.map((one) => one.rule)).size };
    if (!$("top").contains(document.activeElement)) draw(page);
  } catch {
    // the page itself tells that the sandbox is not there
  }
}

// page: { name, draw(), load() -> clock, play?, every? }, which gets refresh() and learn(). Asks again while the page is visible, and tells when nobody answers.
export async function begin(page) {
  let asking = false;
  const lost = (is) => {
    $("lost").hidden = !is;
    $("live").classList.toggle("off", is);
    $("live").textContent = say(is ? "app.off" : "app.live");
  };
  page.refresh = async () => {
    if (asking) return;
    asking = true;
    try {
      const answer = await page.load();
      redraw(page);
      if (answer) showTime(answer);
      lost(false);
    } catch (error) {
      lost(error.status === undefined);
      if (error.status !== undefined) toast(error.message, "bad");
    } finally {
      asking = false;
    }
  };
  page.learn = () => learnMore(page);
  choose();
  document.documentElement.lang = current();
  draw(page);
  await page.refresh();
  setInterval(() => document.hidden || page.refresh(), page.every ?? EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || page.refresh());
  await learnMore(page);
}
