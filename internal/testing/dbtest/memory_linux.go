package dbtest

import "syscall"

// memoryFolder is a folder that lives in memory and has room for a server, "" if
// there is none. A PostgreSQL database is three hundred files, which some disks
// take a third of a second to make.
func memoryFolder() string {
	const (
		folder = "/dev/shm"
		room   = 1 << 30
	)
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil || s.Bavail*uint64(s.Bsize) < room {
		return ""
	}
	return folder
}
