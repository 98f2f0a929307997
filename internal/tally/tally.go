// Package tally counts the API requests of each organization and API key by minute and by
// how they were answered. Counting asks no database and waits for nobody: minutes are
// written every few seconds, in batches. A crash loses so much of the counts, and nothing
// else. Each process writes rows of its own, which are added up when somebody asks.
package tally

import (
	"crypto/rand"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

const minuteLong = parley.Time(time.Minute / time.Millisecond)

// Tally counts.
type Tally struct {
	db     *database.DB
	logger *slog.Logger
	part   string

	running atomic.Pointer[minute]

	mu   sync.Mutex
	kept []*minute // the running one last: those that were not written as they are now
}

// minute is one, with a cell for each key that made a request in it.
type minute struct {
	at    parley.Time
	cells sync.Map // by parley.APIKeyID, of *cell
}

// cell counts the requests of a key in a minute.
type cell struct {
	org     parley.OrganizationID
	key     parley.APIKeyID
	counts  [store.RequestClasses]atomic.Int64
	written store.RequestCounts // of the goroutine that writes
}

func (c *cell) now() (counts store.RequestCounts) {
	for i := range c.counts {
		counts[i] = c.counts[i].Load()
	}
	return counts
}

// New makes the tally of this process.
func New(db *database.DB, logger *slog.Logger) *Tally {
	return &Tally{db: db, logger: logger, part: rand.Text()[:10]}
}

// Count counts a request of a key that was answered with a status just now.
func (t *Tally) Count(org parley.OrganizationID, key parley.APIKeyID, status int) {
	m := t.minute(parley.Now())
	known, ok := m.cells.Load(key)
	if !ok {
		known, _ = m.cells.LoadOrStore(key, &cell{org: org, key: key})
	}
	known.(*cell).counts[store.RequestClass(status)].Add(1)
}

// minute is the running one, which also counts what comes a moment late.
func (t *Tally) minute(now parley.Time) *minute {
	at := now - now%minuteLong
	if m := t.running.Load(); m != nil && m.at >= at {
		return m
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if m := t.running.Load(); m != nil && m.at >= at {
		return m
	}
	m := &minute{at: at}
	t.kept = append(t.kept, m)
	t.running.Store(m)
	return m
}

// minutes are those that are kept, the oldest first.
func (t *Tally) minutes() []*minute {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]*minute(nil), t.kept...)
}

// forget lets go of minutes that are over and written, and of the oldest if there are
// more than a number; it tells how many of those.
func (t *Tally) forget(over func(*minute) bool, most int) (lost int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	running := t.running.Load()
	kept := t.kept[:0]
	for _, m := range t.kept {
		if m == running || !over(m) {
			kept = append(kept, m)
		}
	}
	lost = max(0, len(kept)-most)
	clear(t.kept[len(kept):])
	t.kept = kept[lost:]
	return lost
}
