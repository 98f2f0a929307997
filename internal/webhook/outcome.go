package webhook

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/outbound"
	"parley/internal/store"
)

// outcome is what follows from an attempt.
type outcome struct {
	state  parley.DeliveryStatus
	next   time.Time // with retrying
	step   int
	reason string // why it failed
}

// transition is a change of an endpoint's status that the engine has made.
type transition struct {
	from, to parley.EndpointStatus
	reason   string
}

// judge decides what follows from an attempt, for the delivery and for the endpoint.
func (r *runner) judge(j *job, begun, now time.Time, res outbound.Result) outcome {
	if res.OK() {
		r.window.good(res.Duration)
		r.health.good()
		if r.health.failing && j.probe {
			r.recover(now, fmt.Sprintf("A probe was answered with %s.", statusText(res.Status)))
		}
		return outcome{state: parley.Delivered, step: j.step}
	}
	reason := reasonOf(res)
	r.window.bad(begun, now, res.Duration)
	asked := res.RetryAfter > 0 && (res.Status == http.StatusTooManyRequests || res.Status == http.StatusServiceUnavailable)
	if asked {
		if until := now.Add(res.RetryAfter); until.After(r.hold) {
			r.hold = until
		}
	}
	switch {
	case res.Status == http.StatusGone:
		r.disable(reason)
	case j.probe:
		r.health.bad(now, reason)
		r.health.refused(now, refusesEvent(res))
		if now.Sub(r.health.since) >= disableAfter {
			r.disable(fmt.Sprintf("Every attempt failed for 5 days. The last: %s", reason))
		}
	case !asked && r.health.bad(now, reason):
		r.health.fail(now)
		r.announce(parley.EndpointActive, parley.EndpointFailing, fmt.Sprintf("The last %d attempts failed. The last: %s", r.health.failures, reason))
	}
	if j.probe || r.health.failing || !r.conf.sends {
		return r.wait(j, now, r.health.probeAt, j.step, reason) // the outage's fault: the event's schedule is untouched
	}
	if j.step >= len(r.conf.delays) {
		return outcome{state: parley.Failed, step: j.step, reason: reason}
	}
	next := now.Add(jitter(r.conf.delays[j.step]))
	if next.Before(r.hold) {
		next = r.hold
	}
	return r.wait(j, now, next, j.step+1, reason)
}

// wait puts a delivery that failed among the retries.
func (r *runner) wait(j *job, now, due time.Time, step int, reason string) outcome {
	if j.generation == r.generation {
		r.retries.add(&job{org: j.org, seq: j.seq, number: j.number + 1, step: step, due: due, failedAt: now, generation: r.generation})
	}
	return outcome{state: parley.Retrying, next: due, step: step, reason: reason}
}

// refusesEvent tells whether an answer says that the fault is the event's, not the
// endpoint's.
func refusesEvent(res outbound.Result) bool {
	switch res.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
		http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return res.Status >= 400 && res.Status < 500
}

func (r *runner) recover(now time.Time, reason string) {
	r.retries.hurry(r.health.outage, now)
	r.health.recover()
	r.window.size, r.window.cut = windowRecovered, now
	r.announce(parley.EndpointFailing, parley.EndpointActive, reason)
}

func (r *runner) disable(reason string) {
	from := parley.EndpointActive
	if r.health.failing {
		from = parley.EndpointFailing
	}
	r.conf.sends = false
	r.announce(from, parley.EndpointDisabled, reason)
}

// announce has a change of status stored and told to the world, in order.
func (r *runner) announce(from, to parley.EndpointStatus, reason string) {
	r.transitions = append(r.transitions, transition{from, to, reason})
	r.e.Logger.Info("webhook."+map[parley.EndpointStatus]string{
		parley.EndpointFailing: "failing", parley.EndpointActive: "recovered", parley.EndpointDisabled: "disabled",
	}[to], "org", r.name.Org, "endpoint", r.name.ID, "reason", reason)
	if len(r.transitions) == 1 {
		r.e.background.Go(r.storeTransitions)
	}
}

func (r *runner) storeTransitions() {
	for {
		r.mu.Lock()
		t := r.transitions[0]
		r.mu.Unlock()
		err := r.e.Endpoints.SetHealth(r.e.ctx, r.name.Org, r.name.ID, t.from, t.to, t.reason)
		if err != nil {
			r.e.Logger.Warn("webhook.status_not_stored", "org", r.name.Org, "endpoint", r.name.ID, "status", t.to, "error", err, "again_in", readAgain)
			if !r.e.pause(readAgain) {
				return
			}
			continue
		}
		r.mu.Lock()
		r.transitions = r.transitions[1:]
		last := len(r.transitions) == 0
		r.mu.Unlock()
		if last {
			r.e.Changed(r.name.Org, r.name.ID)
			return
		}
	}
}

func (r *runner) record(j *job, begun time.Time, res outbound.Result, o outcome) {
	a := store.Attempt{
		Org: r.name.Org, Webhook: r.name.ID, Seq: j.seq, Number: j.number + 1, State: o.state,
		At: parley.At(begun), DurationUS: res.Duration.Microseconds(), StatusCode: res.Status,
		Error: o.reason, Step: min(o.step, endpoint.LastStep),
	}
	if !o.next.IsZero() {
		a.NextAt = parley.At(o.next)
	}
	if o.reason != "" {
		a.Body = storable(res.Body)
	}
	r.e.count(o.state)
	r.e.rec.add(r, a, r.cursor)
	r.stored, r.storedAt = r.cursor, begun
	r.e.logAttempt(&a, j)
}

// storable is an answer's text as a database can keep it.
func storable(body []byte) string {
	return strings.ReplaceAll(strings.ToValidUTF8(string(body), "\uFFFD"), "\x00", "\uFFFD")
}

func reasonOf(res outbound.Result) string {
	if res.Failure != nil {
		return res.Failure.Message
	}
	return "The endpoint answered " + statusText(res.Status) + "."
}

func statusText(code int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, http.StatusText(code)))
}
