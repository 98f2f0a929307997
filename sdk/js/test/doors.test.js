import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { Receiver } from "parley-webhook";
import { event, notebook, secret, serve, signed } from "./fixture.js";

const bodies = [];
const logger = notebook();
const receiver = new Receiver({ keys: secret, logger, maxBody: 100_000 }).otherwise((e) => void bodies.push(e.data.text));
const send = (url, body, headers = signed(body, { id: `evt_${bodies.length}_${Math.random()}` })) => fetch(url, { method: "POST", headers, body });
const said = (text) => event("custom.said", { text });

/** What express.json() and the like do to a request before it comes to a handler. */
const behind = (parser) => (request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    Object.assign(request, parser(Buffer.concat(chunks)));
    receiver.express()(request, response);
  });
};

const doors = {
  "Node and Express": () => serve(receiver.express()),
  "Express behind express.raw()": () => serve(behind((body) => ({ body }))),
  "Express behind express.text()": () => serve(behind((body) => ({ body: body.toString() }))),
  "a host that keeps rawBody": () => serve(behind((body) => ({ body: JSON.parse(body.length > 0 ? body : "{}"), rawBody: body }))),
  "Express behind a parser that did not want it": () =>
    serve((request, response) => receiver.express()(Object.assign(request, { body: {} }), response)),
};

for (const [name, open] of Object.entries(doors)) {
  test(`${name}: takes what is signed and nothing else`, async () => {
    const url = await open();
    const text = "naïve <✓> " + "x".repeat(90_000);
    assert.equal((await send(url, said(text))).status, 204);
    assert.equal(bodies.at(-1), text);
    const count = bodies.length;
    assert.equal((await send(url, said("changed"), signed(said("other")))).status, 401);
    assert.equal((await send(url, said("x".repeat(110_000)))).status, 413);
    assert.equal((await fetch(url)).status, 405);
    assert.equal(bodies.length, count);
    const token = await send(url, '{"token":"sesame"}');
    assert.deepEqual([token.status, await token.text()], [200, "sesame"]);
  });
}

test("Express behind express.json(): says what is wrong", async () => {
  const url = await serve(behind((body) => ({ body: JSON.parse(body) })));
  const answer = await send(url, said("parsed"));
  assert.equal(answer.status, 500);
  assert.match(await answer.text(), /above app\.use\(express\.json\(\)\)/);
  assert.match(logger.lines.at(-1), /express\.raw/);
});

test("a body that does not end is not waited for", async () => {
  const url = new URL(await serve(receiver.express()));
  const { connect } = await import("node:net");
  const answer = await new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname, () => {
      socket.write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n186a1\r\n" + "x".repeat(100_001) + "\r\n");
    });
    socket.on("data", (chunk) => resolve(String(chunk)));
    socket.on("close", () => reject(new Error("it hung up")));
  });
  assert.match(answer, /^HTTP\/1\.1 413 /);
});

test("a body that ends early is no event", async () => {
  const url = new URL(await serve(receiver.express()));
  const { connect } = await import("node:net");
  const count = bodies.length;
  await new Promise((closed) => {
    const socket = connect(Number(url.port), url.hostname, () => {
      socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{", () => socket.destroy());
    });
    socket.on("close", closed);
  });
  assert.equal((await send(url, said("after it"))).status, 204);
  assert.equal(bodies.length, count + 1);
});

test("fetch: takes what is signed and nothing else", async () => {
  const handler = receiver.fetch();
  const request = (body, headers = signed(body, { id: "evt_" + Math.random() })) => new Request("https://example.com/", { method: "POST", headers, body });
  const answer = await handler(request(said("naïve ✓")));
  assert.deepEqual([answer.status, answer.body, bodies.at(-1)], [204, null, "naïve ✓"]);
  assert.equal((await handler(request(said("changed"), signed("other")))).status, 401);
  assert.equal((await handler(request(said("x".repeat(110_000))))).status, 413);
  assert.equal((await handler(new Request("https://example.com/"))).status, 405);
  assert.equal(await (await handler(request('{"token":"sesame"}'))).text(), "sesame");
  const used = request(said("read before"));
  await used.text();
  const refused = await handler(used);
  assert.equal(refused.status, 500);
  assert.match(await refused.text(), /as it came/);
});

if (process.features.require_module) {
  test("CommonJS can require it", () => {
    assert.equal(createRequire(import.meta.url)("parley-webhook").Receiver, Receiver);
  });
}
