/**
 * @typedef {import("../types/events.js").OtherEvent} OtherEvent
 * @typedef {import("../types/events.js").AnyEvent} AnyEvent
 */
/**
 * Reads an event from a body that was verified before; the body is in the format
 * standard, or in cloudevents. Throws if it is no event.
 *
 * @param {Uint8Array | ArrayBuffer | string} body
 * @returns {AnyEvent | OtherEvent}
 */
export function parse(body: Uint8Array | ArrayBuffer | string): AnyEvent | OtherEvent;
export type OtherEvent = import("../types/events.js").OtherEvent;
export type AnyEvent = import("../types/events.js").AnyEvent;
