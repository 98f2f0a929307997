package webhooks

import (
	"strings"

	"parley"
)

// told is a secret that is shown this once, to whoever made it.
type told struct {
	Webhook parley.Webhook
	Secret  string
	Rotated bool
	Overlap int // hours for which the one before is good too
}

// snippet is a few lines that verify requests.
type snippet struct{ Name, ID, Code string }

// snippets check signatures with our own kits, and by hand where there is none.
func (t told) snippets() []snippet {
	return []snippet{
		{"Node", "node", `import express from "express";
import { Receiver } from "parley-webhook";

const receiver = new Receiver({ keys: process.env.PARLEY_WEBHOOK_SECRET });
receiver.on("conversation.created", async (event) => console.log(event.data.conversation.id));

const app = express();
app.post("/webhooks/parley", receiver.express()); // above app.use(express.json())
app.listen(9000);`},
		{"Go", "go", `dedup, err := webhook.InMemory(10_000)
if err != nil {
	log.Fatal(err)
}
receiver, err := webhook.NewReceiver(webhook.Config{
	Keys:  []string{os.Getenv("PARLEY_WEBHOOK_SECRET")},
	Dedup: dedup,
})
if err != nil {
	log.Fatal(err)
}
http.Handle("/webhooks/parley", receiver)`},
		{"Python", "python", `import base64, hashlib, hmac, os, time

def verify(headers, body):
    """body: the bytes as they came. Raises if the request is not Parley's."""
    sent = headers["webhook-timestamp"]
    if abs(time.time() - int(sent)) > 300:
        raise ValueError("too old, or too new")
    key = base64.b64decode(os.environ["PARLEY_WEBHOOK_SECRET"].removeprefix("whsec_"))
    signed = f'{headers["webhook-id"]}.{sent}.'.encode() + body
    good = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    if not any(hmac.compare_digest(good, s) for s in headers["webhook-signature"].split()):
        raise ValueError("the signature is not good")`},
		{"curl", "curl", `# Sends your receiver a request as Parley would: it must answer 2xx.
id=evt_check; at=$(date +%s); body='{"type":"webhook.test"}'
key=$(printf %s "${PARLEY_WEBHOOK_SECRET#whsec_}" | base64 -d | od -An -tx1 | tr -d ' \n')
sig=$(printf %s "$id.$at.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)
curl -i -d "$body" -H 'content-type: application/json' -H "webhook-id: $id" \
  -H "webhook-timestamp: $at" -H "webhook-signature: v1,$sig" ` + quoted(t.Webhook.URL)},
	}
}

// quoted is a text as a word of a shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
