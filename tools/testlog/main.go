// Command testlog reads the output of `go test -json` and prints what plain
// `go test` would have printed: a line for each package, and the log of each test
// that failed. It then names each test that was skipped, with its reason, and
// fails if one was skipped, if one failed, or if none ran at all. Where
// everything that tests need is installed, a skipped test is a gap.
//
//	go test -json ./... | testlog
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

func main() {
	ok, err := read(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testlog:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

// read copies a test run from in to out as described above, and tells whether it
// is good: tests ran, and each of them passed.
func read(in io.Reader, out io.Writer) (bool, error) {
	run := newRun(out)
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			run.line(line)
		}
		if err == io.EOF {
			return run.end(), nil
		}
		if err != nil {
			return false, fmt.Errorf("read the test run: %w", err)
		}
	}
}

// event is one line of `go test -json`: see `go doc test2json`.
type event struct {
	Action     string
	Package    string
	Test       string
	Output     string
	ImportPath string // of a build, where Package is not set
}

// line takes one line. What is not an event is the go command's own complaint.
func (r *run) line(line []byte) {
	var e event
	if json.Unmarshal(line, &e) != nil {
		fmt.Fprintf(r.out, "%s", line)
		return
	}
	r.event(e)
}
