package check

import (
	"context"
	"fmt"
	"slices"
	"time"

	"parley/internal/outbound"
)

// Parley waits ten seconds for an answer, and five while it has much to do.
const (
	tooSlow = 5 * time.Second
	slow    = time.Second
)

const (
	inARow   = 10
	together = 20
)

const workLater = "Verify, store the event and answer, then do the work: Parley waits 10 s for an answer, and 5 s when much is waiting; what is not answered by then is sent again."

// latency delivers events one after another and looks at the slowest answer. It
// ends with the first that is too slow.
func (e *exam) latency(ctx context.Context) finding {
	var took []time.Duration
	for range inARow {
		v := e.usualEvent()
		r := e.deliver(ctx, v)
		if !r.OK() {
			return accepted(v.what, r, sinceWhen)
		}
		if r.Duration > tooSlow {
			return found(Fail, v.what, r, workLater)
		}
		took = append(took, r.Duration)
	}
	slices.Sort(took)
	worst := took[inARow-1]
	f := finding{
		verdict: Pass, sent: fmt.Sprintf("%d events, one after the other", inARow),
		received: fmt.Sprintf("half within %s, all within %s", duration(took[inARow/2-1]), duration(worst)),
	}
	if worst > slow {
		f.verdict, f.mend = Warning, workLater
	}
	return f
}

// atOnce delivers events at the same time: all have to be answered.
func (e *exam) atOnce(ctx context.Context) finding {
	sent := fmt.Sprintf("%d events at once", together)
	events := make([]event, together)
	for i := range events {
		events[i] = e.usualEvent()
	}
	results := e.deliverAll(ctx, events, together)
	var worst time.Duration
	for _, r := range results {
		if !r.OK() {
			const mend = "Serve requests beside one another: one that waits in line may be too late."
			f := accepted(sent, r, mend)
			if r.Failure != nil {
				f.mend = mend // alone it was in time
			}
			f.received = fmt.Sprintf("2xx to %d of them; to another %s", taken(results), f.received)
			return f
		}
		worst = max(worst, r.Duration)
	}
	return finding{verdict: Pass, sent: sent, received: "2xx to each, the slowest in " + duration(worst)}
}

func taken(results []outbound.Result) (n int) {
	for _, r := range results {
		if r.OK() {
			n++
		}
	}
	return n
}
