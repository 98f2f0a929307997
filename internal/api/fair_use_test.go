package api_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/database"
	"parley/internal/ratelimit"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

// Three Parleys on one database allow a key together what the limit says, within a
// tenth, however its requests are spread over them. It runs by itself: clients have to
// ask for more than they get.
func TestTheLimitHoldsAcrossNodes(t *testing.T) {
	url := dbtest.PostgresURL(t)
	limit := ratelimit.Limit{Quota: 60, Window: 4 * time.Second}
	var nodes []*house.House
	for range 3 {
		db := dbtest.Open(t, database.Config{URL: url})
		nodes = append(nodes, house.Plan{DB: db, Limit: limit}.Build(t))
	}
	for name, node := range map[string]func(n int64) int64{
		"all to one":    func(int64) int64 { return 0 },
		"evenly":        func(n int64) int64 { return n % 3 },
		"mostly to one": func(n int64) int64 { return max(0, n%10-7) },
		"changing":      func(n int64) int64 { return n / 300 % 3 },
	} {
		t.Run(name, func(t *testing.T) {
			key := nodes[0].AddOrganization(t).Secret
			var asked, allowed, refused atomic.Int64
			var clients sync.WaitGroup
			begin := time.Now()
			for range 8 {
				clients.Go(func() {
					for time.Since(begin) < 4*time.Second {
						n := node(asked.Add(1))
						switch a := nodes[n].In(t).With(key).Do("GET", "/v1/organization", ""); a.Status {
						case http.StatusOK:
							allowed.Add(1)
						case http.StatusTooManyRequests:
							refused.Add(1)
							<-time.After(5 * time.Millisecond) // clients do wait, if not for long
						default:
							t.Errorf("got %s", a)
						}
					}
				})
			}
			clients.Wait()
			took := time.Since(begin).Seconds()
			want := float64(limit.Quota) * (1 + took/limit.Window.Seconds())
			t.Logf("%d were allowed and %d refused in %.1f s, want %.0f", allowed.Load(), refused.Load(), took, want)
			enough := float64(asked.Load()) > 1.5*want // a machine that is too busy to ask shows half of it
			if got := float64(allowed.Load()); got > 1.1*want || got < 0.9*want && enough {
				t.Errorf("%.0f were allowed, want %.0f", got, want)
			}
		})
	}
}
