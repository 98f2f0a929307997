// Package webhooks is the area of the dashboard for those who receive events: the
// endpoints of an organization with how they fare, what became of every delivery and
// why, and the means to try out, mend and repeat.
package webhooks

import (
	"parley"
	"parley/internal/dashboard/page"
)

const (
	reading parley.Scope = "webhooks:read"
	writing parley.Scope = "webhooks:write"
)

// home is the address of the area, in the navigation too.
const home = "/developers/webhooks"

// Routes are the addresses of this area.
func Routes(*page.Site) []page.Route {
	const one = home + "/{id}"
	return []page.Route{
		{Pattern: "GET " + home, Scope: reading, Handle: showList},
		{Pattern: "GET " + home + "/new", Scope: writing, Command: "Add a webhook endpoint", Handle: showNew},
		{Pattern: "POST " + home, Scope: writing, Handle: create},
		{Pattern: "POST " + home + "/try", Scope: writing, Handle: try},

		{Pattern: "GET " + one, Scope: reading, Handle: show},
		{Pattern: "GET " + one + "/standing", Scope: reading, Handle: showStanding},
		{Pattern: "GET " + one + "/activity", Scope: reading, Handle: showActivity},
		{Pattern: "GET " + one + "/edit", Scope: writing, Handle: showEdit},
		{Pattern: "POST " + one, Scope: writing, Handle: update},
		{Pattern: "POST " + one + "/pause", Scope: writing, Handle: pause},
		{Pattern: "POST " + one + "/resume", Scope: writing, Handle: resume},
		{Pattern: "POST " + one + "/rotate", Scope: writing, Handle: rotate},
		{Pattern: "POST " + one + "/test", Scope: writing, Handle: test},
		{Pattern: "POST " + one + "/verify", Scope: writing, Handle: verify},
		{Pattern: "POST " + one + "/redeliver", Scope: writing, Handle: redeliverFailed},
		{Pattern: "POST " + one + "/delete", Scope: writing, Handle: remove},

		{Pattern: "GET " + one + "/rewind", Scope: writing, Handle: showRewind},
		{Pattern: "POST " + one + "/rewind", Scope: writing, Handle: rewind},
		{Pattern: "POST " + one + "/rewind/cancel", Scope: writing, Handle: cancelRewind},
		{Pattern: "GET " + one + "/signature", Scope: writing, Handle: showSignature},
		{Pattern: "POST " + one + "/signature", Scope: writing, Handle: checkSignature},

		{Pattern: "GET " + one + "/deliveries/{delivery}", Scope: reading, Handle: showDelivery},
		{Pattern: "GET " + one + "/deliveries/{delivery}/fate", Scope: reading, Handle: showFate},
		{Pattern: "GET " + one + "/deliveries/{delivery}/attempts/{number}", Scope: reading, Handle: showRequest},
		{Pattern: "POST " + one + "/deliveries/{delivery}/redeliver", Scope: writing, Handle: redeliver},
	}
}

// address is where an endpoint is shown, or what is done about it.
func address(id parley.WebhookID, more string) string { return home + "/" + string(id) + more }

// endpointOf is the endpoint that the request is about.
func endpointOf(r *page.Request) (parley.Webhook, error) {
	id, ok := parley.ParseID[parley.WebhookID](r.PathValue("id"))
	if !ok {
		return parley.Webhook{}, parley.Missing("webhook endpoint", r.PathValue("id"))
	}
	return r.Site.Endpoints.Get(r.Context(), r.Org(), id)
}
