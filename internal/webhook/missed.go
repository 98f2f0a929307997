package webhook

import "parley/internal/endpoint"

const missedReason = "The log no longer keeps these events: the endpoint was paused, disabled, failing or too slow for longer than that."

// tellMissed has the world told of events that the endpoint will not be sent, as soon
// as the database takes it. The caller holds the lock.
func (r *runner) tellMissed(first, last int64) {
	e, name := r.e, r.name
	e.background.Go(func() { e.tellMissed(name, first, last) })
}

func (e *Engine) tellMissed(name endpoint.Name, first, last int64) {
	for {
		err := e.Endpoints.Missed(e.ctx, name, first, last, missedReason)
		if err == nil {
			return
		}
		e.Logger.Warn("webhook.missed_not_told", "org", name.Org, "endpoint", name.ID, "first", first, "last", last, "error", err, "again_in", readAgain)
		if !sleep(e.stopped, readAgain) {
			return
		}
	}
}
