// The payment window and the verification window: shows the order, sends the buyer's choice, hands the outcome on.
import { call } from "../shared/api.js";
import { $ } from "../shared/elements.js";
import { money } from "../shared/format.js";
import { choose, learn, other, say, translate, wasChosen } from "../shared/language.js";
import { MEANS } from "../words/means.js";
import { WINDOW } from "../words/window.js";
import { arrange, checked, chosen, offer } from "./choices.js";
import { asksToLeave, handOn } from "./outcome.js";
import { tell, warn } from "./unknown.js";

const here = location.pathname;
const PERSON = ["name", "phone", "birthday", "carrier", "gender"];

let shown = null;
let busy = false;

document.documentElement.classList.toggle("alone", window.parent === window);

function showPayment({ order }) {
  $("title").textContent = order.name ?? order.merchant_uid;
  $("amount").textContent = money(order.amount, order.currency);
  $("merchant_uid").textContent = order.merchant_uid;
  $("pg").textContent = order.pg_provider;
  $("test").hidden = !order.test;
  $("key-note").hidden = !order.customer_uid;
  $("key").textContent = order.customer_uid ?? "";
  $("leave").textContent = say("window.leave");
  const [means, card, wallet] = [checked("means"), checked("card"), $("wallet").value];
  offer(order, shown.cards);
  // A change of the language must not change the choice.
  if (means) document.querySelector(`input[name="means"][value="${CSS.escape(means)}"]`).checked = true;
  if (card) document.querySelector(`input[name="card"][value="${CSS.escape(card)}"]`).checked = true;
  if (means) $("wallet").value = wallet;
  arrange(order);
}

function showCertification({ person, company }) {
  $("title").textContent = company ?? say("certify.title");
  for (const name of PERSON) {
    const field = $(`person-${name}`);
    const invented = { name: "홍길동", phone: "010-0000-0000", birthday: "1988-01-01" };
    if (!field.value || field.tagName === "SELECT") field.value = person[name] ?? field.value;
    field.value ||= invented[name] ?? field.options[0].value;
  }
  $("approve").textContent = say("certify.approve");
  $("leave").textContent = say("certify.leave");
}

function show() {
  const payment = shown.kind === "payment";
  document.title = say(payment ? "window.title" : "certify.title");
  $("ribbon").dataset.say = payment ? "window.ribbon" : "certify.ribbon";
  translate();
  $("payment").hidden = !payment;
  $("certification").hidden = payment;
  $("decline").hidden = !payment;
  document.querySelector(".amount").hidden = document.querySelector(".order dl").hidden = !payment;
  if (payment) showPayment(shown);
  else showCertification(shown);
  warn(shown.unknown_pg);
  $("message").hidden = true;
  $("form").hidden = false;
  $("headline").hidden = true;
  document.querySelector("main").setAttribute("aria-busy", "false");
}

function showMessage(key) {
  $("form").hidden = true;
  $("headline").hidden = false;
  $("message").hidden = false;
  $("message").dataset.say = key;
  $("message").textContent = say(key);
  document.querySelector("main").setAttribute("aria-busy", "false");
}

function wait(on) {
  busy = on;
  for (const button of document.querySelectorAll(".buttons button")) button.disabled = on;
  $("message").dataset.say = "window.busy";
  $("message").textContent = say("window.busy");
  $("message").hidden = !on;
}

async function act(action) {
  if (busy || shown === null || shown.outcome) return;
  wait(true);
  $("problem").hidden = true;
  const person = () => Object.fromEntries(PERSON.map((name) => [name, $(`person-${name}`).value]));
  const choice = { action, ...(shown.kind === "payment" ? chosen() : person()) };
  if (action === "decline") choice.reason = $("reason").value;
  try {
    shown = await call("POST", here, choice);
    wait(false);
    if (shown.outcome) showMessage(handOn(shown));
  } catch (error) {
    wait(false);
    $("problem").textContent = error.status ? error.message : say("window.failed");
    $("problem").hidden = false;
  }
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  act("approve");
});
$("decline").addEventListener("click", () => act("decline"));
$("leave").addEventListener("click", () => act("leave"));
$("language").addEventListener("click", () => {
  choose(other(), { keep: true });
  translate();
  if (shown !== null && !shown.outcome) show();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") act("leave");
});
window.addEventListener("message", (event) => {
  if (asksToLeave(event)) act("leave");
});

learn(MEANS, WINDOW);
choose();
translate();
try {
  shown = await call("GET", `${here}/state`);
  if (!wasChosen()) choose(shown.language?.slice(0, 2));
  if (shown.unknown_key && location.hash === "#notice") tell(shown.unknown_key);
  else if (shown.outcome) showMessage(handOn(shown));
  else if (shown.kind === "payment" && !shown.order) showMessage("window.gone");
  else {
    show();
    $("title").focus({ preventScroll: true });
  }
} catch (error) {
  showMessage(error.status === 404 ? "window.gone" : "window.failed");
}
