// node --test: a shop's tests against the sandbox.
"use strict";

const test = require("node:test");
const assert = require("node:assert/strict");
const { post, get, isPaid } = require("./shop.js");

const keys = { imp_key: "sandbox_key", imp_secret: "sandbox_secret" };

test("a paid order", async () => {
  const { access_token: token } = await post("/users/getToken", keys);
  await post("/_sandbox/payments", { merchant_uid: "order-1", amount: 12000 }); // the buyer pays
  const order = await get("/payments/find/order-1", token);
  assert.deepEqual([order.status, order.amount], ["paid", 12000]);
  assert.equal(await isPaid({ "order-1": 12000 }, "order-1", token), true);
  assert.equal(await isPaid({ "order-1": 99000 }, "order-1", token), false);
});

test("a refund, and a second one that is refused", async () => {
  const { access_token: token } = await post("/users/getToken", keys);
  const paid = await post("/_sandbox/payments", { merchant_uid: "order-2", amount: 5000 });
  const refund = { imp_uid: paid.imp_uid, amount: 5000, checksum: 5000 };
  assert.equal((await post("/payments/cancel", refund, token)).status, "cancelled");
  await assert.rejects(post("/payments/cancel", refund, token), /./);
});
