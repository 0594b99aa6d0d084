// The words of both pages in Korean and English, and the few helpers that put them there as text, never as markup.
const WORDS = {
  ko: {
    "language.other": "English",
    "currency.KRW": "원",

    "window.title": "샌드박스 결제창",
    "window.ribbon": "샌드박스 · 실제로 결제되지 않습니다",
    "window.amount": "결제금액",
    "window.order": "주문번호",
    "window.pg": "PG",
    "window.test": "테스트 채널",
    "window.means": "결제수단",
    "window.card": "어떤 카드로 결제할까요?",
    "window.wallet": "간편결제 종류",
    "window.quota": "할부",
    "window.quota.0": "일시불",
    "window.quota.n": "{n}개월",
    "window.vbank": "계좌가 발급되고 결제는 입금 대기(ready) 상태로 남습니다. 입금은 대시보드에서 합니다.",
    "window.key": "이 카드는 빌링키로도 저장됩니다:",
    "window.approve": "결제 승인",
    "window.issue": "가상계좌 발급",
    "window.keep": "빌링키 발급",
    "window.decline": "PG가 거절",
    "window.leave": "닫기 (결제 포기)",
    "window.reason": "거절 사유",
    "window.busy": "처리 중입니다…",
    "window.done": "끝났습니다. 쇼핑몰로 돌아갑니다.",
    "window.over": "이 창은 끝났습니다. 쇼핑몰 화면으로 돌아가세요.",
    "window.gone": "이 결제창은 더 이상 없습니다. 샌드박스가 초기화되었을 수 있습니다.",
    "window.failed": "샌드박스에 연결할 수 없습니다.",

    "certify.title": "샌드박스 본인인증",
    "certify.ribbon": "샌드박스 · 실제 인증이 아닙니다. 꾸며낸 사람을 쓰세요",
    "certify.name": "이름",
    "certify.birthday": "생년월일",
    "certify.gender": "성별",
    "certify.male": "남",
    "certify.female": "여",
    "certify.phone": "휴대폰 번호",
    "certify.carrier": "통신사",
    "certify.approve": "본인인증 완료",
    "certify.leave": "닫기 (인증 포기)",

    "means.card": "카드",
    "means.trans": "계좌이체",
    "means.vbank": "가상계좌",
    "means.phone": "휴대폰",
    "means.easy": "간편결제",
    "means.samsung": "삼성페이",
    "means.kakaopay": "카카오페이",
    "means.naverpay": "네이버페이",
    "means.payco": "페이코",
    "means.tosspay": "토스페이",
    "means.ssgpay": "SSG페이",
    "means.lpay": "L.pay",
    "means.applepay": "애플페이",
    "means.point": "포인트",
    "means.paypal": "페이팔",
    "means.cultureland": "문화상품권",
    "means.culturegift": "컬쳐랜드상품권",
    "means.smartculture": "스마트문상",
    "means.booknlife": "도서문화상품권",
    "means.cvs": "편의점",

    "card.ordinary": "정상 신용카드",
    "card.debit": "정상 체크카드",
    "card.bc": "정상 BC카드",
    "card.not_issued": "거래정지 카드",
    "card.charge_refused": "카드사 점검중 카드",
    "card.charge_failed": "잔액부족 카드",
    "card.works": "승인됨",

    "board.title": "PortOne V1 샌드박스",
    "board.control": "제어실",
    "board.lint": "상점 점검",
    "window.unknown": "등록되지 않은 pg입니다({pg}). 기본 채널로 열렸습니다.",
    "window.unknown.key": "등록되지 않은 channelKey입니다({key}). V1처럼 결제창을 열지 않았습니다.",
    "window.adopt": "이 채널 추가",
    "window.adopt.pg": "{pg} 채널로 추가",
    "window.adopted": "추가했습니다. 결제창을 다시 여세요.",
    "board.found": "{n}건",
    "board.found.more": "{n}건 이상",
    "board.elsewhere": "다른 탭에는 있습니다: {where}",
    "board.pager": "쪽 이동",
    "board.first": "처음",
    "board.newer": "이전",
    "board.older": "다음",
    "board.skip": "내용으로 건너뛰기",
    "board.clock": "샌드박스 시각",
    "board.frozen": "멈춤",
    "board.running": "흐름",
    "board.hour": "+1시간",
    "board.day": "+1일",
    "board.month": "+30일",
    "board.advance": "시계 앞으로",
    "board.days": "앞으로 갈 일수",
    "board.go": "이동",
    "board.reset": "비우기",
    "board.reset.sure": "결제, 빌링키, 예약, 기록을 모두 지울까요?",
    "board.charged": "결제",
    "board.refunded": "환불",
    "board.left": "순매출",
    "board.none": "아직 없습니다.",
    "board.live": "실시간",
    "board.lost": "샌드박스에 연결되지 않습니다. 다시 시도하는 중…",
    "board.more": "{total}건 가운데 최근 {shown}건",
    "board.done": "완료했습니다.",
    "board.moved": "시계를 옮겼습니다: {now}",
    "board.search": "찾기",
    "board.yes": "확인",
    "board.no": "그만두기",

    "tab.payments": "결제",
    "tab.billing_keys": "빌링키",
    "tab.schedules": "결제예약",
    "tab.webhooks": "웹훅",
    "tab.journal": "API 기록",

    "column.at": "시각",
    "column.status": "상태",
    "column.order": "주문",
    "column.amount": "금액",
    "column.means": "결제수단",
    "column.payment": "결제번호",
    "column.actions": "동작",
    "column.key": "빌링키",
    "column.card": "카드",
    "column.pg": "PG",
    "column.issued": "발급",
    "column.due": "예정 시각",
    "column.result": "결과",
    "column.delivery": "전달",
    "column.url": "주소",
    "column.request": "요청",
    "column.operation": "오퍼레이션",
    "column.answer": "응답",

    "action.deposit": "입금",
    "action.cancel": "전액취소",
    "action.cancel.sure": "{order} 주문의 {amount}을 환불할까요?",
    "action.pay_at_store": "편의점 수납",
    "action.confirm_purchase": "구매확인",
    "action.deny_purchase": "구매거절",
    "action.accept_denial": "거절확인",
    "action.settle": "환불 완료",
    "action.resend": "다시 보내기",

    "status.ready": "대기",
    "status.paid": "결제완료",
    "status.failed": "실패",
    "status.cancelled": "취소",
    "status.scheduled": "예약됨",
    "status.executed": "실행됨",
    "status.revoked": "예약 취소됨",
    "status.partial": "부분취소",

    "delivery.waiting": "대기",
    "delivery.delivered": "전달됨",
    "delivery.failed": "실패",
    "delivery.dropped": "버림",
    "delivery.none": "보낼 곳 없음",

    "note.refunded": "환불 {amount}",
    "note.account": "{bank} {number}, {until}까지",
    "note.open": "결제창에서 멈춤",
    "note.test": "테스트",
    "note.tier": "하위 상점 {tier}",
  },
  en: {
    "language.other": "한국어",
    "currency.KRW": " KRW",

    "window.title": "Sandbox payment window",
    "window.ribbon": "Sandbox · no money moves",
    "window.amount": "Amount",
    "window.order": "Order",
    "window.pg": "PG",
    "window.test": "test channel",
    "window.means": "Pay with",
    "window.card": "Card to pay with",
    "window.wallet": "Wallet",
    "window.quota": "Instalments",
    "window.quota.0": "Pay at once",
    "window.quota.n": "{n} months",
    "window.vbank": "An account is issued and the payment stays ready. The deposit is made on the dashboard.",
    "window.key": "This card is also stored as the billing key",
    "window.approve": "Approve payment",
    "window.issue": "Issue the account",
    "window.keep": "Issue the billing key",
    "window.decline": "Decline",
    "window.leave": "Close (leave without paying)",
    "window.reason": "Reason for declining",
    "window.busy": "One moment…",
    "window.done": "Finished. Returning to the shop.",
    "window.over": "This window has ended. Return to the shop's page.",
    "window.gone": "This window no longer exists. The sandbox may have been reset.",
    "window.failed": "Cannot connect to the sandbox.",

    "certify.title": "Sandbox identity verification",
    "certify.ribbon": "Sandbox · no real verification. Use an invented person",
    "certify.name": "Name",
    "certify.birthday": "Birthday",
    "certify.gender": "Gender",
    "certify.male": "male",
    "certify.female": "female",
    "certify.phone": "Mobile number",
    "certify.carrier": "Carrier",
    "certify.approve": "Verify",
    "certify.leave": "Close (leave unverified)",

    "means.card": "Card",
    "means.trans": "Transfer",
    "means.vbank": "Account",
    "means.phone": "Phone bill",
    "means.easy": "Easy pay",
    "means.samsung": "Samsung Pay",
    "means.kakaopay": "KakaoPay",
    "means.naverpay": "Naver Pay",
    "means.payco": "PAYCO",
    "means.tosspay": "Toss Pay",
    "means.ssgpay": "SSGPAY",
    "means.lpay": "L.pay",
    "means.applepay": "Apple Pay",
    "means.point": "Points",
    "means.paypal": "PayPal",
    "means.cultureland": "Cultureland voucher",
    "means.culturegift": "Culture gift card",
    "means.smartculture": "Smart culture voucher",
    "means.booknlife": "Booknlife voucher",
    "means.cvs": "Store",

    "card.ordinary": "Working credit card",
    "card.debit": "Working debit card",
    "card.bc": "Working BC card",
    "card.not_issued": "Suspended card",
    "card.charge_refused": "Card issuer under maintenance",
    "card.charge_failed": "Insufficient balance",
    "card.works": "approved",

    "board.title": "PortOne V1 sandbox",
    "board.control": "Control room",
    "board.lint": "Shop check",
    "window.unknown": "No channel has the pg {pg}. The default channel opened.",
    "window.unknown.key": "No channel has the channelKey {key}. Like V1, no window opened.",
    "window.adopt": "Add this channel",
    "window.adopt.pg": "Add it as a channel of {pg}",
    "window.adopted": "Added. Open the window again.",
    "board.found": "{n} found",
    "board.found.more": "more than {n} found",
    "board.elsewhere": "Found in other tabs: {where}",
    "board.pager": "Paging",
    "board.first": "First",
    "board.newer": "Newer",
    "board.older": "Older",
    "board.skip": "Skip to the content",
    "board.clock": "Sandbox time",
    "board.frozen": "frozen",
    "board.running": "running",
    "board.hour": "+1 hour",
    "board.day": "+1 day",
    "board.month": "+30 days",
    "board.advance": "Advance the clock",
    "board.days": "Days to advance",
    "board.go": "Go",
    "board.reset": "Reset",
    "board.reset.sure": "Delete all payments, billing keys, schedules and records?",
    "board.charged": "Charged",
    "board.refunded": "Refunded",
    "board.left": "Net",
    "board.none": "Nothing yet.",
    "board.live": "live",
    "board.lost": "Cannot connect to the sandbox. Retrying…",
    "board.more": "latest {shown} of {total}",
    "board.done": "Done.",
    "board.moved": "The clock was moved: {now}",
    "board.search": "Find",
    "board.yes": "Yes",
    "board.no": "No",

    "tab.payments": "Payments",
    "tab.billing_keys": "Billing keys",
    "tab.schedules": "Schedules",
    "tab.webhooks": "Webhooks",
    "tab.journal": "Journal",

    "column.at": "Time",
    "column.status": "Status",
    "column.order": "Order",
    "column.amount": "Amount",
    "column.means": "Method",
    "column.payment": "Payment",
    "column.actions": "Actions",
    "column.key": "Billing key",
    "column.card": "Card",
    "column.pg": "PG",
    "column.issued": "Issued",
    "column.due": "Due",
    "column.result": "Result",
    "column.delivery": "Delivery",
    "column.url": "URL",
    "column.request": "Request",
    "column.operation": "Operation",
    "column.answer": "Response",

    "action.deposit": "Deposit",
    "action.cancel": "Refund in full",
    "action.cancel.sure": "Refund {amount} of order {order}?",
    "action.pay_at_store": "Pay at the store",
    "action.confirm_purchase": "Confirm the purchase",
    "action.deny_purchase": "Deny the purchase",
    "action.accept_denial": "Accept the denial",
    "action.settle": "Pay the refund out",
    "action.resend": "Send again",

    "status.ready": "ready",
    "status.paid": "paid",
    "status.failed": "failed",
    "status.cancelled": "cancelled",
    "status.scheduled": "scheduled",
    "status.executed": "executed",
    "status.revoked": "revoked",
    "status.partial": "partly refunded",

    "delivery.waiting": "waiting",
    "delivery.delivered": "delivered",
    "delivery.failed": "failed",
    "delivery.dropped": "discarded",
    "delivery.none": "no URL",

    "note.refunded": "refunded {amount}",
    "note.account": "{bank} {number}, until {until}",
    "note.open": "left in the window",
    "note.test": "test",
    "note.tier": "tier {tier}",
  },
};
const KEPT_LANGUAGE = "portone-v1-sandbox-language";

