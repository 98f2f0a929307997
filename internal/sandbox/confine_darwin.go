package sandbox

import "syscall"

const rlimitNproc = 7 // threads do not count

// confine gives up what a child does not need, and returns what could not be done.
// This platform does not limit a process's memory.
func confine(uint64) (lacking []string) {
	if enterEmptyFolder() != nil {
		lacking = append(lacking, "empty folder")
	}
	for _, resource := range []int{syscall.RLIMIT_CORE, syscall.RLIMIT_FSIZE, rlimitNproc} {
		if syscall.Setrlimit(resource, &syscall.Rlimit{}) != nil {
			lacking = append(lacking, "limits")
		}
	}
	return append(lacking, "memory limit", "system call filter")
}
