package webhook

import (
	"testing"
	"time"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/store"
)

// BenchmarkNote counts one attempt: it must cost next to nothing, as every attempt
// is counted.
func BenchmarkNote(b *testing.B) {
	e := newEngine(Config{}, allParts())
	r := &runner{e: e, name: endpoint.Name{Org: "org_x", ID: "whk_x"}}
	a := store.Attempt{State: parley.Delivered, At: parley.Now(), StatusCode: 204}
	begun := time.Now()
	b.ReportAllocs()
	for b.Loop() {
		a.DurationUS = (a.DurationUS*7 + 311) % 1_000_000
		r.mu.Lock()
		r.note(&a, begun)
		r.mu.Unlock()
	}
}
