// Package e2e_test tells the stories of the manual against the real program: one
// script per promise in testdata, and what a script cannot do as a Go test. Each
// story has its own folder, its own database and its own ports.
package e2e_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
)

// binary is the path of the program, built once for all stories.
var binary string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		manyAtOnce()
		endQuickly()
		dir, err := os.MkdirTemp("", "parley-e2e-")
		if err != nil {
			fmt.Fprintln(os.Stderr, "e2e:", err)
			return 1
		}
		binary = filepath.Join(dir, "parley")
		if err := build(binary); err != nil {
			fmt.Fprintln(os.Stderr, "e2e:", err)
			return 1
		}
		status := m.Run()
		if err := os.RemoveAll(dir); err != nil {
			fmt.Fprintln(os.Stderr, "e2e:", err)
			return 1
		}
		return status
	}())
}

// manyAtOnce has more stories told at once than there are processors, as they
// mostly wait, unless somebody has said how many it should be.
func manyAtOnce() {
	flag.Parse()
	parallel := flag.Lookup("test.parallel")
	if parallel.Value.String() == parallel.DefValue {
		_ = parallel.Value.Set(strconv.Itoa(3 * runtime.GOMAXPROCS(0))) // a number: cannot fail
	}
}

// endQuickly spares programs with the race detector the second that each waits at
// its end for another race.
func endQuickly() {
	if os.Getenv("GORACE") == "" {
		_ = os.Setenv("GORACE", "atexit_sleep_ms=0") // a plain name and value: cannot fail
	}
}

// build builds the program, with the race detector if the tests have it.
func build(path string) error {
	args := []string{"build", "-o", path}
	if raceDetector {
		args = append(args, "-race")
	}
	out, err := exec.Command("go", append(args, "parley/cmd/parley")...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return nil
}
