// What a buyer can choose: means, card, wallet and instalments.
import { $, make } from "../shared/elements.js";
import { nameOf, say } from "../shared/language.js";

const MEANS = ["card", "easy", "vbank", "trans", "phone"];
const WALLETS = ["kakaopay", "naverpay", "tosspay", "payco", "samsung", "ssgpay", "lpay", "applepay"];
export const checked = (name) => document.querySelector(`input[name="${name}"]:checked`)?.value;

function radio(order, name, value, selected, ...children) {
  const input = make("input", { type: "radio", name, value, checked: selected, change: () => arrange(order) });
  return make("label", { class: "choice" }, input, ...children);
}

export function offer(order, cards) {
  // Only a card becomes a billing key.
  const means = order.customer_uid ? ["card"] : [...MEANS];
  const easy = WALLETS.includes(order.pay_method);
  let selected = easy ? "easy" : order.pay_method;
  if (order.customer_uid) selected = "card";
  if (!means.includes(selected)) means.push(selected);
  const label = (name) => nameOf("means", name);
  $("means").replaceChildren(...means.map((name) => radio(order, "means", name, name === selected, make("span", {}, label(name)))));
  $("wallet").replaceChildren(
    ...WALLETS.map((name) => make("option", { value: name, selected: name === order.pay_method }, label(name))),
  );
  $("quota").replaceChildren(
    ...order.months.map((n) => make("option", { value: n }, n ? say("window.quota.n", { n }) : say("window.quota.0"))),
  );
  $("cards").replaceChildren(
    ...cards.map((card, index) => {
      const what = make("span", { class: "what" }, say(`card.${card.name}`), make("small", {}, `${card.company} ${card.number}`));
      const works = card.behaviour === "works";
      const badge = make("span", { class: `badge ${works ? "good" : "bad"}` }, works ? say("card.works") : card.reason);
      return radio(order, "card", card.name, index === 0, what, badge);
    }),
  );
}

// Show what belongs to the chosen means.
export function arrange(order) {
  const means = checked("means");
  $("means-group").hidden = Boolean(order.customer_uid);
  $("card-group").hidden = means !== "card";
  // Months that the page has fixed are shown; paying at once goes without saying.
  $("quota-group").hidden = order.months.length < 2 && !order.months[0];
  $("wallet-group").hidden = means !== "easy";
  $("vbank-group").hidden = means !== "vbank";
  const approve = order.amount === 0 ? "keep" : means === "vbank" ? "issue" : "approve";
  $("approve").textContent = say(`window.${approve}`);
}

// What is sent: the means, and the card with its instalments.
export function chosen() {
  const means = checked("means");
  const choice = { pay_method: means === "easy" ? $("wallet").value : means };
  return means === "card" ? { ...choice, card: checked("card"), card_quota: Number($("quota").value) } : choice;
}
