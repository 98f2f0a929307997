package webhook

import (
	"fmt"
	"net/http"
	"slices"
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
	outage   time.Time // when what it ends began, with a recovery
}

// judge decides what follows from an attempt, for the delivery and for the endpoint.
func (r *runner) judge(j *job, begun, now time.Time, res outbound.Result) outcome {
	if res.OK() {
		r.window.good(res.Duration, j.waited)
		r.health.good()
		if r.health.failing && j.probe {
			r.recover(now, fmt.Sprintf("A probe was answered with %s.", statusText(res.Status)))
		}
		return outcome{state: parley.Delivered, step: j.step}
	}
	reason := reasonOf(res)
	switch {
	case j.lost:
		return outcome{state: parley.Failed, step: j.step, reason: reason}
	case unsent(res, nothing):
		return outcome{state: parley.Skipped, step: j.step, reason: reason}
	case unsent(res, untransformed, notRun):
		if r.health.failing && j.probe {
			r.health.refused(now, unsent(res, untransformed)) // the next probe may try another event
		}
		return r.follow(j, now, reason) // no fault of the endpoint's
	}
	r.window.bad(begun, now, res.Duration)
	throttled := r.obey(res, now)
	if !r.conf.strict || !refusesEvent(res) {
		r.health.bad(now, j.seq)
	}
	switch {
	case res.Status == http.StatusGone:
		r.disable(reason)
	case r.health.failing && j.probe:
		r.health.refused(now, refusesEvent(res))
		if now.Sub(r.health.since) >= disableAfter {
			r.disable(fmt.Sprintf("Every attempt failed for 5 days. The last: %s", reason))
		}
	case r.sends && r.health.sick(now, r.conf.strict, throttled):
		r.fail(now, reason)
	}
	return r.follow(j, now, reason)
}

// unsent tells whether nothing was sent, for one of these reasons.
func unsent(res outbound.Result, kinds ...string) bool {
	return res.Failure != nil && slices.Contains(kinds, res.Failure.Kind)
}

// follow decides when a delivery that failed is made again, if it is.
func (r *runner) follow(j *job, now time.Time, reason string) outcome {
	o := outcome{state: parley.Retrying, step: j.step, reason: reason}
	if r.health.failing || !r.sends {
		o.next = later(now, r.health.probeAt) // the outage's fault: the event's schedule is untouched
		r.wait(j, now, o)
		return o
	}
	if j.early && o.step > 0 {
		o.step-- // the wait that was cut short begins again
	}
	if o.step >= len(r.conf.delays) {
		o.state = parley.Failed
		return o
	}
	o.next = later(now.Add(stretch(jitter(r.conf.delays[o.step]), j.load)), r.hold)
	o.step++
	r.wait(j, now, o)
	return o
}

// obey holds an endpoint's deliveries as long as it asks for, and tells whether it
// asked for patience and nothing else.
func (r *runner) obey(res outbound.Result, now time.Time) (throttled bool) {
	asked := res.RetryAfter > 0 && (res.Status == http.StatusTooManyRequests || res.Status == http.StatusServiceUnavailable)
	if asked {
		r.hold = later(r.hold, now.Add(res.RetryAfter))
		r.asked = parley.At(r.hold)
	}
	return asked || res.Status == http.StatusTooManyRequests
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// wait puts a delivery that failed among the retries.
func (r *runner) wait(j *job, now time.Time, o outcome) {
	r.keep(&job{seq: j.seq, number: j.number + 1, step: o.step, due: o.next, failedAt: now, batch: j.batch})
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

func (r *runner) fail(now time.Time, reason string) {
	r.health.fail(now)
	r.reread()
	reason = fmt.Sprintf("The last %d attempts failed. The last: %s", r.health.failures, reason)
	r.announce(transition{from: parley.EndpointActive, to: parley.EndpointFailing, reason: reason})
}

func (r *runner) recover(now time.Time, reason string) {
	outage := r.health.outage
	r.recovered(now)
	r.announce(transition{parley.EndpointFailing, parley.EndpointActive, reason, outage})
}

// recovered has what the outage held sent now, slowly at first.
func (r *runner) recovered(now time.Time) {
	r.retries.hurry(r.health.outage, now)
	r.health.recover()
	r.window = window{size: windowRecovered, cut: now}
}

func (r *runner) disable(reason string) {
	if !r.sends {
		return // it is not active any more
	}
	from := parley.EndpointActive
	if r.health.failing {
		from = parley.EndpointFailing
	}
	r.sends = false
	r.reread()
	r.announce(transition{from: from, to: parley.EndpointDisabled, reason: reason})
}

// announce has a change of status stored and told to the world, in order.
func (r *runner) announce(t transition) {
	r.transitions = append(r.transitions, t)
	r.e.Logger.Info("webhook."+map[parley.EndpointStatus]string{
		parley.EndpointFailing: "failing", parley.EndpointActive: "recovered", parley.EndpointDisabled: "disabled",
	}[t.to], "org", r.name.Org, "endpoint", r.name.ID, "reason", loggable(t.reason))
	if len(r.transitions) == 1 {
		r.e.background.Go(r.storeTransitions)
	}
}

func (r *runner) storeTransitions() {
	for {
		r.mu.Lock()
		t := r.transitions[0]
		r.mu.Unlock()
		err := r.e.Endpoints.SetHealth(r.e.ctx, r.name.Org, r.name.ID, t.from, t.to, t.reason, attemptsSince(t.outage))
		if err != nil {
			r.e.Logger.Warn("webhook.status_not_stored", "org", r.name.Org, "endpoint", r.name.ID, "status", t.to, "error", err, "again_in", readAgain)
			if !sleep(r.e.stopped, readAgain) {
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

// attemptsSince is the earliest that an attempt which failed at a time or later can
// have begun.
func attemptsSince(failed time.Time) parley.Time { return parley.At(failed.Add(-longestAttempt)) }

// record has an attempt written.
func (r *runner) record(j *job, begun time.Time, res outbound.Result, o outcome) store.Attempt {
	a := store.Attempt{
		Org: r.name.Org, Webhook: r.name.ID, Seq: j.seq, Number: j.number + 1, First: j.fromLog && j.number == 0, State: o.state,
		At: parley.At(begun), DurationUS: res.Duration.Microseconds(), StatusCode: res.Status,
		Error: storable(o.reason), Step: min(o.step, endpoint.LastStep),
		Pass: r.pass.Load(), Batch: j.batch,
	}
	if !o.next.IsZero() {
		a.NextAt = parley.At(o.next)
	}
	if o.reason != "" {
		a.Body = storable(string(res.Body))
	}
	r.e.count(o.state)
	r.note(&a, begun)
	r.e.rec.add(r, a, r.cursor)
	r.stored = r.cursor
	return a
}

// storable is a receiver's text as a database can keep it.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
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
