// A pg or a channelKey that no channel has: shown in the window, and added with one click.
import { call } from "../shared/api.js";
import { $, make } from "../shared/elements.js";
import { say } from "../shared/language.js";

function offer(words, label, channel) {
  const under = location.pathname.replace(/\/_sandbox\/web\/.*/, "");
  const adopt = async () => {
    button.disabled = true;
    try {
      await call("POST", `${under}/_sandbox/channels/adopt`, channel);
      $("unknown").textContent = say("window.adopted");
    } catch (error) {
      $("unknown").textContent = error.status ? error.message : say("window.failed");
    }
  };
  const button = make("button", { type: "button", class: "plain", id: "adopt", click: adopt }, label);
  $("unknown").replaceChildren(words, " ", button);
  $("unknown").hidden = false;
}

// The default channel opened instead.
export function warn(pg) {
  $("unknown").hidden = true;
  if (!pg) return;
  const [name, ...mid] = pg.split(".");
  offer(say("window.unknown", { pg }), say("window.adopt"), { pg: name, ...(mid.length ? { mid: mid.join(".") } : {}) });
}

// V1 opens no window then, so the shop's page shows this beside the refusal that it got.
export function tell({ key, pg }) {
  offer(say("window.unknown.key", { key }), say("window.adopt.pg", { pg }), { pg, key });
  $("message").hidden = true;
  document.querySelector("main").setAttribute("aria-busy", "false");
}
