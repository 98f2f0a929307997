package mirror_test

import (
	"fmt"
	"testing"

	"parley/internal/testing/house"
)

func TestTargetEqualsTheSource(t *testing.T) {
	t.Parallel()
	eachTarget(t, func(t *testing.T, k kept) {
		h := house.New(t)
		w := newWorld(t, h)
		for range 300 {
			w.step()
		}
		catchUp(t, h, k.to)
		equal(t, h, k)
		for range 300 {
			w.step()
		}
		catchUp(t, h, k.to)
		equal(t, h, k)
		catchUp(t, h, k.to) // with nothing to do
		equal(t, h, k)
	})
}

// What changes while it is copied is in the target as it is in the end.
func TestChangesDuringTheCopy(t *testing.T) {
	t.Parallel()
	eachTarget(t, func(t *testing.T, k kept) {
		h := house.New(t)
		w := newWorld(t, h)
		for i := range 450 {
			h.Make("/v1/contacts", map[string]any{"name": fmt.Sprintf("Contact %d", i)})
		}
		w.step()
		stop := w.keepBusy()
		catchUp(t, h, k.to)
		stop()
		catchUp(t, h, k.to)
		equal(t, h, k)
	})
}
