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
export function parse(body) {
  const read = JSON.parse(typeof body === "string" ? body : new TextDecoder("utf-8", { fatal: true }).decode(body));
  const event = typeof read?.specversion === "string" ? fromCloudEvent(read) : read;
  if (typeof event?.id !== "string" || typeof event.type !== "string" || event.id === "" || event.type === "" || event.data === undefined) {
    throw new TypeError(
      "the body is not an event of the format standard or cloudevents: it must have an id, a type and data. " +
        "What a transformation returns is for you to read: see Verifier",
    );
  }
  return event;
}

/**
 * The event in a CloudEvent, whose extensions are texts.
 * @param {any} c
 */
function fromCloudEvent(c) {
  if (typeof c.type !== "string" || !c.type.startsWith("parley.")) throw new TypeError("the body is not a CloudEvent of Parley's");
  return {
    id: c.id,
    type: c.type.slice("parley.".length),
    sequence: Number(c.sequence),
    timestamp: c.time,
    api_version: c.apiversion,
    organization_id: c.organization,
    inbox_id: c.inbox ?? null,
    actor: { type: c.actortype, id: c.actorid },
    cause: c.causeeventid === undefined ? null : { event_id: c.causeeventid, rule_id: c.causeruleid, depth: Number(c.causedepth) },
    data: c.data,
  };
}
