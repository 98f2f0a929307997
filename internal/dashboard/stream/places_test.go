package stream

import (
	"fmt"
	"testing"
)

func (p *place) ended() bool {
	select {
	case <-p.end:
		return true
	default:
		return false
	}
}

func TestTheOldestOfAllGivesWay(t *testing.T) {
	t.Parallel()
	var all places
	first, second := all.take("first"), all.take("second")
	for n := range mostOfAll - 2 {
		all.take(fmt.Sprint(n))
	}
	if first.ended() {
		t.Fatal("it had to go though there was a place")
	}
	third := all.take("third")
	if !first.ended() || second.ended() || third.ended() {
		t.Error("not the oldest went")
	}
	all.leave(first)
	all.leave(second)
	all.leave(second)
	if all.take("fourth"); len(all.open) != mostOfAll {
		t.Errorf("%d are open", len(all.open))
	}
}

func TestALoginGivesWayToItself(t *testing.T) {
	t.Parallel()
	var all places
	other := all.take("other")
	var own []*place
	for range mostOfLogin + 2 {
		own = append(own, all.take("own"))
	}
	for i, p := range own {
		if p.ended() != (i < 2) {
			t.Errorf("stream %d has ended: %v", i, p.ended())
		}
	}
	if other.ended() || len(all.open) != mostOfLogin+1 {
		t.Errorf("the other has ended: %v; %d are open", other.ended(), len(all.open))
	}
}
