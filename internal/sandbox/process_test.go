package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// watched makes a sandbox whose children can be followed.
func watched(t *testing.T, o Options) (*Sandbox, incidents) {
	happened := make(incidents, 1000)
	o.Logger = slog.New(happened)
	return open(t, o), happened
}

func kill(t *testing.T, pid int) {
	t.Helper()
	process, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Kill(); err != nil {
		t.Fatal(err)
	}
}

// busyFor keeps the processor busy for a time on the clock.
const busyFor = `function transform(ms) { const end = Date.now() + ms; while (Date.now() < end); return "done" }`

func TestAChildThatIsKilledIsReplacedUnnoticed(t *testing.T) {
	t.Parallel()
	s, happened := watched(t, Options{Workers: 1, Timeout: time.Minute, KillAfter: time.Minute})
	result := make(chan string)
	go func() { result <- run(t, s, busyFor, `300`) }()
	first := happened.await(t, "sandbox.child_started").pid()
	kill(t, first)
	crashed := happened.await(t, "sandbox.child_crashed")
	if crashed.pid() != first {
		t.Errorf("%d crashed, want %d", crashed.pid(), first)
	}
	if got := <-result; got != `"done"` {
		t.Errorf("got %s", got)
	}
	// Also while it has nothing to do.
	kill(t, happened.await(t, "sandbox.child_started").pid())
	if got := run(t, s, busyFor, `0`); got != `"done"` {
		t.Errorf("got %s", got)
	}
}

func TestAScriptThatKillsTwoChildrenIsToBlame(t *testing.T) {
	t.Parallel()
	s, happened := watched(t, Options{Workers: 1, Timeout: time.Minute, KillAfter: time.Minute})
	result := make(chan error)
	go func() {
		_, _, err := call(t.Context(), s, busyFor, `60000`)
		result <- err
	}()
	for range 2 {
		kill(t, happened.await(t, "sandbox.child_started").pid())
	}
	if err := <-result; !isLimit(err, CrashLimit) {
		t.Errorf("got %v, want the limit %q", err, CrashLimit)
	}
}

func TestChildrenThatTalkNonsenseAreNotBelieved(t *testing.T) {
	t.Parallel()
	for _, role := range []string{
		"test-half-an-answer", "test-garbage", "test-odd-parts", "test-no-json", "test-no-utf8", "test-no-error", "test-no-log", "test-no-kind",
	} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			s := open(t, Options{Workers: 1, role: role})
			if result, _, err := call(t.Context(), s, smallScript, smallEvent); !isLimit(err, CrashLimit) {
				t.Errorf("got %s, %v; want the limit %q", result, err, CrashLimit)
			}
		})
	}
}

func TestAChildThatSaysNothingIsKilled(t *testing.T) {
	t.Parallel()
	s, happened := watched(t, Options{Workers: 1, KillAfter: 50 * time.Millisecond, role: "test-mute"})
	if _, _, err := call(t.Context(), s, smallScript, smallEvent); !isLimit(err, TimeLimit) {
		t.Errorf("got %v, want the limit %q", err, TimeLimit)
	}
	happened.await(t, "sandbox.child_killed")
}

// A program whose main function does not call Child would run as a whole.
func TestAnotherProgramIsNoChild(t *testing.T) {
	t.Parallel()
	for _, role := range []string{"test-other-program", "test-quits"} {
		s := open(t, Options{Workers: 1, role: role})
		_, _, err := call(t.Context(), s, smallScript, smallEvent)
		var limit *LimitError
		if err == nil || errors.As(err, &limit) || !strings.Contains(err.Error(), "start a sandbox process") {
			t.Errorf("%s: %v", role, err)
		}
	}
}

func TestACallEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s, happened := watched(t, Options{Workers: 1, Timeout: time.Minute, KillAfter: time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error)
	go func() {
		_, _, err := call(ctx, s, busyFor, `60000`)
		result <- err
	}()
	happened.await(t, "sandbox.child_started")
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
	if _, _, err := call(ctx, s, busyFor, `0`); !errors.Is(err, context.Canceled) {
		t.Errorf("the next call: %v", err)
	}
	if got := run(t, s, busyFor, `0`); got != `"done"` {
		t.Errorf("got %s", got)
	}
}

func TestChildrenEndWhenTheyAreOldOrIdle(t *testing.T) {
	t.Parallel()
	s, happened := watched(t, Options{Workers: 1, Lifetime: 3, Idle: time.Hour})
	for range 7 {
		run(t, s, busyFor, `0`)
	}
	for range 2 {
		if old := happened.await(t, "sandbox.child_ended"); old.attr["because"] != errOld.Error() {
			t.Errorf("ended because %v", old.attr["because"])
		}
	}
	s, happened = watched(t, Options{Workers: 2, Idle: 10 * time.Millisecond})
	for range 2 {
		run(t, s, busyFor, `0`)
		if idle := happened.await(t, "sandbox.child_ended"); idle.attr["because"] != errIdle.Error() {
			t.Errorf("ended because %v", idle.attr["because"])
		}
	}
}

func TestCloseEndsCallsAndChildren(t *testing.T) {
	t.Parallel()
	s, happened := watched(t, Options{Workers: 2, Timeout: time.Minute, KillAfter: time.Minute})
	results := make(chan error)
	const calls = 6
	for range calls {
		go func() {
			_, _, err := call(t.Context(), s, busyFor, `60000`)
			results <- err
		}()
	}
	happened.await(t, "sandbox.child_started")
	go s.Close()
	for range calls {
		if err := <-results; !errors.Is(err, ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
	}
	s.Close()
	if _, _, err := call(t.Context(), s, busyFor, `0`); !errors.Is(err, ErrClosed) {
		t.Errorf("a call afterwards: %v", err)
	}
	started, ended := 1, 0
	close(happened)
	for i := range happened {
		switch i.name {
		case "sandbox.child_started":
			started++
		case "sandbox.child_ended":
			ended++
		}
	}
	if started > ended {
		t.Errorf("%d children started, %d ended", started, ended)
	}
}

// Results must not be mixed up, and no call may be lost, whatever happens to the
// children meanwhile.
func TestManyCallersGetTheirOwnAnswers(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Workers: 2, Lifetime: 20, Timeout: 20 * time.Millisecond, KillAfter: 300 * time.Millisecond})
	var wg sync.WaitGroup
	for caller := range 8 {
		wg.Go(func() {
			for i := range 25 {
				arg, _ := json.Marshal([]int{caller, i})
				if caller == 0 && i%10 == 0 {
					if _, _, err := call(t.Context(), s, `function transform() { const a = []; a.length = 4e9; a.reverse() }`); !isLimit(err, TimeLimit) {
						t.Errorf("a slow call: %v", err)
					}
				}
				if got := run(t, s, `function transform(e) { return e }`, string(arg)); got != string(arg) {
					t.Errorf("got %s, want %s", got, arg)
				}
			}
		})
	}
	wg.Wait()
}
