// A request as code. Values are quoted for the language that they stand in; a masked token is read from the environment.
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const php = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
// JSON is Java's and Python's string syntax, too, once everything else than ASCII is escaped: Java writes the two halves
// of a character, Python the whole one.
const escaped = (letter, width, code) => `\\${letter}${code.toString(16).padStart(width, "0")}`;
const ascii = (text) => JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => escaped("u", 4, c.charCodeAt(0)));
const whole = (text) => JSON.stringify(text).replace(/[\u007f-\u{10ffff}]/gu, (c) => (c.length > 1 ? escaped("U", 8, c.codePointAt(0)) : escaped("u", 4, c.charCodeAt(0))));
const media = (event) => Object.entries(event.request?.headers ?? {}).find(([name]) => name.toLowerCase() === "content-type")?.[1];

export const LANGUAGES = ["curl", "Python", "PHP", "Java"];

export function codeFor(language, event, body) {
  const url = event.path.startsWith("http") ? event.path : `${location.origin}${event.path}`;
  const signed = event.kind === "api" && event.what !== "auth_get_token";
  const type = body === null ? null : media(event) ?? "application/json";
  return { curl, Python: python, PHP: phpCode, Java: java }[language](event.method, url, body, signed, type);
}

function curl(method, url, body, signed, type) {
  return [
    `curl -X ${method} ${quoted(url)}`,
    signed && '  -H "Authorization: Bearer $PORTONE_TOKEN"',
    type && `  -H ${quoted(`Content-Type: ${type}`)}`,
    body !== null && `  --data-binary ${quoted(body)}`,
  ].filter(Boolean).join(" \\\n");
}

function python(method, url, body, signed, type) {
  const headers = [signed && '        "Authorization": "Bearer " + os.environ["PORTONE_TOKEN"],', type && `        "Content-Type": ${whole(type)},`];
  return [
    signed ? "import os\n\nimport httpx\n" : "import httpx\n",
    `answer = httpx.request(\n    ${whole(method)},\n    ${whole(url)},`,
    "    headers={", ...headers.filter(Boolean), "    },",
    body !== null && `    content=${whole(body)}.encode("utf-8", "surrogatepass"),`,
    ")\nprint(answer.status_code, answer.text)",
  ].filter((line) => line !== false && line !== null).join("\n");
}

// PHP's own streams: they are there without an extension.
function phpCode(method, url, body, signed, type) {
  const headers = [signed && "'Authorization: Bearer ' . getenv('PORTONE_TOKEN')", type && php(`Content-Type: ${type}`)].filter(Boolean);
  return [
    `$answer = file_get_contents(${php(url)}, false, stream_context_create(['http' => [`,
    `    'method' => ${php(method)},`,
    `    'header' => [${headers.join(", ")}],`,
    body !== null && `    'content' => ${php(body)},`,
    "    'ignore_errors' => true,", "]]));", "echo $answer;",
  ].filter(Boolean).join("\n");
}

function java(method, url, body, signed, type) {
  return [
    `HttpRequest request = HttpRequest.newBuilder(URI.create(${ascii(url)}))`,
    signed && '    .header("Authorization", "Bearer " + System.getenv("PORTONE_TOKEN"))',
    type && `    .header("Content-Type", ${ascii(type)})`,
    `    .method(${ascii(method)}, ${body === null ? "BodyPublishers.noBody()" : `BodyPublishers.ofString(${ascii(body)})`})`,
    "    .build();",
    "HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());",
    "System.out.println(answer.body());",
  ].filter(Boolean).join("\n");
}
