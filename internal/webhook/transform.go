package webhook

import (
	"context"

	"parley"
	"parley/internal/outbound"
)

// untransformed is the kind of failure of an event that could not be transformed.
const untransformed = "transformation"

// transform makes what is sent of an event.
type transform struct{}

func newTransform(parley.Webhook) transform { return transform{} }

// body is what is sent of an event, or why nothing can be.
func (t transform) body(_ context.Context, _ *Engine, event *parley.Event) ([]byte, *outbound.Failure) {
	return event.JSON(), nil
}
