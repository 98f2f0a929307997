package sandbox

import "syscall"

const createNoWindow = 0x08000000

// apart keeps the console's signals away from a child: it is needed until the
// server has stopped.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP | createNoWindow}
}
