<?php
// WEBHOOK_SECRET=whsec_… php -S localhost:9000 receiver.php

// signed tells whether the body was signed with the key in the last five minutes.
function signed(string $key, string $body): bool
{
    $id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
    $timestamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > 300) {
        return false;
    }
    $digest = hash_hmac('sha256', "$id.$timestamp.$body", $key, true);
    $want = 'v1,' . base64_encode($digest);
    foreach (explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $got) {
        if (hash_equals($want, $got)) {
            return true;
        }
    }
    return false;
}

$key = base64_decode(substr(getenv('WEBHOOK_SECRET'), strlen('whsec_')));
$body = file_get_contents('php://input'); // the bytes as they came
if (!signed($key, $body)) {
    http_response_code(401);
    exit('bad signature');
}
http_response_code(204);
error_log($_SERVER['HTTP_WEBHOOK_ID'] . ' ' . $body);
