package store

import (
	"fmt"
	"strconv"
	"strings"
)

// latencyBuckets is how many buckets latencies are counted in.
const latencyBuckets = 59

// Latencies says how many attempts took how long. Bucket i has those that took
// longer than LatencyBound(i-1) and at most LatencyBound(i). The bounds follow the
// preferred numbers, ten to a decade, from 0.1 ms to 63 s: what is told from the
// buckets is off by 28% at most, and below 0.1 ms by 0.1 ms. An attempt that took
// longer counts as one of 63 s; no endpoint's time limit is as long.
type Latencies [latencyBuckets]int64

// latencyBounds are the upper ends of the buckets, in microseconds.
var latencyBounds = func() (bounds [latencyBuckets]int64) {
	preferred := [...]int64{100, 125, 160, 200, 250, 320, 400, 500, 630, 800}
	power := int64(1)
	for i := range bounds {
		bounds[i] = power * preferred[i%len(preferred)]
		if i%len(preferred) == len(preferred)-1 {
			power *= 10
		}
	}
	return bounds
}()

// Add counts an attempt that took so many microseconds.
func (l *Latencies) Add(us int64) { l[latencyBucket(us)]++ }

func latencyBucket(us int64) int {
	low, high := 0, latencyBuckets-1
	for low < high {
		middle := int(uint(low+high) >> 1)
		if latencyBounds[middle] < us {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// Merge counts the attempts of others too.
func (l *Latencies) Merge(others *Latencies) {
	for i, n := range others {
		l[i] += n
	}
}

// Count is how many attempts were counted.
func (l *Latencies) Count() (n int64) {
	for _, in := range l {
		n += in
	}
	return n
}

// Percentile is how many microseconds the quickest p percent took at most: the
// attempts of a bucket are taken to be spread evenly over it. It lies in the bucket
// of the exact value. Without attempts it is 0.
func (l *Latencies) Percentile(p float64) float64 {
	rank := p / 100 * float64(l.Count())
	var before, from int64
	for i, n := range l {
		if n > 0 && float64(before+n) >= rank {
			share := (rank - float64(before)) / float64(n)
			return float64(from) + max(share, 0)*float64(latencyBounds[i]-from)
		}
		before, from = before+n, latencyBounds[i]
	}
	return 0
}

// String writes the buckets that are not empty, "250:3 320:1": three attempts took
// at most 250 µs, and one more at most 320 µs.
func (l *Latencies) String() string {
	b := make([]byte, 0, 128)
	for i, n := range l {
		if n == 0 {
			continue
		}
		if len(b) > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendInt(b, latencyBounds[i], 10)
		b = append(b, ':')
		b = strconv.AppendInt(b, n, 10)
	}
	return string(b)
}

// parse adds what String wrote. A bound that is none of today's counts in the bucket
// that it lies in, so that what an older Parley wrote can be read.
func (l *Latencies) parse(text string) error {
	for part := range strings.FieldsSeq(text) {
		bound, count, _ := strings.Cut(part, ":")
		us, err := strconv.ParseInt(bound, 10, 64)
		if err != nil {
			return fmt.Errorf("read latencies: %w", err)
		}
		n, err := strconv.ParseInt(count, 10, 64)
		if err != nil {
			return fmt.Errorf("read latencies: %w", err)
		}
		l[latencyBucket(us)] += n
	}
	return nil
}
