import { answer } from "./answer.js";
import { inMemory } from "./dedup.js";
import { fetchHandler } from "./fetch.js";
import { header } from "./headers.js";
import { nodeHandler } from "./node.js";
import { parse } from "./parse.js";
import { VerificationError, Verifier } from "./verify.js";

/**
 * @typedef {import("./headers.js").HeaderSource} HeaderSource
 * @typedef {import("../types/events.js").EventType} EventType
 * @typedef {import("./answer.js").Answer} Answer
 */
/**
 * @template {string} T
 * @typedef {import("../types/events.js").EventNamed<T>} EventNamed
 */
/**
 * @template Tx
 * @typedef {import("./dedup.js").Dedup<Tx>} Dedup
 */

/** The error of a handler that cannot work now: Parley sends the endpoint nothing for so many seconds. */
export class Later extends Error {
  name = "Later";

  /**
   * @param {number} seconds
   * @param {{cause?: unknown}} [options]
   */
  constructor(seconds, options) {
    super(`not for ${seconds} seconds`, options);
    this.seconds = seconds;
  }
}

/**
 * Takes Parley's webhooks: nothing reaches a handler whose signature is not good, or was
 * made more than five minutes ago, and an event that comes again is not handled again. See
 * express and fetch for the ways in.
 *
 * @template [Tx=undefined]
 */
export class Receiver {
  #verifier;
  #dedup;
  #logger;
  /** @type {Map<string, (event: any, tx: Tx) => unknown>} */
  #handlers = new Map();
  /** @type {((event: any, tx: Tx) => unknown) | undefined} */
  #otherwise;

  /**
   * Only keys must be given: the endpoint's secret, whsec_…, or its public key, whpk_…;
   * several while one replaces another. dedup is inMemory() if not given. maxBody is in
   * bytes, 4 MiB if not given; tolerance in seconds, 300.
   *
   * @param {{
   *   keys: string | readonly (string | undefined)[] | undefined,
   *   dedup?: Dedup<Tx>,
   *   tolerance?: number,
   *   maxBody?: number,
   *   logger?: {warn(...said: unknown[]): void, error(...said: unknown[]): void},
   * }} options
   */
  constructor({ keys, dedup = /** @type {any} */ (inMemory()), tolerance, maxBody = 4 << 20, logger = console }) {
    this.#verifier = new Verifier(keys, { tolerance });
    this.#dedup = dedup;
    this.#logger = logger;
    this.maxBody = maxBody;
  }

  /**
   * Has a function handle the events of a type: one that Parley declares, whose data are
   * typed, or one of your own, custom.…. When it resolves the event is done and will not
   * come again; when it rejects the event comes again. Work in the transaction, if there
   * is one: what is done there counts if and only if the function resolves.
   *
   * @template {EventType | (string & {})} T
   * @param {T} type
   * @param {(event: EventNamed<T>, tx: Tx) => unknown} handler
   * @returns {this}
   */
  on(type, handler) {
    if (this.#handlers.has(type)) throw new Error(`there are two handlers for ${type}`);
    this.#handlers.set(type, handler);
    return this;
  }

  /**
   * Has a function handle the events of all types that have no handler of their own.
   * Without it they are answered with 204 and passed over.
   *
   * @param {(event: import("../types/events.js").AnyEvent | import("../types/events.js").OtherEvent, tx: Tx) => unknown} handler
   * @returns {this}
   */
  otherwise(handler) {
    this.#otherwise = handler;
    return this;
  }

  /**
   * The handler for Express, Connect and Node's own http server. The body must not have
   * been parsed before: put the route above express.json(), or give it express.raw().
   *
   * @returns {(request: import("./node.js").NodeRequest, response: import("./node.js").NodeResponse) => Promise<void>}
   */
  express() {
    return nodeHandler(this, this.#logger);
  }

  /**
   * The handler for whoever speaks Request and Response: Next.js, Hono, Deno, Bun, Workers.
   *
   * @returns {(request: Request) => Promise<Response>}
   */
  fetch() {
    return fetchHandler(this);
  }

  /**
   * What a POST with these headers and this body is to be answered with, after all is done
   * that is to be done about it. It is for servers of another kind; it never rejects.
   *
   * @param {HeaderSource} headers
   * @param {Uint8Array | ArrayBuffer | string} body
   * @returns {Promise<Answer>}
   */
  async receive(headers, body) {
    try {
      await this.#verifier.verify(headers, body);
    } catch (error) {
      if (error instanceof VerificationError) return answer(401, error.message);
      return this.#failed("verify", error);
    }
    let event;
    try {
      const token = verification(body);
      if (token !== undefined) return answer(200, token);
      event = parse(body);
    } catch (error) {
      this.#logger.warn("webhook not read:", error);
      return answer(422, "the body is no event");
    }
    const handler = this.#handlers.get(event.type) ?? this.#otherwise;
    if (handler === undefined) return answer(204);
    try {
      const id = /** @type {string} */ (header(headers, "webhook-id")); // it was verified
      await this.#dedup.once(id, async (tx) => void (await handler(event, tx)));
      return answer(204);
    } catch (error) {
      return this.#failed(`${event.type} ${event.id}`, error);
    }
  }

  /**
   * The cause is for the log only.
   * @param {string} what
   * @param {unknown} error
   */
  #failed(what, error) {
    this.#logger.error("webhook failed:", what, error);
    if (error instanceof Later) return answer(503, "not now", { "retry-after": String(Math.max(0, Math.ceil(error.seconds))) });
    return answer(500, "the event could not be handled: the receiver's log says why");
  }
}

/**
 * The token, if the body is the question that Parley asks an endpoint with verification:
 * the token to be sent back, and nothing else. Whoever asks has signed it, so any token is
 * sent back.
 * @param {Uint8Array | ArrayBuffer | string} body
 */
function verification(body) {
  if ((typeof body === "string" ? body.length : body.byteLength) > 4096) return undefined;
  const asked = JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body));
  const alone = typeof asked?.token === "string" && asked.token !== "" && Object.keys(asked).length === 1;
  return alone ? /** @type {string} */ (asked.token) : undefined;
}
