import { header } from "./headers.js";

/** Why a request was refused. */
export class VerificationError extends Error {
  name = "VerificationError";
}

/** @typedef {import("./headers.js").HeaderSource} HeaderSource */

// How many signatures of a request are looked at. Parley sends a few, while secrets are
// being changed; a stranger could send thousands for us to compute.
const maxSignatures = 16;

/**
 * Tells requests that Parley has signed from all others, by its headers of Standard
 * Webhooks. Signatures are compared in constant time.
 */
export class Verifier {
  #tolerance;
  /** @type {Promise<Array<{version: string, algorithm: string, key: CryptoKey}>>} */
  #keys;

  /**
   * Takes the endpoint's secrets (whsec_…, for signatures of version v1) and public keys
   * (whpk_…, for v1a). One good signature by any of them is enough: give the old and the
   * new one while you change from one to the other. Throws if one is not what it should be.
   *
   * @param {string | readonly (string | undefined)[] | undefined} keys
   * @param {{tolerance?: number}} [options] tolerance: how many seconds from now the time of a
   *   request may be, in both directions; 300 if not given
   */
  constructor(keys, { tolerance = 300 } = {}) {
    const all = Array.isArray(keys) ? keys : [keys];
    if (all.length === 0) throw new TypeError("there is no key to verify with: give the endpoint's secret, whsec_…, or its public key, whpk_…");
    if (!(tolerance > 0)) throw new TypeError("tolerance must be a number of seconds above 0");
    this.#tolerance = tolerance;
    this.#keys = Promise.all(all.map((key, i) => imported(key, `key ${i + 1} of ${all.length}`)));
    this.#keys.catch(() => {}); // whoever verifies is told
  }

  /**
   * Resolves if a request with these headers and this body was signed with one of the
   * keys, not long ago, and rejects with a VerificationError if not. The body must be the
   * bytes that came, or the text that they are.
   *
   * @param {HeaderSource} headers
   * @param {Uint8Array | ArrayBuffer | string} body
   * @returns {Promise<void>}
   */
  async verify(headers, body) {
    const id = required(headers, "webhook-id");
    const timestamp = required(headers, "webhook-timestamp");
    const signatures = required(headers, "webhook-signature").split(" ").slice(0, maxSignatures);
    this.#inTime(timestamp);
    const text = joined(`${id}.${timestamp}.`, body);
    const keys = await this.#keys;
    for (const signature of signatures) {
      const comma = signature.indexOf(",");
      const given = fromBase64(signature.slice(comma + 1));
      if (comma < 0 || given === undefined) continue;
      for (const { version, algorithm, key } of keys) {
        if (version === signature.slice(0, comma) && (await crypto.subtle.verify(algorithm, key, given, text))) return;
      }
    }
    throw new VerificationError("no signature is good: another key signed the request, or the body is no longer what was signed");
  }

  /** @param {string} timestamp */
  #inTime(timestamp) {
    if (!/^[0-9]{1,12}$/.test(timestamp)) throw new VerificationError("webhook-timestamp must be Unix seconds");
    const off = Date.now() / 1000 - Number(timestamp);
    if (Math.abs(off) <= this.#tolerance) return;
    const when = `${Math.abs(Math.round(off))} seconds ${off > 0 ? "ago" : "ahead of time"}`;
    throw new VerificationError(`it was signed ${when}; if Parley sent it just now, the clock here is wrong`);
  }
}

/**
 * The key as the runtime knows it. What is wrong with it is thrown at once.
 * @param {string | undefined} key
 * @param {string} name
 */
function imported(key, name) {
  if (typeof key !== "string" || key === "") throw new TypeError(`${name} is empty: is its environment variable set?`);
  const [, prefix, encoded] = /^(whsec|whpk)_(.*)$/s.exec(key) ?? [];
  const raw = fromBase64(encoded ?? "");
  if (prefix === undefined) throw new TypeError(`${name} must start with whsec_ (a secret) or whpk_ (a public key)`);
  if (raw === undefined) throw new TypeError(`${name} must be base64 after its prefix`);
  if (prefix === "whpk") {
    if (raw.length !== 32) throw new TypeError(`${name} must hold 32 bytes, as every public key of ed25519 does`);
    return entry("v1a", "Ed25519", raw, "Ed25519");
  }
  if (raw.length < 24 || raw.length > 64) throw new TypeError(`${name} must hold 24 to 64 bytes, as every secret of Standard Webhooks does`);
  return entry("v1", "HMAC", raw, { name: "HMAC", hash: "SHA-256" });
}

/**
 * @param {string} version
 * @param {string} algorithm
 * @param {Uint8Array<ArrayBuffer>} raw
 * @param {string | {name: string, hash: string}} how
 */
async function entry(version, algorithm, raw, how) {
  return { version, algorithm, key: await crypto.subtle.importKey("raw", raw, how, false, ["verify"]) };
}

/**
 * @param {HeaderSource} headers
 * @param {string} name
 */
function required(headers, name) {
  const value = header(headers, name);
  if (value === undefined || value === "") throw new VerificationError(`there is no ${name}`);
  return value;
}

/**
 * @param {string} head
 * @param {Uint8Array | ArrayBuffer | string} body
 */
function joined(head, body) {
  const encoder = new TextEncoder();
  const first = encoder.encode(head);
  const rest = typeof body === "string" ? encoder.encode(body) : new Uint8Array(body);
  const text = new Uint8Array(first.length + rest.length);
  text.set(first);
  text.set(rest, first.length);
  return text;
}

/**
 * The bytes of standard base64, undefined if it is none.
 * @param {string} text
 */
function fromBase64(text) {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}
