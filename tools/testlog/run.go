package main

import (
	"fmt"
	"io"
	"strings"
)

// test names a test of a package; with an empty name, the package itself.
type test struct{ pkg, name string }

// run is a test run as far as it has been read.
type run struct {
	out     io.Writer
	logs    map[test][]string // of what has not ended yet
	skipped []string
	passed  int
	failed  int
}

func newRun(out io.Writer) *run {
	return &run{out: out, logs: map[test][]string{}}
}

func (r *run) event(e event) {
	this := test{e.Package, e.Test}
	switch e.Action {
	case "output":
		r.logs[this] = append(r.logs[this], e.Output)
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "build-fail":
		r.failed++
	case "pass":
		r.pass(this)
	case "skip":
		r.skip(this)
	case "fail":
		r.fail(this)
	}
}

// pass forgets the log of what passed, but for the closing line of a package.
func (r *run) pass(this test) {
	if this.name == "" {
		r.close(this)
		return
	}
	r.passed++
	delete(r.logs, this)
}

// skip remembers a skipped test. A package is skipped if it has no tests.
func (r *run) skip(this test) {
	if this.name == "" {
		r.close(this)
		return
	}
	r.skipped = append(r.skipped, fmt.Sprintf("%s %s\n    %s", this.pkg, this.name, reason(r.logs[this])))
	delete(r.logs, this)
}

// fail prints the log of a test, or, of a package, all that it left behind: a
// test that was running when the process died never ended.
func (r *run) fail(this test) {
	r.failed++
	if this.name == "" {
		for other := range r.logs {
			if other.pkg == this.pkg && other.name != "" {
				r.print(other)
			}
		}
	}
	r.print(this)
}

// close prints the closing line of a package that did not fail.
func (r *run) close(pkg test) {
	for _, line := range r.logs[pkg] {
		if strings.HasPrefix(line, "ok  \t") || strings.HasPrefix(line, "?   \t") || strings.HasPrefix(line, "\t") {
			fmt.Fprint(r.out, line)
		}
	}
	delete(r.logs, pkg)
}

func (r *run) print(this test) {
	for _, line := range r.logs[this] {
		fmt.Fprint(r.out, line)
	}
	delete(r.logs, this)
}

// end says how the run went and tells whether it is good.
func (r *run) end() bool {
	fmt.Fprintf(r.out, "\n%d tests passed, %d skipped, %d failures\n", r.passed, len(r.skipped), r.failed)
	for _, skipped := range r.skipped {
		fmt.Fprintf(r.out, "SKIPPED %s\n", skipped)
	}
	if r.passed == 0 {
		fmt.Fprintln(r.out, "no test passed: was there any?")
	}
	return r.passed > 0 && r.failed == 0 && len(r.skipped) == 0
}

// reason is what a skipped test said, without the frame around it.
func reason(log []string) string {
	var said []string
	for _, line := range log {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "===") && !strings.HasPrefix(line, "--- SKIP") {
			said = append(said, line)
		}
	}
	return strings.Join(said, "\n    ")
}
