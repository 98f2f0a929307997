package database

import "syscall"

// tcpUserTimeout is Linux's TCP_USER_TIMEOUT.
const tcpUserTimeout = 18

// giveUpUnanswered ends a connection when the other side has not confirmed what was
// sent to it for five seconds.
func giveUpUnanswered(network, _ string, c syscall.RawConn) error {
	if network == "unix" {
		return nil
	}
	return c.Control(func(fd uintptr) {
		// Without it the connection works as well, only its end is noticed later.
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, 5000)
	})
}
