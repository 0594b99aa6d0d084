// Dialogs: they take the focus, and give it back when they close.
import { focusKept, make } from "./elements.js";
import { money, number, sum } from "./format.js";
import { say } from "./language.js";

export function dialog(title, ...content) {
  const back = focusKept();
  const close = () => {
    box.remove();
    back(); // The row with the button may have been drawn anew meanwhile.
  };
  const box = make("dialog", { "aria-labelledby": "dialog-title", close }, make("h2", { id: "dialog-title" }, make("bdi", {}, title)), ...content);
  document.body.append(box);
  box.showModal();
  return box;
}

const ends = (box, no, ...more) => make("div", { class: "ends" }, make("button", { type: "button", click: () => box().close() }, no), ...more);

// Ask before something is lost. Nothing happens where the dialog is left.
export function confirmed(title, question, go, no) {
  return new Promise((resolve) => {
    let yes = false;
    const press = () => {
      yes = true;
      box.close();
    };
    const box = dialog(title, make("p", {}, question), ends(() => box, no, make("button", { type: "button", class: "danger", click: press }, go)));
    box.addEventListener("close", () => resolve(yes));
  });
}

// A refund as the merchant's console makes it. `refund` gets what was typed, and raises what the sandbox refuses.
export function refundDialog(payment, refund) {
  const left = payment.amount - payment.cancel_amount;
  const words = () => say("refund.go", { n: money(sum(field.value), payment.currency) });
  const refuse = (text) => {
    problem.textContent = text;
    problem.hidden = false;
    field.setAttribute("aria-invalid", "true");
    field.focus();
  };
  const submit = async (event) => {
    event.preventDefault();
    const asked = sum(field.value);
    if (!(asked > 0 && asked <= left)) return refuse(say("refund.over", { left: money(left, payment.currency) }));
    go.disabled = true;
    try {
      await refund({ imp_uid: payment.imp_uid, amount: asked, reason: reason.value || "dashboard" });
      box.close();
    } catch (error) {
      go.disabled = false;
      refuse(error.status ? error.message : say("app.lost"));
    }
  };
  const field = make("input", { type: "text", inputmode: "decimal", value: number(left), "aria-describedby": "refund-problem", input: () => (go.textContent = words()) });
  const reason = make("input", { type: "text", maxlength: 200 });
  const problem = make("p", { class: "bad-text small", id: "refund-problem", role: "alert", hidden: true });
  const go = make("button", { class: "primary" });
  const box = dialog(say("refund.title", { order: payment.merchant_uid }), make("form", { submit },
    make("label", { class: "field" }, make("span", {}, say("refund.amount", { left: money(left, payment.currency) })), field), problem,
    make("label", { class: "field" }, make("span", {}, say("refund.reason")), reason),
    make("p", { class: "quiet small" }, say("refund.console")), ends(() => box, say("app.cancel"), go)));
  go.textContent = words();
}
