/**
 * @param {{maxBody: number, receive: (headers: Headers, body: Uint8Array) => Promise<import("./answer.js").Answer>}} receiver
 * @returns {(request: Request) => Promise<Response>}
 */
export function fetchHandler(receiver: {
    maxBody: number;
    receive: (headers: Headers, body: Uint8Array) => Promise<import("./answer.js").Answer>;
}): (request: Request) => Promise<Response>;
