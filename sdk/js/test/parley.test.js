// The kit against the real Parley, whose program PARLEY_BINARY names:
//
//	go build -o /tmp/parley ./cmd/parley && PARLEY_BINARY=/tmp/parley node --test sdk/js/test/*.test.js
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { Receiver } from "parley-webhook";
import { deferred, secret, serve } from "./fixture.js";

const binary = process.env.PARLEY_BINARY;
const options = { skip: binary === undefined && "PARLEY_BINARY does not name Parley's program", timeout: 120_000 };

/** Starts a Parley with a demo organization, and resolves to a client of its API. */
async function startParley() {
  const data = mkdtempSync(join(tmpdir(), "parley-kit-"));
  const server = spawn(binary, ["dev", "--addr", "127.0.0.1:0", "--data", data], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => server.on("close", resolve));
  after(async () => {
    server.kill();
    await ended;
    rmSync(data, { recursive: true });
  });
  const listens = deferred();
  let said = "";
  server.stderr.on("data", (chunk) => {
    said += chunk;
    if (said.includes("server.listening")) listens.resolve();
  });
  server.on("close", () => listens.reject(new Error("Parley ended: " + said)));
  await listens.promise;
  const { url, api_key, inbox_id } = JSON.parse(readFileSync(join(data, "dev-credentials.json"), "utf8"));
  const ask = async (path, body, method = "POST") => {
    const answer = await fetch(url + path, {
      method,
      headers: { authorization: "Bearer " + api_key, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path} answered ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  return { ask, inbox_id };
}

/** Events as they come, for whoever awaits the next. */
function arrivals() {
  const waiting = [], arrived = [];
  return {
    add: (event) => (waiting.shift() ?? ((e) => arrived.push(e)))(event),
    next: () => (arrived.length > 0 ? Promise.resolve(arrived.shift()) : new Promise((take) => waiting.push(take))),
  };
}

test("Parley's deliveries arrive, typed and once", options, async () => {
  const { ask, inbox_id } = await startParley();
  for (const signing of ["v1", "v1a"]) {
    const events = arrivals();
    let door = (_, response) => response.writeHead(503).end(); // its keys are not known yet
    const url = await serve((request, response) => door(request, response));
    const hook = await ask("/v1/webhooks", {
      url, signing, event_types: ["message.created"], retry: { preset: "custom", delays: [1] }, verification: { type: "token_echo", token: "sesame" },
    });
    let failing = true;
    const receiver = new Receiver({ keys: signing === "v1" ? hook.secret : hook.public_key, logger: { warn() {}, error() {} } });
    receiver.on("message.created", (event) => {
      if (failing) {
        failing = false;
        throw new Error("Parley sends it again");
      }
      events.add(event);
    });
    door = receiver.express();
    await ask(`/v1/webhooks/${hook.id}/verify`, {});

    const contact = await ask("/v1/contacts", { name: "Ada" });
    const say = (text) =>
      ask("/v1/conversations", { inbox_id, contact_id: contact.id, message: { direction: "incoming", content: { type: "text", text } } });
    await say("Größe <b>\"42\"</b>, 東京 👩🏽‍🚀");
    const event = await events.next();
    assert.equal(event.data.message.content.text, "Größe <b>\"42\"</b>, 東京 👩🏽‍🚀");
    assert.deepEqual([event.data.contact.name, event.inbox_id], ["Ada", inbox_id]);

    await ask(`/v1/webhooks/${hook.id}/rewind`, { to: event.sequence });
    await say("Next, please.");
    assert.equal((await events.next()).data.message.content.text, "Next, please."); // the first is passed over
  }
});

// A handler as it is written for other products: it knows nothing of Parley, reads the
// parsed body and answers 200.
function stockHandler(seen) {
  return (req, res) => {
    const { event, data, timestamp, webhookId } = req.body;
    switch (event) {
      case "contact.created":
        seen({ event, email: data.email, timestamp, webhookId });
        break;
      case "conversation.completed":
        seen({ event, id: data.id, source: data.metadata.source, timestamp, webhookId });
        break;
      default:
        seen({ event, id: data.id, timestamp, webhookId });
    }
    res.status(200).json({ received: true });
  };
}

/** What Express does around a handler: the body is parsed, the answer has its helpers. */
function likeExpress(handler) {
  return async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    request.body = JSON.parse(text);
    response.status = (code) => Object.assign(response, { statusCode: code });
    response.json = (value) => response.setHeader("content-type", "application/json").end(JSON.stringify(value));
    handler(request, response);
  };
}

test("a stock handler takes flat events as they come", options, async () => {
  const { ask, inbox_id } = await startParley();
  const events = arrivals();
  const url = await serve(likeExpress(stockHandler(events.add)));
  const hook = await ask("/v1/webhooks", { url, format: "flat", ordering: "strict", event_types: ["contact.created", "conversation.*", "task.completed"] });
  const expect = async (want) => {
    const { timestamp, webhookId, ...told } = await events.next();
    assert.deepEqual(told, want);
    assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(webhookId, hook.id);
  };
  const contact = await ask("/v1/contacts", { name: "Ada", email: "ada@example.com" });
  await expect({ event: "contact.created", email: "ada@example.com" });
  const conversation = await ask("/v1/conversations", { inbox_id, contact_id: contact.id });
  await expect({ event: "conversation.created", id: conversation.id });
  await ask(`/v1/conversations/${conversation.id}/status`, { status: "resolved" }, "PUT");
  await expect({ event: "conversation.completed", id: conversation.id, source: "api" });
  const task = await ask("/v1/tasks", { title: "Call back" });
  await ask(`/v1/tasks/${task.id}/complete`, {});
  await expect({ event: "task.completed", id: task.id });
});

test("a receiver passes every check", options, async () => {
  const receiver = new Receiver({ keys: secret }).otherwise(() => {});
  for (const url of [await serve(receiver.express()), await serve(throughFetch(receiver.fetch()))]) {
    const { stdout } = await promisify(execFile)(binary, ["check", url, "--secret", secret, "--token-echo", "sesame", "--json"], { timeout: 110_000 });
    const report = JSON.parse(stdout);
    const wanting = report.checks.filter(({ name, verdict }) => verdict !== "pass" && !["https", "latency"].includes(name));
    assert.deepEqual(wanting, []);
    assert.equal(report.failed, 0);
    assert.ok(report.checks.length >= 23);
  }
});

/** A Node server in front of a fetch handler, as runtimes have one. */
function throughFetch(handler) {
  return async (request, response) => {
    const body = request.method === "POST" ? request : undefined;
    const answer = await handler(new Request("http://localhost/", { method: request.method, headers: request.headers, body, duplex: "half" }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  };
}
