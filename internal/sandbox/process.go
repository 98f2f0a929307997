package sandbox

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"
)

// startLimit is how long a child may take until it is ready, on a machine that
// is busy with other things.
const startLimit = 10 * time.Second

// errLate is the end of a child that did not answer in time.
var errLate = errors.New("the sandbox process did not answer in time")

// process is one child, seen from the sandbox. Whoever has the turn asks; anybody
// may end it.
type process struct {
	cmd    *exec.Cmd
	stdin  *os.File
	stdout *os.File
	says   *bufio.Reader // from stdout
	stderr *head
	gone   chan struct{} // closed when nothing is left of it

	mu    sync.Mutex
	turn  int   // counts up when a question is asked and when it is answered
	cause error // why it was ended; nil while it is of use
}

// startProcess starts a child of the program that runs, with nothing but three
// pipes and the two variables that its Go runtime and its clock need.
func startProcess(role string) (*process, error) {
	if IsChild() {
		return nil, errors.New("this process is a sandbox's child itself: its main function must call sandbox.Child")
	}
	path, err := program()
	if err != nil {
		return nil, err
	}
	theirIn, stdin, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	stdout, theirOut, err := os.Pipe()
	if err != nil {
		closeAll(theirIn, stdin)
		return nil, err
	}
	p := &process{stdin: stdin, stdout: stdout, says: bufio.NewReader(stdout), stderr: &head{}, gone: make(chan struct{})}
	p.cmd = &exec.Cmd{
		Path: path, Args: []string{"parley", role}, Env: []string{"TZ=UTC", "GOMAXPROCS=2"},
		Stdin: theirIn, Stdout: theirOut, Stderr: p.stderr,
		SysProcAttr: apart(), WaitDelay: time.Second,
	}
	err = p.cmd.Start()
	closeAll(theirIn, theirOut)
	if err != nil {
		closeAll(stdin, stdout)
		return nil, err
	}
	return p, nil
}

// closeAll closes what is of no further use; what was in it is lost anyway.
func closeAll(files ...io.Closer) {
	for _, file := range files {
		file.Close()
	}
}

// program is where the program lies that runs. On Linux it is found even after it
// was replaced by a newer version, with which this one would not understand itself.
func program() (string, error) {
	const self = "/proc/self/exe"
	if runtime.GOOS == "linux" {
		if _, err := os.Stat(self); err == nil {
			return self, nil
		}
	}
	return os.Executable()
}

// reap returns when the child is gone.
func (p *process) reap() {
	_ = p.cmd.Wait() // how it ended is in its ProcessState
	closeAll(p.stdin, p.stdout)
	close(p.gone)
}

// end kills the child. The first cause stays.
func (p *process) end(cause error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.endLocked(cause)
}

func (p *process) endLocked(cause error) {
	if p.cause != nil {
		return
	}
	p.cause = cause
	_ = p.cmd.Process.Kill() // it may be gone by itself
}

// endTurn ends the child if it is still busy with the question of that turn.
func (p *process) endTurn(turn int, cause error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.turn == turn {
		p.endLocked(cause)
	}
}

// nextTurn begins a question or ends it. The error is why there is none to ask.
func (p *process) nextTurn() (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn++
	return p.turn, p.cause
}

// alive tells whether the child can be asked, as far as is known.
func (p *process) alive() bool {
	select {
	case <-p.gone:
		return false
	default:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cause == nil
}

// ask says something to the child and returns its answer. When that is late, not
// wanted any more or broken, the child is gone afterwards, and the error is the
// cause: errLate, ctx's error, errFault, or what another gave to end.
func (p *process) ask(ctx context.Context, question message, limit time.Duration) (message, error) {
	turn, err := p.nextTurn()
	if err != nil {
		return nil, err
	}
	late := time.AfterFunc(limit, func() { p.endTurn(turn, errLate) })
	defer late.Stop()
	unwanted := context.AfterFunc(ctx, func() { p.endTurn(turn, ctx.Err()) })
	defer unwanted()

	err = writeMessage(p.stdin, question)
	var got message
	if err == nil {
		got, err = readMessage(p.says, maxAnswer)
	}
	if err != nil {
		return nil, p.fail(err)
	}
	_, _ = p.nextTurn()
	return got, nil
}

// fail ends a child that is of no use and returns why.
func (p *process) fail(err error) error {
	p.end(fmt.Errorf("%w: %w", errFault, err))
	<-p.gone
	return p.cause
}
