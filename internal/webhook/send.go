package webhook

import (
	"log/slog"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/outbound"
	"parley/internal/payload"
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
	if err := e.refresh(name, j); err != nil {
		return nil, err
	}
	if j.way.target == nil {
		return refused("the URL is not allowed any more: change it, or have the operator allow it"), nil
	}
	j.body, unsent = e.bodyOf(name, j)
	return unsent, nil
}

// refresh reads events again that an erasure may have altered since they were read.
func (e *Engine) refresh(name endpoint.Name, j *job) error {
	erased := e.Log.Erased(name.Org)
	for each := range j.all {
		if each.seq > erased || each.lost || each.event == nil {
			continue
		}
		event, err := e.Log.At(e.ctx, name.Org, each.seq)
		if err != nil {
			if parley.KindOf(err) != parley.NotFound {
				return err
			}
			empty := *each.event // it is not kept any more: what it told may not be told again
			empty.Data = []byte("{}")
			event = empty.Seal()
		}
		if each.event = event; j.conf.format.Batches {
			each.body, each.unrendered = j.conf.format.Render(name.ID, event)
		}
	}
	return nil
}

// bodyOf is what a job's request is to say, or why nothing can be.
func (e *Engine) bodyOf(name endpoint.Name, j *job) ([]byte, *outbound.Failure) {
	if !j.conf.format.Batches {
		j.body, j.unrendered = j.conf.format.Render(name.ID, j.event)
	}
	if j.unrendered != nil {
		e.Logger.Error("webhook.not_rendered", "org", name.Org, "endpoint", name.ID, "event", j.event.ID, "error", j.unrendered)
		return nil, &outbound.Failure{Kind: untransformed, Message: "The event could not be put into the endpoint's format.", Err: j.unrendered}
	}
	if !j.conf.format.Batches {
		return j.conf.transform.body(e.ctx, e, j.event, j.body)
	}
	var parts [][]byte
	for each := range j.all {
		parts = append(parts, each.body)
	}
	return payload.Batch(parts), nil
}

func refused(message string) *outbound.Failure {
	return &outbound.Failure{Kind: outbound.RefusedAddress, Message: message}
}

// send makes one attempt with what was prepared for it.
func (e *Engine) send(j *job) outbound.Result {
	e.underway.Add(1)
	defer e.underway.Add(-1)
	id := string(j.event.ID)
	if j.conf.format.Batches {
		id = j.batchID()
	}
	return j.way.auth.send(e.ctx, e.Client, &outbound.Request{
		Target: j.way.target, Body: j.body, ContentType: j.conf.contentType(), Timeout: patience(j.way.timeout, j.load),
		Signature: &outbound.Signature{ID: id, Signer: j.way.signer},
	})
}

// logAttempt writes the one log line of an attempt, that of a batch for its first event.
func (e *Engine) logAttempt(a *store.Attempt, j *job) {
	if !e.Logger.Enabled(e.ctx, slog.LevelInfo) {
		return
	}
	attrs := []slog.Attr{
		slog.String("org", string(a.Org)), slog.String("endpoint", string(a.Webhook)), slog.Int64("seq", a.Seq),
		slog.Int("attempt", a.Number), slog.String("outcome", string(a.State)),
		slog.Int("status", a.StatusCode), slog.Int64("duration_us", a.DurationUS),
	}
	if j.event != nil {
		attrs = append(attrs, slog.String("event", string(j.event.ID)), slog.String("type", j.event.Type))
	}
	if len(j.mates) > 0 {
		attrs = append(attrs, slog.Int("events", 1+len(j.mates)))
	}
	if a.Error != "" {
		attrs = append(attrs, slog.String("error", loggable(a.Error)))
	}
	if a.NextAt != 0 {
		attrs = append(attrs, slog.Time("next_attempt_at", a.NextAt.Std()))
	}
	e.Logger.LogAttrs(e.ctx, slog.LevelInfo, "delivery.attempted", attrs...)
}
