package eventlog_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/testing/dbtest"
)

// effects is a table that handlers write to, so that what they did can be counted.
type effects struct{ process }

func newEffects(t *testing.T, p process) effects {
	t.Helper()
	err := p.db.Record(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, "create table effects (place bigint not null, seq bigint not null)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return effects{p}
}

// handle writes down the events, and then fails if it is told to.
func (e effects) handle(fails func() bool) func(context.Context, *database.Tx, []*parley.Event) error {
	return func(ctx context.Context, tx *database.Tx, events []*parley.Event) error {
		for _, event := range events {
			_, err := tx.Exec(ctx, "insert into effects (place, seq) select coalesce(max(place), 0) + 1, $1 from effects", event.Sequence)
			if err != nil {
				return err
			}
		}
		if fails() {
			return errChangedMyMind
		}
		return nil
	}
}

func (e effects) all(t *testing.T) (seqs []int64) {
	t.Helper()
	rows, err := e.db.Read().Query(context.Background(), "select seq from effects order by place")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			t.Fatal(err)
		}
		seqs = append(seqs, seq)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return seqs
}

// A follower's effects happen once each, in order, although its handler fails and
// its process is started again and again.
func TestAFollowersEffectsHappenOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		p := newProcess(t, db)
		org := p.found(t)
		did := newEffects(t, p)
		const total = 700
		appended := make(chan struct{})
		go func() {
			defer close(appended)
			for range total / 7 {
				p.append(t, org, 7)
			}
		}()
		runs, calls := 0, 0
		f := eventlog.Follower{Kind: "test", ID: "f", Org: org}
		for lag := int64(total); lag > 0; runs++ {
			// Each run is a process that dies somewhere in its third batch: before,
			// within or after its commit.
			ctx, die := context.WithCancel(t.Context())
			batches := 0
			f.Handle = func(ctx context.Context, tx *database.Tx, events []*parley.Event) error {
				calls++
				if batches++; batches == 3 || events[len(events)-1].Sequence == total {
					defer die()
				}
				return did.handle(func() bool { return calls%4 == 2 })(ctx, tx, events)
			}
			if err := p.log.Follow(ctx, f); err != nil {
				t.Fatal(err)
			}
			die()
			cursor, err := p.log.Cursor(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			lag = total - cursor
		}
		<-appended
		var want []int64
		for seq := range int64(total) {
			want = append(want, seq+1)
		}
		if got := did.all(t); !slices.Equal(got, want) {
			t.Errorf("after %d runs the effects are %v", runs, got)
		}
	})
}

// A handler that fails is tried again with a pause that doubles up to half a minute,
// and holds up no other follower.
func TestAFailingHandlerIsTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newProcess(t, dbtest.SQLite(t))
		org := p.found(t)
		start := time.Now()
		var tries []time.Duration
		ctx, cancel := context.WithCancel(t.Context())
		follow := make(chan error, 1)
		go func() {
			follow <- p.log.Follow(ctx, eventlog.Follower{Kind: "test", ID: "f", Org: org, Handle: func(context.Context, *database.Tx, []*parley.Event) error {
				tries = append(tries, time.Since(start))
				if len(tries) < 12 {
					return errChangedMyMind
				}
				cancel()
				return nil
			}})
		}()
		p.append(t, org, 1)
		if err := <-follow; err != nil {
			t.Fatal(err)
		}
		pause := 100 * time.Millisecond
		for i := 1; i < len(tries); i++ {
			if got := tries[i] - tries[i-1]; got != pause {
				t.Errorf("the pause before try %d is %v, want %v", i+1, got, pause)
			}
			pause = min(2*pause, 30*time.Second)
		}
	})
}

func TestLag(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		p := newProcess(t, db)
		org := p.found(t)
		p.append(t, org, 5)
		f := eventlog.Follower{Kind: "test", ID: "f", Org: org, Start: 2}
		expect := func(cursor, lag int64) {
			t.Helper()
			gotCursor, err1 := p.log.Cursor(t.Context(), f)
			gotLag, err2 := p.log.Lag(t.Context(), f)
			if gotCursor != cursor || gotLag != lag || err1 != nil || err2 != nil {
				t.Errorf("the cursor is %d and the lag %d, want %d and %d (%v, %v)", gotCursor, gotLag, cursor, lag, err1, err2)
			}
		}
		write := func(fn func(context.Context, *database.Tx) error) {
			t.Helper()
			if err := db.Write(t.Context(), org, fn); err != nil {
				t.Fatal(err)
			}
		}
		expect(2, 3)
		for _, seq := range []int64{4, 5} {
			write(func(ctx context.Context, tx *database.Tx) error {
				return eventlog.SaveCursor(ctx, tx, org, f.Kind, f.ID, seq)
			})
			expect(seq, 5-seq)
		}
		write(func(ctx context.Context, tx *database.Tx) error {
			return eventlog.SaveCursor(ctx, tx, org, f.Kind, "another", 1)
		})
		expect(5, 0)
		write(func(ctx context.Context, tx *database.Tx) error {
			return eventlog.DeleteCursor(ctx, tx, org, f.Kind, f.ID)
		})
		expect(2, 3)
	})
}

// The place before a time is told by when events happened.
func TestBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newProcess(t, dbtest.SQLite(t))
		org := p.found(t)
		first := time.Now()
		for range 20 {
			p.append(t, org, 1)
			p.append(t, org, 1) // in the same millisecond
			time.Sleep(time.Second)
		}
		for offset, want := range map[time.Duration]int64{
			-time.Hour: 0, 0: 0, time.Millisecond: 2, time.Second: 2, time.Second + time.Millisecond: 4,
			10 * time.Second: 20, 19*time.Second + time.Millisecond: 40, time.Hour: 40,
		} {
			if got, err := p.log.Before(t.Context(), org, first.Add(offset)); got != want || err != nil {
				t.Errorf("before %v comes %d, want %d (%v)", offset, got, want, err)
			}
		}
		if got, err := p.log.Before(t.Context(), "org_none", first); got != 0 || err != nil {
			t.Errorf("in an empty log: %d (%v)", got, err)
		}
	})
}

// A process that hears of nothing looks for itself.
func TestALostNotificationCostsAPoll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := database.Config{Path: t.TempDir() + "/parley.db"}
		a, b := newProcess(t, dbtest.Open(t, c)), newProcess(t, dbtest.Open(t, c))
		org := a.found(t)
		b.run(t)
		start := time.Now()
		for i := range 3 {
			a.append(t, org, 1)
			if _, err := b.log.Wait(t.Context(), org, int64(i), 10); err != nil {
				t.Fatal(err)
			}
			if waited := time.Since(start); waited != time.Duration(i)*eventlog.PollEvery {
				t.Errorf("event %d is seen after %v", i+1, waited)
			}
		}
	})
}
