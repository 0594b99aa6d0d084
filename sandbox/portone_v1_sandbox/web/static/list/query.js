// What is asked for, which stands in the address: Back, reload and a pasted link keep the place.
import { sum } from "../shared/format.js";

export const TABS = ["payments", "billing_keys", "schedules", "webhooks", "journal"];
const TEXTS = ["q", "pg", "method", "min", "max", "within", "after", "before"];
const PLACE = { after: "", before: "" };
const NOTHING = { q: "", pg: "", method: "", min: "", max: "", within: "", status: [], ...PLACE };

export function read() {
  const url = new URLSearchParams(location.search);
  const tab = TABS.includes(url.get("tab")) ? url.get("tab") : TABS[0];
  const texts = Object.fromEntries(TEXTS.map((name) => [name, url.get(name) ?? ""]));
  return { ...NOTHING, ...texts, status: (url.get("status") ?? "").split(",").filter(Boolean), tab };
}

export const cleared = (query) => ({ ...query, ...NOTHING });
export const changed = (query, values) => ({ ...query, ...PLACE, ...values });
export const turned = (query, tab) => changed(query, { tab, status: [] });
export const toggled = (query, name) =>
  changed(query, { status: query.status.includes(name) ? query.status.filter((one) => one !== name) : [...query.status, name] });
export const hasConditions = (query) => Boolean(query.status.length) || ["q", "pg", "method", "min", "max", "within"].some((name) => query[name]);

function pairs(query) {
  const texts = TEXTS.filter((name) => query[name].trim()).map((name) => [name, query[name].trim()]);
  return query.status.length ? [...texts, ["status", query.status.join(",")]] : texts;
}

// The address of the page. What is not ours, like the shop, stays.
export function address(query) {
  const url = new URLSearchParams(location.search);
  for (const name of [...TEXTS, "status", "tab"]) url.delete(name);
  for (const [name, value] of [...(query.tab === TABS[0] ? [] : [["tab", query.tab]]), ...pairs(query)]) url.set(name, value);
  return `${location.pathname}${[...url].length ? `?${url}` : ""}`;
}

// What the server is asked. `now` is the sandbox's time.
export function wanted(query, now) {
  const asked = new URLSearchParams(pairs(query).map(([name, value]) => [name, value.toWellFormed()]));
  for (const name of ["min", "max"]) if (asked.has(name)) asked.set(name, String(Math.trunc(sum(asked.get(name)))));
  if (asked.has("within")) asked.set("from", String(Math.max(0, now - Number(query.within))));
  asked.delete("within");
  asked.set("limit", "25");
  return `list/${query.tab}?${asked}`;
}
