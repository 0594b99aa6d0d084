// Korean and English. Each page teaches the words that it uses: key -> [Korean, English].
const KEPT = "portone-v1-sandbox-language";
const WORDS = {};
const side = () => (language === "ko" ? 0 : 1);

export const storage = {
  read(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // a frame on another site may have no storage
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      // then it holds until the page is left
    }
  },
};

let language = storage.read(KEPT) ?? (navigator.language.startsWith("ko") ? "ko" : "en");

export function learn(...books) {
  for (const book of books) Object.assign(WORDS, book);
}

export function choose(wanted, { keep = false } = {}) {
  if (wanted === "ko" || wanted === "en") language = wanted;
  if (keep) storage.write(KEPT, language);
  document.documentElement.lang = language;
}

export const current = () => language;
export const wasChosen = () => storage.read(KEPT) !== null;
export const other = () => (language === "ko" ? "en" : "ko");
export const known = (key) => key in WORDS;
export const pick = (both) => both[language] ?? both.ko;

export function say(key, values = {}) {
  const text = WORDS[key]?.[side()] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// The name of a value of V1, the value itself where there is none.
export const nameOf = (kind, value) => (known(`${kind}.${value}`) ? say(`${kind}.${value}`) : String(value));

// Every element with data-say, data-say-label or data-say-hint gets its words.
export function translate(root = document) {
  for (const one of root.querySelectorAll("[data-say]")) one.textContent = say(one.dataset.say);
  for (const one of root.querySelectorAll("[data-say-label]")) one.setAttribute("aria-label", say(one.dataset.sayLabel));
  for (const one of root.querySelectorAll("[data-say-hint]")) one.setAttribute("placeholder", say(one.dataset.sayHint));
}
