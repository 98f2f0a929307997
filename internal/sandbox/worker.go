package sandbox

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// The causes for which a child is ended that did nothing wrong.
var (
	errIdle = errors.New("it had nothing to do")
	errOld  = errors.New("it has answered enough calls")
)

// worker keeps one child warm. Only whoever has the turn asks it.
type worker struct {
	options Options
	reaping *sync.WaitGroup
	weak    *sync.Once // tells the operator

	mu      sync.Mutex
	closed  bool
	busy    bool
	process *process // nil: none is warm
	calls   int      // that it has answered
	resting *time.Timer
}

// ask has the child answer, and starts one if none is warm. The error is the
// cause that ended the child, ErrClosed, or why none could be started.
func (w *worker) ask(ctx context.Context, question message) (answer, error) {
	p, err := w.rouse(ctx)
	if err != nil {
		return answer{}, err
	}
	defer w.rest(p)
	raw, err := p.ask(ctx, question, w.options.KillAfter)
	if err != nil {
		return answer{}, err
	}
	got, err := readAnswer(raw)
	if err != nil {
		return answer{}, p.fail(err)
	}
	return got, nil
}

// rouse returns the child, ready to be asked.
func (w *worker) rouse(ctx context.Context) (*process, error) {
	if p := w.warm(); p != nil {
		return p, nil
	}
	p, err := w.start()
	if err != nil {
		return nil, err
	}
	if err := w.greet(ctx, p); err != nil {
		w.rest(p)
		return nil, fmt.Errorf("start a sandbox process: %w", err)
	}
	return p, nil
}

// warm takes the child out of its rest, if there is one.
func (w *worker) warm() *process {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.process == nil || !w.process.alive() {
		return nil
	}
	w.busy = true
	w.resting.Stop()
	return w.process
}

// start starts a child. From then on it is close that ends it.
func (w *worker) start() (*process, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, ErrClosed
	}
	p, err := startProcess(w.options.role)
	if err != nil {
		return nil, fmt.Errorf("start a sandbox process: %w", err)
	}
	w.process, w.calls, w.busy = p, 0, true
	w.reaping.Go(func() {
		p.reap()
		w.report(p)
	})
	return p, nil
}

// greet tells a new child its terms. One that does not answer as it should is
// no child of ours: a program whose main function does not call Child, for
// example. That is not the fault of the script that waits.
func (w *worker) greet(ctx context.Context, p *process) error {
	hello, err := w.options.terms()
	if err != nil {
		return err
	}
	got, err := p.ask(ctx, hello, startLimit)
	if err == nil && (len(got) != 2 || string(got[0]) != greeting) {
		err = p.fail(errors.New("it does not speak the sandbox's protocol: does the program's main function call sandbox.Child?"))
	}
	if errors.Is(err, errFault) || errors.Is(err, errLate) {
		return errors.New(err.Error()) // says what happened and is neither any more
	}
	if err != nil {
		return err
	}
	w.options.Logger.Debug("sandbox.child_started", "pid", p.cmd.Process.Pid)
	if lacking := string(got[1]); lacking != "" {
		w.weak.Do(func() { w.options.Logger.Warn("sandbox.weak", "lacking", lacking) })
	}
	return nil
}

// rest lets the child wait for the next question, unless it is dead or old.
func (w *worker) rest(p *process) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy = false
	w.calls++
	switch {
	case !p.alive():
		w.process = nil
	case w.calls >= w.options.Lifetime:
		p.end(errOld)
		w.process = nil
	default:
		w.resting = time.AfterFunc(w.options.Idle, func() { w.sleep(p) })
	}
}

// sleep ends a child that had nothing to do.
func (w *worker) sleep(p *process) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.process != p || w.busy {
		return
	}
	p.end(errIdle)
	w.process = nil
}

// close ends the child, also while it is being asked, and lets no other start.
func (w *worker) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	if w.process != nil {
		w.process.end(ErrClosed)
	}
	if w.resting != nil {
		w.resting.Stop()
	}
}

// report logs how a child ended. What it wrote last is the Go runtime's reason for
// a crash, and never a script's text.
func (w *worker) report(p *process) {
	p.mu.Lock()
	cause := p.cause
	p.mu.Unlock()
	attrs := []any{"pid", p.cmd.Process.Pid, "state", p.cmd.ProcessState.String()}
	switch {
	case errors.Is(cause, errIdle), errors.Is(cause, errOld), errors.Is(cause, ErrClosed):
		w.options.Logger.Debug("sandbox.child_ended", append(attrs, "because", cause.Error())...)
	case errors.Is(cause, errLate), errors.Is(cause, context.Canceled), errors.Is(cause, context.DeadlineExceeded):
		w.options.Logger.Info("sandbox.child_killed", append(attrs, "because", cause.Error())...)
	default:
		w.options.Logger.Warn("sandbox.child_crashed", append(attrs, "error", cause, "stderr", p.stderr.firstLine())...)
	}
}
