package e2e_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// exitLimit is how long a process may take to end once it is told to: longer than
// the server gives requests in flight and deliveries together.
const exitLimit = 25 * time.Second

// process is a program that runs beside a test.
type process struct {
	cmd    *exec.Cmd
	stdout *output
	stderr *output
	ended  chan struct{} // closed once it has
	err    error         // how it ended; of whoever waits for ended
}

// startProcess starts a program in a folder, with the environment env.
func startProcess(dir string, env []string, program string, args ...string) (*process, error) {
	p := &process{cmd: exec.Command(program, args...), stdout: newOutput(), stderr: newOutput(), ended: make(chan struct{})}
	p.cmd.Dir, p.cmd.Env = dir, env
	p.cmd.Stdout, p.cmd.Stderr = p.stdout, p.stderr
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

// stop asks the process to end and waits until it has, with status 0.
func (p *process) stop(signal os.Signal) error {
	if err := p.cmd.Process.Signal(signal); err != nil {
		return fmt.Errorf("signal: %w", err)
	}
	select {
	case <-p.ended:
	case <-time.After(exitLimit):
		p.kill()
		return fmt.Errorf("it did not end within %v of %v", exitLimit, signal)
	}
	if p.err != nil {
		return fmt.Errorf("it ended with %w after %v", p.err, signal)
	}
	return nil
}

// kill ends the process at once, as a power cut would, and waits until it is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Signal(syscall.SIGKILL) // it may be gone already
	<-p.ended
}

// checkRaces fails the test if the race detector has found something in a process.
func (p *process) checkRaces(t testing.TB) {
	if log := p.stderr.String(); strings.Contains(log, "WARNING: DATA RACE") {
		t.Errorf("a data race in %v:\n%s", p.cmd.Args, unusual(log))
	}
}

// output is what a process has written so far.
type output struct {
	mu    sync.Mutex
	text  bytes.Buffer
	wrote chan struct{} // closed and replaced when more is written
}

func newOutput() *output { return &output{wrote: make(chan struct{})} }

// Write implements io.Writer.
func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.wrote)
	o.wrote = make(chan struct{})
	return o.text.Write(b)
}

// read gives what was written, and a channel that is closed when there is more.
func (o *output) read() (string, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String(), o.wrote
}

func (o *output) String() string {
	text, _ := o.read()
	return text
}
