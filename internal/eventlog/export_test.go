package eventlog

import "context"

// Shrink makes the cache so small that it is full after a few events.
func (l *Log) Shrink() { l.tails.limits = limits{events: 6, bytes: 6_000, total: 9_000} }

// Poll looks for heads that other processes have moved.
func (l *Log) Poll() { l.poll(context.Background()) }

// Cached tells how many events the cache has room taken for, and how much it thinks
// that is.
func (l *Log) Cached() (events int, bytes, counted int64) {
	l.tails.mu.Lock()
	defer l.tails.mu.Unlock()
	for _, t := range l.tails.byOrg {
		t.mu.Lock()
		events += len(t.events)
		for _, e := range t.events {
			bytes += size(e)
		}
		t.mu.Unlock()
	}
	return events, bytes, l.tails.bytes
}

// Retain deletes once.
func (l *Log) Retain(ctx context.Context, days int) error { return l.retain(ctx, days) }
