package sandbox

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"
)

const smallScript = `function transform(event) {
  event.name = event.name.trim()
  delete event.secret
  event.tags = (event.tags || []).filter(tag => tag !== 'internal')
  return event
}`

const smallEvent = `{"type":"contact.updated","name":" Ada ","secret":1,"tags":["new","internal"]}`

// BenchmarkCall calls a small function from several callers at once.
func BenchmarkCall(b *testing.B) {
	for _, callers := range []struct {
		name  string
		count int
	}{{"one", 1}, {"eight", 8}} {
		b.Run(callers.name, func(b *testing.B) {
			s := New(Options{})
			defer s.Close()
			call := func() { must(b)(s.Call(b.Context(), smallScript, "transform", json.RawMessage(smallEvent))) }
			call()
			var wg sync.WaitGroup
			next := make(chan struct{})
			latencies := make([][]time.Duration, callers.count)
			for i := range latencies {
				wg.Go(func() {
					for range next {
						began := time.Now()
						call()
						latencies[i] = append(latencies[i], time.Since(began))
					}
				})
			}
			for b.Loop() {
				next <- struct{}{}
			}
			close(next)
			wg.Wait()
			all := slices.Concat(latencies...)
			slices.Sort(all)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
			b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-µs")
		})
	}
}

func must(t testing.TB) func(json.RawMessage, []string, error) json.RawMessage {
	t.Helper()
	return func(result json.RawMessage, _ []string, err error) json.RawMessage {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
}
