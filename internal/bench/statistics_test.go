package bench

import (
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	t.Parallel()
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(100 - i) // 100, 99, … 1
	}
	for _, test := range []struct {
		values []time.Duration
		p      float64
		want   time.Duration
	}{
		{nil, 50, 0},
		{[]time.Duration{7}, 50, 7},
		{[]time.Duration{7}, 99, 7},
		{[]time.Duration{3, 1, 2}, 50, 2},
		{[]time.Duration{4, 3, 2, 1}, 50, 2},
		{hundred, 50, 50},
		{hundred, 99, 99},
		{hundred, 99.5, 100},
		{hundred, 100, 100},
		{hundred, 0, 1},
	} {
		if got := percentile(test.values, test.p); got != test.want {
			t.Errorf("percentile %v of %d values is %d, want %d", test.p, len(test.values), got, test.want)
		}
	}
	if hundred[0] != 100 {
		t.Error("percentile has sorted the values of the caller")
	}
}

func TestTheMiddleOfAnEvenNumberIsTheWorse(t *testing.T) {
	t.Parallel()
	rate := func(v float64) Figure { return figure("", v, PerSecond, "").atLeast(1) }
	time := func(v float64) Figure { return figure("", v, Seconds, "").atMost(1) }
	for _, test := range []struct {
		name    string
		figures []Figure
		want    float64
	}{
		{"one", []Figure{rate(5)}, 5},
		{"three", []Figure{rate(5), rate(1), rate(3)}, 3},
		{"two rates", []Figure{rate(5), rate(3)}, 3},
		{"two times", []Figure{time(3), time(5)}, 5},
		{"by ratio, not by value", []Figure{
			figure("", 10, PerSecond, "").against("x", 100).atLeast(1),
			figure("", 9, PerSecond, "").against("x", 10).atLeast(1),
			figure("", 8, PerSecond, "").against("x", 20).atLeast(1),
		}, 8},
	} {
		if got := *middle(test.figures).Value; got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	if unknown := middle([]Figure{rate(1), perhaps("", nil, Seconds, "").atLeast(1)}); unknown.Value != nil {
		t.Error("a figure that is half unknown has a value")
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		figure Figure
		want   Verdict
		ratio  float64
	}{
		{figure("", 3, PerSecond, "").atLeast(3), Reached, 0},
		{figure("", 2, PerSecond, "").atLeast(3), Missed, 0},
		{figure("", 3, Seconds, "").atMost(3), Reached, 0},
		{figure("", 4, Seconds, "").atMost(3), Missed, 0},
		{figure("", 30, PerSecond, "").against("x", 40).atLeast(0.75), Reached, 0.75},
		{figure("", 29, PerSecond, "").against("x", 40).atLeast(0.75), Missed, 0.725},
		{figure("", 30, PerSecond, "").against("x", 0).atLeast(0.75), Unknown, 0},
		{perhaps("", nil, Cores, "").atMost(1), Unknown, 0},
	} {
		if test.figure.Verdict != test.want {
			t.Errorf("%s, %s: %s, want %s", test.figure.Unit.say(test.figure.Value), test.figure.bound(), test.figure.Verdict, test.want)
		}
		if test.ratio != 0 && *test.figure.Ratio != test.ratio {
			t.Errorf("the ratio is %v, want %v", *test.figure.Ratio, test.ratio)
		}
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	var r rate
	if r.perSecond() != 0 {
		t.Errorf("nothing in no time is %v/s", r.perSecond())
	}
	r.add(100, time.Second, time.Millisecond)
	r.add(200, 2*time.Second, time.Millisecond)
	if r.perSecond() != 100 {
		t.Errorf("300 in 3 s are %v/s", r.perSecond())
	}
}

func TestUnitsAreSaidForPeople(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"1,234,567/s":      PerSecond.say(new(1234566.7)),
		"999/s":            PerSecond.say(new(999.0)),
		"0.25 ms":          Seconds.say(new(0.00025)),
		"12.50 s":          Seconds.say(new(12.5)),
		"97.7 KiB":         Mebibytes.say(new(100e3 / (1 << 20))),
		"-3.2 MiB":         Mebibytes.say(new(-3.2)),
		"0.25 % of a core": Cores.say(new(0.0025)),
		"n/a":              Seconds.say(nil),
		"-1,000":           thousands(-1000),
		"-100":             thousands(-100),
	} {
		if got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
}
