package sandbox

import (
	"sync"
	"time"

	"modernc.org/quickjs"
)

// watch tells a realm to stop when it has used up its time. It counts what the
// processor did for this process and not what the clock says, so that a script
// does not pay for a machine that is busy, or for a clock that is set.
type watch struct {
	limit time.Duration
	began time.Duration

	mu    sync.Mutex
	vm    *quickjs.VM
	timer *time.Timer
	over  bool
	late  bool
}

func watchOver(vm *quickjs.VM, limit time.Duration) *watch {
	w := &watch{limit: limit, began: processorTime(), vm: vm}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(limit, w.look)
	return w
}

// look tells the realm to stop if it is time, and again and again until it has:
// the engine forgets it whenever another piece of a call begins.
func (w *watch) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return
	}
	left := w.limit - (processorTime() - w.began)
	if left <= 0 {
		w.late = true
		w.vm.Interrupt()
	}
	w.timer.Reset(max(left, time.Millisecond))
}

// stop ends the watch and tells whether the realm was told to stop.
func (w *watch) stop() (late bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	w.timer.Stop()
	return w.late
}
