// Package developers is the area of the dashboard for those who build on Parley: how
// deliveries and requests fare, API keys, the log of events, the catalogue of their
// types, and the API reference. Endpoints have an area of their own.
package developers

import (
	"parley"
	"parley/internal/dashboard/page"
)

const (
	readEvents    parley.Scope = "events:read"
	publishEvents parley.Scope = "events:write"
	readWebhooks  parley.Scope = "webhooks:read"
	writeWebhooks parley.Scope = "webhooks:write"
	readKeys      parley.Scope = "api_keys:read"
	writeKeys     parley.Scope = "api_keys:write"
)

// The addresses of the area, in the navigation too.
const (
	home      = "/developers"
	keys      = home + "/keys"
	events    = home + "/events"
	catalogue = home + "/catalogue"
	reference = home + "/reference"
	webhooks  = home + "/webhooks" // of the area beside this one
)

// Routes are the addresses of this area. Keys need no scope: everybody may have keys
// of their own, and the handlers see to it that it is those.
func Routes(*page.Site) []page.Route {
	return []page.Route{
		{Pattern: "GET " + home, Scope: readWebhooks, Handle: showOverview},

		{Pattern: "GET " + keys, Handle: showKeys},
		{Pattern: "GET " + keys + "/new", Command: "Create an API key", Handle: showNewKey},
		{Pattern: "POST " + keys, Handle: createKey},
		{Pattern: "POST " + keys + "/{id}/revoke", Handle: revokeKey},

		{Pattern: "GET " + events, Scope: readEvents, Handle: showEvents},
		{Pattern: "GET " + events + "/publish", Scope: publishEvents, Command: "Publish a custom event", Handle: showPublish},
		{Pattern: "POST " + events, Scope: publishEvents, Handle: publish},
		{Pattern: "GET " + events + "/{id}", Scope: readEvents, Handle: showEvent},
		{Pattern: "POST " + events + "/{id}/redeliver", Scope: writeWebhooks, Handle: redeliver},

		{Pattern: "GET " + catalogue, Handle: showCatalogue},
		{Pattern: "GET " + catalogue + "/{type}", Handle: showType},

		{Pattern: "GET " + reference, Handle: showReference},
		{Pattern: "GET " + reference + "/{path...}", Handle: showReference},
	}
}
