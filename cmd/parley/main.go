// Command parley is Parley: the server, and the tools of those who run it or build
// on it. It says in one line what went wrong, and exits with status 1 then.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"parley/internal/sandbox"
)

func main() {
	if sandbox.IsChild() {
		sandbox.Child()
	}
	ctx, stop := context.WithCancel(context.Background())
	go obey(stop)
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr); err != nil {
		fail(err.Error())
	}
}

// obey stops the program when it is told to, and ends it at once when it is told again.
func obey(stop func()) {
	told := make(chan os.Signal, 2)
	signal.Notify(told, os.Interrupt, syscall.SIGTERM)
	<-told
	stop()
	<-told
	fail("stopped at once: what was in flight was cut off")
}

func fail(reason string) {
	fmt.Fprintln(os.Stderr, "parley:", strings.Join(strings.Fields(reason), " "))
	os.Exit(1)
}
