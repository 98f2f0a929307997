package webhook

import (
	"strings"

	"parley"
)

// changes tells whether an event tells of a change of the endpoint itself.
func (r *runner) changes(e *parley.Event) bool {
	return e.Key == string(r.name.ID) && strings.HasPrefix(e.Type, "webhook.") && e.Type != parley.WebhookTested.Name()
}
