package webhook

import (
	"testing"
	"time"
)

func TestAnEndpointIsAtHandByItsBestAnswers(t *testing.T) {
	t.Parallel()
	var w window
	answers := func(n int, latency time.Duration) {
		for range n {
			w.good(latency, false)
		}
	}
	isNear := func(want bool, when string) {
		t.Helper()
		if w.near() != want {
			t.Errorf("%s: at hand %v", when, !want)
		}
	}
	isNear(false, "not known yet")
	answers(1, 2*time.Millisecond)
	isNear(true, "its first answer was quick")
	answers(nearOf/2, 40*time.Millisecond)
	isNear(true, "the machine is busy")
	answers(2*nearOf, 40*time.Millisecond)
	isNear(false, "it is slower now")
	answers(1, 2*time.Millisecond)
	isNear(true, "one answer was quick again")
	answers(30, 2*time.Second)
	isNear(false, "it is slow now")
}
