// A request as code. Values are quoted for the language that they stand in; a masked token is read from the environment.
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const php = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
// JSON is Java's and Python's string syntax, too, once everything else than ASCII is escaped.
const ascii = (text) => JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
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
  const headers = [signed && '        "Authorization": "Bearer " + os.environ["PORTONE_TOKEN"],', type && `        "Content-Type": ${ascii(type)},`];
  return [
    signed ? "import os\n\nimport httpx\n" : "import httpx\n",
    `answer = httpx.request(\n    ${ascii(method)},\n    ${ascii(url)},`,
    "    headers={", ...headers.filter(Boolean), "    },",
    body !== null && `    content=${ascii(body)}.encode("utf-8", "surrogatepass"),`,
    ")\nprint(answer.status_code, answer.text)",
  ].filter((line) => line !== false && line !== null).join("\n");
}

function phpCode(method, url, body, signed, type) {
  const headers = [signed && "'Authorization: Bearer ' . getenv('PORTONE_TOKEN')", type && php(`Content-Type: ${type}`)].filter(Boolean);
  return [
    `$c = curl_init(${php(url)});`, "curl_setopt_array($c, [",
    `    CURLOPT_CUSTOMREQUEST => ${php(method)},`, "    CURLOPT_RETURNTRANSFER => true,",
    `    CURLOPT_HTTPHEADER => [${headers.join(", ")}],`,
    body !== null && `    CURLOPT_POSTFIELDS => ${php(body)},`,
    "]);", "$answer = json_decode(curl_exec($c), true);",
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
  ].filter(Boolean).join("\n");
}
