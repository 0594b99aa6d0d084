<?php
// phpunit ShopTest.php: a shop's tests against the sandbox.
declare(strict_types=1);

require_once __DIR__ . '/shop.php';

use PHPUnit\Framework\TestCase;

final class ShopTest extends TestCase
{
    public function testAPaidOrder(): void
    {
        $token = post('/users/getToken', KEYS)->access_token;
        post('/_sandbox/payments', ['merchant_uid' => 'order-1', 'amount' => 12000]); // the buyer pays
        $order = get('/payments/find/order-1', $token);
        self::assertSame(['paid', 12000], [$order->status, $order->amount]);
        self::assertTrue(isPaid(['order-1' => 12000], 'order-1', $token));
        self::assertFalse(isPaid(['order-1' => 99000], 'order-1', $token));
        $test = ['merchant_uid' => 'order-3', 'amount' => 12000, 'sandbox' => true]; // a test channel
        post('/_sandbox/payments', $test);
        self::assertFalse(isPaid(['order-3' => 12000], 'order-3', $token));
    }

    public function testARefundAndASecondOneThatIsRefused(): void
    {
        $token = post('/users/getToken', KEYS)->access_token;
        $paid = post('/_sandbox/payments', ['merchant_uid' => 'order-2', 'amount' => 5000]);
        $refund = ['imp_uid' => $paid->imp_uid, 'amount' => 5000, 'checksum' => 5000];
        self::assertSame('cancelled', post('/payments/cancel', $refund, $token)->status);
        $this->expectException(RuntimeException::class);
        post('/payments/cancel', $refund, $token);
    }
}
