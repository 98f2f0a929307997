package eventlog_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
)

// model is what two processes must know of a few logs: how long each log is, and up
// to where each process has been told of it.
type model struct {
	processes [2]process
	orgs      []parley.OrganizationID
	length    map[parley.OrganizationID]int64
	told      [2]map[parley.OrganizationID]int64
}

// What is read, from the cache or not, is always an unbroken run that begins right
// after the place asked for, and never empty if the process has been told of more:
// whoever appends, whatever the cache has dropped.
func TestReadingIsAsIfThereWereNoCache(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(outer *testing.T, db *database.DB) {
		// Both logs are on one database: to the caches that is as two processes.
		a, b := newProcess(outer, db), newProcess(outer, db)
		a.log.Shrink()
		b.log.Shrink()
		rapid.Check(outer, func(t *rapid.T) {
			m := &model{processes: [2]process{a, b}, length: map[parley.OrganizationID]int64{}}
			for i := range m.told {
				m.told[i] = map[parley.OrganizationID]int64{}
			}
			for range 3 {
				m.orgs = append(m.orgs, a.found(outer))
			}
			t.Repeat(map[string]func(*rapid.T){
				"append": m.append,
				"read":   m.read,
				"hear":   m.hear,
				"":       m.holds,
			})
		})
	})
}

func (m *model) pick(t *rapid.T) (int, parley.OrganizationID) {
	return rapid.IntRange(0, 1).Draw(t, "process"), rapid.SampledFrom(m.orgs).Draw(t, "org")
}

func (m *model) append(t *rapid.T) {
	i, org := m.pick(t)
	n := rapid.IntRange(1, 9).Draw(t, "n")
	events, err := m.processes[i].tryAppend(org, n, nil)
	if err != nil {
		t.Fatal(err)
	}
	m.length[org] += int64(n)
	m.told[i][org] = m.length[org]
	if last := events[n-1].Sequence; last != m.length[org] {
		t.Fatalf("the last of %d events got %d, the log has %d", n, last, m.length[org])
	}
}

func (m *model) read(t *rapid.T) {
	i, org := m.pick(t)
	after := rapid.Int64Range(0, m.length[org]+2).Draw(t, "after")
	limit := rapid.IntRange(1, 12).Draw(t, "limit")
	events, err := m.processes[i].log.Read(t.Context(), org, after, limit)
	if err != nil {
		t.Fatal(err)
	}
	if len(events) > limit {
		t.Fatalf("%d events were read, the limit is %d", len(events), limit)
	}
	if len(events) == 0 && after < m.told[i][org] {
		t.Fatalf("nothing is read after %d, and the process knows of %d", after, m.told[i][org])
	}
	for n, e := range events {
		if want := after + int64(n) + 1; e.Sequence != want || e.Organization != org || string(e.Data) != fmt.Sprintf(`{"n":%d}`, want) {
			t.Fatalf("after %d, event %d is %s", after, n+1, e.JSON())
		}
	}
}

// hear is the poll of a process: then it knows of everything.
func (m *model) hear(t *rapid.T) {
	i, _ := m.pick(t)
	m.processes[i].log.Poll()
	for org, length := range m.length {
		m.told[i][org] = length
	}
}

// holds is true at all times: the cache keeps its limits and counts itself right.
func (m *model) holds(t *rapid.T) {
	for _, p := range m.processes {
		events, bytes, counted := p.log.Cached()
		if bytes != counted || events > 100 || bytes > 20_000 {
			t.Fatalf("the cache has %d events of %d bytes, and counts %d", events, bytes, counted)
		}
	}
}

// Readers of the cache share events and envelopes: reading copies nothing.
func TestReadersShareEvents(t *testing.T) {
	t.Parallel()
	p := newProcess(t, dbtest.SQLite(t))
	org := p.found(t)
	made := p.append(t, org, 3)
	first, second := p.read(t, org, 0, 10), p.read(t, org, 1, 10)
	if first[1] != second[0] || first[0] != made[0] {
		t.Error("the same event is there twice")
	}
	if &first[0].JSON()[0] != &made[0].JSON()[0] {
		t.Error("the envelope is there twice")
	}
	if cap(first) != len(first) {
		t.Error("whoever appends to what was read writes into the cache")
	}
}

// A cache that was emptied fills again with what is read up to the head.
func TestAnEmptiedCacheFillsAgain(t *testing.T) {
	t.Parallel()
	p := newProcess(t, dbtest.SQLite(t))
	org := p.found(t)
	p.append(t, org, 5)
	other := newProcess(t, p.db)
	other.log.Poll() // it knows the head, and has no event
	other.read(t, org, 0, 10)
	if events, _, _ := other.log.Cached(); events != 5 {
		t.Errorf("the cache has %d events, want 5", events)
	}
	for _, after := range []int64{0, 3, 4, 5} {
		isRun(t, after, other.read(t, org, after, 10))
	}
}
