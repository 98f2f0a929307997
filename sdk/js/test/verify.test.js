import assert from "node:assert/strict";
import { test } from "node:test";
import { VerificationError, Verifier } from "parley-webhook";
import { keyPair, now, otherSecret, secret, signed } from "./fixture.js";

const body = '{"id":"evt_1","text":"naïve ✓"}';
const good = signed(body);
const refused = (pattern) => (error) => error instanceof VerificationError && pattern.test(error.message);

test("takes what was signed just now, whatever it comes as", async () => {
  const verifier = new Verifier(secret);
  await verifier.verify(good, body);
  await verifier.verify(new Headers(good), Buffer.from(body));
  await verifier.verify({ "Webhook-Id": good["webhook-id"], "Webhook-Timestamp": good["webhook-timestamp"], "Webhook-Signature": good["webhook-signature"] }, body);
  await verifier.verify(good, new TextEncoder().encode(body).buffer);
  await verifier.verify(signed(body, { at: now() - 200 }), body);
  await verifier.verify(signed(body, { at: now() + 200 }), body);
  await verifier.verify(signed(""), "");
});

test("takes the example of the documentation", async () => {
  const headers = {
    "webhook-id": "evt_01kaf0v3bdfh5a9j7e2w4r6m8q",
    "webhook-timestamp": "1795170600",
    "webhook-signature": "v1,U9Ij6kpJha+HoKmAaEWGnt+4JolSHpu1U+nFrxlY/GM=",
  };
  const verifier = new Verifier("whsec_UGFybGV5IGRvY3VtZW50YXRpb24gZXhhbXBsZSE=", { tolerance: 1e9 });
  await verifier.verify(headers, '{"type":"webhook.test"}');
});

for (const [name, headers, pattern, what = body] of [
  ["another body", good, /no signature is good/, body + " "],
  ["another secret", signed(body, { keys: [otherSecret] }), /no signature is good/],
  ["another id", { ...good, "webhook-id": "evt_2" }, /no signature is good/],
  ["another time", { ...signed(body, { at: now() - 3600 }), "webhook-timestamp": String(now()) }, /no signature is good/],
  ["an old time", signed(body, { at: now() - 400 }), /seconds ago/],
  ["a time to come", signed(body, { at: now() + 400 }), /ahead of time/],
  ["no id", { ...good, "webhook-id": undefined }, /no webhook-id/],
  ["no time", { ...good, "webhook-timestamp": "" }, /no webhook-timestamp/],
  ["no signature", { ...good, "webhook-signature": undefined }, /no webhook-signature/],
  ["a time that is none", { ...good, "webhook-timestamp": "soon" }, /Unix seconds/],
  ["a time beyond all", { ...good, "webhook-timestamp": "9".repeat(30) }, /Unix seconds/],
  ["a signature that is none", { ...good, "webhook-signature": "v1,no base64" }, /no signature is good/],
  ["an empty signature", { ...good, "webhook-signature": "v1," }, /no signature is good/],
  ["an unknown version", { ...good, "webhook-signature": good["webhook-signature"].replace("v1", "v9") }, /no signature is good/],
  ["the other known version", { ...good, "webhook-signature": good["webhook-signature"].replace("v1", "v1a") }, /no signature is good/],
]) {
  test(`refuses ${name}`, () => assert.rejects(new Verifier(secret).verify(headers, what), refused(pattern)));
}

test("takes either secret during a rotation", async () => {
  await new Verifier(secret).verify(signed(body, { keys: [otherSecret, secret] }), body);
  await new Verifier([otherSecret, secret]).verify(signed(body, { keys: [secret] }), body);
});

test("verifies with public keys", async () => {
  const { privateKey, publicKey } = keyPair();
  const stranger = keyPair();
  await new Verifier(publicKey).verify(signed(body, { keys: [otherSecret, stranger.privateKey, privateKey] }), body);
  await new Verifier([publicKey, secret]).verify(good, body);
  await assert.rejects(new Verifier(publicKey).verify(signed(body, { keys: [stranger.privateKey] }), body), VerificationError);
  await assert.rejects(new Verifier(publicKey).verify(signed(body, { keys: [privateKey] }), body + " "), VerificationError);
  // A key that is known to all must not do for a secret.
  const forged = signed(body, { keys: [publicKey.replace("whpk_", "whsec_")] });
  await assert.rejects(new Verifier(publicKey).verify(forged, body), VerificationError);
});

test("looks at a few signatures only", async () => {
  const wrong = "v1," + Buffer.alloc(32).toString("base64") + " ";
  const behind = (n) => ({ ...good, "webhook-signature": wrong.repeat(n) + good["webhook-signature"] });
  await new Verifier(secret).verify(behind(15), body);
  await assert.rejects(new Verifier(secret).verify(behind(16), body), VerificationError);
});

test("refuses keys that are none, and does not repeat them", () => {
  for (const [key, pattern] of [
    [undefined, /is empty/],
    ["", /is empty/],
    ["whsec_AAAA", /24 to 64 bytes/],
    ["whsec_" + "A".repeat(100), /24 to 64 bytes/],
    ["whsec_" + "_".repeat(32), /base64/],
    ["whpk_" + "A".repeat(32), /32 bytes/],
    ["whsk_" + "A".repeat(32), /must start with/],
  ]) {
    const made = () => new Verifier([secret, key]);
    assert.throws(made, (error) => pattern.test(error.message) && error.message.startsWith("key 2 of 2") && !(key && error.message.includes(key.slice(6))));
  }
  assert.throws(() => new Verifier([]), /no key/);
  assert.throws(() => new Verifier(secret, { tolerance: NaN }), /tolerance/);
});
