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
    /**
     * @param {number} seconds
     * @param {{cause?: unknown}} [options]
     */
    constructor(seconds: number, options?: {
        cause?: unknown;
    });
    seconds: number;
}
/**
 * Takes Parley's webhooks: nothing reaches a handler whose signature is not good, or was
 * made more than five minutes ago, and an event that comes again is not handled again. See
 * express and fetch for the ways in.
 *
 * @template [Tx=undefined]
 */
export class Receiver<Tx = undefined> {
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
    constructor({ keys, dedup, tolerance, maxBody, logger }: {
        keys: string | readonly (string | undefined)[] | undefined;
        dedup?: Dedup<Tx>;
        tolerance?: number;
        maxBody?: number;
        logger?: {
            warn(...said: unknown[]): void;
            error(...said: unknown[]): void;
        };
    });
    maxBody: number;
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
    on<T extends EventType | (string & {})>(type: T, handler: (event: EventNamed<T>, tx: Tx) => unknown): this;
    /**
     * Has a function handle the events of all types that have no handler of their own.
     * Without it they are answered with 204 and passed over.
     *
     * @param {(event: import("../types/events.js").AnyEvent | import("../types/events.js").OtherEvent, tx: Tx) => unknown} handler
     * @returns {this}
     */
    otherwise(handler: (event: import("../types/events.js").AnyEvent | import("../types/events.js").OtherEvent, tx: Tx) => unknown): this;
    /**
     * The handler for Express, Connect and Node's own http server. The body must not have
     * been parsed before: put the route above express.json(), or give it express.raw().
     *
     * @returns {(request: import("./node.js").NodeRequest, response: import("./node.js").NodeResponse) => Promise<void>}
     */
    express(): (request: import("./node.js").NodeRequest, response: import("./node.js").NodeResponse) => Promise<void>;
    /**
     * The handler for whoever speaks Request and Response: Next.js, Hono, Deno, Bun, Workers.
     *
     * @returns {(request: Request) => Promise<Response>}
     */
    fetch(): (request: Request) => Promise<Response>;
    /**
     * What a POST with these headers and this body is to be answered with, after all is done
     * that is to be done about it. It is for servers of another kind; it never rejects.
     *
     * @param {HeaderSource} headers
     * @param {Uint8Array | ArrayBuffer | string} body
     * @returns {Promise<Answer>}
     */
    receive(headers: HeaderSource, body: Uint8Array | ArrayBuffer | string): Promise<Answer>;
    #private;
}
export type HeaderSource = import("./headers.js").HeaderSource;
export type EventType = import("../types/events.js").EventType;
export type Answer = import("./answer.js").Answer;
export type EventNamed<T extends string> = import("../types/events.js").EventNamed<T>;
export type Dedup<Tx> = import("./dedup.js").Dedup<Tx>;
