package receiver

import (
	"net"
	"sync"
	"syscall"
)

// door is a listener that can be shut, as that of a receiver that is down.
type door struct {
	net.Listener

	mu     sync.Mutex
	shut   bool
	inside map[net.Conn]bool
}

// Down breaks every connection and resets new ones (in a bubble: refuses them)
// until Up. What hangs is released.
func (r *Receiver) Down() { r.door.close(true) }

// Up ends Down.
func (r *Receiver) Up() { r.door.close(false) }

func (d *door) close(shut bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut = shut
	if !shut {
		return
	}
	for conn := range d.inside {
		conn.Close()
	}
	clear(d.inside)
}

func (d *door) isShut() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.shut
}

// Accept implements net.Listener.
func (d *door) Accept() (net.Conn, error) {
	for {
		conn, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if d.admit(conn) {
			return visitor{conn, d}, nil
		}
		reset(conn)
	}
}

func (d *door) admit(conn net.Conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shut {
		return false
	}
	if d.inside == nil {
		d.inside = make(map[net.Conn]bool)
	}
	d.inside[conn] = true
	return true
}

// visitor is a connection that the door knows of.
type visitor struct {
	net.Conn
	door *door
}

func (v visitor) Close() error {
	v.door.mu.Lock()
	delete(v.door.inside, v.Conn)
	v.door.mu.Unlock()
	return v.Conn.Close()
}

func errRefused() error {
	return &net.OpError{Op: "dial", Net: "pipe", Err: syscall.ECONNREFUSED}
}

// reset breaks a TCP connection with a reset, any other by closing it.
func reset(conn net.Conn) {
	raw := conn
	if v, ok := conn.(visitor); ok {
		raw = v.Conn
	}
	if tcp, ok := raw.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // at worst it ends without a reset
	}
	conn.Close()
}
