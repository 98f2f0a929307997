package sandbox

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func who(name string) callerKey { return callerKey{name: name} }

func someTurns(workers, waiting int) *turns {
	var all []*worker
	for range workers {
		all = append(all, &worker{})
	}
	return newTurns(all, waiting)
}

// use takes a turn, holds it for a while, and gives it back.
func (t *turns) use(ctx context.Context, key callerKey, hold time.Duration) error {
	turn, err := t.take(ctx, key)
	if err != nil {
		return err
	}
	defer turn.end()
	<-time.After(hold)
	return nil
}

func TestCallersShareTimeAndNotTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		line := someTurns(1, 100)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		used := map[string]time.Duration{}
		var mu sync.Mutex
		var wg sync.WaitGroup
		for name, hold := range map[string]time.Duration{"slow": 50 * time.Millisecond, "quick": time.Millisecond} {
			for range 3 {
				wg.Go(func() {
					for line.use(ctx, who(name), hold) == nil {
						mu.Lock()
						used[name] += hold
						mu.Unlock()
					}
				})
			}
		}
		wg.Wait()
		if used["quick"] < 4*time.Second || used["slow"] < 4*time.Second {
			t.Errorf("of 10 s, the quick caller used %v and the slow one %v", used["quick"], used["slow"])
		}
		if len(line.callers) != 1 || line.waiting != 0 {
			t.Errorf("%d callers are remembered, %d wait: want the slow one, and none", len(line.callers), line.waiting)
		}
	})
}

func TestSlowCallersLeaveAWorkerToQuickOnes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		line := someTurns(2, 100)
		for _, name := range []string{"one", "two"} {
			if err := line.use(t.Context(), who(name), time.Second); err != nil {
				t.Fatal(err)
			}
		}
		var wg sync.WaitGroup
		for range 5 {
			for _, name := range []string{"one", "two"} {
				wg.Go(func() {
					if err := line.use(t.Context(), who(name), time.Second); err != nil {
						t.Error(err)
					}
				})
			}
		}
		synctest.Wait()
		began := time.Now()
		if err := line.use(t.Context(), who("quick"), time.Millisecond); err != nil {
			t.Error(err)
		}
		if waited := time.Since(began); waited > time.Millisecond {
			t.Errorf("a quick call took %v", waited)
		}
		wg.Wait()
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("ten slow calls of a second, one at a time, took %v", took)
		}
	})
}

func TestTheOnlyWorkerIsForSlowCallersToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		line := someTurns(1, 100)
		for range 3 {
			if err := line.use(t.Context(), who("slow"), time.Second); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestASlowCallerBecomesQuickAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		line := someTurns(2, 100)
		_ = line.use(t.Context(), who("a"), 100*time.Millisecond)
		if !line.callers[who("a")].isSlow() {
			t.Fatal("a caller of 100 ms is not slow")
		}
		for range 10 {
			_ = line.use(t.Context(), who("a"), time.Millisecond)
		}
		if len(line.callers) != 0 {
			t.Error("it is still slow after ten quick calls")
		}
	})
}

func TestWhoeverWaitsMostMakesRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		line := someTurns(1, 4)
		held, err := line.take(t.Context(), who("first"))
		if err != nil {
			t.Fatal(err)
		}
		results := make(chan error, 10)
		for range 4 {
			go func() { results <- line.use(t.Context(), who("many"), time.Millisecond) }()
		}
		synctest.Wait()
		if err := line.use(t.Context(), who("many"), 0); !errors.Is(err, ErrBusy) {
			t.Errorf("one more of the same: %v", err)
		}
		other := make(chan error)
		go func() { other <- line.use(t.Context(), who("other"), time.Millisecond) }()
		if err := <-results; !errors.Is(err, ErrBusy) {
			t.Errorf("the last of the longest queue: %v", err)
		}
		held.end()
		if err := <-other; err != nil {
			t.Errorf("another caller: %v", err)
		}
		for range 3 {
			if err := <-results; err != nil {
				t.Errorf("one who kept its place: %v", err)
			}
		}
	})
}

func TestWhoeverLeavesIsNotCalled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		line := someTurns(1, 4)
		held, err := line.take(t.Context(), who("a"))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := line.use(ctx, who("b"), 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting for too long: %v", err)
		}
		held.end()
		if len(line.free) != 1 || line.waiting != 0 || len(line.line) != 0 {
			t.Errorf("%d free, %d waiting", len(line.free), line.waiting)
		}
	})
}

func TestClosingSendsEverybodyAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		line := someTurns(1, 4)
		held, err := line.take(t.Context(), who("a"))
		if err != nil {
			t.Fatal(err)
		}
		results := make(chan error)
		for _, name := range []string{"a", "b", "b"} {
			go func() { results <- line.use(t.Context(), who(name), 0) }()
		}
		synctest.Wait()
		line.close()
		for range 3 {
			if err := <-results; !errors.Is(err, ErrClosed) {
				t.Errorf("one who waited: %v", err)
			}
		}
		if _, err := line.take(t.Context(), who("c")); !errors.Is(err, ErrClosed) {
			t.Errorf("one who came later: %v", err)
		}
		held.end()
		line.wait()
	})
}

// Sources that nobody will see again must not be remembered for ever.
func TestFewCallersAreRemembered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		line := someTurns(1, 4)
		for i := range uint64(2 * remembered) {
			if err := line.use(t.Context(), callerKey{source: i}, 100*time.Millisecond); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(line.callers); n > remembered+1 {
			t.Errorf("%d callers are remembered", n)
		}
	})
}

func TestCallersAreKnownByNameElseBySource(t *testing.T) {
	t.Parallel()
	line := someTurns(1, 1)
	ctx := t.Context()
	if a := line.keyOf(ctx, "a"); a != line.keyOf(ctx, strings.Repeat("a", 1)) || a == line.keyOf(ctx, "b") {
		t.Error("callers without a name are not told by their source")
	}
	one, two := OnBehalfOf(ctx, "one"), OnBehalfOf(ctx, "two")
	if line.keyOf(one, "a") != line.keyOf(one, "b") || line.keyOf(one, "a") == line.keyOf(two, "a") {
		t.Error("callers with a name are not told by it")
	}
}
