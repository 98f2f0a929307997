package ratelimit_test

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/ratelimit"
)

// table is where the processes of a test share their buckets.
type table struct {
	mu     sync.Mutex
	nodes  int
	away   bool
	asked  int
	tokens map[string]float64
	at     map[string]time.Time
}

func newTable(nodes int) *table {
	return &table{nodes: nodes, tokens: map[string]float64{}, at: map[string]time.Time{}}
}

func (c *table) Settle(_ context.Context, limit ratelimit.Limit, asks []ratelimit.Ask) (nodes int, grants []ratelimit.Grant, err error) {
	<-time.After(2 * time.Millisecond) // virtual, as all here: a database takes its time
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	if c.away {
		return 0, nil, errors.New("it is away")
	}
	now, full := time.Now(), float64(limit.Quota)
	for _, ask := range asks {
		tokens, known := c.tokens[ask.Name]
		if !known {
			tokens = full
		} else {
			tokens = min(full, tokens+now.Sub(c.at[ask.Name]).Seconds()*full/limit.Window.Seconds())
		}
		tokens = min(full, tokens+float64(ask.Give))
		got := max(0, min(ask.Want, int(math.Floor(tokens))))
		c.tokens[ask.Name], c.at[ask.Name] = tokens-float64(got), now
		grants = append(grants, ratelimit.Grant{Got: got, Left: c.tokens[ask.Name]})
	}
	return c.nodes, grants, nil
}

func (c *table) Leave(context.Context) error { return nil }

func (c *table) setAway(away bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.away = away
}

// cluster is some processes that share a limit, in virtual time.
type cluster struct {
	*table
	nodes []*ratelimit.Limiter
}

func start(t *testing.T, nodes int, limit ratelimit.Limit) cluster {
	c := cluster{table: newTable(nodes)}
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range nodes {
		l := ratelimit.Shared(limit, c.table, slog.New(slog.NewTextHandler(t.Output(), nil)))
		c.nodes = append(c.nodes, l)
		all.Go(func() {
			if err := l.Run(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(func() {
		cancel()
		all.Wait()
	})
	<-time.After(time.Second) // they know of each other
	return c
}

// ask has clients ask for a while, so many times a second, and counts what is allowed.
// node says which process the n-th request goes to.
func (c cluster) ask(perSecond int, d time.Duration, node func(n int) int) (allowed int) {
	var mu sync.Mutex
	var all sync.WaitGroup
	gap := time.Second / time.Duration(perSecond)
	for n := range int(d / gap) {
		l := c.nodes[node(n)]
		all.Go(func() {
			if l.Take(context.Background(), "a", time.Now()).Allowed {
				mu.Lock()
				defer mu.Unlock()
				allowed++
			}
		})
		<-time.After(gap)
	}
	all.Wait()
	return allowed
}

// spreads are ways of clients to spread their requests over three processes.
var spreads = map[string]func(n int) int{
	"all to one":    func(int) int { return 0 },
	"evenly":        func(n int) int { return n % 3 },
	"mostly to one": func(n int) int { return max(0, n%10-7) },
	"changing":      func(n int) int { return n / 700 % 3 },
}

// However requests are spread over processes, they are allowed what one process would
// allow, within a tenth.
func TestProcessesAllowTogetherWhatTheLimitSays(t *testing.T) {
	t.Parallel()
	for name, spread := range spreads {
		for _, limit := range []ratelimit.Limit{{60, time.Minute}, {600, time.Minute}, {500, time.Second}, {60_000, time.Minute}} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					c := start(t, 3, limit)
					const d = 20 * time.Second
					rate := float64(limit.Quota) / limit.Window.Seconds()
					demand := int(max(50, 8*rate, 1.5*(float64(limit.Quota)+rate*d.Seconds())/d.Seconds()))
					want := float64(limit.Quota) + rate*d.Seconds()
					if got := float64(c.ask(demand, d, spread)); math.Abs(got-want) > want/10 {
						t.Errorf("%d in %v: %.0f of %d a second were allowed in %v, want %.0f", limit.Quota, limit.Window, got, demand, d, want)
					}
				})
			})
		}
	}
}

// Whoever stays within the limit is never refused, and seldom has to wait.
func TestWhoStaysWithinTheLimitIsNotRefused(t *testing.T) {
	t.Parallel()
	for name, spread := range spreads {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := start(t, 3, ratelimit.Limit{Quota: 600, Window: time.Minute})
				if got := c.ask(9, time.Minute, spread); got < 9*60 {
					t.Errorf("%d of %d were allowed", got, 9*60)
				}
			})
		})
	}
}

// An idle process asks for nothing, but tells that it is there.
func TestAnIdleProcessAsksForNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := start(t, 1, ratelimit.Limit{Quota: 600, Window: time.Minute})
		c.nodes[0].Take(t.Context(), "a", time.Now())
		time.Sleep(time.Second)
		c.mu.Lock()
		before := c.asked
		c.mu.Unlock()
		time.Sleep(20 * time.Second)
		c.mu.Lock()
		defer c.mu.Unlock()
		if asked := c.asked - before; asked < 8 || asked > 11 {
			t.Errorf("in 20 s it asked %d times", asked)
		}
		if left := c.tokens["a"]; left < 598.9 {
			t.Errorf("%.1f tokens are left: what was not used was not returned", left)
		}
	})
}

// While the table is away each process gives out its share; what it gave out counts
// when the table is back.
func TestOnItsOwnAProcessGivesOutItsShare(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		node func(int) int
		want float64 // of the limit
	}{"all to one": {spreads["all to one"], 1. / 3}, "evenly": {spreads["evenly"], 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				limit := ratelimit.Limit{Quota: 600, Window: time.Minute}
				c := start(t, 3, limit)
				c.setAway(true)
				time.Sleep(5 * time.Second)
				got := float64(c.ask(100, time.Minute, test.node))
				want := test.want * 1200
				if math.Abs(got-want) > want/10 {
					t.Errorf("%.0f were allowed, want %.0f", got, want)
				}
				c.setAway(false)
				time.Sleep(time.Second)
				if got := float64(c.ask(100, 10*time.Second, test.node)); got > 2*600/3+120+60 {
					t.Errorf("after that %.0f were allowed at once", got)
				}
			})
		})
	}
}

func BenchmarkTake(b *testing.B) {
	limit := ratelimit.Limit{Quota: 1 << 30, Window: time.Minute}
	for name, l := range map[string]*ratelimit.Limiter{
		"own":    ratelimit.New(limit),
		"shared": ratelimit.Shared(limit, newTable(1), slog.New(slog.DiscardHandler)),
	} {
		b.Run(name, func(b *testing.B) {
			ctx, cancel := context.WithCancel(b.Context())
			done := make(chan error, 1)
			go func() { done <- l.Run(ctx) }()
			b.ReportAllocs()
			for b.Loop() {
				if !l.Take(ctx, "key_01kaf0v3b4ffk9a7rj2c6q8x5n", time.Now()).Allowed {
					b.Fatal("refused")
				}
			}
			cancel()
			if err := <-done; err != nil {
				b.Fatal(err)
			}
		})
	}
}
