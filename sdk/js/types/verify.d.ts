/** Why a request was refused. */
export class VerificationError extends Error {
}
/**
 * Tells requests that Parley has signed from all others, by its headers of Standard
 * Webhooks. Signatures are compared in constant time.
 */
export class Verifier {
    /**
     * Takes the endpoint's secrets (whsec_…, for signatures of version v1) and public keys
     * (whpk_…, for v1a). One good signature by any of them is enough: give the old and the
     * new one while you change from one to the other. Throws if one is not what it should be.
     *
     * @param {string | readonly (string | undefined)[] | undefined} keys
     * @param {{tolerance?: number}} [options] tolerance: how many seconds from now the time of a
     *   request may be, in both directions; 300 if not given
     */
    constructor(keys: string | readonly (string | undefined)[] | undefined, { tolerance }?: {
        tolerance?: number;
    });
    /**
     * Resolves if a request with these headers and this body was signed with one of the
     * keys, not long ago, and rejects with a VerificationError if not. The body must be the
     * bytes that came, or the text that they are.
     *
     * @param {HeaderSource} headers
     * @param {Uint8Array | ArrayBuffer | string} body
     * @returns {Promise<void>}
     */
    verify(headers: HeaderSource, body: Uint8Array | ArrayBuffer | string): Promise<void>;
    #private;
}
export type HeaderSource = import("./headers.js").HeaderSource;
