// The official client of the vendor, unchanged: `Iamport.DEFAULT_HOST` is its own name for the base address.
"use strict";

const Iamport = require("iamport");

const [address, impKey, impSecret, now] = process.argv.slice(2);
Iamport.DEFAULT_HOST = address;
const iamport = new Iamport({ impKey, impSecret });
const card = { card_number: "4242-4242-4242-4242", expiry: "2099-12", birth: "880101", pwd_2digit: "00" };
const refused = (promise) => promise.then(() => null, ({ code, message }) => ({ code, message }));

async function main() {
  const answers = {};
  answers.onetime = await iamport.subscribe.onetime({ ...card, merchant_uid: "order-1", amount: 12000, name: "커피" });
  const imp_uid = answers.onetime.imp_uid;
  answers.byImpUid = await iamport.payment.getByImpUid({ imp_uid });
  answers.byMerchant = await iamport.payment.getByMerchant({ merchant_uid: "order-1" });
  answers.partly = await iamport.payment.cancel({ imp_uid, amount: 5000, checksum: 12000, reason: "변심" });
  answers.wholly = await iamport.payment.cancel({ merchant_uid: "order-1" });
  answers.again_ = await refused(iamport.payment.cancel({ imp_uid }));
  answers.prepared = await iamport.payment.prepare({ merchant_uid: "order-2", amount: 1000 });
  answers.preparedTwice = await refused(iamport.payment.prepare({ merchant_uid: "order-2", amount: 1000 }));
  answers.readPrepared = await iamport.payment.getPrepare({ merchant_uid: "order-2" });

  const customer_uid = "customer-1";
  answers.key = await iamport.subscribe_customer.create({ ...card, customer_uid, customer_name: "홍길동" });
  answers.readKey = await iamport.subscribe_customer.get({ customer_uid });
  const month = { customer_uid, merchant_uid: "order-3", amount: 9900, name: "구독" };
  answers.charged = await iamport.subscribe.again(month);
  answers.chargedTwice = await refused(iamport.subscribe.again(month));

  const schedules = [1, 2].map((day) => ({
    merchant_uid: `month-${day}`, schedule_at: Number(now) + day * 86400, amount: 9900, currency: "KRW", name: "구독",
  }));
  answers.scheduled = await iamport.subscribe.schedule({ customer_uid, schedules });
  answers.revoked = await iamport.subscribe.unschedule({ customer_uid, merchant_uid: "month-2" });
  answers.revokedTwice = await refused(iamport.subscribe.unschedule({ customer_uid, merchant_uid: "month-2" }));

  answers.account = await iamport.vbank.create({
    merchant_uid: "order-4", amount: 1000, vbank_code: "004", vbank_due: Number(now) + 86400, vbank_holder: "홍길동",
  });
  answers.list = await iamport.payment.getByStatus({ payment_status: "paid" });
  answers.deleted = await iamport.subscribe_customer.delete({ customer_uid: "customer-1" });
  answers.deletedTwice = await refused(iamport.subscribe_customer.delete({ customer_uid: "customer-1" }));
  answers.unknown = await refused(iamport.payment.getByImpUid({ imp_uid: "imp_000000000000" }));
  answers.refusedCard = await refused(
    iamport.subscribe.onetime({ ...card, card_number: "4000-0000-0000-0002", merchant_uid: "order-5", amount: 1000 }),
  );
  const stranger = new Iamport({ impKey, impSecret: "wrong" });
  answers.stranger = await refused(stranger.payment.getByImpUid({ imp_uid }));
  process.stdout.write(JSON.stringify(answers));
}

main().catch((error) => {
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
});
