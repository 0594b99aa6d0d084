// What forms of the control room are made of. Each is one control call, and its button waits for the answer.
import { ask } from "../shared/api.js";
import { make } from "../shared/elements.js";
import { known, say } from "../shared/language.js";

const option = (one) => (Array.isArray(one) ? make("option", { value: one[0] }, one[1]) : make("option", {}, one));
export const field = (key, control, style = "") => make("label", { class: `field ${style}` }, make("span", {}, known(key) ? say(key) : key), control);
export const text = (name, value = "", extra = {}) => make("input", { type: "text", name, value, autocomplete: "off", ...extra });
export const select = (name, entries, extra = {}) => make("select", { name, ...extra }, ...entries.map(option));
export const count = () => field("room.count", make("input", { type: "number", name: "count", value: 1, min: 1, max: 1000 }));
export const check = (name, key, extra = {}) => make("label", { class: "check" }, make("input", { type: "checkbox", name, ...extra }), say(key));
export const go = (key, style = "") => make("div", {}, make("button", { class: style }, say(key)));
export const note = (key) => make("p", { class: "quiet" }, say(key));
export const heading = (key) => make("h3", {}, say(key));
export const grid = (...content) => make("div", { class: "grid" }, ...content);
export const given = (body) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== "" && value !== undefined));
export const list = (id, key) => make("ul", { class: "rows", id, "aria-label": say(key) });
export const nothing = (key) => make("li", { class: "quiet small" }, say(key));

export function form(key, submit, ...content) {
  const send = async (event) => {
    event.preventDefault();
    const pressed = event.submitter;
    if (pressed) pressed.disabled = true;
    await submit(Object.fromEntries(new FormData(event.target)), pressed?.value);
    if (pressed) {
      pressed.disabled = false;
      pressed.focus();
    }
  };
  return make("form", { "aria-label": say(key), submit: send }, ...content);
}

export const card = (id, ...content) => make("section", { class: "card play", id, "aria-labelledby": `${id}-h` }, make("h2", { id: `${id}-h` }, say(`room.${id}`)), ...content);

// Orders are what people know: an order number stands for its latest payment.
export async function uidOf(id) {
  if (/^imps?_/.test(id)) return id;
  const found = await ask(`list/payments?q=${encodeURIComponent(id.toWellFormed())}&limit=100`);
  return found.rows.find((row) => row.merchant_uid === id)?.imp_uid ?? id;
}
