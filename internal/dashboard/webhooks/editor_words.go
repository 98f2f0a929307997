package webhooks

import "parley/internal/dashboard/form"

// texts are the words of the form where those of the API's documentation do not do:
// people have a page before them, and not a request.
var texts = map[string]struct {
	label, help string
	options     []form.Option
}{
	"url":         {label: "URL", help: "Where events are posted to: https, on a public address."},
	"description": {help: "What it is for. Others see it in the list."},
	"inbox_ids":   {label: "Inboxes", help: "Only events of these inboxes and what belongs to them. None ticked: all events, also those of no inbox."},
	"filter":      {help: "A condition in CEL: only events for which it is true are sent. Empty: all of them."},
	"transformation": {
		help: "JavaScript. What it returns is sent instead of the event; if it returns nothing, nothing is sent. It is tried out as you type, on events of the log.",
	},
	"format": {
		help: "How events are written down. It is chosen once.",
		options: []form.Option{
			{Value: "standard", Label: "Standard: the event as it is here"},
			{Value: "flat", Label: "Flat: one level, in camelCase"},
			{Value: "batch", Label: "Batch: several events in a request, numeric ids"},
			{Value: "cloudevents", Label: "CloudEvents 1.0, structured JSON"},
		},
	},
	"headers": {help: "Sent with every request. Values are kept sealed and never shown again: leave one empty to keep it."},
	"signing": {
		label: "Signature", help: "By the names of Standard Webhooks.",
		options: []form.Option{
			{Value: "v1", Label: "v1: HMAC-SHA256, with the shared secret"}, {Value: "v1a", Label: "v1a: ed25519, verified with a public key"}, {Value: "both", Label: "Both"},
		},
	},
	"auth.type": {
		label: "Authentication", help: "Besides the signature, which every request has.",
		options: []form.Option{
			{Value: "none", Label: "None"},
			{Value: "basic", Label: "Basic: user name and password"},
			{Value: "bearer", Label: "Bearer token"},
			{Value: "oauth2", Label: "OAuth 2.0 client credentials"},
			{Value: "mtls", Label: "Client certificate (mTLS)"},
		},
	},
	"auth.username":      {label: "User name"},
	"auth.password":      {help: kept},
	"auth.token":         {help: kept},
	"auth.token_url":     {label: "Token URL", help: "Where tokens are fetched from. They are kept and renewed."},
	"auth.client_id":     {label: "Client ID"},
	"auth.client_secret": {help: kept},
	"auth.scopes":        {help: "One on each line."},
	"auth.certificate":   {help: "The certificate and its chain, in PEM."},
	"auth.private_key":   {help: "The certificate's key, in PEM. " + kept},
	"verification.type": {
		label: "Verification", help: "Until an endpoint has sent its token back it is sent nothing else.",
		options: []form.Option{{Value: "none", Label: "None"}, {Value: "token_echo", Label: "Token echo: it must answer 200 and the token"}},
	},
	"verification.token": {help: kept},
	"ordering": {
		options: []form.Option{
			{Value: "key", Label: "By key: the events of one conversation or object"}, {Value: "strict", Label: "Strict: all events, a failing one holds the rest"}, {Value: "none", Label: "None: as fast as it goes"},
		},
	},
	"retry.preset": {
		label: "Retries",
		options: []form.Option{
			{Value: "standard", Label: "Standard: nine times within three days"}, {Value: "short", Label: "Short: three times, within seconds"}, {Value: "custom", Label: "Delays of your own"},
		},
	},
	"retry.delays":    {help: "Seconds before each retry, one on each line."},
	"timeout_seconds": {label: "Timeout in seconds", help: "For the whole exchange, 1 to 30."},
}

const kept = "Kept sealed and never shown again; ******** stands for what is kept."
