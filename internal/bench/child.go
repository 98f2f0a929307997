package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// RoleVariable is the environment variable that tells a process of this program
// that it is the bench's child, and what its part is (see [Child]).
const RoleVariable = "PARLEY_BENCH_ROLE"

// The parts that a child can play.
const (
	roleServer  = "server"
	roleLoop    = "bare-loop"
	roleHandler = "bare-handler"
)

// stopLimit is how long a child may take to end once it is told to: longer than the
// server gives requests in flight and deliveries together.
const stopLimit = 25 * time.Second

// Child is what a process does whose environment has [RoleVariable]: it plays the
// role until its input ends or ctx does. The bench tells it what to do as JSON on
// its input, and it answers on its output. Only [Run] starts such processes; they
// end with it, however it ends.
func Child(ctx context.Context, role string, in io.Reader, out, log io.Writer) error {
	orders, answers := json.NewDecoder(in), json.NewEncoder(out)
	switch role {
	case roleServer:
		return serve(ctx, orders, answers, log)
	case roleLoop:
		return loop(ctx, orders, answers)
	case roleHandler:
		return handle(ctx, orders, answers)
	}
	return fmt.Errorf("%s=%s: there is no such role", RoleVariable, role)
}

// child is a process that plays a role.
type child struct {
	role   string
	cmd    *exec.Cmd
	orders io.WriteCloser
	answer *json.Decoder

	answers *os.File // that answer reads
	log     *os.File // what it writes to stderr
	done    chan struct{}
	err     error // how it ended; of whoever waits for done
}

// startChild starts this program again in a role. Its log goes to a file in dir.
func startChild(dir, role string) (*child, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	log, err := os.OpenFile(filepath.Join(dir, role+".log"), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	c := &child{role: role, cmd: exec.Command(program, "bench"), log: log, done: make(chan struct{})}
	c.cmd.Env = append(os.Environ(), RoleVariable+"="+role)
	c.cmd.Stderr = log
	if err := c.start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start the %s: %w", role, err), log.Close())
	}
	return c, nil
}

func (c *child) start() (err error) {
	if c.orders, err = c.cmd.StdinPipe(); err != nil {
		return err
	}
	// A pipe of our own: cmd.StdoutPipe would be closed by Wait under the reader.
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	c.cmd.Stdout, c.answers, c.answer = write, read, json.NewDecoder(read)
	if err := errors.Join(c.cmd.Start(), write.Close()); err != nil {
		return errors.Join(err, read.Close())
	}
	go func() {
		c.err = c.cmd.Wait()
		close(c.done)
	}()
	return nil
}

// tell gives the child an order and reads its answer, until ctx ends.
func (c *child) tell(ctx context.Context, order, answer any) error {
	told := make(chan error, 1)
	go func() {
		err := json.NewEncoder(c.orders).Encode(order)
		if err == nil {
			err = c.answer.Decode(answer)
		}
		told <- err
	}()
	select {
	case err := <-told:
		if err != nil {
			return c.explain(err)
		}
		return nil
	case <-ctx.Done():
		return ctx.Err() // the goroutine ends when the child does
	}
}

// explain tells what a child that does not answer wrote last.
func (c *child) explain(err error) error {
	select {
	case <-c.done:
		if c.err != nil {
			err = c.err
		}
	case <-time.After(time.Second):
	}
	return fmt.Errorf("the %s failed: %w%s", c.role, err, c.lastWords())
}

func (c *child) lastWords() string {
	const most = 1000
	text, err := os.ReadFile(c.log.Name())
	if err != nil || len(text) == 0 {
		return ""
	}
	return ": " + strings.TrimSpace(string(bytes.ToValidUTF8(text[max(0, len(text)-most):], nil)))
}

// stop ends the child's input, waits until it has ended, and ends it by force if it
// takes too long.
func (c *child) stop() error {
	_ = c.orders.Close() // a child that has ended by itself has closed it
	var err error
	select {
	case <-c.done:
		if c.err != nil {
			err = c.explain(c.err)
		}
	case <-time.After(stopLimit):
		err = errors.Join(fmt.Errorf("the %s did not end within %v", c.role, stopLimit), c.cmd.Process.Kill())
		<-c.done
	}
	return errors.Join(err, c.answers.Close(), c.log.Close())
}

// untilInputEnds gives a context that ends with ctx or when nothing more is to come
// from orders, each of which is handed to obey.
func untilInputEnds[T any](ctx context.Context, orders *json.Decoder, obey func(context.Context, T) error) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		for {
			var order T
			err := orders.Decode(&order)
			if err == nil {
				err = obey(ctx, order)
			}
			if err != nil {
				cancel(err)
				return
			}
		}
	}()
	return ctx, cancel
}

// whyEnded is the reason for which a context of untilInputEnds ended, nil if it was
// time.
func whyEnded(ctx context.Context) error {
	if err := context.Cause(ctx); !errors.Is(err, io.EOF) && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}
