package database_test

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/internal/database"
	"parley/internal/testing/dbtest"
)

// partOwners notes which worker has each part, and complains of two that have one.
type partOwners struct {
	t  *testing.T
	mu sync.Mutex
	of map[int]*partWorker
}

// partWorker is a process's work on its parts.
type partWorker struct {
	owners  *partOwners
	running chan struct{} // closed when it runs
}

func (o *partOwners) take(w *partWorker, part int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.of[part] != nil {
		o.t.Errorf("two have part %d at once", part)
	}
	o.of[part] = w
}

func (o *partOwners) leave(w *partWorker, part int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.of[part] == w {
		o.of[part] = nil
	}
}

// have is how many parts each of some workers has.
func (o *partOwners) have(ws ...*partWorker) (counts []int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, w := range ws {
		n := 0
		for _, owner := range o.of {
			if owner == w {
				n++
			}
		}
		counts = append(counts, n)
	}
	return counts
}

func (w *partWorker) Take(part int)                     { w.owners.take(w, part) }
func (w *partWorker) Leave(_ context.Context, part int) { w.owners.leave(w, part) }

func (w *partWorker) Run(ctx context.Context) error {
	close(w.running)
	<-ctx.Done()
	for part := range dividedParts {
		w.owners.leave(w, part)
	}
	return nil
}

const dividedParts = 16

// join has a process take its share, until the function that it gives is called.
func (o *partOwners) join(config database.Config) (w *partWorker, leave func()) {
	db := dbtest.Open(o.t, config)
	w = &partWorker{owners: o, running: make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- db.Divide(ctx, "test", dividedParts, func(first []int) database.Divided {
			for _, part := range first {
				o.take(w, part)
			}
			return w
		})
	}()
	return w, func() {
		cancel()
		if err := <-done; err != nil {
			o.t.Error(err)
		}
	}
}

func (o *partOwners) wait(want []int, ws ...*partWorker) {
	o.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); <-time.After(20 * time.Millisecond) {
		if slices.Equal(o.have(ws...), want) {
			return
		}
	}
	o.t.Fatalf("they have %v parts, want %v", o.have(ws...), want)
}

func TestProcessesShareTheParts(t *testing.T) {
	t.Parallel()
	config := database.Config{URL: dbtest.PostgresURL(t)}
	o := &partOwners{t: t, of: map[int]*partWorker{}}
	a, aLeaves := o.join(config)
	<-a.running
	o.wait([]int{16}, a)
	b, bLeaves := o.join(config)
	o.wait([]int{8, 8}, a, b)
	c, cLeaves := o.join(config)
	for end := time.Now().Add(20 * time.Second); ; <-time.After(20 * time.Millisecond) {
		have := o.have(a, b, c)
		if total := have[0] + have[1] + have[2]; total == 16 && slices.Max(have) <= 6 {
			break
		} else if time.Now().After(end) {
			t.Fatalf("three have %v of 16 parts", have)
		}
	}
	bLeaves()
	o.wait([]int{8, 0, 8}, a, b, c)
	aLeaves()
	o.wait([]int{0, 0, 16}, a, b, c)
	cLeaves()
}

func TestOneProcessHasAllPartsOnSQLite(t *testing.T) {
	t.Parallel()
	config := database.Config{Path: filepath.Join(t.TempDir(), "parley.db")}
	o := &partOwners{t: t, of: map[int]*partWorker{}}
	a, aLeaves := o.join(config)
	<-a.running
	o.wait([]int{16}, a)
	b, bLeaves := o.join(config)
	aLeaves()
	<-b.running
	o.wait([]int{0, 16}, a, b)
	bLeaves()
}

func TestPartsAreLostWithTheServer(t *testing.T) {
	t.Parallel()
	server := dbtest.StartPostgres(t)
	o := &partOwners{t: t, of: map[int]*partWorker{}}
	w, leave := o.join(database.Config{URL: server.URL("postgres")})
	<-w.running
	server.Stop(t)
	o.wait([]int{0}, w)
	leave()
}
