import { answer } from "./answer.js";
import { concatenated } from "./bytes.js";

/**
 * @param {{maxBody: number, receive: (headers: Headers, body: Uint8Array) => Promise<import("./answer.js").Answer>}} receiver
 * @returns {(request: Request) => Promise<Response>}
 */
export function fetchHandler(receiver) {
  return async (request) => {
    const { status, headers, body } = await answerTo(receiver, request);
    return new Response(body === "" ? null : body, { status, headers });
  };
}

/**
 * @param {Parameters<typeof fetchHandler>[0]} receiver
 * @param {Request} request
 */
async function answerTo(receiver, request) {
  if (request.method !== "POST") return answer(405, "webhooks are posted", { allow: "POST" });
  if (request.bodyUsed) {
    return answer(500, "the body was read before its signature could be verified: give the handler the request as it came");
  }
  let body;
  try {
    body = await read(request, receiver.maxBody);
  } catch {
    return answer(400, "the body ended early");
  }
  if (body === undefined) return answer(413, `the body has over ${receiver.maxBody} bytes, which is the limit here`);
  return receiver.receive(request.headers, body);
}

/**
 * The body, undefined if it has more bytes than it may have.
 * @param {Request} request
 * @param {number} most
 */
async function read(request, most) {
  const chunks = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let chunk; reader && !(chunk = await reader.read()).done; ) {
    size += chunk.value.length;
    if (size > most) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(chunk.value);
  }
  return concatenated(chunks, size);
}
