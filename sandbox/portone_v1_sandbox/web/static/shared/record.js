// What was done on the pages while recording: each control call is a step. Kept for the life of the tab.
const KEPT = "portone-v1-sandbox-record";
const EMPTY = { on: false, steps: [], as: "Python" };

export function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? { ...EMPTY };
  } catch {
    return { ...EMPTY };
  }
}

export function write(kept) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
  } catch {
    // then it holds until the page is left
  }
}

export function note(path, body, answer) {
  const kept = read();
  if (!kept.on) return 0;
  write({ ...kept, steps: [...kept.steps, { path, body, imp_uid: answer?.imp_uid ?? null }] });
  return kept.steps.length + 1;
}
