// The control room: play the buyer, the bank, the PG, the console and time. Every form is one control call.
import { ask } from "../shared/api.js";
import { $, keepingFocus, make } from "../shared/elements.js";
import { begin } from "../shared/head.js";
import { learn, say, translate } from "../shared/language.js";
import { play as send } from "../shared/play.js";
import { APP } from "../words/app.js";
import { ROOM } from "../words/room.js";
import { MEANS } from "../words/means.js";
import { clock, fillClock } from "./clock.js";
import { armed, faults } from "./faults.js";
import { buy, money } from "./money.js";
import { codes, events, fillCodes, fillEvents } from "./others.js";
import { recorder } from "./recorder.js";
import { channels, fillChannels, fillShops, shops } from "./shop.js";
import { fillWebhooks, webhooks } from "./webhooks.js";

const CARDS = { clock, buy, money, faults, webhooks, codes, events, channels, shops };
let room = null;
let seen = "";

learn(APP, MEANS, ROOM);

const page = { name: "control", draw, load, play };

async function play(path, body, options) {
  const answer = await send(path, body, options);
  if (answer) {
    await page.refresh();
    keepingFocus(aside);
  }
  return answer;
}

function aside() {
  $("aside").replaceChildren(
    recorder(() => {
      keepingFocus(aside);
      page.refresh();
    }),
    make("section", { class: "card", id: "armed", "aria-labelledby": "armed-h" }, make("h2", { id: "armed-h" }, say("room.armed")), ...armed(room, play)));
}

function draw() {
  translate();
  if (!room) return;
  $("jump").replaceChildren(...[...Object.keys(CARDS), "record"].map((id) => make("a", { href: `#${id}` }, say(id === "record" ? "rec.title" : `room.${id}`))));
  $("plays").replaceChildren(...Object.values(CARDS).map((one) => one(room, play)));
  update();
}

// Forms stay as they are while the user fills them in; only lists are drawn anew.
function update() {
  keepingFocus(() => {
    for (const fill of [fillWebhooks, fillCodes, fillEvents, fillChannels, fillShops]) fill(room, play);
    aside();
  });
}

async function load() {
  const answer = await ask("room");
  const stamp = JSON.stringify({ ...answer, clock: null });
  const first = room === null;
  room = answer;
  if (first) draw();
  else if (stamp !== seen) update();
  seen = stamp;
  fillClock(room);
  return room.clock;
}

await begin(page);
document.getElementById(location.hash.slice(1))?.scrollIntoView();
