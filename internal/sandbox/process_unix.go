//go:build unix && !linux

package sandbox

import "syscall"

// apart keeps the signals of a terminal away from a child: it is needed until the
// server has stopped.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
