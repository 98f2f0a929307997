package webhook

import (
	"log/slog"

	"parley"
	"parley/internal/outbound"
	"parley/internal/store"
)

// send makes one attempt.
func (e *Engine) send(j *job) outbound.Result {
	e.underway.Add(1)
	defer e.underway.Add(-1)
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
		Target: j.conf.target, Body: body, Timeout: patience(j.conf.timeout, j.load),
		Signature: &outbound.Signature{ID: string(j.event.ID), Signer: j.conf.signer},
	})
}

func refused(message string) outbound.Result {
	return outbound.Result{Failure: &outbound.Failure{Kind: outbound.RefusedAddress, Message: message}}
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
		attrs = append(attrs, slog.String("error", loggable(a.Error)))
	}
	if a.NextAt != 0 {
		attrs = append(attrs, slog.Time("next_attempt_at", a.NextAt.Std()))
	}
	e.Logger.LogAttrs(e.ctx, slog.LevelInfo, "delivery.attempted", attrs...)
}
