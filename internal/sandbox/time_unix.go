//go:build unix

package sandbox

import (
	"syscall"
	"time"
)

// processorTime is how long this process has been worked on.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
