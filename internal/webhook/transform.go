package webhook

import (
	"context"
	"strings"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/outbound"
)

// The kinds of failure of an event that was not sent because of the endpoint's
// transformation.
const (
	untransformed = "transformation" // the transformation failed: most likely it will again
	nothing       = "nothing"        // the transformation returned nothing: there is nothing to send
	notRun        = "not_run"        // the transformation could not be run now; no fault of anybody's
)

// failed begins the message of a transformation that failed. What follows is for the
// endpoint's owner only.
const failed = "The transformation failed: "

// transform makes what is sent of an event in an endpoint's format. The zero value
// sends that as it is.
type transform struct{ source string }

func newTransform(w parley.Webhook) transform { return transform{w.Transformation} }

// body is what is sent of a rendered event, or why nothing can be. It is made anew for
// each attempt, so that a transformation that was corrected gets what failed before.
func (t transform) body(ctx context.Context, e *Engine, event *parley.Event, rendered []byte) ([]byte, *outbound.Failure) {
	if t.source == "" {
		return rendered, nil
	}
	body, _, err := endpoint.Transform(ctx, e.Sandbox, event.Organization, t.source, rendered)
	fault, atFault := endpoint.TransformationFault(err)
	switch {
	case atFault:
		return nil, &outbound.Failure{Kind: untransformed, Message: failed + fault}
	case ctx.Err() != nil:
		return nil, &outbound.Failure{Kind: outbound.Cancelled, Message: "The engine stopped before the transformation had ended.", Err: err}
	case err != nil:
		e.Logger.Warn("webhook.transformation_not_run", "org", event.Organization, "event", event.ID, "error", err)
		return nil, &outbound.Failure{Kind: notRun, Message: "The transformation could not be run now: it is tried again.", Err: err}
	case body == nil:
		return nil, &outbound.Failure{Kind: nothing, Message: "The transformation returned nothing."}
	}
	return body, nil
}

// loggable is why an attempt failed as the server's log may have it, which is not to
// hold what a script makes of customers' data.
func loggable(reason string) string {
	if before, _, found := strings.Cut(reason, failed); found {
		return before + "The transformation failed."
	}
	return reason
}
