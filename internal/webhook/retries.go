package webhook

import (
	"container/heap"
	"time"

	"parley"
)

// job is one delivery to be made: an event for the runner's endpoint.
type job struct {
	org        parley.OrganizationID
	seq        int64
	event      *parley.Event // nil if it has yet to be read
	number     int           // attempts made so far
	step       int           // retries of the schedule used up so far
	due        time.Time     // of a retry
	failedAt   time.Time     // of a retry: when the last attempt failed
	fromLog    bool          // first attempt: the cursor waits for it
	probe      bool
	keyed      bool // others of its key wait for it
	generation int
	index      int // in the heap

	// Set when it departs:
	conf *config
	slow bool
}

// retries are deliveries that wait to be tried again, the soonest first and among
// equals in order of sequence.
type retries struct {
	heap    jobHeap
	waiting map[int64]*job // those in the heap
	taken   map[int64]bool // taken out, and not back yet
}

func (r *retries) len() int    { return len(r.heap) }
func (r *retries) first() *job { return r.heap[0] }
func (r *retries) clear()      { *r = retries{} }

// add has a delivery wait. One that waits already waits no longer than this one
// would; one that is on its way is not added.
func (r *retries) add(j *job) {
	if r.waiting == nil {
		r.waiting, r.taken = map[int64]*job{}, map[int64]bool{}
	}
	if r.taken[j.seq] {
		return
	}
	if known := r.waiting[j.seq]; known != nil {
		if j.due.Before(known.due) {
			known.due = j.due
			heap.Fix(&r.heap, known.index)
		}
		return
	}
	j.event = nil
	r.waiting[j.seq] = j
	heap.Push(&r.heap, j)
}

// take takes a delivery out, to be made.
func (r *retries) take(j *job) *job {
	heap.Remove(&r.heap, j.index)
	delete(r.waiting, j.seq)
	r.taken[j.seq] = true
	return j
}

// back notes that a delivery is no longer on its way.
func (r *retries) back(j *job) { delete(r.taken, j.seq) }

// lowest is the retry with the lowest sequence among those that failed since a time,
// leaving out the first skip of them; nil if there is none.
func (r *retries) lowest(since time.Time, skip int) *job {
	var found *job
	above := int64(0)
	for range skip + 1 {
		found = nil
		for _, j := range r.heap {
			if j.seq > above && !j.failedAt.Before(since) && (found == nil || j.seq < found.seq) {
				found = j
			}
		}
		if found == nil {
			return nil
		}
		above = found.seq
	}
	return found
}

// hurry makes the retries that failed since a time due now.
func (r *retries) hurry(since, now time.Time) {
	for _, j := range r.heap {
		if !j.failedAt.Before(since) {
			j.due = now
		}
	}
	heap.Init(&r.heap)
}

type jobHeap []*job

func (h jobHeap) Len() int { return len(h) }
func (h jobHeap) Less(i, j int) bool {
	if !h[i].due.Equal(h[j].due) {
		return h[i].due.Before(h[j].due)
	}
	return h[i].seq < h[j].seq
}

func (h jobHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *jobHeap) Push(x any) {
	j := x.(*job)
	j.index = len(*h)
	*h = append(*h, j)
}

func (h *jobHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
