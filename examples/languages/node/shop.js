// A shop's server in Node, without a library. In production `url` is https://api.iamport.kr.
"use strict";

const url = process.env.PORTONE_URL ?? "http://127.0.0.1:8765";
const fresh = { "X-Sandbox": `node-${process.pid}` }; // a sandbox of its own for this run; V1 ignores the header

async function answer(request) {
  const response = await request.catch(() => {
    throw new Error(`${url} does not respond: is the sandbox running there?`);
  });
  const { code, message, response: found } = await response.json();
  if (code !== 0) throw new Error(message);
  return found;
}

const post = async (path, body, token = "") =>
  answer(
    fetch(url + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: token, ...fresh },
      body: JSON.stringify(body),
    }),
  );

const get = async (path, token) => answer(fetch(url + path, { headers: { Authorization: token, ...fresh } }));

/** Is the order paid in full, with real money? Compare with the server's own amount, never with the page's. */
async function isPaid(orders, merchantUid, token) {
  const payment = await get(`/payments/find/${encodeURIComponent(merchantUid)}`, token);
  const isTest = payment.sandbox; // paid through a test channel: no money arrives
  return payment.status === "paid" && payment.amount === orders[merchantUid] && !isTest;
}

module.exports = { post, get, isPaid };
