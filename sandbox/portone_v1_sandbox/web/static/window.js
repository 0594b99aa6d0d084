// The payment window and the verification window: shows the order, sends the buyer's choice, hands the outcome on.
import { call, choose, known, make, money, other, say, translate, wasChosen } from "./words.js";

const MARK = "portone-v1-sandbox";
const MEANS = ["card", "easy", "vbank", "trans", "phone"];
const WALLETS = ["kakaopay", "naverpay", "tosspay", "payco", "samsung", "ssgpay", "lpay", "applepay"];
const here = location.pathname;
const $ = (id) => document.getElementById(id);
const checked = (name) => document.querySelector(`input[name="${name}"]:checked`)?.value;

let shown = null;
let busy = false;

document.documentElement.classList.toggle("alone", window.parent === window);

function radio(name, value, selected, ...children) {
  const input = make("input", { type: "radio", name, value, checked: selected, change: arrange });
  return make("label", { class: "choice" }, input, ...children);
}

function offer(order) {
  // Only a card becomes a billing key.
  const means = order.customer_uid ? ["card"] : [...MEANS];
  const easy = WALLETS.includes(order.pay_method);
  let selected = easy ? "easy" : order.pay_method;
  if (order.customer_uid) selected = "card";
  if (!means.includes(selected)) means.push(selected);
  const label = (name) => (known(`means.${name}`) ? say(`means.${name}`) : name);
  $("means").replaceChildren(...means.map((name) => radio("means", name, name === selected, make("span", {}, label(name)))));
  $("wallet").replaceChildren(
    ...WALLETS.map((name) => make("option", { value: name, selected: name === order.pay_method }, label(name))),
  );
  const months = order.currency === "KRW" && order.amount >= 50000 ? [0, 2, 3, 6, 12] : [0];
  $("quota").replaceChildren(
    ...months.map((n) => make("option", { value: n }, n ? say("window.quota.n", { n }) : say("window.quota.0"))),
  );
  $("cards").replaceChildren(
    ...shown.cards.map((card, index) => {
      const what = make("span", { class: "what" }, say(`card.${card.name}`), make("small", {}, card.number));
      const works = card.behaviour === "works";
      const badge = make("span", { class: `badge ${works ? "good" : "bad"}` }, works ? say("card.works") : card.reason);
      return radio("card", card.name, index === 0, what, badge);
    }),
  );
}

function arrange() {
  if (shown.kind !== "payment") return;
  const means = checked("means");
  $("means-group").hidden = Boolean(shown.order.customer_uid);
  $("card-group").hidden = means !== "card";
  $("quota-group").hidden = $("quota").options.length < 2;
  $("wallet-group").hidden = means !== "easy";
  $("vbank-group").hidden = means !== "vbank";
  const approve = shown.order.amount === 0 ? "keep" : means === "vbank" ? "issue" : "approve";
  $("approve").textContent = say(`window.${approve}`);
}

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
  offer(order);
  // A change of the language must not change the choice.
  if (means) document.querySelector(`input[name="means"][value="${CSS.escape(means)}"]`).checked = true;
  if (card) document.querySelector(`input[name="card"][value="${CSS.escape(card)}"]`).checked = true;
  if (means) $("wallet").value = wallet;
}

function showCertification({ person, company }) {
  $("title").textContent = company ?? say("certify.title");
  for (const name of ["name", "phone", "birthday", "carrier", "gender"]) {
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
  arrange();
  warn();
  $("message").hidden = true;
  $("form").hidden = false;
  $("headline").hidden = true;
  document.querySelector("main").setAttribute("aria-busy", "false");
}

// A pg that no channel has: shown here, and added with one click.
function warn() {
  const pg = shown.unknown_pg;
  $("unknown").hidden = !pg;
  if (!pg) return;
  const [name, ...mid] = pg.split(".");
  const adopt = async () => {
    const asked = { pg: name, ...(mid.length ? { mid: mid.join(".") } : {}) };
    await call("POST", `${here.replace(/\/_sandbox\/web\/.*/, "")}/_sandbox/channels/adopt`, asked);
    $("unknown").textContent = say("window.adopted");
  };
  const button = make("button", { type: "button", class: "plain", click: adopt }, say("window.adopt"));
  $("unknown").replaceChildren(say("window.unknown", { pg }), " ", button);
}

// A channelKey that no channel has: V1 opens no window, so the shop's page shows this beside the refusal that it got.
function tell() {
  const { key, pg } = shown.unknown_key;
  const adopt = async () => {
    await call("POST", `${here.replace(/\/_sandbox\/web\/.*/, "")}/_sandbox/channels/adopt`, { pg, key });
    $("unknown").textContent = say("window.adopted");
  };
  const button = make("button", { type: "button", class: "plain", click: adopt }, say("window.adopt.pg", { pg }));
  $("unknown").replaceChildren(say("window.unknown.key", { key }), " ", button);
  $("unknown").hidden = false;
  $("message").hidden = true;
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

function handOn() {
  if (shown.silent) {
    if (window.parent !== window) {
      const target = shown.origin && shown.origin !== "null" ? shown.origin : "*";
      window.parent.postMessage({ [MARK]: "silence", alert: shown.alert }, target);
    }
    showMessage("window.over");
  } else if (shown.redirect) {
    showMessage("window.done");
    location.replace(shown.redirect);
  } else if (window.parent !== window) {
    const target = shown.origin && shown.origin !== "null" ? shown.origin : "*";
    const notice = shown.unknown_key ? `${location.pathname}#notice` : null;
    window.parent.postMessage({ [MARK]: "outcome", outcome: shown.outcome, notice }, target);
    showMessage("window.done");
  } else {
    showMessage("window.over");
  }
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
  const choice = { action };
  if (shown.kind === "payment" && shown.order) {
    const means = checked("means");
    choice.pay_method = means === "easy" ? $("wallet").value : means;
    if (means === "card") Object.assign(choice, { card: checked("card"), card_quota: Number($("quota").value) });
    if (action === "decline") choice.reason = $("reason").value;
  } else {
    for (const name of ["name", "phone", "birthday", "carrier", "gender"]) choice[name] = $(`person-${name}`).value;
  }
  try {
    shown = await call("POST", here, choice);
    wait(false);
    if (shown.outcome) handOn();
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
  if (event.source === window.parent && event.data?.[MARK] === "leave") act("leave");
});

choose();
translate();
try {
  shown = await call("GET", `${here}/state`);
  if (!wasChosen()) choose(shown.language?.slice(0, 2));
  if (shown.unknown_key && location.hash === "#notice") tell();
  else if (shown.outcome) handOn();
  else if (shown.kind === "payment" && !shown.order) showMessage("window.gone");
  else {
    show();
    $("title").focus({ preventScroll: true });
  }
} catch (error) {
  showMessage(error.status === 404 ? "window.gone" : "window.failed");
}
