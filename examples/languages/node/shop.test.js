// npm ci && npm test: a shop's tests against the sandbox, run by jest.
"use strict";

const { post, get, isPaid } = require("./shop.js");

const keys = { imp_key: "sandbox_key", imp_secret: "sandbox_secret" };

test("a paid order", async () => {
  const { access_token: token } = await post("/users/getToken", keys);
  await post("/_sandbox/payments", { merchant_uid: "order-1", amount: 12000 }); // the buyer pays
  const order = await get("/payments/find/order-1", token);
  expect(order).toMatchObject({ status: "paid", amount: 12000 });
  expect(await isPaid({ "order-1": 12000 }, "order-1", token)).toBe(true);
  expect(await isPaid({ "order-1": 99000 }, "order-1", token)).toBe(false);
  await post("/_sandbox/payments", { merchant_uid: "order-3", amount: 12000, sandbox: true }); // a test channel
  expect(await isPaid({ "order-3": 12000 }, "order-3", token)).toBe(false);
});

test("a refund, and a second one that is refused", async () => {
  const { access_token: token } = await post("/users/getToken", keys);
  const paid = await post("/_sandbox/payments", { merchant_uid: "order-2", amount: 5000 });
  const refund = { imp_uid: paid.imp_uid, amount: 5000, checksum: 5000 };
  expect(await post("/payments/cancel", refund, token)).toMatchObject({ status: "cancelled" });
  await expect(post("/payments/cancel", refund, token)).rejects.toThrow(/./);
});
