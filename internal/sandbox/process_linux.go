package sandbox

import "syscall"

// apart keeps the signals of a terminal away from a child: it is needed until the
// server has stopped. It dies with the server even if that is killed.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
