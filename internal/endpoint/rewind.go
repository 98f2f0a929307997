package endpoint

import (
	"context"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/store"
)

// maxCounted is how many events of the log a rewind that is only tried looks at.
const maxCounted = 100_000

// Rewound tells what a rewind comes to.
type Rewound struct {
	Webhook  parley.Webhook
	Events   int64 // of the log that lie on the way
	Matching int64 // of those, for the endpoint as it is now; only if it was only tried
	Counted  int64 // how many were looked at for that, the earliest
}

// Rewind has an endpoint sent again all that it was sent since a place in the log,
// at most pace events a second (nil: as fast as it takes them), before it goes on
// with what is new. Deliveries that wait to be tried again and lie on the way go
// now. A rewind during a rewind begins again from its own place. With dryRun nothing
// changes. The place must be named.
func (e *Endpoints) Rewind(ctx context.Context, by parley.Caller, id parley.WebhookID, to Start, pace *int, dryRun bool) (Rewound, error) {
	w, err := e.Get(ctx, by.Organization, id)
	if err != nil {
		return Rewound{}, err
	}
	cursor, _, err := e.before(ctx, by.Organization, to)
	if err != nil {
		return Rewound{}, err
	}
	from := cursor + 1
	r := Rewound{Webhook: w}
	if dryRun {
		until := w.Cursor
		if w.Rewind != nil {
			until = max(until, w.Rewind.Until)
		}
		if from > until {
			return r, errNotBack()
		}
		r.Events = until - from + 1
		r.Matching, r.Counted, err = e.countMatching(ctx, by.Organization, &w, from, until)
		return r, err
	}
	err = e.change(ctx, by, id, func(ctx context.Context, tx *database.Tx, before parley.Webhook) (err error) {
		r.Webhook, r.Events, err = e.rewind(ctx, tx, by, before, from, pace)
		return err
	})
	return r, err
}

func (e *Endpoints) rewind(ctx context.Context, tx *database.Tx, by parley.Caller, before parley.Webhook, from int64, pace *int) (parley.Webhook, int64, error) {
	positions, err := e.positions(ctx, tx, by.Organization, before.ID)
	if err != nil {
		return before, 0, err
	}
	p := positions[before.ID]
	at, err := e.log.Next(ctx, tx)
	if err != nil {
		return before, 0, err
	}
	r := parley.Rewind{From: from, Until: p.Cursor, Pace: pace, StartedAt: at.At}
	if p.Rewind != nil {
		r.Until = max(r.Until, p.Rewind.Until)
	}
	if from > r.Until {
		return before, 0, errNotBack()
	}
	if err := store.Rewind(ctx, tx, by.Organization, Kind, before.ID, r); err != nil {
		return before, 0, err
	}
	if err := store.HurryRewound(ctx, tx, by.Organization, before.ID, from, at.At); err != nil {
		return before, 0, err
	}
	r.Remaining = r.Until - from + 1
	after, err := e.announceRewind(ctx, tx, by, at, before, p.Cursor, parley.WebhookRewound, r)
	return after, r.Remaining, err
}

func errNotBack() error {
	return parley.InvalidField("body.to", "must lie before the endpoint's cursor: what comes after it has yet to be sent anyway")
}

// CancelRewind has an endpoint go on from where it stood before it was rewound. One
// that is not being rewound is a Conflict error.
func (e *Endpoints) CancelRewind(ctx context.Context, by parley.Caller, id parley.WebhookID) (w parley.Webhook, err error) {
	err = e.change(ctx, by, id, func(ctx context.Context, tx *database.Tx, before parley.Webhook) error {
		positions, err := e.positions(ctx, tx, by.Organization, id)
		if err != nil {
			return err
		}
		r := positions[id].Rewind
		if r == nil {
			return parley.Errorf(parley.Conflict, "The endpoint is not being rewound.")
		}
		at, err := e.log.Next(ctx, tx)
		if err != nil {
			return err
		}
		if err := eventlog.SaveCursor(ctx, tx, by.Organization, Kind, string(id), r.Until); err != nil {
			return err
		}
		w, err = e.announceRewind(ctx, tx, by, at, before, positions[id].Cursor, parley.WebhookRewindCancelled, *r)
		return err
	})
	return w, err
}

// endRewind says that a rewind is over because the endpoint goes on from now, if it is
// being rewound.
func (e *Endpoints) endRewind(ctx context.Context, tx *database.Tx, by parley.Caller, id parley.WebhookID) error {
	positions, err := e.positions(ctx, tx, by.Organization, id)
	if err != nil || positions[id].Rewind == nil {
		return err
	}
	before, err := store.Webhooks.Get(ctx, tx, by.Organization, string(id))
	if err != nil {
		return err
	}
	at, err := e.log.Next(ctx, tx)
	if err != nil {
		return err
	}
	p := positions[id]
	_, err = e.announceRewind(ctx, tx, by, at, before, p.Cursor, parley.WebhookRewindCancelled, *p.Rewind)
	return err
}

func (e *Endpoints) announceRewind(ctx context.Context, tx *database.Tx, by parley.Caller, at eventlog.Place, before parley.Webhook, cursor int64, event parley.EventType[parley.WebhookRewindEvent], r parley.Rewind) (parley.Webhook, error) {
	after := before
	store.Webhooks.Touch(&after, at.Sequence, at.At)
	err := e.write(ctx, tx, by, at, before, &after, event.Draft(string(before.ID), "", parley.WebhookRewindEvent{
		Webhook: public(after), Rewind: r, Previous: parley.Previous{"cursor": cursor},
	}))
	if err != nil {
		return after, err
	}
	return after, e.showIn(ctx, tx, by.Organization, &after)
}

// countMatching counts the events from one sequence to another that are for an
// endpoint, among the first maxCounted.
func (e *Endpoints) countMatching(ctx context.Context, org parley.OrganizationID, w *parley.Webhook, from, until int64) (matching, counted int64, err error) {
	m, err := NewMatcher(*w)
	if err != nil {
		return 0, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for after := from - 1; after < until && counted < maxCounted; {
		events, err := e.log.Read(ctx, org, after, 1000)
		if err != nil || len(events) == 0 {
			return matching, counted, err
		}
		for _, event := range events {
			if after = event.Sequence; after > until {
				break
			}
			counted++
			if m.Wants(event) {
				matching++
			}
		}
	}
	return matching, counted, nil
}
