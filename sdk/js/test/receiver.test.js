import assert from "node:assert/strict";
import { test } from "node:test";
import { inMemory, inTransaction, Later, parse, Receiver, withoutDedup } from "parley-webhook";
import { deferred, event, notebook, secret, signed } from "./fixture.js";

const made = (options = {}) => new Receiver({ keys: secret, logger: notebook(), ...options });
const post = (receiver, body, id = "evt_1") => receiver.receive(signed(body, { id }), body);

test("each type has its handler", async () => {
  const seen = [];
  const receiver = made()
    .on("conversation.assigned", (e) => seen.push(["assigned", e.data.conversation.id]))
    .on("custom.shipped", (e) => seen.push(["shipped", e.data.parcel]));
  assert.equal((await post(receiver, event("conversation.assigned", { conversation: { id: "conv_1" } }), "evt_1")).status, 204);
  assert.equal((await post(receiver, event("custom.shipped", { parcel: "A7" }), "evt_2")).status, 204);
  assert.equal((await post(receiver, event("conversation.applauded"), "evt_3")).status, 204);
  receiver.otherwise((e) => seen.push(["other", e.type]));
  assert.equal((await post(receiver, event("conversation.applauded"), "evt_4")).status, 204);
  assert.deepEqual(seen, [["assigned", "conv_1"], ["shipped", "A7"], ["other", "conversation.applauded"]]);
  assert.throws(() => receiver.on("custom.shipped", () => {}), /two handlers/);
});

test("what is no event is refused", async () => {
  const receiver = made().otherwise(() => assert.fail("the handler was called"));
  for (const body of ["", "{", "[]", "null", '{"text":"New"}', '{"id":"evt_1","type":"a"}', '{"token":""}', '{"token":1}', '{"token":"a","text":"b"}', Buffer.from([0x22, 0xff, 0x22])]) {
    assert.equal((await post(receiver, body)).status, 422, String(body));
  }
  assert.equal((await receiver.receive({}, "{}")).status, 401);
});

test("a token is sent back to whoever signs for it", async () => {
  const { status, body, headers } = await post(made(), '{"token":"<b>sesame</b>"}');
  assert.deepEqual([status, body, headers["content-type"].slice(0, 10)], [200, "<b>sesame</b>", "text/plain"]);
  assert.equal((await made().receive({}, '{"token":"sesame"}')).status, 401);
});

test("a failure is for the log only", async () => {
  const logger = notebook();
  let error = new Error("the password is swordfish");
  const receiver = made({ logger }).otherwise(() => Promise.reject(error));
  const failed = await post(receiver, event("a"));
  assert.equal(failed.status, 500);
  assert.ok(!failed.body.includes("swordfish") && logger.lines[0].includes("swordfish"));
  error = new Later(90.5, { cause: new Error("closed for the night") });
  const later = await post(receiver, event("a"));
  assert.deepEqual([later.status, later.headers["retry-after"]], [503, "91"]);
});

test("a CloudEvent is the same event", () => {
  const e = parse(
    JSON.stringify({
      specversion: "1.0", id: "evt_1", type: "parley.contact.created", time: "2026-11-20T10:30:00.123Z", sequence: "0000000004711", organization: "org_1",
      actortype: "system", actorid: "system", causeeventid: "evt_0", causeruleid: "aut_1", causedepth: "2", apiversion: "2026-11-20", data: { contact: {} },
    }),
  );
  assert.deepEqual(e, {
    id: "evt_1", type: "contact.created", sequence: 4711, timestamp: "2026-11-20T10:30:00.123Z", api_version: "2026-11-20", organization_id: "org_1",
    inbox_id: null, actor: { type: "system", id: "system" }, cause: { event_id: "evt_0", rule_id: "aut_1", depth: 2 }, data: { contact: {} },
  });
  assert.throws(() => parse('{"specversion":"1.0","id":"1","type":"com.example","data":{}}'), /CloudEvent/);
});

/** A database as far as a receiver sees it: one table, whose transactions come one after the other. */
function database() {
  const table = new Set();
  let last = Promise.resolve();
  return {
    table,
    dedup: inTransaction({
      transaction(run) {
        const result = last.then(async () => {
          const tx = { inserted: [] };
          const repeat = await run(tx);
          tx.inserted.forEach((row) => table.add(row));
          return repeat;
        });
        last = result.then(() => {}, () => {});
        return result;
      },
      async claim(tx, id) {
        if (table.has(id)) return false;
        tx.inserted.push(id);
        return true;
      },
    }),
  };
}

for (const [name, dedup] of [["memory", () => inMemory()], ["a transaction", () => database().dedup]]) {
  test(`in ${name}, an event that comes again is done once`, async () => {
    let calls = 0;
    const receiver = made({ dedup: dedup() }).otherwise(() => void calls++);
    for (const id of ["evt_1", "evt_2", "evt_1", "evt_2"]) assert.equal((await post(receiver, event("a"), id)).status, 204);
    assert.equal(calls, 2);
  });

  test(`in ${name}, an event whose handler failed is done when it comes again`, async () => {
    let calls = 0;
    const receiver = made({ dedup: dedup() }).otherwise(() => {
      if (++calls === 1) throw new Error("not today");
    });
    for (const status of [500, 204, 204]) assert.equal((await post(receiver, event("a"))).status, status);
    assert.equal(calls, 2);
  });

  for (const fails of [false, true]) {
    test(`in ${name}, twins are one after the other, and the first ${fails ? "fails" : "succeeds"}`, async () => {
      let calls = 0;
      const begun = deferred(), end = deferred(), kept = dedup();
      const once = () =>
        kept.once("evt_1", async () => {
          if (++calls > 1) return;
          begun.resolve();
          await end.promise;
        });
      const all = [once()];
      await begun.promise;
      for (let i = 0; i < 4; i++) all.push(once());
      await new Promise((soon) => setImmediate(soon));
      assert.equal(calls, 1);
      fails ? end.reject(new Error("not today")) : end.resolve();
      const repeats = (await Promise.allSettled(all)).map((one) => one.reason?.message ?? one.value);
      assert.deepEqual(repeats, fails ? ["not today", false, true, true, true] : [false, true, true, true, true]);
      assert.equal(calls, fails ? 2 : 1);
    });
  }
}

test("the handler works in the transaction that the id is in", async () => {
  const { table, dedup } = database();
  let fails = true;
  const receiver = made({ dedup }).on("custom.a", async (e, tx) => {
    tx.inserted.push("effect of " + e.id);
    if (fails) throw new Error("after the effect");
  });
  await post(receiver, event("custom.a"));
  assert.deepEqual([...table], []);
  fails = false;
  for (let i = 0; i < 3; i++) await post(receiver, event("custom.a"));
  assert.deepEqual([...table], ["evt_1", "effect of evt_1"]);
});

test("memory forgets the oldest", async () => {
  const dedup = inMemory(3);
  const repeats = [];
  for (const id of ["a", "b", "c", "a", "d", "a", "b", "d", "c", "d"]) repeats.push(await dedup.once(id, async () => {}));
  assert.deepEqual(repeats, [false, false, false, true, false, false, false, true, false, false]);
  assert.throws(() => inMemory(0), /at least one/);
});

test("without dedup everything is done each time", async () => {
  let calls = 0;
  const receiver = made({ dedup: withoutDedup() }).otherwise(() => void calls++);
  for (let i = 0; i < 3; i++) await post(receiver, event("a"));
  assert.equal(calls, 3);
});
