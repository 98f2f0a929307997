package sandbox

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
)

// confine gives up what a child does not need: files, memory beyond what it has now
// and this much more, and system calls. It returns what could not be done.
func confine(memory uint64) (lacking []string) {
	// The runtime needs descriptors for its timers, and opens them with the first.
	time.AfterFunc(time.Hour, func() {}).Stop()
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"empty folder", enterEmptyFolder},
		{"closed descriptors", closeInherited},
		{"memory limit", func() error { return limitMemory(memory) }},
		{"limits", limitFiles},
		{"system call filter", filterSystemCalls},
	} {
		if err := step.do(); err != nil {
			lacking = append(lacking, fmt.Sprintf("%s (%v)", step.name, err))
		}
	}
	return lacking
}

// closeInherited closes what the server has inherited itself and handed on without
// knowing. What the Go runtime opens is not inherited, and marked so.
func closeInherited() error {
	const all = "/proc/self/fd"
	entries, err := os.ReadDir(all)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		fd, err := strconv.Atoi(entry.Name())
		if err != nil || fd <= 2 {
			continue
		}
		flags, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_GETFD, 0)
		if errno == 0 && flags&syscall.FD_CLOEXEC == 0 {
			_ = syscall.Close(fd) // there is nothing to lose
		}
	}
	return nil
}

// reserve is the address space that threads of a C library take and hardly use, if
// the program was built with one.
const reserve = 1 << 30

// limitMemory limits what can be mapped and, of that, what can be written. Both count
// from where the Go runtime stands, which maps much more than it uses.
func limitMemory(more uint64) error {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return err
	}
	fields := bytes.Fields(text) // in pages: all, resident, shared, code, 0, data and stack
	for _, limit := range []struct {
		resource, field int
		more            uint64
	}{
		{syscall.RLIMIT_AS, 0, more + reserve},
		{syscall.RLIMIT_DATA, 5, more},
	} {
		pages, err := strconv.ParseUint(string(fields[limit.field]), 10, 64)
		if err != nil {
			return err
		}
		most := pages*uint64(os.Getpagesize()) + limit.more
		if err := syscall.Setrlimit(limit.resource, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	return nil
}

// limitFiles lets nothing be opened or written. The number of processes is not
// limited: on Linux threads count, too, and the Go runtime needs some.
func limitFiles() error {
	for _, resource := range []int{syscall.RLIMIT_CORE, syscall.RLIMIT_FSIZE, syscall.RLIMIT_NOFILE} {
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{}); err != nil {
			return err
		}
	}
	return nil
}
