package webhook

import (
	"container/heap"
	"time"

	"parley"
)

// job is one delivery to be made: an event for the runner's endpoint.
type job struct {
	seq      int64
	event    *parley.Event // nil while it waits to be tried again
	lost     bool          // the event is no longer in the log
	number   int           // attempts made so far
	step     int           // retries of the schedule used up so far
	due      time.Time     // of a retry
	failedAt time.Time     // of a retry: when the last attempt failed
	early    bool          // it is made before its time, as the endpoint has recovered
	fromLog  bool          // it was not attempted before, or before a rewind
	awaited  bool          // the cursor waits for it
	probe    bool
	index    int    // in the heap
	batch    int64  // the sequence that the batch began with that it was sent in; 0: none
	mates    []*job // what goes with it in one request

	// Set when it departs: the endpoint as it was then, and its place.
	conf       *config
	way        *approach
	body       []byte
	unrendered error // why it cannot be put into the endpoint's format
	told       int64
	slot       *slots
	only       bool        // its endpoint had no other under way
	waited     bool        // it had to wait for the place
	lapse      *time.Timer // when it loses the place; nil: never
	load       float64     // how short of such places its organization was when it got its own
}

// retries are deliveries that wait to be tried again, the soonest first and among
// equals in order of sequence.
type retries struct {
	heap    jobHeap
	waiting map[int64]*job // the same by sequence
}

func (r *retries) len() int           { return len(r.heap) }
func (r *retries) first() *job        { return r.heap[0] }
func (r *retries) has(seq int64) bool { return r.waiting[seq] != nil }
func (r *retries) clear()             { *r = retries{} }

// add has a delivery wait. One that waits already waits no longer than this one
// would.
func (r *retries) add(j *job) {
	if known := r.waiting[j.seq]; known != nil {
		known.number = max(known.number, j.number)
		if j.due.Before(known.due) {
			known.due = j.due
			heap.Fix(&r.heap, known.index)
		}
		return
	}
	if r.waiting == nil {
		r.waiting = map[int64]*job{}
	}
	j.event, j.body, j.mates, j.probe = nil, nil, nil, false
	r.waiting[j.seq] = j
	heap.Push(&r.heap, j)
}

// take takes a delivery out, to be made.
func (r *retries) take(j *job) *job {
	heap.Remove(&r.heap, j.index)
	delete(r.waiting, j.seq)
	return j
}

// last is the one that is due last.
func (r *retries) last() *job {
	found := r.heap[0]
	for _, j := range r.heap[len(r.heap)/2:] { // a heap's greatest is a leaf
		if !j.due.Before(found.due) {
			found = j
		}
	}
	return found
}

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
			j.due, j.early = now, j.due.After(now)
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
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return last
}
