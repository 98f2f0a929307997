package sandbox

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
)

// childRole is the argument by which a process knows that it is a child.
const childRole = "sandbox-child"

// IsChild tells whether this process was started by a Sandbox. A program that uses
// one asks this first thing in its main function, and a test binary in TestMain:
//
//	if sandbox.IsChild() {
//		sandbox.Child()
//	}
func IsChild() bool { return len(os.Args) == 2 && os.Args[1] == childRole }

// Child is the whole life of a child: it gives up what it may do, answers what it is
// asked, and ends the process when nobody can ask any more. It never returns.
func Child() {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP) // a child is needed until its server has stopped
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serve answers requests until there are no more.
func serve(in io.Reader, out io.Writer) error {
	requests := bufio.NewReaderSize(in, 64<<10)
	t, err := readTerms(requests)
	if err != nil {
		return fmt.Errorf("read the terms: %w", err)
	}
	debug.SetMaxStack(64 << 20)
	debug.SetMemoryLimit(64 << 20)
	lacking := confine(4*uint64(t.Memory) + 128<<20)
	e, err := newEngine(t)
	if err != nil {
		return err
	}
	err = writeMessage(out, message{[]byte(greeting), []byte(strings.Join(lacking, ", "))})
	for err == nil {
		err = serveOne(requests, out, e)
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func readTerms(r io.Reader) (terms, error) {
	var t terms
	m, err := readMessage(r, maxRequest)
	if err != nil {
		return t, err
	}
	if len(m) != 1 {
		return t, fmt.Errorf("a message of %d parts", len(m))
	}
	return t, json.Unmarshal(m[0], &t)
}

// serveOne answers one request. The engine for the next is made when this one has
// been answered, so that it is there when it is needed.
func serveOne(requests io.Reader, out io.Writer, e *engine) error {
	request, err := readMessage(requests, maxRequest)
	if err != nil {
		return err
	}
	// When nobody is left who could kill this process, it does so itself.
	end := time.AfterFunc(e.terms.End, func() { os.Exit(2) })
	defer end.Stop()
	if err := writeMessage(out, e.answer(request)); err != nil {
		return err
	}
	return e.renew()
}
