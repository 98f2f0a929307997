package endpoint

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"parley"
	"parley/internal/payload"
	"parley/internal/store"
)

const (
	// maxSample is how many events a preview looks at.
	maxSample = 1000
	// previewWithin is how long it may take.
	previewWithin = 10 * time.Second
)

// Sample says with which events an endpoint is tried out: with one of the log, with
// one that need not be in it, or with the last so many of the log.
type Sample struct {
	EventID parley.EventID
	Example *parley.Event
	Last    int // at most 1,000
}

// Preview is what would become of a sample at an endpoint.
type Preview struct {
	Examined  int         `json:"examined" doc:"How many events were looked at"`
	Matched   int         `json:"matched" doc:"How many of them are for the endpoint, before its transformation is asked"`
	Undecided int         `json:"undecided" doc:"For how many the filter has no answer: these are not sent"`
	Truncated bool        `json:"truncated" doc:"There is more than results tells: at most 50 events each that would be sent and that would not, 20 of them transformed, and 10 seconds in all"`
	Results   []Previewed `json:"results" doc:"The newest event comes first"`
}

// Previewed is what would become of one event.
type Previewed struct {
	EventID  parley.EventID  `json:"event_id"`
	Type     string          `json:"type" example:"conversation.assigned"`
	Sequence int64           `json:"sequence" doc:"The event's place in the log"`
	Outcome  string          `json:"outcome" enum:"sent,skipped,transformation_failed,matched,not_subscribed,other_inbox,filtered,undecided,not_for_this_endpoint" doc:"skipped: the transformation returned nothing; matched: it is for the endpoint, and its transformation was not run; undecided: the filter has no answer"`
	Reason   *string         `json:"reason" doc:"Why it would not be sent; null: it would, or the transformation decided"`
	Body     json.RawMessage `json:"body,omitempty" doc:"What would be sent, in the endpoint's format; of the first 20. In a batch, each event by itself"`
	Log      []string        `json:"log" doc:"What the transformation wrote to console.log"`
	Error    *string         `json:"error" doc:"What is wrong with the transformation"`
}

// Preview tries an endpoint out: what its event types, inboxes, filter, format and
// transformation make of a sample. Nothing is saved and nothing is sent. Before is
// the endpoint as it is, nil if it is a new one. What could not be saved is refused
// as it would be then. It ends with ctx, and when its time is up with what it has.
func (e *Endpoints) Preview(ctx context.Context, org parley.OrganizationID, before *parley.Webhook, w parley.Webhook, s Sample) (Preview, error) {
	if err := e.checkTrial(ctx, org, before, &w); err != nil {
		return Preview{}, err
	}
	match, err := NewMatcher(w)
	if err != nil {
		return Preview{}, err
	}
	setDefaults(&w)
	format, _ := payload.Named(w.Format)
	t := trial{
		Preview: Preview{Results: []Previewed{}}, endpoints: e,
		match: match, source: w.Transformation, webhook: w.ID, format: format,
	}
	within, cancel := context.WithTimeout(ctx, previewWithin)
	defer cancel()
	for event, err := range e.sample(within, org, s) {
		if err == nil {
			err = t.examine(within, event)
		}
		switch {
		case ctx.Err() != nil:
			return Preview{}, ctx.Err()
		case within.Err() != nil:
			t.Truncated = true
			return t.Preview, nil
		case err != nil:
			return Preview{}, notRun(within, err)
		}
	}
	return t.Preview, nil
}

// checkTrial refuses what could not be saved.
func (e *Endpoints) checkTrial(ctx context.Context, org parley.OrganizationID, before, w *parley.Webhook) error {
	wrong := append(checkEventTypes(w.EventTypes), checkFilter(nil, w)...)
	wrong = append(wrong, checkTransformable(w)...)
	if before != nil && before.Format != w.Format {
		wrong = append(wrong, parley.FieldError{Location: "body.format", Message: "cannot be changed: make another endpoint for it"})
	}
	var known []parley.InboxID
	if before != nil {
		known = before.InboxIDs
	}
	strange, err := checkInboxes(ctx, e.db.Read(), org, known, w.InboxIDs)
	if err != nil {
		return err
	}
	wrong = append(wrong, strange...)
	if blank(w.Transformation) {
		w.Transformation = ""
	}
	fault, err := e.checkTransformation(ctx, org, w.Transformation)
	if err != nil {
		return err
	}
	if fault != nil {
		wrong = append(wrong, *fault)
	}
	if len(wrong) > 0 {
		return parley.InvalidFields(wrong...)
	}
	return nil
}

// sampleBatch is how many events are read at once: they may be large.
const sampleBatch = 100

// sample gives the events of a sample, the newest first.
func (e *Endpoints) sample(ctx context.Context, org parley.OrganizationID, s Sample) iter.Seq2[*parley.Event, error] {
	return func(yield func(*parley.Event, error) bool) {
		switch {
		case s.Example != nil:
			yield(s.Example, nil)
			return
		case s.EventID != "":
			event, err := e.log.Get(ctx, org, s.EventID)
			if parley.KindOf(err) == parley.NotFound {
				err = parley.InvalidField("body.sample.event_id", "is not an event of this organization, or it is no longer kept")
			}
			yield(event, err)
			return
		}
		var older store.Filter
		for left := min(s.Last, maxSample); left > 0; left -= sampleBatch {
			batch := min(left, sampleBatch)
			events, err := e.log.Query(ctx, org, older, true, batch)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, event := range events {
				if !yield(event, nil) {
					return
				}
			}
			if len(events) < batch {
				return
			}
			older = store.Where("seq < ?", events[batch-1].Sequence)
		}
	}
}
