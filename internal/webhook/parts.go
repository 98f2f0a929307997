package webhook

import (
	"context"
	"hash/fnv"
	"time"

	"parley"
	"parley/internal/store"
)

// parts is how many parts endpoints are divided into: so many processes can deliver at
// once, and so evenly are endpoints shared between fewer.
const parts = 64

// partOf is the part that an endpoint belongs to, whichever process asks.
func partOf(id parley.WebhookID) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // never fails
	return int(h.Sum32() % parts)
}

func allParts() []int {
	all := make([]int, parts)
	for i := range all {
		all[i] = i
	}
	return all
}

// Take implements database.Divided.
func (e *Engine) Take(part int) {
	e.mu.Lock()
	e.mine[part], e.anew = true, true
	e.mu.Unlock()
	e.rouse()
}

// grownByParts tells whether parts have come since it was asked last.
func (e *Engine) grownByParts() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	anew := e.anew
	e.anew = false
	return anew
}

// surveyAgain is survey for the second time and after.
func (e *Engine) surveyAgain(ctx context.Context) {
	if err := e.survey(ctx); err != nil && ctx.Err() == nil {
		e.Logger.Warn("webhook.survey_failed", "error", err, "again_in", surveyEvery)
	}
}

// leavePause is the pause between looks at whether endpoints that are left have come
// to rest.
const leavePause = 10 * time.Millisecond

// Leave implements database.Divided: deliveries of the part that are on their way end
// and are recorded, and no others begin.
func (e *Engine) Leave(ctx context.Context, part int) {
	e.mu.Lock()
	e.mine[part] = false
	var leaving []*runner
	for _, r := range e.byID {
		if partOf(r.name.ID) == part {
			r.away.Store(true)
			leaving = append(leaving, r)
		}
	}
	e.mu.Unlock()
	for _, r := range leaving {
		for !r.left() {
			if !sleep(ctx.Done(), leavePause) {
				return
			}
		}
		e.forget(r)
	}
}

// left tells whether a runner that is away has come to rest, and all that it did is
// in the database.
func (r *runner) left() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.requests > 0 || r.workers > 0 || len(r.transitions) > 0 {
		return false
	}
	if r.timer != nil {
		r.timer.Stop()
	}
	if m := r.noted.minute; m != nil && m.changed {
		r.e.stats.end(&m.Minute)
		r.noted.minute = nil
	}
	if r.cursor > r.stored {
		r.e.rec.add(r, store.Attempt{}, r.cursor)
		r.stored = r.cursor
	}
	return !r.e.rec.has(r)
}
