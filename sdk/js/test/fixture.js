// What the tests share: requests as Parley signs them, and servers on loopback.
import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import { after } from "node:test";

export const secret = "whsec_dGhpcnR5LXR3byBieXRlcyBvZiBhIHRlc3Qncw==";
export const otherSecret = "whsec_" + Buffer.from("another thirty-two bytes, really").toString("base64");

export const now = () => Math.floor(Date.now() / 1000);

/** An ed25519 key pair: the private key, and the public one as Parley shows it. */
export function keyPair() {
  const { privateKey } = generateKeyPairSync("ed25519");
  const raw = createPublicKey(createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" }))).export({ type: "spki", format: "der" }).subarray(-32);
  return { privateKey, publicKey: "whpk_" + raw.toString("base64") };
}

/** The headers of a request that was signed with the keys. */
export function signed(body, { id = "evt_1", at = now(), keys = [secret] } = {}) {
  const text = Buffer.concat([Buffer.from(`${id}.${at}.`), Buffer.from(body)]);
  const signatures = keys.map((key) =>
    typeof key === "string"
      ? "v1," + createHmac("sha256", Buffer.from(key.replace("whsec_", ""), "base64")).update(text).digest("base64")
      : "v1a," + sign(null, text, key).toString("base64"),
  );
  return { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": signatures.join(" ") };
}

export function event(type, data = {}, members = {}) {
  return JSON.stringify({ id: "evt_1", type, sequence: 1, timestamp: "2026-11-20T10:30:00.123Z", ...members, data });
}

/** Serves a handler until the tests of the file have ended, and resolves to its URL. */
export async function serve(handler) {
  const server = createServer(handler);
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  after(() => new Promise((closed) => server.close(closed).closeAllConnections()));
  return `http://127.0.0.1:${server.address().port}/`;
}

/** A logger that keeps what it is told. */
export function notebook() {
  const lines = [];
  const note = (...said) => lines.push(said.map(String).join(" "));
  return { lines, warn: note, error: note };
}

/** A promise, and what settles it. */
export function deferred() {
  let resolve, reject;
  const promise = new Promise((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}
