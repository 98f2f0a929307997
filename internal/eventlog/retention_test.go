package eventlog_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
)

const day = 24 * time.Hour

// age makes the events from first to last as old as that.
func (p process) age(t testing.TB, org parley.OrganizationID, first, last int64, old time.Duration) {
	t.Helper()
	p.exec(t, org, "update events set created_at = $4 where org_id = $1 and seq between $2 and $3",
		string(org), first, last, int64(parley.Now().Add(-old)))
}

func (p process) exec(t testing.TB, org parley.OrganizationID, statement string, args ...any) {
	t.Helper()
	err := p.db.Write(context.Background(), org, func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, statement, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// kept are the sequences of the events in the database.
func (p process) kept(t testing.TB, org parley.OrganizationID) []int64 {
	t.Helper()
	events, err := p.log.Query(context.Background(), org, store.Filter{}, false, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	return sequences(events)
}

func sequences(events []*parley.Event) (seqs []int64) {
	for _, e := range events {
		seqs = append(seqs, e.Sequence)
	}
	return seqs
}

func from(first, last int64) (seqs []int64) {
	for seq := first; seq <= last; seq++ {
		seqs = append(seqs, seq)
	}
	return seqs
}

func (p process) retain(t testing.TB, days int) {
	t.Helper()
	if err := p.log.Retain(context.Background(), days); err != nil {
		t.Fatal(err)
	}
}

// attempts records attempts at events by an endpoint of that name, and gives which
// are kept.
func (p process) attempt(t testing.TB, org parley.OrganizationID, webhook parley.WebhookID, attempts int, seqs ...int64) {
	t.Helper()
	p.exec(t, org, `
		insert into webhooks (org_id, id, url, description, event_types, inbox_ids, filter, transformation, format, headers, auth,
			signing, verification, ordering, retry, timeout_seconds, status, created_at, updated_at, seq)
		values ($1, $2, '', '', '[]', '[]', '', '', '', '{}', '{}', '', '{}', '', '{}', 10, 'active', 0, 0, 0)`, string(org), string(webhook))
	err := p.db.Record(context.Background(), func(ctx context.Context, tx *database.Tx) error {
		for _, seq := range seqs {
			for n := range attempts {
				store.InsertAttempt(ctx, tx, &store.Attempt{Org: org, Webhook: webhook, Seq: seq, Number: n + 1, State: parley.Delivered})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (p process) attempted(t testing.TB, org parley.OrganizationID, webhook parley.WebhookID) []int64 {
	t.Helper()
	seqs, err := store.DoneBeyond(context.Background(), p.db.Read(), org, webhook, store.Position{}, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	return seqs
}

func TestWhatIsOlderThanTheLogIsKeptGoes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		p := newProcess(t, db)
		usual, longer, ever, old := p.found(t), p.found(t), p.found(t), p.found(t)
		p.exec(t, longer, "update organizations set retention_days = 90 where id = $1", string(longer))
		for _, org := range []parley.OrganizationID{usual, longer, old} {
			p.append(t, org, 2600)
			p.age(t, org, 1, 2500, 31*day)
		}
		p.append(t, ever, 3)
		p.age(t, old, 2501, 2600, 32*day)
		p.attempt(t, usual, "whk_one", 1, from(1, 2600)...)
		p.attempt(t, usual, "whk_two", 3, 7, 2500, 2501)
		p.attempt(t, longer, "whk_three", 1, 1, 2600)

		p.retain(t, 30)
		for name, check := range map[string]struct {
			org  parley.OrganizationID
			want []int64
		}{
			"what is old":                {usual, from(2501, 2600)},
			"an organization's own wish": {longer, from(1, 2600)},
			"young":                      {ever, from(1, 3)},
			"all but the newest is old":  {old, from(2600, 2600)},
		} {
			if got := p.kept(t, check.org); !slices.Equal(got, check.want) {
				t.Errorf("%s: %d events are kept, want %d", name, len(got), len(check.want))
			}
		}
		if got := p.attempted(t, usual, "whk_one"); !slices.Equal(got, from(2501, 2600)) {
			t.Errorf("of one endpoint %d attempts are kept, want those at the events that are", len(got))
		}
		if got := p.attempted(t, usual, "whk_two"); !slices.Equal(got, []int64{2501}) {
			t.Errorf("of another endpoint attempts at %v are kept", got)
		}
		if got := p.attempted(t, longer, "whk_three"); !slices.Equal(got, []int64{1, 2600}) {
			t.Errorf("where the log is kept for longer attempts at %v are", got)
		}

		// The log goes on as if nothing had happened, also for whoever reads it from
		// the cache.
		if e := p.append(t, old, 1)[0]; e.Sequence != 2601 {
			t.Errorf("the next event is %d", e.Sequence)
		}
		if got := sequences(p.read(t, usual, 0, 1000)); !slices.Equal(got, from(2501, 2600)) {
			t.Errorf("reading from the beginning gives %v", got)
		}
		if got := sequences(p.read(t, usual, 2400, 3)); !slices.Equal(got, from(2501, 2503)) {
			t.Errorf("reading from what is gone gives %v", got)
		}
		if _, err := p.log.At(context.Background(), usual, 2500); parley.KindOf(err) != parley.NotFound {
			t.Errorf("an event that is gone: %v", err)
		}
		if at, err := p.log.Before(context.Background(), usual, time.Now().Add(-60*day)); err != nil || at != 2500 {
			t.Errorf("the place before all that is kept is %d (%v)", at, err)
		}
	})
}

func TestNothingGoesWhereEverythingIsKept(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		p := newProcess(t, db)
		org, short := p.found(t), p.found(t)
		p.exec(t, short, "update organizations set retention_days = 1 where id = $1", string(short))
		for _, o := range []parley.OrganizationID{org, short} {
			p.append(t, o, 3)
			p.age(t, o, 1, 3, 5000*day)
		}
		p.retain(t, 0)
		if got := p.kept(t, org); !slices.Equal(got, from(1, 3)) {
			t.Errorf("kept are %v", got)
		}
		if got := p.kept(t, short); !slices.Equal(got, []int64{3}) {
			t.Errorf("of an organization that wants a day, kept are %v", got)
		}
	})
}

func TestWhoReadsFromWhatIsGoneIsTold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		p := newProcess(t, db)
		org := p.found(t)
		p.append(t, org, 10)
		p.age(t, org, 1, 6, 31*day)
		p.retain(t, 30)
		for after, gone := range map[int64]bool{0: false, 1: true, 5: true, 6: false, 7: false, 10: false, 99: false} {
			err := p.log.Reaches(t.Context(), org, after)
			var told *parley.Error
			if gone != errors.As(err, &told) || gone && (told.Kind != parley.Gone || told.FirstSequence != 7) {
				t.Errorf("after %d: %v", after, err)
			}
		}
	})
}

// A follower whose place is no longer kept goes on with what is, and the program's
// log says what it missed.
func TestAFollowerGoesOnAfterWhatIsGone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		var said safeBuffer
		log := eventlog.New(db, slog.New(slog.NewTextHandler(&said, nil)))
		p := process{db, log}
		org := p.found(t)
		p.append(t, org, 10)
		p.age(t, org, 1, 6, 31*day)
		p.retain(t, 30)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var got []int64
		err := log.Follow(ctx, eventlog.Follower{Kind: "test", ID: "f", Org: org, Start: 3, Handle: func(_ context.Context, _ *database.Tx, events []*parley.Event) error {
			got = append(got, sequences(events)...)
			cancel()
			return nil
		}})
		if err != nil || !slices.Equal(got, from(7, 10)) {
			t.Errorf("it was handed %v (%v)", got, err)
		}
		if line := said.String(); !strings.Contains(line, "eventlog.events_missed") || !strings.Contains(line, "first=4 last=6") {
			t.Errorf("the log says %q", line)
		}
	})
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// The loop deletes at the start and then every hour, and ends when it is told to.
func TestRetentionComesAgainEveryHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newProcess(t, dbtest.SQLite(t))
		org := p.found(t)
		p.append(t, org, 2)
		p.age(t, org, 1, 1, 31*day)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- p.log.RunRetention(ctx, 30) }()
		time.Sleep(time.Minute)
		if got := p.kept(t, org); !slices.Equal(got, []int64{2}) {
			t.Errorf("after the start %v are kept", got)
		}
		p.append(t, org, 1)
		time.Sleep(30*day - 2*time.Hour)
		if got := p.kept(t, org); !slices.Equal(got, []int64{2, 3}) {
			t.Errorf("before the time %v are kept", got)
		}
		time.Sleep(4 * time.Hour)
		if got := p.kept(t, org); !slices.Equal(got, []int64{3}) {
			t.Errorf("after 30 days %v are kept", got)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// Of two processes on one database one deletes; when it goes the other goes on.
func TestAnotherProcessGoesOnDeleting(t *testing.T) {
	t.Parallel()
	inEachTwoProcesses(t, func(t *testing.T, a, b process) {
		org := a.found(t)
		a.append(t, org, 3)
		var all sync.WaitGroup
		defer all.Wait()
		run := func(p process) context.CancelFunc {
			ctx, cancel := context.WithCancel(t.Context())
			all.Go(func() {
				if err := p.log.RunRetention(ctx, 30); err != nil {
					t.Error(err)
				}
			})
			return cancel
		}
		await := func(kept int) {
			for len(a.kept(t, org)) != kept && t.Context().Err() == nil {
				<-time.After(time.Millisecond)
			}
		}
		a.age(t, org, 1, 1, 31*day)
		stop := run(a)
		await(2)
		defer run(b)()
		a.age(t, org, 2, 2, 31*day)
		stop()
		await(1)
	})
}
