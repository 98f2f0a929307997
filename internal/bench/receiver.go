package bench

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
)

// behaviour is how a receiver treats what comes.
type behaviour int32

const (
	answers behaviour = iota // 204, at once
	hangs                    // reads the request and never answers
	refuses                  // closes every connection without a word
)

// receiver is what an endpoint's URL leads to: a port of its own.
type receiver struct {
	url      string
	listener net.Listener
	ledger   *ledger
	number   int // among the ledger's receivers

	behaves atomic.Int32 // a behaviour
	refused atomic.Int64 // when a request was last refused, in the ledger's time

	mu     sync.Mutex
	conns  map[net.Conn]bool
	most   int // connections that were open at once
	served sync.WaitGroup
}

func newReceiver(l *ledger, number int) (*receiver, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start a receiver: %w", err)
	}
	r := &receiver{
		url: "http://" + listener.Addr().String() + "/", listener: listener,
		ledger: l, number: number, conns: map[net.Conn]bool{},
	}
	r.served.Go(r.accept)
	return r, nil
}

// behave changes how requests are treated from now on. One that hangs already does
// so until the other side gives up or the receiver is closed.
func (r *receiver) behave(b behaviour) { r.behaves.Store(int32(b)) }

func (r *receiver) behaviour() behaviour { return behaviour(r.behaves.Load()) }

// mostConnections is how many connections were open at once since it was last asked.
func (r *receiver) mostConnections() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	most := r.most
	r.most = len(r.conns)
	return most
}

// close ends every connection and waits until nothing is left.
func (r *receiver) close() {
	r.listener.Close()
	r.mu.Lock()
	for conn := range r.conns {
		conn.Close()
	}
	r.mu.Unlock()
	r.served.Wait()
}

func (r *receiver) accept() {
	for {
		conn, err := r.listener.Accept()
		if err != nil {
			return // closed
		}
		r.open(conn)
		r.served.Go(func() {
			defer r.drop(conn)
			if r.behaviour() == refuses {
				r.refuse()
				return
			}
			r.serve(newWire(conn))
		})
	}
}

func (r *receiver) open(conn net.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.conns[conn] = true
	r.most = max(r.most, len(r.conns))
}

func (r *receiver) drop(conn net.Conn) {
	conn.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.conns, conn)
}

func (r *receiver) refuse() { r.refused.Store(r.ledger.now()) }

// noContent is the answer to everything.
var noContent = []byte("HTTP/1.1 204 No Content\r\n\r\n")

func (r *receiver) serve(w *wire) {
	for {
		h, err := w.readHead()
		if err != nil {
			return
		}
		body, err := w.readBody(h)
		if err != nil {
			return
		}
		switch r.behaviour() {
		case hangs:
			_, _ = w.in.ReadByte() // until the other side gives up
			return
		case refuses:
			r.refuse()
			return
		}
		r.ledger.note(r.number, body)
		if _, err := w.Write(noContent); err != nil {
			return
		}
	}
}
