import { answer } from "./answer.js";
import { concatenated } from "./bytes.js";

/**
 * What is used of a Node request, with what body parsers and hosts may have added to it.
 * @typedef {{
 *   method?: string,
 *   headers: Record<string, string | string[] | undefined>,
 *   body?: unknown,
 *   rawBody?: unknown,
 *   readableDidRead?: boolean,
 *   on(event: string, listener: (...args: any[]) => void): unknown,
 *   pause(): unknown,
 * }} NodeRequest
 */
/**
 * What is used of a Node response.
 * @typedef {{writeHead(status: number, headers: Record<string, string>): unknown, end(body?: string): unknown}} NodeResponse
 */
/** @typedef {{maxBody: number, receive: (headers: any, body: Uint8Array | string) => Promise<import("./answer.js").Answer>}} Receiving */

const parsed =
  "the body was parsed before its signature could be verified, and what is written again has other bytes: " +
  'put this route above app.use(express.json()), or give it express.raw({ type: "*/*" })';

/**
 * @param {Receiving} receiver
 * @param {{error(...said: unknown[]): void}} logger
 * @returns {(request: NodeRequest, response: NodeResponse) => Promise<void>}
 */
export function nodeHandler(receiver, logger) {
  return async (request, response) => {
    const { status, headers, body } = await answerTo(receiver, request, logger);
    response.writeHead(status, headers);
    response.end(body);
  };
}

/**
 * @param {Receiving} receiver
 * @param {NodeRequest} request
 * @param {{error(...said: unknown[]): void}} logger
 */
async function answerTo(receiver, request, logger) {
  if (request.method !== "POST") return answer(405, "webhooks are posted", { allow: "POST" });
  let body = kept(request);
  if (body === undefined) {
    if (request.readableDidRead) {
      logger.error("webhook failed:", parsed);
      return answer(500, parsed);
    }
    try {
      body = await read(request, receiver.maxBody);
    } catch {
      return answer(400, "the body ended early");
    }
  }
  if (body === undefined || body.length > receiver.maxBody) {
    return answer(413, `the body has over ${receiver.maxBody} bytes, which is the limit here`, { connection: "close" });
  }
  return receiver.receive(request.headers, body);
}

/**
 * The body as express.raw(), express.text() or the host has kept it.
 * @param {NodeRequest} request
 */
function kept({ body, rawBody }) {
  for (const candidate of [rawBody, body]) {
    if (typeof candidate === "string" || candidate instanceof Uint8Array) return candidate;
  }
  return undefined;
}

/**
 * The body, undefined if it has more bytes than it may have.
 * @param {NodeRequest} request
 * @param {number} most
 * @returns {Promise<Uint8Array | undefined>}
 */
function read(request, most) {
  return new Promise((resolve, reject) => {
    /** @type {Uint8Array[]} */
    const chunks = [];
    let size = 0;
    request.on("data", (chunk) => {
      size += chunk.length;
      if (size > most) {
        request.pause();
        resolve(undefined);
      } else {
        chunks.push(chunk);
      }
    });
    request.on("end", () => resolve(concatenated(chunks, size)));
    request.on("error", reject);
    request.on("close", () => reject(new Error("closed")));
  });
}
