// java ShopTest.java: a shop's tests against the sandbox, with the JDK's own HTTP client and nothing else.
// In production the address is https://api.iamport.kr, and a JSON library reads the answers.
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

public class ShopTest {
    static final String KEYS = "imp_key=sandbox_key&imp_secret=sandbox_secret";
    static final String URL = System.getenv().getOrDefault("PORTONE_URL", "http://127.0.0.1:8765");
    static final String FRESH = "java-" + ProcessHandle.current().pid();
    static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static HttpRequest.Builder to(String path, String token) {
        return HttpRequest.newBuilder(URI.create(URL + path)).header("X-Sandbox", FRESH).header("Authorization", token);
    }

    static String answer(HttpRequest request) throws Exception {
        String body;
        try {
            body = CLIENT.send(request, BodyHandlers.ofString()).body();
        } catch (java.net.ConnectException refused) {
            throw new IllegalStateException(URL + " does not respond: is the sandbox running there?");
        }
        if (!field(body, "code").equals("0")) throw new IllegalStateException(field(body, "message"));
        return body;
    }

    static String post(String path, String form, String token) throws Exception {
        var body = HttpRequest.BodyPublishers.ofString(form);
        return answer(to(path, token).header("Content-Type", "application/x-www-form-urlencoded").POST(body).build());
    }

    static String get(String path, String token) throws Exception {
        return answer(to(path, token).GET().build());
    }

    static String field(String json, String name) {
        var found = Pattern.compile("\"" + name + "\":\\s*\"?([^\",}]*)").matcher(json);
        if (!found.find()) throw new IllegalStateException("no " + name);
        return found.group(1);
    }

    static void check(boolean holds, String what) {
        if (!holds) throw new AssertionError(what);
        System.out.println("ok " + what);
    }

    static void aPaidOrder() throws Exception {
        String token = field(post("/users/getToken", KEYS, "none"), "access_token");
        post("/_sandbox/payments", "merchant_uid=order-1&amount=12000", token); // the buyer pays
        String order = get("/payments/find/order-1", token);
        check(field(order, "status").equals("paid") && field(order, "amount").equals("12000"), "a paid order");
    }

    static void aRefund() throws Exception {
        String token = field(post("/users/getToken", KEYS, "none"), "access_token");
        String paid = post("/_sandbox/payments", "merchant_uid=order-2&amount=5000", token);
        String refund = "imp_uid=" + field(paid, "imp_uid") + "&amount=5000&checksum=5000";
        check(field(post("/payments/cancel", refund, token), "status").equals("cancelled"), "a refund");
        try {
            post("/payments/cancel", refund, token);
        } catch (IllegalStateException refused) {
            check(true, "a second one that is refused");
            return;
        }
        throw new AssertionError("a second refund");
    }

    public static void main(String[] arguments) throws Exception {
        aPaidOrder();
        aRefund();
    }
}
