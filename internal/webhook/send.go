package webhook

import (
	"log/slog"
	"sync/atomic"

	"parley"
	"parley/internal/outbound"
	"parley/internal/store"
)

// send makes one attempt.
func (e *Engine) send(j *job) outbound.Result {
	switch {
	case j.lost:
		return refused("the event is no longer kept")
	case j.conf.target == nil:
		return refused("the URL is not allowed any more: change it, or have the operator allow it")
	}
	body, failure := j.conf.transform.body(e.ctx, e, j.event)
	if failure != nil {
		return outbound.Result{Failure: failure}
	}
	return j.conf.auth.send(e.ctx, e.Client, &outbound.Request{
		Target: j.conf.target, Body: body, Timeout: e.patience(j.conf.timeout),
		Signature: &outbound.Signature{ID: string(j.event.ID), Signer: j.conf.signer},
	})
}

func refused(message string) outbound.Result {
	return outbound.Result{Failure: &outbound.Failure{Kind: outbound.RefusedAddress, Message: message}}
}

// totals count deliveries since the start.
type totals struct {
	delivered, retrying, failed atomic.Int64
}

// Totals are how many attempts ended how, since the start.
type Totals struct {
	Delivered, Retrying, Failed int64
	Endpoints                   int
	Pending                     int // records of attempts not yet written
}

// Totals tells how many attempts ended how, since the start.
func (e *Engine) Totals() Totals {
	e.mu.Lock()
	endpoints := len(e.byID)
	e.mu.Unlock()
	return Totals{
		e.totals.delivered.Load(), e.totals.retrying.Load(), e.totals.failed.Load(), endpoints, e.rec.backlog(),
	}
}

func (e *Engine) count(s parley.DeliveryStatus) {
	switch s {
	case parley.Delivered:
		e.totals.delivered.Add(1)
	case parley.Retrying:
		e.totals.retrying.Add(1)
	case parley.Failed:
		e.totals.failed.Add(1)
	}
}

// logAttempt writes the one log line of an attempt.
func (e *Engine) logAttempt(a *store.Attempt, event *parley.Event) {
	if !e.Logger.Enabled(e.ctx, slog.LevelInfo) {
		return
	}
	attrs := []slog.Attr{
		slog.String("org", string(a.Org)), slog.String("endpoint", string(a.Webhook)), slog.Int64("seq", a.Seq),
		slog.Int("attempt", a.Number), slog.String("outcome", string(a.State)),
		slog.Int("status", a.StatusCode), slog.Int64("duration_us", a.DurationUS),
	}
	if event != nil {
		attrs = append(attrs, slog.String("event", string(event.ID)), slog.String("type", event.Type))
	}
	if a.Error != "" {
		attrs = append(attrs, slog.String("error", a.Error))
	}
	if a.NextAt != 0 {
		attrs = append(attrs, slog.Time("next_attempt_at", a.NextAt.Std()))
	}
	e.Logger.LogAttrs(e.ctx, slog.LevelInfo, "delivery.attempted", attrs...)
}
