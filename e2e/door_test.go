package e2e_test

import (
	"io"
	"net"
	"sync"
)

// door is an address that stays the same while servers come and go behind it. It
// can break the connections that go through it.
type door struct {
	listener net.Listener

	mu     sync.Mutex
	behind string // address of the server, "" while there is none
	open   map[net.Conn]bool
}

func newDoor() (*door, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	d := &door{listener: listener, open: map[net.Conn]bool{}}
	go d.serve()
	return d, nil
}

func (d *door) url() string { return "http://" + d.listener.Addr().String() }

// leadTo has new connections go to a server.
func (d *door) leadTo(addr string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.behind = addr
}

// cut breaks every connection that goes through the door.
func (d *door) cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for conn := range d.open {
		conn.Close()
	}
}

func (d *door) close() {
	d.listener.Close()
	d.cut()
}

func (d *door) serve() {
	for {
		conn, err := d.listener.Accept()
		if err != nil {
			return
		}
		go d.pass(conn)
	}
}

func (d *door) pass(front net.Conn) {
	defer front.Close()
	d.mu.Lock()
	behind := d.behind
	d.open[front] = true
	d.mu.Unlock()
	defer d.forget(front)
	back, err := net.Dial("tcp", behind)
	if err != nil {
		return
	}
	defer back.Close()
	go func() {
		_, _ = io.Copy(back, front)
		back.Close()
	}()
	_, _ = io.Copy(front, back)
}

func (d *door) forget(conn net.Conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.open, conn)
}
