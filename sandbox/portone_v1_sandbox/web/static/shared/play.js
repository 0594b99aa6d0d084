// Control calls as the user makes them on a page: confirmed in a toast, and noted while recording.
import { send } from "./api.js";
import { say } from "./language.js";
import { toast } from "./parts.js";
import { note } from "./record.js";

// Raises what the sandbox refuses, for a dialog that tells it at the field.
export async function played(path, body, { tier = null, done = () => say("app.done") } = {}) {
  const answer = await send(path, body, tier);
  const step = path === "reset" ? 0 : note(path, body, answer);
  toast(step ? say("rec.step", { n: step }) : done(answer));
  return answer ?? true;
}

export async function play(path, body, options) {
  try {
    return await played(path, body, options);
  } catch (error) {
    toast(error.status ? error.message : say("app.lost"), "bad");
    return null;
  }
}

// What can be done to a payment, as the server tells it: a button is one control call.
export const ACTIONS = {
  deposit: (p) => ["deposits", { imp_uid: p.imp_uid }],
  pay_at_store: (p) => ["store-payments", { imp_uid: p.imp_uid }],
  confirm_purchase: (p) => ["inicis/events", { imp_uid: p.imp_uid, event: "purchase_confirmed" }],
  deny_purchase: (p) => ["inicis/events", { imp_uid: p.imp_uid, event: "purchase_denied" }],
  accept_denial: (p) => ["inicis/events", { imp_uid: p.imp_uid, event: "denial_accepted" }],
  settle: (p) => ["refunds/settle", { imp_uid: p.imp_uid }],
};
