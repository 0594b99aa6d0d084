// What was recorded, as a test of Python or of a shell.
// A payment of an earlier step gets another imp_uid in the test, so it stands there by a name.
function named(steps) {
  const names = new Map();
  steps.forEach((step, n) => step.imp_uid && !names.has(step.imp_uid) && names.set(step.imp_uid, { step: n, name: `paid${names.size + 1}` }));
  return names;
}

const literal = (value) => (typeof value === "boolean" ? (value ? "True" : "False") : value === null ? "None" : JSON.stringify(value));

function python(steps, origin) {
  const names = named(steps);
  const lines = steps.map((step, n) => {
    const mine = [...names.values()].find((each) => each.step === n);
    const pairs = Object.entries(step.body).map(([key, value]) => {
      const known = names.get(value);
      return `${JSON.stringify(key)}: ${known && known.step < n ? `${known.name}["imp_uid"]` : literal(value)}`;
    });
    return `    ${mine ? `${mine.name} = ` : ""}play(${JSON.stringify(step.path)}, {${pairs.join(", ")}})`;
  });
  return [
    "import httpx", "", `SANDBOX = ${JSON.stringify(origin)}`, 'SHOP = {"X-Sandbox": "recorded"}', "", "",
    "def play(path, body):", '    answer = httpx.post(f"{SANDBOX}/_sandbox/{path}", json=body, headers=SHOP).json()',
    '    assert answer["code"] == 0, answer["message"]', '    return answer["response"]', "", "",
    "def test_recorded():", '    play("reset", {})', ...lines,
  ].join("\n");
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function curl(steps, origin) {
  const names = named(steps);
  const lines = steps.map((step, n) => {
    const mine = [...names.values()].find((each) => each.step === n);
    let body = quoted(JSON.stringify(step.body));
    for (const [uid, { step: first, name }] of names) if (first < n) body = body.replaceAll(uid, `'"$${name}"'`);
    const sent = `play ${quoted(step.path)} ${body}`;
    return mine ? `${mine.name}=$(${sent} | sed -n 's/.*"imp_uid":"\\([^"]*\\)".*/\\1/p')` : sent;
  });
  return [
    "#!/bin/sh", "set -eu", "", "play() {",
    `    curl -sS --fail-with-body ${quoted(origin)}/_sandbox/"$1" -H 'X-Sandbox: recorded' -H 'Content-Type: application/json' -d "$2"`,
    "}", "", "play reset '{}'", ...lines,
  ].join("\n");
}

export const asTest = (kept) => ({ Python: python, curl })[kept.as](kept.steps, location.origin);
