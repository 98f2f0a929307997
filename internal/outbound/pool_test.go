package outbound

import (
	"context"
	"net"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/testing/receiver"
)

// piped gives a pool's connection, and tells when it has been closed.
func piped(p *pool, host string) (k *conn, closed func() bool) {
	near, far := net.Pipe()
	k = newConn(near)
	p.enter(k, place{host: host})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = far.Read(make([]byte, 1))
		far.Close()
	}()
	return k, func() bool {
		synctest.Wait()
		select {
		case <-ended:
			return true
		default:
			return false
		}
	}
}

func TestTheConnectionUsedLastComesFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var p pool
		defer p.close()
		a, _ := piped(&p, "one")
		b, _ := piped(&p, "one")
		other, _ := piped(&p, "two")
		for _, k := range []*conn{a, b, other} {
			p.keep(k)
		}
		for i, want := range []*conn{b, a, nil} {
			got := p.take(place{host: "one"})
			if got != want {
				t.Errorf("taken at %d: not the one expected", i)
			}
			if got != nil {
				defer p.discard(got)
			}
		}
		if k := p.take(place{host: "two", secure: true}); k != nil {
			t.Error("http:// and https:// share a connection")
		}
	})
}

func TestIdleConnectionsGrowOld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var p pool
		defer p.close()
		early, earlyClosed := piped(&p, "one")
		used, usedClosed := piped(&p, "one")
		p.keep(early)
		p.keep(used)
		time.Sleep(30 * time.Second)
		p.keep(p.take(place{host: "one"}))
		time.Sleep(30*time.Second - time.Millisecond)
		if earlyClosed() || usedClosed() {
			t.Error("closed before its time")
		}
		time.Sleep(time.Millisecond + reapPause)
		if !earlyClosed() || usedClosed() {
			t.Errorf("after 60 s: closed %v, want true; the one used between: %v, want false", earlyClosed(), usedClosed())
		}
		time.Sleep(30 * time.Second)
		if !usedClosed() || len(p.places) != 0 || p.total != 0 {
			t.Errorf("in the end: closed %v; %d places and %d connections are remembered", usedClosed(), len(p.places), p.total)
		}
		late, lateClosed := piped(&p, "one")
		p.keep(late)
		time.Sleep(idleTime + reapPause)
		if !lateClosed() {
			t.Error("the reaper comes once only")
		}
	})
}

func TestOfTooManyIdleConnectionsTheOldestIsClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var p pool
		defer p.close()
		busy := make([]*conn, 0, idlePerHost+1)
		var firstClosed func() bool
		for range idlePerHost + 1 {
			k, closed := piped(&p, "one")
			if busy = append(busy, k); firstClosed == nil {
				firstClosed = closed
			}
		}
		for _, k := range busy[:idlePerHost] {
			p.keep(k)
		}
		if firstClosed() {
			t.Error("closed though there is room")
		}
		p.keep(busy[idlePerHost])
		if !firstClosed() || p.total != idlePerHost {
			t.Errorf("one too many for a host: the oldest is closed %v, %d are kept", firstClosed(), p.total)
		}
		for i := p.total; i < idleAltogether; i++ {
			k, _ := piped(&p, "host "+strconv.Itoa(i/100))
			p.keep(k)
		}
		oldest := p.oldest
		k, _ := piped(&p, "one more")
		p.keep(k)
		if oldest == p.oldest || p.total != idleAltogether || len(p.places[place{host: "one"}].idle) != idlePerHost-1 {
			t.Errorf("one too many altogether: %d are kept", p.total)
		}
	})
}

func TestCloseEndsIdleConnections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // which fails if anything goes on
		r := receiver.InMemory(t)
		var made []net.Conn
		c := New(Policy{AllowHTTP: true}, Options{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := r.DialContext(ctx, network, addr)
			made = append(made, conn)
			return conn, err
		}})
		target := must(c.Target(r.URL, nil))(t)
		send := func() {
			if got := c.Send(t.Context(), &Request{Target: target}); !got.OK() {
				t.Error(got.Failure)
			}
		}
		send()
		c.Close()
		send()
		c.Close()
		if len(made) != 2 {
			t.Errorf("%d connections, want a new one after Close", len(made))
		}
		for i, conn := range made {
			if _, err := conn.Write([]byte("x")); err == nil {
				t.Errorf("connection %d is open", i)
			}
		}
	})
}

func TestManySendersShareConnections(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	var mu sync.Mutex
	dials := 0
	c := New(Policy{AllowHTTP: true, AllowPrivate: true}, Options{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		mu.Lock()
		dials++
		mu.Unlock()
		return r.DialContext(ctx, network, addr)
	}})
	defer c.Close()
	target := must(c.Target(r.URL, nil))(t)
	const each, senders = 50, 16
	var sending sync.WaitGroup
	for range senders {
		sending.Go(func() {
			for range each {
				if got := c.Send(t.Context(), &Request{Target: target, Body: []byte("{}")}); !got.OK() {
					t.Error(got.Failure)
				}
			}
		})
	}
	sending.Wait()
	if n := len(r.Requests()); n != each*senders || dials > senders {
		t.Errorf("%d requests over %d connections, want %d over at most %d", n, dials, each*senders, senders)
	}
}
