// The sandbox's own window.IMP. A shop's page that loads this file instead of the real one pays in the sandbox.
(() => {
  "use strict";

  const ORIGIN = new URL(document.currentScript.src).origin;
  // A shop by name has its windows under its own path.
  const [SHOP] = new URL(document.currentScript.src).pathname.match(/^\/_sandbox\/shops\/[^/]+/) ?? [""];
  const WINDOWS = `${ORIGIN}${SHOP}/_sandbox/web/windows`;
  const MARK = "portone-v1-sandbox";

  const UI_TYPES = ["payment-bridge", "paypal-spb", "paypal-rt", "toss-brandpay-widget"];
  const MODULES = ["toss-brandpay"];
  const drawn = new Map();

  let merchant = null;
  let tier = null;
  let open = null;

  // The merchant's channels, and whether the window of their PG calls back or redirects: written by the server.
  const CHANNELS = [];

  const mobile = () => navigator.userAgentData?.mobile ?? /Android|iPhone|iPad|Mobi/i.test(navigator.userAgent);

  const absolute = (url) => {
    try {
      return new URL(url, document.baseURI).href;
    } catch {
      return url;
    }
  };

  // What JSON cannot carry (functions, undefined, a circle) is left out rather than stopping a payment.
  const plain = (asked) => {
    const copy = {};
    for (const [name, value] of Object.entries(asked ?? {})) {
      try {
        const text = JSON.stringify(value);
        if (text !== undefined) copy[name] = JSON.parse(text);
      } catch (error) {
        console.warn(`IMP: ${name} is left out (${error.message})`);
      }
    }
    for (const name of ["m_redirect_url", "confirm_url"]) if (copy[name]) copy[name] = absolute(copy[name]);
    return copy;
  };

  const refuse = (asked, callback, message) => {
    console.error(`IMP: ${message}`);
    const outcome = { error_code: "-1", error_msg: message, imp_uid: null, success: false };
    outcome.merchant_uid = asked?.merchant_uid ?? null;
    if (typeof callback === "function") setTimeout(callback, 0, outcome);
  };

  const post = (request, target) => {
    const form = document.createElement("form");
    form.method = "POST";
    form.action = WINDOWS;
    form.target = target;
    form.hidden = true;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "request";
    field.value = JSON.stringify(request);
    form.append(field);
    document.body.append(form);
    form.submit();
    form.remove();
  };

  // What the developer has to know about a window that V1 does not open. It leaves the page usable.
  const tell = (path, ko) => {
    console.error(`IMP: the sandbox has no channel with this channelKey. Add it at ${ORIGIN}/control`);
    const notice = document.createElement("aside");
    const frame = document.createElement("iframe");
    const close = document.createElement("button");
    frame.src = `${ORIGIN}${path}`;
    frame.title = ko ? "알림 (샌드박스)" : "Notice (sandbox)";
    notice.setAttribute("aria-label", frame.title);
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", ko ? "알림 닫기" : "Close the notice");
    close.addEventListener("click", () => notice.remove());
    Object.assign(notice.style, { bottom: "0", maxWidth: "100vw", position: "fixed", right: "0", width: "26rem", zIndex: "2147483647" });
    Object.assign(frame.style, { border: "0", colorScheme: "light dark", display: "block", height: "14rem", width: "100%" });
    Object.assign(close.style, { font: "1.25rem/1 sans-serif", minHeight: "2rem", minWidth: "2rem", position: "absolute", right: "4px", top: "4px" });
    notice.append(frame, close);
    document.body.append(notice);
  };

  const overlay = (request, callback) => {
    const dialog = document.createElement("dialog");
    const frame = document.createElement("iframe");
    const ko = document.documentElement.lang.startsWith("ko") || navigator.language.startsWith("ko");
    const titles = ko
      ? { payment: "결제창 (샌드박스)", certification: "본인인증 (샌드박스)" }
      : { payment: "Payment window (sandbox)", certification: "Identity verification (sandbox)" };
    frame.name = `${MARK}-${Date.now()}`;
    frame.title = titles[request.kind];
    dialog.setAttribute("aria-label", titles[request.kind]);
    Object.assign(dialog.style, {
      background: "rgb(10 14 28 / 55%)", border: "0", height: "100dvh", inset: "0", margin: "0",
      maxHeight: "none", maxWidth: "none", overflow: "hidden", padding: "0", position: "fixed", width: "100vw",
    });
    Object.assign(frame.style, {
      background: "transparent", border: "0", colorScheme: "light dark", display: "block", height: "100%", width: "100%",
    });
    dialog.append(frame);
    document.body.append(dialog);
    dialog.showModal();
    const overflow = document.documentElement.style.overflow;
    document.documentElement.style.overflow = "hidden";

    const finish = (outcome, called = true) => {
      window.removeEventListener("message", listen);
      dialog.close();
      dialog.remove();
      document.documentElement.style.overflow = overflow;
      open = null;
      // Like the real script: what the shop's function throws is logged, and it is never called twice.
      if (called && typeof callback === "function") {
        try {
          callback(outcome);
        } catch (error) {
          console.error(error);
        }
      }
    };
    const listen = (event) => {
      const kind = event.source === frame.contentWindow && event.origin === ORIGIN && event.data?.[MARK];
      if (kind === "outcome") {
        if (event.data.notice) tell(event.data.notice, ko);
        finish(event.data.outcome);
      }
      // Some PGs say nothing about a window that was closed.
      if (kind === "silence") {
        finish(null, false);
        if (event.data.alert) alert(event.data.alert);
      }
    };
    window.addEventListener("message", listen);
    // Escape on the shop's side of the frame: the window itself decides what becomes of the payment.
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      frame.contentWindow.postMessage({ [MARK]: "leave" }, ORIGIN);
    });
    open = dialog;
    post(request, frame.name);
  };

  const resultOf = (kind, asked) => {
    const usual = mobile() ? "redirect" : "callback";
    if (kind !== "payment") return asked.popup === true ? "callback" : usual;
    const key = asked.channelKey || asked.channel_key;
    const [pg, ...mid] = String(asked.pg ?? "").split(".");
    const named = (channel) => (key ? channel.key === key : channel.pg === pg && [channel.mid, ""].includes(mid.join(".")));
    const channel = CHANNELS.find(named) ?? CHANNELS[0];
    // The vendor's page for Naver Pay: the page's own flag decides.
    if (channel?.pg === "naverpay" && asked.naverPopupMode === false) return "redirect";
    return channel?.[mobile() ? "mobile" : "pc"] ?? usual;
  };

  const begin = (kind, asked, callback) => {
    // As the classic engine: the page is not called back.
    if (merchant === null) return alert("판매자 코드가 설정되지 않았습니다. IMP.init()함수를 먼저 호출하세요.");
    if (open !== null) return refuse(asked, callback, "a window is open already");
    const copy = plain(asked);
    const result = resultOf(kind, copy);
    const redirects = Boolean(copy.m_redirect_url) && result === "redirect";
    const request = { asked: copy, kind, mobile: mobile(), redirects, tier };
    if (redirects) return post(request, "_self");
    return overlay(request, result === "none" ? undefined : callback);
  };

  window.IMP = {
    init(code) {
      merchant = String(code);
      tier = null;
    },
    agency(code, tierCode) {
      merchant = String(code);
      tier = tierCode ? String(tierCode) : null;
    },
    request_pay(asked, callback) {
      if (asked === undefined) {
        alert("결제요청 파라메터가 누락되었습니다.");
        return false;
      }
      begin("payment", asked, callback);
    },
    certification(asked, callback) {
      begin("certification", asked, callback);
    },
    // Each PG draws its own button there; a click opens the sandbox's window for what was asked last.
    loadUI(type, asked, callback) {
      const place = [...document.querySelectorAll(".portone-ui-container")].filter((one) => one.dataset.portoneUiType === type);
      const message = !type
        ? "UI 타입은 필수 입력입니다."
        : !UI_TYPES.includes(type)
          ? `지원하지 않는 UI 타입(${type})입니다.`
          : !asked?.pg && !asked?.channelKey
            ? "pg 파라미터는 필수 입력입니다."
            : place.length > 1
              ? "동일한 data-portone-ui-type을 갖는 DOM element가 2개 이상 존재합니다."
              : place.length < 1
                ? "portone-ui-container를 찾을 수 없습니다."
                : null;
      if (message !== null) {
        console.error(`IMP: ${message}`);
        const outcome = { error_code: "F500", error_msg: message, merchant_uid: asked?.merchant_uid ?? null };
        if (typeof callback === "function") setTimeout(callback, 0, outcome);
        return;
      }
      drawn.set(type, asked);
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `${type} (sandbox)`;
      button.addEventListener("click", () => begin("payment", drawn.get(type), callback));
      place[0].replaceChildren(button);
    },
    updateLoadUIRequest(type, asked) {
      if (drawn.has(type)) drawn.set(type, asked);
      else console.error(`IMP: loadUI(${type}) has to be called first`);
    },
    // What comes from there are the functions of the PG's own module, which the sandbox does not play: each says so.
    async loadModule(type, { userCode } = {}) {
      if (!MODULES.includes(type)) throw new Error(`지원하지 않는 모듈 타입(${type})입니다.`);
      if (userCode) merchant ??= String(userCode);
      const missing = (name) => async () => {
        const message = `the sandbox does not play ${type}.${String(name)}; pay with request_pay or loadUI`;
        console.error(`IMP: ${message}`);
        throw new Error(message);
      };
      // Not a promise itself, or `await` would call it.
      return new Proxy({}, { get: (_, name) => (name === "then" || typeof name === "symbol" ? undefined : missing(name)) });
    },
    deinit() {
      merchant = null;
      drawn.clear();
    },
  };
  console.info(`IMP: the sandbox at ${ORIGIN}. No money moves.`);
})();
