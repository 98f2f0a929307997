package tally_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/account"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/store"
	"parley/internal/tally"
	"parley/internal/testing/dbtest"
)

// house is an organization with an API key, and the tally of one process.
type house struct {
	*tally.Tally
	db  *database.DB
	org parley.OrganizationID
	key parley.APIKeyID
}

func newHouse(t testing.TB, db *database.DB) house {
	t.Helper()
	logger := slog.New(slog.NewTextHandler(t.Output(), nil))
	accounts := account.New(db, eventlog.New(db, logger))
	founded, err := accounts.Found(t.Context(), account.Founding{
		Name: "Example", Email: "grace@example.com", Owner: "Grace", Password: "correct horse", Scopes: []parley.Scope{"*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	who, err := accounts.Authenticate(t.Context(), founded.Key)
	if err != nil {
		t.Fatal(err)
	}
	accounts.Wait()
	return house{tally.New(db, logger), db, founded.Organization.ID, who.KeyID}
}

// other is another process on the same database.
func (h house) other(t testing.TB) house {
	h.Tally = tally.New(h.db, slog.New(slog.NewTextHandler(t.Output(), nil)))
	return h
}

// runs has a house's counts written until the function that it gives is called.
func (h house) runs(t testing.TB) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := h.Run(ctx); err != nil {
			t.Errorf("run the tally: %v", err)
		}
	})
	return func() {
		cancel()
		running.Wait()
	}
}

func (h house) requests(t testing.TB, key *parley.APIKeyID, resolution string, since time.Duration) tally.Requests {
	t.Helper()
	r, err := h.Requests(t.Context(), h.org, key, resolution, new(parley.Now().Add(-since)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEveryStatusHasItsPlace(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	for _, status := range []int{200, 201, 204, 304, 401, 403, 404, 404, 409, 422, 429, 400, 410, 500, 503} {
		h.Count(h.org, h.key, status)
	}
	want := tally.Counts{
		Total: 15, Succeeded: 3, Redirected: 1, Unauthorized: 1, Forbidden: 1, NotFound: 2, Conflicting: 1,
		Invalid: 1, TooMany: 1, OtherwiseRefused: 2, Failed: 2,
	}
	if got := h.requests(t, nil, "minute", time.Hour).Totals; got != want {
		t.Errorf("before they are written: %+v, want %+v", got, want)
	}
	h.runs(t)()
	if got := h.requests(t, nil, "minute", time.Hour).Totals; got != want {
		t.Errorf("once they are written: %+v, want %+v", got, want)
	}
	if got := h.other(t).requests(t, &h.key, "hour", time.Hour).Totals; got != want {
		t.Errorf("another process is told %+v, want %+v", got, want)
	}
}

// Whatever was written, and by whom, each request is told once.
func TestProcessesAddUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newHouse(t, dbtest.SQLite(t))
		b := a.other(t)
		stopA, stopB := a.runs(t), b.runs(t)
		const minutes = 130
		for range minutes {
			for range 3 {
				a.Count(a.org, a.key, 200)
				time.Sleep(7 * time.Second)
			}
			b.Count(a.org, a.key, 500)
			b.Count(a.org, "key_other", 404)
			time.Sleep(39 * time.Second)
		}
		for resolution, points := range map[string]int{"minute": minutes + 1, "quarter_hour": 10, "hour": 4, "two_hours": 3} {
			for _, h := range []house{a, b} {
				time.Sleep(5 * time.Second) // what the other counted last is written
				r := h.requests(t, nil, resolution, minutes*time.Minute)
				if r.Totals.Total != 5*minutes || r.Totals.Succeeded != 3*minutes || r.Totals.Failed != minutes || r.Totals.NotFound != minutes {
					t.Errorf("by the %s: %+v", resolution, r.Totals)
				}
				if len(r.Data) > points+1 || len(r.Data) < points-1 {
					t.Errorf("by the %s there are %d points, want about %d", resolution, len(r.Data), points)
				}
				var sum int64
				for _, p := range r.Data {
					sum += p.Total
				}
				if sum != r.Totals.Total {
					t.Errorf("by the %s the points come to %d of %d", resolution, sum, r.Totals.Total)
				}
			}
		}
		if r := a.requests(t, &a.key, "day", time.Hour); r.Totals.Total != 4*minutes || *r.APIKeyID != a.key {
			t.Errorf("of the one key: %+v", r.Totals)
		}
		stopA()
		stopB()
		if r := a.other(t).requests(t, nil, "hour", minutes*time.Minute+time.Hour); r.Totals.Total != 5*minutes {
			t.Errorf("after the end there are %d of %d", r.Totals.Total, 5*minutes)
		}
	})
}

func TestAnOrganizationIsToldOfItsOwn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := newHouse(t, db)
		h.Count("org_other", "key_other", 200)
		h.runs(t)()
		if r := h.requests(t, nil, "hour", time.Hour); r.Totals.Total != 0 || len(r.Data) != 2 && len(r.Data) != 1 {
			t.Errorf("it is told %+v", r)
		}
		_, err := h.Requests(t.Context(), h.org, new(parley.APIKeyID("key_other")), "hour", nil, nil)
		if parley.KindOf(err) != parley.Invalid {
			t.Errorf("another's key: %v", err)
		}
		if _, err := h.Requests(t.Context(), h.org, nil, "week", nil, nil); parley.KindOf(err) != parley.Invalid {
			t.Errorf("a strange resolution: %v", err)
		}
	})
}

func TestOldMinutesAreDeleted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := newHouse(t, db)
		h.Count(h.org, h.key, 200)
		h.runs(t)()
		remove := func(before parley.Time, limit int) (n int) {
			t.Helper()
			err := db.Record(t.Context(), func(ctx context.Context, tx *database.Tx) (err error) {
				n, err = store.DeleteRequestMinutes(ctx, tx, h.org, before, limit)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := remove(parley.Now().Add(-time.Hour), 10); n != 0 {
			t.Errorf("%d new ones were deleted", n)
		}
		if first, then := remove(parley.Now().Add(time.Hour), 1), remove(parley.Now().Add(time.Hour), 10); first != 1 || then != 1 {
			t.Errorf("%d and %d were deleted, want the key's and that of all", first, then)
		}
	})
}

// Counting is on the way of every request: however many make some at once, none waits.
func BenchmarkCount(b *testing.B) {
	t := tally.New(nil, slog.New(slog.DiscardHandler))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			t.Count("org_a", "key_a", 200)
		}
	})
}
