package webhook

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/endpoint"
)

// Requests to endpoints at hand wait for their places while these change hands, as
// more at once would be of no use; when they are stuck, others are tried.
func TestWaitingForAPlaceAmongThoseAtHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		only  bool
		turns bool
		took  time.Duration
		near  bool
	}{
		{"places change hands", false, true, 100 * time.Millisecond, true},
		{"places are stuck", false, false, nearPause, false},
		{"it is the endpoint's only request", true, true, nearWait, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			e := &Engine{places: newPlaces(), stopped: make(chan struct{})}
			near := e.places.near
			var holders []parley.OrganizationID
			for i := 0; near.room("newcomer"); i++ {
				holders = append(holders, parley.OrganizationID(fmt.Sprint("holder", i)))
				near.tryTake(holders[i])
			}
			for i := range 99 { // who came before
				near.wait(parley.OrganizationID(fmt.Sprint("waiter", i)))
			}
			if c.turns {
				go func() {
					for i := range 100 {
						time.Sleep(time.Millisecond)
						if i < len(holders) {
							near.release(holders[i])
						} else {
							near.release(parley.OrganizationID(fmt.Sprint("waiter", i-len(holders))))
						}
					}
				}()
			}
			j := &job{slot: near, only: c.only}
			begun := time.Now()
			r := &runner{e: e, name: endpoint.Name{Org: "newcomer"}}
			if !r.queue(j) {
				t.Fatalf("%s: it has no place", c.name)
			}
			if took := time.Since(begun); took != c.took || (j.slot == near) != c.near {
				t.Errorf("%s: it has one after %v, at hand %v", c.name, took, j.slot == near)
			}
			time.Sleep(time.Second)
		})
	}
}
