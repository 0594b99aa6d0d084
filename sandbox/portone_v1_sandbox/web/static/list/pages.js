// What stands below the rows of the list, or in their place.
import { $, make } from "../shared/elements.js";
import { atLeast, number } from "../shared/format.js";
import { say } from "../shared/language.js";
import { hasConditions, TABS } from "./query.js";

// What stands in place of rows.
export function empty(shown, query, clear) {
  const where = TABS.map((name) => [name, shown.elsewhere[name]]).filter(([, hits]) => hits?.value)
    .map(([name, { value, exact }]) => `${say(`tab.${name}`)} ${atLeast(value, exact)}`).join(", ");
  const asked = hasConditions(query);
  return make("div", { class: "empty" },
    make("p", {}, say(asked ? "list.none" : "list.nothing")),
    where ? make("p", {}, say("list.none.else", { where })) : null,
    asked ? make("button", { type: "button", click: clear }, say("list.clear")) : make("p", { class: "small" }, say(`list.nothing.${query.tab}`)));
}

// How many there are, and the way to the other pages.
export function pager(shown, query, look) {
  const go = (key, place) => {
    const press = async () => {
      await look({ ...query, after: "", before: "", ...place }, { push: true });
      $("panel").focus({ preventScroll: true });
      $("panel").scrollIntoView({ block: "nearest" });
    };
    return make("button", { type: "button", class: "small", id: `go-${key}`, disabled: place === null, click: press }, say(`list.${key}`));
  };
  const older = shown.next === null ? null : { after: String(shown.next) };
  const newer = shown.previous === null ? null : { before: String(shown.previous) };
  const count = atLeast(shown.count.value, shown.count.exact);
  return make("nav", { class: "pager", "aria-label": say("list.pager") },
    make("span", { class: "quiet small num" }, say("list.range", { total: count, n: number(shown.rows.length) })),
    make("div", {}, go("first", query.after || query.before ? {} : null), go("previous", newer), go("following", older)));
}
