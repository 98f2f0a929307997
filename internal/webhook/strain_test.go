package webhook

import (
	"testing"
	"testing/synctest"
	"time"

	"parley"
)

func TestPatienceComesDownWithLoadButNotBelowFiveSeconds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		limit time.Duration
		load  float64
		want  time.Duration
	}{
		{10 * time.Second, 0, 10 * time.Second},
		{10 * time.Second, 0.5, 7500 * time.Millisecond},
		{10 * time.Second, 1, 5 * time.Second},
		{30 * time.Second, 1, 15 * time.Second},
		{8 * time.Second, 0.5, 6 * time.Second},
		{8 * time.Second, 1, 5 * time.Second},
		{5 * time.Second, 1, 5 * time.Second},
		{time.Second, 1, time.Second},
	} {
		if got := patience(c.limit, c.load); got != c.want {
			t.Errorf("%v under load %v: %v, want %v", c.limit, c.load, got, c.want)
		}
	}
	if got := stretch(time.Minute, 1); got != 2*time.Minute {
		t.Errorf("a retry after a minute waits %v under full load", got)
	}
}

func TestLoadRisesAndFallsSlowly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSlots(128)
		s.eases = true
		hold := func(n int) {
			for range n {
				s.tryTake("a")
			}
		}
		loadIs := func(want float64) {
			t.Helper()
			if got := s.load("a"); got < want-0.01 || got > want+0.01 {
				t.Errorf("the load is %.3f, want %.3f", got, want)
			}
		}
		hold(60) // less than half of what it may have
		time.Sleep(time.Minute)
		loadIs(0)
		hold(128)
		loadIs(0)
		time.Sleep(easing / 2)
		loadIs(0.5)
		time.Sleep(easing / 2)
		loadIs(1)
		time.Sleep(time.Minute)
		loadIs(1)
		if got := s.load("b"); got != 0 {
			t.Errorf("another organization has a load of %v", got)
		}
		if got := s.mostLoad(); got != 1 {
			t.Errorf("the greatest load is %v", got)
		}
		for range 60 {
			s.release("a")
		}
		time.Sleep(easing / 4)
		loadIs(0.75)
		time.Sleep(easing)
		loadIs(0)
	})
}

func TestLoadIsEverybodysWhenOnlyTheReserveIsLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSlots(128)
		s.eases = true
		for _, org := range []string{"a", "b", "c", "d", "e", "f"} {
			for s.tryTake(parley.OrganizationID(org)) {
			}
		}
		time.Sleep(easing)
		if !s.tryTake("newcomer") {
			t.Fatal("there is no place for a newcomer")
		}
		if got := s.load("newcomer"); got < 0.9 {
			t.Errorf("a newcomer has a load of %v", got)
		}
	})
}
