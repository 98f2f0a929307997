package outbound

import (
	"context"
	"net"
	"sync"
	"syscall"
	"time"
)

// conn is a connection over which one exchange after the other goes.
type conn struct {
	net.Conn          // what is spoken over: TLS or plain
	wire     net.Conn // what is beneath
	pulse    *pulse   // nil if the wire cannot be felt
	room     int      // as much can be written at once while nobody reads

	// Of the pool.
	home         *known
	older, newer *conn
	since        time.Time // when it became idle
	reused       bool
	patience     time.Duration // of the receiver, with an idle connection; 0 if it did not say

	mu      sync.Mutex
	busy    bool
	watched <-chan struct{} // the context whose end interrupts what is under way
	stop    func() bool
}

const (
	roomOfSocket = 16 << 10 // every system's buffers for a socket hold more
	roomOfPipe   = 4 << 10  // a pipe in a test holds nothing, but this comes by one read
)

func newConn(wire net.Conn) *conn {
	k := &conn{Conn: wire, wire: wire, room: roomOfPipe}
	if tcp, ok := wire.(*net.TCPConn); ok {
		k.room = roomOfSocket
		if raw, err := tcp.SyscallConn(); err == nil {
			k.pulse = newPulse(raw)
		}
	}
	return k
}

// begin readies the connection for an exchange, which a deadline ends or the end
// of a context. Contexts of one process mostly end as one, so that a connection
// goes on watching the last.
func (k *conn) begin(ctx context.Context, deadline time.Time) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.busy = true
	if done := ctx.Done(); done != k.watched {
		k.unwatch()
		if done != nil {
			k.watched = done
			k.stop = context.AfterFunc(ctx, func() { k.interrupt(done) })
		}
	}
	return k.SetDeadline(deadline)
}

// end tells that the exchange is over, and the connection good for another.
func (k *conn) end() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.busy = false
}

// interrupt ends the reading and writing that is under way.
func (k *conn) interrupt(done <-chan struct{}) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.watched != done {
		return
	}
	k.watched, k.stop = nil, nil
	if k.busy {
		_ = k.SetDeadline(longAgo()) // at worst the exchange runs into its own deadline
	}
}

func (k *conn) unwatch() {
	if k.stop != nil {
		k.stop()
	}
	k.watched, k.stop = nil, nil
}

// alive tells whether an idle connection may be used: nothing came on it, not even
// its end, nor is the receiver about to end it by what it said.
func (k *conn) alive() bool {
	if k.patience > 0 && time.Since(k.since) >= max(k.patience-time.Second, k.patience/2) {
		return false
	}
	return k.pulse == nil || k.pulse.quiet()
}

// close takes leave of the receiver.
func (k *conn) close() {
	k.forget()
	k.Close()
}

// abort drops the connection at once, without TLS's farewell, which may wait for
// a receiver that does not read.
func (k *conn) abort() {
	k.forget()
	k.wire.Close()
}

func (k *conn) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.unwatch()
}

func longAgo() time.Time { return time.Unix(1, 0) }

// pulse feels whether anything came over a socket, without taking it.
type pulse struct {
	raw   syscall.RawConn
	look  func(fd uintptr) // made once, as each use would make another
	still bool
}

func newPulse(raw syscall.RawConn) *pulse {
	p := &pulse{raw: raw}
	p.look = p.peek
	return p
}

// quiet tells that nothing came and that the connection has not ended.
func (p *pulse) quiet() bool {
	p.still = false
	return p.raw.Control(p.look) == nil && p.still
}
