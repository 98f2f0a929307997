package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// What one call may bring along and take away, in bytes.
const (
	MaxSource = 256 << 10
	MaxInput  = 1 << 20 // all arguments together
	MaxOutput = 1 << 20
)

// Options adjust a Sandbox; the zero value is right for the program itself.
type Options struct {
	Workers   int           // children that run at the same time; instead of 2
	Timeout   time.Duration // of the processor's time for one call; instead of 100 ms
	KillAfter time.Duration // on the clock, after which the child is killed; instead of 1 s
	Memory    int           // bytes for the objects of one call; instead of 32 MiB
	Waiting   int           // calls that may wait for a child; instead of 1,024
	Lifetime  int           // calls that a child answers before another replaces it; instead of 10,000
	Idle      time.Duration // after which a child that has nothing to do ends; instead of 1 minute
	Logger    *slog.Logger

	role string // of the child, in tests; instead of the sandbox's own
}

// Sandbox runs scripts. It is safe for concurrent use; one serves the whole
// process. Children start when the first calls need them.
type Sandbox struct {
	turns   *turns
	workers []*worker
	reaping sync.WaitGroup // one for each child, until it is gone
	weak    sync.Once
}

// New makes a Sandbox. End it with Close. The program's main function has to
// hand children their work before it does anything else: see [IsChild].
func New(o Options) *Sandbox {
	o = o.withDefaults()
	s := &Sandbox{}
	for range o.Workers {
		s.workers = append(s.workers, &worker{options: o, reaping: &s.reaping, weak: &s.weak})
	}
	s.turns = newTurns(s.workers, o.Waiting)
	return s
}

func (o Options) withDefaults() Options {
	orElse(&o.Workers, 2)
	orElse(&o.Timeout, 100*time.Millisecond)
	orElse(&o.KillAfter, time.Second)
	orElse(&o.Memory, 32<<20)
	orElse(&o.Waiting, 1024)
	orElse(&o.Lifetime, 10_000)
	orElse(&o.Idle, time.Minute)
	orElse(&o.Logger, slog.New(slog.DiscardHandler))
	orElse(&o.role, childRole)
	return o
}

func orElse[T comparable](option *T, usual T) {
	var none T
	if *option == none {
		*option = usual
	}
}

// Close ends every call with ErrClosed and every child, and returns when the last
// is gone. It may be called more than once.
func (s *Sandbox) Close() {
	s.turns.close()
	for _, w := range s.workers {
		w.close()
	}
	s.turns.wait()
	s.reaping.Wait()
}

// Check tells whether a source can be used: it is JavaScript, running it once
// throws nothing, and there is a function named transform then. If not, the error
// is a *ScriptError, or a *LimitError. [ErrBusy], ErrClosed, ctx's own error and
// failures of this machine say nothing about the source.
func (s *Sandbox) Check(ctx context.Context, source string) error {
	if len(source) > MaxSource {
		return &LimitError{InputLimit}
	}
	_, err := s.ask(ctx, source, checkRequest(source, "transform"))
	return err
}

// Call runs a source and calls one of its functions with JSON values. The result
// is JSON: "null" if the function returned null, and nothing at all, a nil result
// without an error, if it returned undefined. Log has what the script wrote to
// console.log, also when the call failed: at most 100 lines of 1,000 characters.
//
// A script that fails gives a *ScriptError, one that hits a limit a *LimitError.
// [ErrBusy], ErrClosed, ctx's own error and failures of this machine are no fault
// of the script. A call may have run, or begun to run, twice.
func (s *Sandbox) Call(ctx context.Context, source, function string, args ...json.RawMessage) (result json.RawMessage, log []string, err error) {
	request, err := callRequest(source, function, args)
	if err != nil {
		return nil, nil, err
	}
	answer, err := s.ask(ctx, source, request)
	return answer.result, answer.log, err
}

// ask waits for its turn and has a child answer. A child that dies is no proof
// against the script, so another gets to try; the second is.
func (s *Sandbox) ask(ctx context.Context, source string, request message) (answer, error) {
	turn, err := s.turns.take(ctx, s.turns.keyOf(ctx, source))
	if err != nil {
		return answer{}, err
	}
	defer turn.end()
	got, err := turn.worker.ask(ctx, request)
	if errors.Is(err, errFault) {
		got, err = turn.worker.ask(ctx, request)
	}
	switch {
	case errors.Is(err, errFault):
		return answer{}, &LimitError{CrashLimit}
	case errors.Is(err, errLate):
		return answer{}, &LimitError{TimeLimit}
	case err != nil:
		return answer{}, fmt.Errorf("run a script: %w", err)
	}
	return got, got.err
}
