<?php
// A shop's server in PHP, without a library. In production the address is https://api.iamport.kr.
declare(strict_types=1);

const KEYS = ['imp_key' => 'sandbox_key', 'imp_secret' => 'sandbox_secret'];

function send(string $method, string $path, string $token, array $body = []): object
{
    $url = getenv('PORTONE_URL') ?: 'http://127.0.0.1:8765';
    $headers = ['Content-Type: application/json', "Authorization: $token", 'X-Sandbox: php-' . getmypid()];
    $http = ['method' => $method, 'header' => $headers, 'ignore_errors' => true];
    $http += $body ? ['content' => json_encode($body)] : [];
    $text = @file_get_contents($url . $path, false, stream_context_create(['http' => $http]));
    if ($text === false) {
        throw new RuntimeException("$url does not respond: is the sandbox running there?");
    }
    $answer = json_decode($text);
    if ($answer->code !== 0) {
        throw new RuntimeException($answer->message);
    }
    return $answer->response;
}

function post(string $path, array $body, string $token = ''): object
{
    return send('POST', $path, $token, $body);
}

function get(string $path, string $token): object
{
    return send('GET', $path, $token);
}

/** Is the order paid in full, with real money? Compare with the server's own amount, never with the page's. */
function isPaid(array $orders, string $merchantUid, string $token): bool
{
    $payment = get('/payments/find/' . rawurlencode($merchantUid), $token);
    $isTest = $payment->sandbox; // paid through a test channel: no money arrives
    return $payment->status === 'paid' && $payment->amount === $orders[$merchantUid] && !$isTest;
}
