// Elements of a page. Text stays text: nothing here takes markup.
export const $ = (id) => document.getElementById(id);

// make("td", { class: "x", click: press }, "text", otherElement)
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false && child !== ""));
  return element;
}

// What is drawn anew must not lose the keyboard: the focus goes back to what has the same name.
export function keepingFocus(draw) {
  const back = focusKept();
  draw();
  back();
}

// Return what gives the focus back to the element that has it now, or to the one that was drawn in its place.
export function focusKept() {
  const at = document.activeElement;
  const name = at?.id || at?.getAttribute("data-key") || at?.getAttribute("aria-label");
  const root = at?.closest("form, section, tr, header")?.id;
  return () => {
    if (!name || document.activeElement !== document.body) return;
    const within = document.getElementById(root) ?? document;
    const named = (one) => one.id === name || one.dataset.key === name || one.getAttribute("aria-label") === name;
    [...within.querySelectorAll("button, a, input, select, summary, [tabindex]")].find(named)?.focus({ preventScroll: true });
  };
}
