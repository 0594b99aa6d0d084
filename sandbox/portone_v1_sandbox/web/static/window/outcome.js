// What the shop's page is sent when the window is over: by a message to the page that frames it, or by going back to it.
const MARK = "portone-v1-sandbox";
const framed = () => window.parent !== window;

function tell(shown, what) {
  const target = shown.origin && shown.origin !== "null" ? shown.origin : "*";
  const notice = shown.unknown_key ? `${location.pathname}#notice` : null;
  window.parent.postMessage({ [MARK]: what, ...(what === "silence" ? { alert: shown.alert } : { outcome: shown.outcome, notice }) }, target);
}

// Returns what the window says then.
export function handOn(shown) {
  if (shown.silent) {
    if (framed()) tell(shown, "silence");
    return "window.over";
  }
  if (shown.redirect) location.replace(shown.redirect);
  else if (framed()) tell(shown, "outcome");
  else return "window.over";
  return "window.done";
}

export const asksToLeave = (event) => event.source === window.parent && event.data?.[MARK] === "leave";
