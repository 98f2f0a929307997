// Receives Parley's webhooks: verifies them, knows the types of their events, and does
// each event once. Needs nothing but what Node 20, Deno, Bun and edge runtimes share.

export { Verifier, VerificationError } from "./verify.js";
export { parse } from "./parse.js";
export { Receiver, Later } from "./receiver.js";
export { inMemory, inTransaction, withoutDedup } from "./dedup.js";

/** @typedef {import("../types/events.js").EventType} EventType */
/** @typedef {import("../types/events.js").EventData} EventData */
/** @typedef {import("../types/events.js").AnyEvent} AnyEvent */
/** @typedef {import("./headers.js").HeaderSource} HeaderSource */
/** @typedef {import("./answer.js").Answer} Answer */
/**
 * @template {EventType} T
 * @typedef {import("../types/events.js").EventOf<T>} EventOf
 */
/**
 * @template {string} T
 * @typedef {import("../types/events.js").EventNamed<T>} EventNamed
 */
/**
 * @template [Tx=undefined]
 * @typedef {import("./dedup.js").Dedup<Tx>} Dedup
 */
