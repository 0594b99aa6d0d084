// The official client of the vendor, unchanged: `Iamport.DEFAULT_HOST` is its own name for the base address.
"use strict";

const Iamport = require("iamport");

const [address, impKey, impSecret, now] = process.argv.slice(2);
Iamport.DEFAULT_HOST = address;
const iamport = new Iamport({ impKey, impSecret });
const card = { card_number: "4242-4242-4242-4242", expiry: "2099-12", birth: "880101", pwd_2digit: "00" };
const refused = (promise) => promise.then(() => null, ({ code, message }) => ({ code, message }));

async function main() {
  const told = {};
  told.onetime = await iamport.subscribe.onetime({ ...card, merchant_uid: "order-1", amount: 12000, name: "커피" });
  const imp_uid = told.onetime.imp_uid;
  told.byImpUid = await iamport.payment.getByImpUid({ imp_uid });
  told.byMerchant = await iamport.payment.getByMerchant({ merchant_uid: "order-1" });
  told.partly = await iamport.payment.cancel({ imp_uid, amount: 5000, checksum: 12000, reason: "변심" });
  told.wholly = await iamport.payment.cancel({ merchant_uid: "order-1" });
  told.again_ = await refused(iamport.payment.cancel({ imp_uid }));
  told.prepared = await iamport.payment.prepare({ merchant_uid: "order-2", amount: 1000 });
  told.preparedTwice = await refused(iamport.payment.prepare({ merchant_uid: "order-2", amount: 1000 }));
  told.readPrepared = await iamport.payment.getPrepare({ merchant_uid: "order-2" });

  const customer_uid = "customer-1";
  told.key = await iamport.subscribe_customer.create({ ...card, customer_uid, customer_name: "홍길동" });
  told.readKey = await iamport.subscribe_customer.get({ customer_uid });
  const month = { customer_uid, merchant_uid: "order-3", amount: 9900, name: "구독" };
  told.charged = await iamport.subscribe.again(month);
  told.chargedTwice = await refused(iamport.subscribe.again(month));

  const schedules = [1, 2].map((day) => ({
    merchant_uid: `month-${day}`, schedule_at: Number(now) + day * 86400, amount: 9900, currency: "KRW", name: "구독",
  }));
  told.scheduled = await iamport.subscribe.schedule({ customer_uid, schedules });
  told.revoked = await iamport.subscribe.unschedule({ customer_uid, merchant_uid: "month-2" });
  told.revokedTwice = await refused(iamport.subscribe.unschedule({ customer_uid, merchant_uid: "month-2" }));

  told.account = await iamport.vbank.create({
    merchant_uid: "order-4", amount: 1000, vbank_code: "004", vbank_due: Number(now) + 86400, vbank_holder: "홍길동",
  });
  told.list = await iamport.payment.getByStatus({ payment_status: "paid" });
  told.deleted = await iamport.subscribe_customer.delete({ customer_uid: "customer-1" });
  told.deletedTwice = await refused(iamport.subscribe_customer.delete({ customer_uid: "customer-1" }));
  told.unknown = await refused(iamport.payment.getByImpUid({ imp_uid: "imp_000000000000" }));
  told.refusedCard = await refused(
    iamport.subscribe.onetime({ ...card, card_number: "4000-0000-0000-0002", merchant_uid: "order-5", amount: 1000 }),
  );
  const stranger = new Iamport({ impKey, impSecret: "wrong" });
  told.stranger = await refused(stranger.payment.getByImpUid({ imp_uid }));
  process.stdout.write(JSON.stringify(told));
}

main().catch((error) => {
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
});
