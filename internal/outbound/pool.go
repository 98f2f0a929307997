package outbound

import (
	"slices"
	"sync"
	"time"
)

// pool keeps the connections that are idle, of each place the one used last on
// top: so that those that are not needed grow old, and are closed.
type pool struct {
	mu      sync.Mutex
	places  map[place]*known
	total   int // idle connections
	oldest  *conn
	newest  *conn
	reaper  *time.Timer // one for all; runs while there are idle connections
	reaping bool
	closed  bool
}

// known is a place with connections, idle or not.
type known struct {
	at   place
	idle []*conn // the one used last comes last
	open int
}

// enter counts a new connection.
func (p *pool) enter(k *conn, at place) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k.home = p.places[at]
	if k.home == nil {
		k.home = &known{at: at}
		if p.places == nil {
			p.places = make(map[place]*known)
		}
		p.places[at] = k.home
	}
	k.home.open++
}

// take gives the idle connection of a place that was used last; nil if there is none.
func (p *pool) take(at place) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	home := p.places[at]
	if home == nil || len(home.idle) == 0 {
		return nil
	}
	last := len(home.idle) - 1
	k := home.idle[last]
	home.idle[last] = nil
	home.idle = home.idle[:last]
	p.unlink(k)
	return k
}

// keep takes back a connection that can be used again. Where there are too many
// the one that was idle longest is closed.
func (p *pool) keep(k *conn) {
	if surplus := p.push(k); surplus != nil {
		surplus.close()
	}
}

func (p *pool) push(k *conn) (surplus *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
		p.leave(k)
		return k
	case len(k.home.idle) >= idlePerHost:
		surplus = k.home.idle[0]
	case p.total >= idleAltogether:
		surplus = p.oldest
	}
	if surplus != nil {
		p.evict(surplus)
	}
	k.since = time.Now()
	k.reused = true
	k.home.idle = append(k.home.idle, k)
	p.link(k)
	p.reapAfter(idleTime)
	return surplus
}

// discard closes a connection that is not idle and will not be.
func (p *pool) discard(k *conn) {
	p.mu.Lock()
	p.leave(k)
	p.mu.Unlock()
	k.abort()
}

// leave uncounts a connection.
func (p *pool) leave(k *conn) {
	if k.home.open--; k.home.open == 0 {
		delete(p.places, k.home.at)
	}
}

// evict forgets an idle connection. It is the one of its place that was idle
// longest, as all that are evicted are.
func (p *pool) evict(k *conn) {
	k.home.idle = slices.Delete(k.home.idle, 0, 1)
	p.unlink(k)
	p.leave(k)
}

func (p *pool) link(k *conn) {
	k.older, k.newer = p.newest, nil
	if p.newest != nil {
		p.newest.newer = k
	} else {
		p.oldest = k
	}
	p.newest = k
	p.total++
}

func (p *pool) unlink(k *conn) {
	if k.older != nil {
		k.older.newer = k.newer
	} else {
		p.oldest = k.newer
	}
	if k.newer != nil {
		k.newer.older = k.older
	} else {
		p.newest = k.older
	}
	k.older, k.newer = nil, nil
	p.total--
}

// reapAfter sees to it that the reaper comes.
func (p *pool) reapAfter(d time.Duration) {
	switch {
	case p.reaping:
		return
	case p.reaper == nil:
		p.reaper = time.AfterFunc(d, p.reap)
	default:
		p.reaper.Reset(d)
	}
	p.reaping = true
}

// reap closes the connections that were idle for too long.
func (p *pool) reap() {
	for _, k := range p.overdue(time.Now()) {
		k.close()
	}
}

func (p *pool) overdue(now time.Time) (old []*conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reaping = false
	for p.oldest != nil && now.Sub(p.oldest.since) >= idleTime {
		old = append(old, p.oldest)
		p.evict(p.oldest)
	}
	if p.oldest != nil {
		p.reapAfter(max(idleTime-now.Sub(p.oldest.since), reapPause))
	}
	return old
}

// close closes what is idle; what is in use is closed instead of kept.
func (p *pool) close() {
	for _, k := range p.all() {
		k.close()
	}
}

func (p *pool) all() (idle []*conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	if p.reaper != nil {
		p.reaper.Stop()
	}
	for p.oldest != nil {
		idle = append(idle, p.oldest)
		p.evict(p.oldest)
	}
	return idle
}