function kept() {
  try {
    return localStorage.getItem(KEPT_LANGUAGE);
  } catch {
    return null; // a frame on another site may have no storage
  }
}

let language = kept() ?? (navigator.language.startsWith("ko") ? "ko" : "en");

export function choose(wanted, { keep = false } = {}) {
  if (wanted === "ko" || wanted === "en") language = wanted;
  try {
    if (keep) localStorage.setItem(KEPT_LANGUAGE, language);
  } catch {
    // then it holds until the page is left
  }
  document.documentElement.lang = language;
}

export const wasChosen = () => kept() !== null;
export const other = () => (language === "ko" ? "en" : "ko");

export function say(key, values = {}) {
  const text = WORDS[language][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// A word of another page: [Korean, English].
export function sayIn([ko, en], values = {}) {
  return (language === "ko" ? ko : en).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export const known = (key) => key in WORDS[language];

// Every element with data-say gets its words.
export function translate(root = document) {
  for (const element of root.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of root.querySelectorAll("[data-say-label]")) {
    element.setAttribute("aria-label", say(element.dataset.sayLabel));
  }
}

// make("td", { class: "x" }, "text", otherElement): text stays text.
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null && child !== ""));
  return element;
}

export function money(amount, currency) {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 10 }).format(amount);
  return currency === "KRW" ? `${number}${say("currency.KRW")}` : `${number} ${currency}`;
}

export function time(seconds) {
  if (!seconds) return "";
  return new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Asia/Seoul", year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", second: "2-digit",
  }).format(new Date(seconds * 1000));
}

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
