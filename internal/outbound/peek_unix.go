//go:build unix

package outbound

import (
	"errors"
	"syscall"
)

// peek finds nothing to read on a socket that lives: the end of a stream can be
// read, and so can a reset.
func (p *pulse) peek(fd uintptr) {
	var b [1]byte
	_, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK)
	p.still = errors.Is(err, syscall.EAGAIN)
}
