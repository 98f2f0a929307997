package endpoint

import (
	"context"
	"fmt"
	"time"

	"parley"
	"parley/internal/store"
)

// EventDelivery is what became of an event at one endpoint, and why.
type EventDelivery struct {
	WebhookID     parley.WebhookID  `json:"webhook_id"`
	URL           string            `json:"url" doc:"The endpoint's"`
	DeliveryID    parley.DeliveryID `json:"delivery_id" doc:"By which the event can be sent to the endpoint once more, whatever became of it"`
	Outcome       Fate              `json:"outcome" enum:"delivered,retrying,failed,sending,waiting,held,not_subscribed,other_inbox,filtered,undecided,before_start,passed_over,skipped" doc:"delivered; retrying: it failed and is tried again, or is sent once more because somebody asked for it; failed: it has no retries left, and is kept; sending: it is on its way; waiting: its turn has not come; held: the endpoint is sent nothing for now; not_subscribed, other_inbox, filtered: it is not for the endpoint; undecided: the filter could not be decided, so it was not sent; before_start: the endpoint was added later; passed_over: it is for the endpoint as it is now, and was not when its turn came; skipped: the transformation returned nothing, so nothing was sent"`
	Reason        string            `json:"reason" doc:"The same in a sentence, with the particulars: which condition, until when, which answer" example:"The endpoint's event_types do not include contact.created."`
	Delivery      *parley.Delivery  `json:"delivery" doc:"The last attempt; null: there was none"`
	WaitingBehind *WaitingBehind    `json:"waiting_behind" doc:"The event that has to go first; null: none has"`
}

// WaitingBehind is an event that another one waits for.
type WaitingBehind struct {
	EventID  parley.EventID `json:"event_id"`
	Sequence int64          `json:"sequence"`
	Until    *parley.Time   `json:"until" doc:"When it is tried again; null: it is on its way now"`
}

// Fate is how an event stands at an endpoint, in a word.
type Fate string

// The fates that an attempt or the endpoint decides; those that the endpoint's
// settings decide are the outcomes of a [Verdict].
const (
	FateDelivered   Fate = "delivered"
	FateRetrying    Fate = "retrying"
	FateFailed      Fate = "failed"
	FateSending     Fate = "sending"
	FateWaiting     Fate = "waiting"
	FateHeld        Fate = "held"
	FateBeforeStart Fate = "before_start"
	FateSkipped     Fate = "skipped"
	FatePassedOver  Fate = "passed_over"
)

// Why tells, for a page of the organization's endpoints, what became of an event at
// each. Where another process delivers it goes by what that has written down.
func (e *Endpoints) Why(ctx context.Context, org parley.OrganizationID, id parley.EventID, p store.Page) (_ []EventDelivery, next string, err error) {
	event, err := e.log.Get(ctx, org, id)
	if err != nil {
		return nil, "", err
	}
	every := store.Where("id <> ?", string(id)) // which no endpoint has: the list's cursors are this event's only
	ws, next, err := e.List(ctx, org, p, every)
	if err != nil || len(ws) == 0 {
		return nil, "", err
	}
	ids := make([]parley.WebhookID, len(ws))
	standings := map[parley.WebhookID]Standing{}
	for i, w := range ws { // before the attempts are read, so that none is missed between
		ids[i] = w.ID
		if e.engine != nil {
			if s, ok := e.engine.Standing(w.ID, event.Sequence, event.Key); ok {
				standings[w.ID] = s
			}
		}
	}
	deliveries, err := store.DeliveriesOf(ctx, e.db.Read(), org, event, ids)
	if err != nil {
		return nil, "", err
	}
	all := make([]EventDelivery, len(ws))
	for i := range ws {
		f := finding{w: &ws[i], event: event, delivery: deliveries[ws[i].ID], now: time.Now()}
		if s, ok := standings[ws[i].ID]; ok {
			f.Standing = s
		} else if f.Standing, err = e.stored(ctx, org, &ws[i], event.Sequence); err != nil {
			return nil, "", err
		}
		if all[i], err = e.explain(ctx, org, &f); err != nil {
			return nil, "", err
		}
	}
	return all, next, nil
}

// stored is an event's standing as far as the database knows it.
func (e *Endpoints) stored(ctx context.Context, org parley.OrganizationID, w *parley.Webhook, seq int64) (Standing, error) {
	s := Standing{Cursor: w.Cursor, Dealt: seq <= w.Cursor}
	if s.Dealt || w.Ordering != "strict" {
		return s, nil
	}
	waiting, err := store.Waiting(ctx, e.db.Read(), org, w.ID, 1)
	if err == nil && len(waiting) > 0 && waiting[0].Seq != seq {
		s.Behind, s.Until = waiting[0].Seq, waiting[0].NextAt.Std()
	}
	return s, err
}

// finding is all that is known of an event at an endpoint.
type finding struct {
	Standing
	w        *parley.Webhook
	event    *parley.Event
	delivery *parley.Delivery // nil: there was no attempt
	now      time.Time
}

func (e *Endpoints) explain(ctx context.Context, org parley.OrganizationID, f *finding) (EventDelivery, error) {
	d := EventDelivery{
		WebhookID: f.w.ID, URL: f.w.URL, DeliveryID: parley.NewDeliveryID(f.w.ID, f.event.Sequence), Delivery: f.delivery,
	}
	d.Outcome, d.Reason = f.fate()
	if d.Outcome != FateWaiting || f.Behind == 0 {
		return d, nil
	}
	first, err := e.log.At(ctx, org, f.Behind)
	if parley.KindOf(err) == parley.NotFound {
		return d, nil // it is no longer kept, and will not hold anything up
	}
	if err != nil {
		return d, err
	}
	d.WaitingBehind = &WaitingBehind{EventID: first.ID, Sequence: f.Behind}
	if f.Until.After(f.now) {
		until := parley.At(f.Until)
		d.WaitingBehind.Until = &until
	}
	return d, nil
}

