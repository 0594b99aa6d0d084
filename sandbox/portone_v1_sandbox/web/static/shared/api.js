// Calls of the sandbox. The shop of a page stands in its address, so a link leads to the same one.
const asked = new URLSearchParams(location.search).get("shop");
const below = /^\/_sandbox\/shops\/([^/]+)\//.exec(location.pathname);
export const shop = asked || (below && decodeURIComponent(below[1])) || null;
const header = shop ? { "X-Sandbox": shop } : {};

export async function call(method, url, body, headers = {}) {
  const answer = await fetch(url, {
    method,
    cache: "no-store",
    headers: body === undefined ? headers : { "Content-Type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const envelope = await answer.json();
  if (envelope.code !== 0) throw Object.assign(new Error(envelope.message), { status: answer.status });
  return envelope.response;
}

export const ask = (path) => call("GET", `/_sandbox/${path}`, undefined, header);
export const send = (path, body, tier = null) => call("POST", `/_sandbox/${path}`, body, tier ? { ...header, Tier: tier } : header);

// The address of a page or a list for the same shop.
export function here(path, of = shop) {
  if (!of) return path;
  const [bare, hash] = path.split("#");
  return `${bare}${bare.includes("?") ? "&" : "?"}shop=${encodeURIComponent(of)}${hash === undefined ? "" : `#${hash}`}`;
}
export const timelineOf = (uid, row = "") => here(`/payments/${uid}/timeline${row}`);
