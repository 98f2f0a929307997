package webhook_test

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"parley"
	"parley/internal/testing/receiver"
)

// verdict is what an answer was to whoever sent the request.
type verdict int

const (
	bad verdict = iota
	good
	unclear // it depends on who gave up first
)

// mood is how a receiver answers from a time on.
type mood struct {
	since   time.Time
	name    string
	takes   time.Duration // from the request to the answer
	down    bool
	verdict func(seq int64) verdict
}

func always(v verdict) func(int64) verdict { return func(int64) verdict { return v } }

// getInto puts a receiver in one mood or another.
func (w *world) getInto(e *simEndpoint) {
	r, m := e.receiver, mood{since: time.Now(), verdict: always(bad)}
	if e.down() {
		r.Up()
	}
	switch n := w.random.IntN(32); {
	case n < 11:
		m.name, m.verdict = "good", always(good)
		r.Answer(200)
	case n < 14:
		m.takes = time.Duration(20+w.random.IntN(400)) * time.Millisecond
		m.name, m.verdict = fmt.Sprint("takes ", m.takes), always(good)
		r.Slow(m.takes)
	case n < 15:
		m.name, m.verdict = "takes 15 s", always(unclear)
		r.Slow(15 * time.Second)
	case n < 16:
		m.name = "hangs"
		r.Hang()
	case n < 17:
		m.name, m.verdict = "drips", always(unclear)
		r.Drip(time.Second)
	case n < 18:
		m.name, m.verdict = "endless", always(unclear)
		r.Endless()
	case n < 19:
		m.name = "resets"
		r.Reset()
	case n < 20:
		m.name, m.verdict = "cuts", always(unclear)
		r.Cut()
	case n < 21:
		m.name = "garbage"
		r.Garbage()
	case n < 24:
		m.name, m.down = "down", true
		r.Down()
	case n < 25:
		m.name = "redirects"
		r.Redirect("https://example.com/elsewhere")
	case n < 26:
		after := []string{"1", "7", "60", "300"}[w.random.IntN(4)]
		m.name = "429, again after " + after
		r.Answer(429, "Retry-After", after)
	case n < 28:
		w.refuse(r, &m)
	default:
		status := []int{500, 503, 502, 400, 404, 422, 410}[w.random.IntN(7)]
		m.name = strconv.Itoa(status)
		r.Answer(status)
	}
	e.moods = append(e.moods, m)
	w.note("e%d's receiver: %s", e.index, m.name)
}

// refuse has a receiver refuse some events for themselves.
func (w *world) refuse(r *receiver.Receiver, m *mood) {
	of := int64(2 + w.random.IntN(4))
	which := w.random.Int64N(of)
	status := []int{400, 500}[w.random.IntN(2)]
	m.name = fmt.Sprintf("%d to every %dth", status, of)
	m.verdict = func(seq int64) verdict {
		if seq%of == which {
			return bad
		}
		return good
	}
	r.Func(func(w http.ResponseWriter, req *http.Request) {
		if parley.EventID(req.Header.Get("webhook-id")).Sequence()%of == which {
			w.WriteHeader(status)
		}
	})
}

// mend puts a receiver in the mood in which it answers all.
func (w *world) mend(e *simEndpoint) {
	e.receiver.Up()
	e.receiver.Answer(200)
	e.moods = append(e.moods, mood{since: time.Now(), name: "good", verdict: always(good)})
}

func (e *simEndpoint) down() bool { return len(e.moods) > 0 && e.moods[len(e.moods)-1].down }

// judged is what the answer to a request was.
func (e *simEndpoint) judged(seq int64, at time.Time) verdict {
	m := mood{verdict: always(good)}
	for i, next := range e.moods {
		if next.since.Equal(at) {
			return unclear
		}
		if next.since.After(at) {
			if m.takes > 0 && !next.since.After(at.Add(m.takes)) && e.moods[i].down {
				return unclear
			}
			break
		}
		m = next
	}
	return m.verdict(seq)
}

// wasDown tells whether the receiver was down at a time between two, or a moment
// before: then an attempt may have failed that it does not know of.
func (e *simEndpoint) wasDown(after, before time.Time) bool {
	for i, m := range e.moods {
		until := before
		if i+1 < len(e.moods) {
			until = e.moods[i+1].since
		}
		if m.down && !m.since.After(before) && !until.Before(after) {
			return true
		}
	}
	return false
}
