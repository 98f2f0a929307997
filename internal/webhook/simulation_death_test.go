package webhook_test

import (
	"net/url"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"
)

// death is how a process of the simulation dies at a commit. From then on nothing
// that it does has an effect: its wire is cut, and no commit of its succeeds. That is
// what a kill leaves behind: the commits before it and nothing else. The rest of the
// process goes on in vain until it is cleared away.
type death struct {
	cut  func() // the wire
	done chan struct{}

	mu      sync.Mutex
	commits int
	at      int  // the commit to die at; 0: none
	before  bool // that one does not succeed either
	time    time.Time
}

func newDeath(at int, before bool) *death {
	return &death{at: at, before: before, done: make(chan struct{})}
}

// come kills the process now, between two commits or, if one is under way, before it.
func (d *death) come() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.die()
}

func (d *death) die() {
	if d.time.IsZero() {
		d.time = time.Now()
		close(d.done)
		d.cut()
	}
}

func (d *death) dead() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.time.IsZero()
}

// arm has the process die at a commit from now on; 0: at none.
func (d *death) arm(at int, before bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.commits, d.at, d.before = 0, at, before
}

// count is how many commits there were since it was armed.
func (d *death) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.commits
}

// commit is asked by SQLite before each commit, and answers whether to refuse it.
func (d *death) commit() int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.time.IsZero() {
		return 1
	}
	d.commits++
	if d.at == 0 || d.commits != d.at {
		return 0
	}
	d.die()
	if d.before {
		return 1
	}
	return 0
}

// mortals are the processes that run now, by the path of their database.
type mortals struct{ byPath sync.Map }

// mortal has SQLite, which takes such a hook once and for all connections, ask the
// process that a connection belongs to. It is made before any test opens one.
var mortal = func() *mortals {
	m := &mortals{}
	sqlite.RegisterConnectionHook(func(conn sqlite.ExecQuerierContext, dsn string) error {
		u, err := url.Parse(dsn)
		if err != nil {
			return err
		}
		if d, ok := m.byPath.Load(strings.TrimPrefix(u.Path+u.Opaque, "//")); ok {
			conn.(sqlite.HookRegisterer).RegisterCommitHook(d.(*death).commit)
		}
		return nil
	})
	return m
}()
