package store

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestLatenciesAreCountedWhereTheyBelong(t *testing.T) {
	t.Parallel()
	for us, want := range map[int64]int64{
		-1: 100, 0: 100, 100: 100, 101: 125, 125: 125, 126: 160, 1000: 1000, 1001: 1250,
		999_999: 1_000_000, 30_000_000: 32_000_000, 63_000_000: 63_000_000, math.MaxInt64: 63_000_000,
	} {
		if got := latencyBounds[latencyBucket(us)]; got != want {
			t.Errorf("%d µs count as %d at most, want %d", us, got, want)
		}
	}
	if !slices.IsSorted(latencyBounds[:]) || latencyBounds[latencyBuckets-1] != 63_000_000 {
		t.Errorf("the bounds are %v", latencyBounds)
	}
}

func TestPercentilesOfFew(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		counted []int64
		p       float64
		want    float64
	}{
		"none":                      {nil, 50, 0},
		"one":                       {[]int64{200}, 100, 200},
		"half of a bucket":          {[]int64{180, 190}, 50, 180},
		"a quarter of a bucket":     {[]int64{170, 180, 190, 200}, 25, 170},
		"the first bucket":          {[]int64{10, 20}, 50, 50},
		"the slower of two buckets": {[]int64{200, 400}, 100, 400},
		"the quicker":               {[]int64{200, 400}, 50, 200},
		"past the end":              {[]int64{90_000_000}, 100, 63_000_000},
	} {
		var l Latencies
		for _, us := range test.counted {
			l.Add(us)
		}
		if got := l.Percentile(test.p); math.Abs(got-test.want) > 1e-6 {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// The promise of the documentation: 28% off at most, or 0.1 ms where all is quicker.
func TestPercentilesAreNearTheExactOnes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// Of all sizes alike, not mostly large ones.
		latency := rapid.Map(rapid.Float64Range(0, math.Log(63e6)), func(x float64) int64 { return int64(math.Exp(x)) })
		all := rapid.SliceOfN(latency, 1, 300).Draw(t, "all")
		p := rapid.Float64Range(0.1, 100).Draw(t, "p")
		var l Latencies
		for _, us := range all {
			l.Add(us)
		}
		slices.Sort(all)
		exact := float64(all[int(math.Ceil(p/100*float64(len(all))))-1])
		if got := l.Percentile(p); math.Abs(got-exact) > max(100, 0.28*exact) {
			t.Errorf("the percentile %v is %v, want about %v", p, got, exact)
		}
	})
}

func TestLatenciesAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var l, got Latencies
		for _, us := range rapid.SliceOf(rapid.Int64Range(0, 70_000_000)).Draw(t, "all") {
			l.Add(us)
		}
		if err := got.parse(l.String()); err != nil || got != l {
			t.Errorf("%q is read as %v (%v), want %v", l.String(), got, err, l)
		}
	})
	var l Latencies
	if err := l.parse("110:2 320:1"); err != nil || l.String() != "125:2 320:1" {
		t.Errorf("other bounds are read as %q (%v)", l.String(), err)
	}
	for _, text := range []string{"x", "100", "100:", ":1", "100:x"} {
		if err := l.parse(text); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

// BenchmarkLatency counts one attempt.
func BenchmarkLatency(b *testing.B) {
	var l Latencies
	us := int64(1)
	b.ReportAllocs()
	for b.Loop() {
		us = us*7%60_000_000 + 1
		l.Add(us)
	}
}
