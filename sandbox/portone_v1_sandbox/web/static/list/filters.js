// The search field and the filters beside it, which fold on a telephone.
import { ask } from "../shared/api.js";
import { $, make } from "../shared/elements.js";
import { nameOf, say } from "../shared/language.js";

const FIELDS = ["q", "pg", "method", "within", "min", "max"];
const METHODS = ["card", "trans", "vbank", "phone", "kakaopay", "naverpay", "tosspay", "payco", "samsung", "cvs"];
const PERIODS = [["", "all"], ["3600", "hour"], ["86400", "day"], ["2592000", "month"]];
const WAIT = 180;
const wide = matchMedia("(min-width: 761px)");
let pgs = [];

function options(id, entries, chosen) {
  const all = entries.some(([value]) => value === chosen) ? entries : [...entries, [chosen, chosen]];
  $(id).replaceChildren(...all.map(([value, words]) => make("option", { value, selected: value === chosen }, words)));
}

// Fields that have the focus are left alone.
export function showFilters(query) {
  options("pg", [["", say("list.all")], ...pgs.map((pg) => [pg, pg])], query.pg);
  options("method", [["", say("list.all")], ...METHODS.map((one) => [one, nameOf("means", one)])], query.method);
  options("within", PERIODS.map(([value, key]) => [value, say(`list.time.${key}`)]), query.within);
  for (const id of ["q", "min", "max"]) if (document.activeElement !== $(id)) $(id).value = query[id];
}

// From the size of a tablet on the filters share the line of the search field.
function place() {
  const line = document.querySelector("#find > .line");
  const fold = $("filters");
  const fields = document.querySelectorAll("#find .field:not(.search)");
  (wide.matches ? line : fold.querySelector(".line")).append(...fields);
  fold.hidden = wide.matches;
  line.append($("clear"));
}

export function listenToFilters(look) {
  let waiting = 0;
  const go = () => {
    clearTimeout(waiting);
    look(Object.fromEntries(FIELDS.map((id) => [id, $(id).value])));
  };
  $("find").addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
  $("find").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(go, WAIT);
  });
  wide.addEventListener("change", place);
  place();
  ask("settings").then(({ channels }) => {
    pgs = [...new Set(channels.filter((one) => one.type === "payment").map((one) => one.pg))].sort();
    options("pg", [["", say("list.all")], ...pgs.map((pg) => [pg, pg])], $("pg").value);
  }, () => {});
}
