package endpoint

import (
	"context"

	"parley"
	"parley/internal/payload"
)

const (
	// maxTold is how many events a preview tells of that would be sent, and how many
	// that would not.
	maxTold = 50
	// maxTransformed is how many of them it transforms, or shows whole.
	maxTransformed = 20
	// maxBodies is how many bytes it shows of what would be sent.
	maxBodies = 4 << 20
)

// What becomes of an event that matches. Others have the matcher's outcome.
const (
	previewSent    = "sent"
	previewSkipped = "skipped"
	previewFailed  = "transformation_failed"
	previewMatched = "matched"
)

// trial makes a preview.
type trial struct {
	Preview
	endpoints *Endpoints
	match     *Matcher
	source    string
	webhook   parley.WebhookID // "" before it is made
	format    payload.Format

	sent, others int // how many of each it has told of
	bodies       int // how many bytes of them
}

// examine finds out what would become of an event. The error is no fault of the
// transformation.
func (t *trial) examine(ctx context.Context, event *parley.Event) error {
	t.Examined++
	switch outcome := t.match.outcome(event); outcome {
	case Matches:
		t.Matched++
		return t.try(ctx, event)
	case Undecided:
		t.Undecided++
	default:
	}
	if t.others++; t.others > maxTold {
		t.Truncated = true
		return nil
	}
	v := t.match.Explain(event)
	t.tell(event, Previewed{Outcome: string(v.Outcome), Reason: &v.Reason})
	return nil
}

// try makes what would be sent of an event that matches.
func (t *trial) try(ctx context.Context, event *parley.Event) error {
	if t.sent++; t.sent > maxTold {
		t.Truncated = true
		return nil
	}
	if t.sent > maxTransformed {
		t.Truncated = true
		outcome := previewSent
		if t.source != "" {
			outcome = previewMatched
		}
		t.tell(event, Previewed{Outcome: outcome})
		return nil
	}
	rendered, err := t.format.Body(t.webhook, event)
	if err != nil {
		return err
	}
	if t.source == "" {
		t.tell(event, Previewed{Outcome: previewSent, Body: rendered})
		return nil
	}
	body, log, err := Transform(ctx, t.endpoints.sandbox, event.Organization, t.source, rendered)
	switch fault, atFault := TransformationFault(err); {
	case atFault:
		t.tell(event, Previewed{Outcome: previewFailed, Error: &fault, Log: log})
	case err != nil:
		return err
	case body == nil:
		t.tell(event, Previewed{Outcome: previewSkipped, Log: log})
	default:
		t.tell(event, Previewed{Outcome: previewSent, Body: body, Log: log})
	}
	return nil
}

func (t *trial) tell(event *parley.Event, p Previewed) {
	p.EventID, p.Type, p.Sequence = event.ID, event.Type, event.Sequence
	if t.bodies += len(p.Body); t.bodies > maxBodies {
		p.Body, t.Truncated = nil, true
	}
	if p.Log == nil {
		p.Log = []string{}
	}
	t.Results = append(t.Results, p)
}