func (f *finding) fate() (Fate, string) {
	switch {
	case f.Underway:
		return FateSending, "It is being sent now."
	case f.Unwritten:
		return FateSending, "It was just sent: what came of it is being written down."
	case f.delivery != nil:
		return f.attempted()
	}
	matcher, err := NewMatcher(*f.w)
	if err != nil {
		return Fate(Undecided), "The endpoint's filter cannot be used: " + err.Error() + "."
	}
	v := matcher.Explain(f.event)
	switch {
	case v.Outcome == NotForThisEndpoint:
		return Fate(NotSubscribed), v.Reason
	case v.Outcome != Matches:
		return Fate(v.Outcome), v.Reason
	case f.Dealt && f.event.CreatedAt < f.w.CreatedAt:
		return FateBeforeStart, "The endpoint was added after it happened, and did not begin that far back."
	case f.Dealt:
		return FatePassedOver, "It was passed over: the endpoint did not want it then, was resumed with what happens from then on only, or began later in the log. As the endpoint is now, it would be sent."
	}
	if why := f.held(); why != "" {
		return FateHeld, why
	}
	return FateWaiting, f.waiting()
}

// attempted is the fate of an event that was sent before, or is to be because
// somebody asked for it.
func (f *finding) attempted() (Fate, string) {
	d := f.delivery
	switch d.Status {
	case parley.Delivered:
		return FateDelivered, fmt.Sprintf("The endpoint answered %s to attempt %d, at %s.%s", answerOf(d), d.AttemptCount, *d.LastAttemptAt, f.again())
	case parley.Skipped:
		return FateSkipped, "The endpoint's transformation returned nothing, so nothing was sent." + f.again()
	case parley.Failed:
		if d.AttemptCount == 0 {
			return FateFailed, "It was to be sent once more, which was given up before it happened."
		}
		return FateFailed, fmt.Sprintf("Attempt %d was the last: %s It is kept, and can be sent once more.%s", d.AttemptCount, causeOf(d), f.again())
	}
	if why := f.held(); why != "" {
		return FateHeld, why
	}
	switch {
	case d.AttemptCount == 0:
		return FateRetrying, "It is sent as soon as there is room, because somebody asked for it."
	case d.Error == nil:
		return FateRetrying, fmt.Sprintf("The endpoint answered %s to attempt %d. It is sent once more as soon as there is room, because somebody asked for it.", answerOf(d), d.AttemptCount)
	}
	return FateRetrying, fmt.Sprintf("Attempt %d failed: %s The next is made at %s.", d.AttemptCount, causeOf(d), *d.NextAttemptAt)
}

// again adds that an event is sent once more, if it is.
func (f *finding) again() string {
	if r := f.w.Rewind; r != nil && !f.Dealt && f.event.Sequence <= r.Until {
		return " It is sent again when its turn comes, as the endpoint was rewound."
	}
	return ""
}

func answerOf(d *parley.Delivery) string {
	if d.StatusCode == nil {
		return "2xx"
	}
	return fmt.Sprint(*d.StatusCode)
}

func causeOf(d *parley.Delivery) string {
	if d.Error == nil {
		return "it was answered " + answerOf(d) + "."
	}
	return *d.Error
}

// held tells why the endpoint is sent nothing for now; "" if it is.
func (f *finding) held() string {
	reason := ""
	if f.w.StatusReason != nil {
		reason = " " + *f.w.StatusReason
	}
	switch {
	case f.w.Status == parley.EndpointPaused:
		return "The endpoint is paused: it is sent what waits when it is resumed." + reason
	case f.w.Status == parley.EndpointDisabled:
		return "The endpoint is disabled: it is sent what waits when it is resumed." + reason
	case f.w.Status == parley.EndpointUnverified:
		return "The endpoint is not verified yet: it is sent what waits once it has answered its token." + reason
	case f.ProbeAt.After(f.now):
		return fmt.Sprintf("The endpoint is failing: it is probed next at %s.%s", parley.At(f.ProbeAt), reason)
	case f.w.Status == parley.EndpointFailing, !f.ProbeAt.IsZero():
		return "The endpoint is failing: it is probed now and then, and sent what waits once it answers." + reason
	case f.Hold.After(f.now):
		return fmt.Sprintf("The endpoint asked for patience: it is sent nothing before %s.", parley.At(f.Hold))
	}
	return ""
}

func (f *finding) waiting() string {
	lag := f.event.Sequence - f.Cursor
	switch {
	case f.Behind != 0 && f.Until.After(f.now):
		return fmt.Sprintf("The endpoint takes events one after another, and event %d, which failed, is tried again at %s.", f.Behind, parley.At(f.Until))
	case f.Behind != 0 && f.w.Ordering == "strict":
		return fmt.Sprintf("The endpoint takes events one after another, and event %d is on its way.", f.Behind)
	case f.Behind != 0:
		return fmt.Sprintf("Event %d of the same key is on its way, and goes first.", f.Behind)
	case lag == 1:
		return fmt.Sprintf("It is next: the endpoint has dealt with everything up to %d.", f.Cursor)
	}
	return fmt.Sprintf("Its turn has not come: the endpoint has dealt with everything up to %d, and the event is %d further on.", f.Cursor, lag)
}
