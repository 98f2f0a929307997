package webhook

import (
	"log/slog"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/outbound"
	"parley/internal/store"
)

// prepare gets ready what a job needs to be sent, before it takes a place, or tells
// why there is nothing to send. An error says that the endpoint could not be read.
func (e *Engine) prepare(name endpoint.Name, j *job) (unsent *outbound.Failure, err error) {
	if j.lost {
		return refused("the event is no longer kept"), nil
	}
	if j.way, err = e.reach(name, j.conf); err != nil {
		return nil, err
	}
	if j.way.target == nil {
		return refused("the URL is not allowed any more: change it, or have the operator allow it"), nil
	}
	j.body, unsent = j.conf.transform.body(e.ctx, e, j.event)
	return unsent, nil
}

func refused(message string) *outbound.Failure {
	return &outbound.Failure{Kind: outbound.RefusedAddress, Message: message}
}

// send makes one attempt with what was prepared for it.
func (e *Engine) send(j *job) outbound.Result {
	e.underway.Add(1)
	defer e.underway.Add(-1)
	return j.way.auth.send(e.ctx, e.Client, &outbound.Request{
		Target: j.way.target, Body: j.body, Timeout: patience(j.way.timeout, j.load),
		Signature: &outbound.Signature{ID: string(j.event.ID), Signer: j.way.signer},
	})
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
