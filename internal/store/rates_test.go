package store_test

import (
	"context"
	"math"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/ratelimit"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
)

func TestProcessesShareRates(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		a, b := store.NewRates(db), store.NewRates(db)
		limit := ratelimit.Limit{Quota: 100, Window: 24 * time.Hour}
		settle := func(r *store.Rates, asks ...ratelimit.Ask) (int, []ratelimit.Grant) {
			t.Helper()
			nodes, grants, err := r.Settle(t.Context(), limit, asks)
			if err != nil {
				t.Fatal(err)
			}
			return nodes, grants
		}
		got := func(r *store.Rates, ask ratelimit.Ask, want, left int) {
			t.Helper()
			ask.Name = "a"
			if _, grants := settle(r, ask); grants[0].Got != want || int(math.Floor(grants[0].Left)) != left {
				t.Errorf("asked for %d, giving %d, it got %+v; want %d, and %d left", ask.Want, ask.Give, grants[0], want, left)
			}
		}
		got(a, ratelimit.Ask{Want: 60}, 60, 40)
		got(b, ratelimit.Ask{Want: 60}, 40, 0)
		got(a, ratelimit.Ask{Give: 10}, 0, 10)
		got(b, ratelimit.Ask{Give: -30, Want: 1}, 0, -20)
		got(a, ratelimit.Ask{Give: 500, Want: 1}, 1, 99)
		if nodes, _ := settle(a); nodes != 2 {
			t.Errorf("%d processes are counted", nodes)
		}
		if err := b.Leave(t.Context()); err != nil {
			t.Fatal(err)
		}
		if nodes, grants := settle(a, ratelimit.Ask{Name: "x", Want: 1}, ratelimit.Ask{Name: "b", Want: 7}, ratelimit.Ask{Name: "c", Want: 200}); nodes != 1 || grants[0].Got != 1 || grants[1].Got != 7 || grants[2].Got != 100 {
			t.Errorf("of several buckets %d processes got %+v", nodes, grants)
		}
	})
}

// Those who settle the same buckets at once, in whatever order, get no more than there is.
func TestRatesAreNotGivenTwice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		limit := ratelimit.Limit{Quota: 1000, Window: 24 * time.Hour}
		got := make(chan int, 400)
		var all sync.WaitGroup
		for range 4 {
			r := store.NewRates(db)
			all.Go(func() {
				for i := range 50 {
					asks := []ratelimit.Ask{{Name: "a", Want: 10}, {Name: "b", Want: 10}}
					if i%2 == 0 {
						asks[0], asks[1] = asks[1], asks[0]
					}
					_, grants, err := r.Settle(t.Context(), limit, asks)
					if err != nil {
						t.Error(err)
						return
					}
					got <- grants[0].Got + grants[1].Got
				}
			})
		}
		all.Wait()
		close(got)
		sum := 0
		for n := range got {
			sum += n
		}
		if sum != 2*limit.Quota {
			t.Errorf("%d of %d were given", sum, 2*limit.Quota)
		}
	})
}

// A bucket fills as time passes, up to its quota.
func TestRatesFill(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	r := store.NewRates(db)
	limit := ratelimit.Limit{Quota: 60, Window: time.Minute}
	take := func() int {
		t.Helper()
		_, grants, err := r.Settle(t.Context(), limit, []ratelimit.Ask{{Name: "a", Want: 1000}})
		if err != nil {
			t.Fatal(err)
		}
		return grants[0].Got
	}
	age := func(d time.Duration) {
		t.Helper()
		err := db.Record(t.Context(), func(ctx context.Context, tx *database.Tx) error {
			_, err := tx.Exec(ctx, "update rate_buckets set at = $1", int64(parley.Now().Add(-d)))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := take(); n != 60 {
		t.Errorf("a full bucket has %d", n)
	}
	age(10*time.Second + 100*time.Millisecond)
	if n := take(); n < 10 || n > 12 {
		t.Errorf("after ten seconds it has %d", n)
	}
	age(time.Hour)
	if n := take(); n != 60 {
		t.Errorf("after an hour it has %d", n)
	}
}
