package bench

import (
	"math"
	"slices"
	"time"
)

// percentile is the smallest of the values that p percent of them do not exceed; 0
// if there are none.
func percentile(values []time.Duration, p float64) time.Duration {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// middle is the figure in the middle of several of the same kind, by what their
// bound is of; of an even number, the one that is further from its bound. Those that
// are not known come first.
func middle(figures []Figure) Figure {
	sorted := slices.SortedStableFunc(slices.Values(figures), func(a, b Figure) int {
		order := compareKnown(a.held(), b.held())
		if a.BoundIs == "at_most" {
			return -order // so that the worse comes first
		}
		return order
	})
	return sorted[(len(sorted)-1)/2]
}

func compareKnown(a, b *float64) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	case *a < *b:
		return -1
	case *a > *b:
		return 1
	}
	return 0
}

// rate is what was done in how long, and the CPU time that it took, if that is known.
type rate struct {
	count     int64
	took, cpu time.Duration
}

func (r *rate) add(count int64, took, cpu time.Duration) {
	r.count += count
	r.took += took
	r.cpu += cpu
}

func (r rate) perSecond() float64 {
	if r.took <= 0 {
		return 0
	}
	return float64(r.count) / r.took.Seconds()
}
