// What the types promise to whoever writes TypeScript; CI has tsc look at it. Each
// expected error is one that must be there.
import { inTransaction, parse, Receiver, type AnyEvent, type EventOf } from "parley-webhook";

interface Client {
  query(text: string, values: unknown[]): Promise<{ rowCount: number }>;
}

declare const pool: { transaction<R>(run: (client: Client) => Promise<R>): Promise<R> };

const dedup = inTransaction({
  transaction: (run: (client: Client) => Promise<boolean>) => pool.transaction(run),
  claim: async (client, id) => (await client.query("insert …", [id])).rowCount === 1,
});

export const receiver = new Receiver({ keys: [process.env.PARLEY_WEBHOOK_SECRET], dedup })
  .on("conversation.assigned", async (event, client) => {
    const owner: string | null = event.data.conversation.assignee_id;
    const status: "open" | "pending" | "snoozed" | "resolved" = event.data.conversation.status;
    await client.query("update cases set owner = $1, status = $2", [owner, status]);
    // @ts-expect-error: there is no such member
    event.data.conversation.assignee;
    // @ts-expect-error: the client has no such method
    client.execute("…");
  })
  .on("message.created", (event) => {
    const { content } = event.data.message;
    if (content.type === "text") return content.text;
    if (content.type === "buttons") return content.payload.buttons.map((button) => button.title);
  })
  .on("custom.shipped", (event) => console.log(event.type, event.data.parcel))
  .otherwise((event) => console.log(event.type, event.sequence));

export const inMemoryOnly = new Receiver({ keys: "whsec_…" }).on("task.completed", (event, tx) => {
  const nothing: undefined = tx;
  return [event.data.task.title, nothing];
});

export function describe(event: AnyEvent): string {
  if (event.type === "task.created") return event.data.task.title;
  // @ts-expect-error: only a task's event has a task
  return event.data.task.title;
}

export const created: EventOf<"contact.created"> | undefined = undefined;
export const read: string = parse("{}").type;

export const POST: (request: Request) => Promise<Response> = receiver.fetch();

declare const process: { env: Record<string, string | undefined> };
