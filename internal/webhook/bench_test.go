package webhook_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/eventlog"
	"parley/internal/outbound"
	"parley/internal/testing/dbtest"
	"parley/internal/webhook"
)

// BenchmarkBacklog delivers a backlog of events, about 600 bytes each, signed, to
// a receiver on loopback, with every attempt recorded (durably on SQLite; tests do
// not sync PostgreSQL's disk). The figure "×bare"
// compares it with a bare loop in the same run: signed requests by the same client,
// with no engine, no log and no database.
func BenchmarkBacklog(b *testing.B) {
	for _, c := range []struct {
		name             string
		events, receives int
		open             func(testing.TB) *database.DB
	}{
		{"one endpoint", 100_000, 1, dbtest.SQLite},
		{"fan-out 1 to 10", 10_000, 10, dbtest.SQLite},
		{"one endpoint, PostgreSQL", 50_000, 1, dbtest.Postgres},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				bare := bareLoop(b, c.events*c.receives)
				engine := deliverBacklog(b, c.open(b), c.events, c.receives)
				b.ReportMetric(engine.rate, "deliveries/s")
				b.ReportMetric(engine.rate/bare.rate, "×bare")
				b.ReportMetric(1e6*engine.cpu, "cpu-µs/delivery")
				b.ReportMetric(bare.cpu/engine.cpu, "×bare-cpu")
			}
		})
	}
}

// figures are how many requests a second were made, and the processor's seconds for
// one, those of the receiver included: on a machine that is busy otherwise, only
// those tell something.
type figures struct{ rate, cpu float64 }

func measure(n int, run func()) figures {
	begun, used := time.Now(), processorTime()
	run()
	return figures{float64(n) / time.Since(begun).Seconds(), (processorTime() - used).Seconds() / float64(n)}
}

// processorTime is what this process has used so far, 0 where that cannot be told.
func processorTime() time.Duration {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / 100
}

func bodyOfSize(n int) string { return `{"text":"` + strings.Repeat("x", n) + `"}` }

// counter is a receiver that counts and does no more.
type counter struct {
	*httptest.Server
	n    atomic.Int64
	want int64
	all  chan struct{}
}

func newCounter(b *testing.B, want int) *counter {
	c := &counter{want: int64(want), all: make(chan struct{})}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		w.WriteHeader(http.StatusNoContent)
		if c.n.Add(1) == c.want {
			close(c.all)
		}
	}))
	b.Cleanup(c.Close)
	return c
}

// another is a further address of the same counter.
func (c *counter) another(b *testing.B) string {
	s := httptest.NewServer(c.Config.Handler)
	b.Cleanup(s.Close)
	return s.URL
}

var anywhere = outbound.Policy{AllowHTTP: true, AllowPrivate: true}

func bareLoop(b *testing.B, n int) figures {
	client := outbound.New(anywhere, outbound.Options{})
	defer client.Close()
	c := newCounter(b, n)
	target, err := client.Target(c.URL, nil)
	if err != nil {
		b.Fatal(err)
	}
	signer, err := outbound.NewSigner(outbound.NewSecret())
	if err != nil {
		b.Fatal(err)
	}
	body := []byte(bodyOfSize(600))
	var left atomic.Int64
	left.Store(int64(n))
	return measure(n, func() {
		var senders sync.WaitGroup
		for range 64 {
			senders.Go(func() {
				for left.Add(-1) >= 0 {
					res := client.Send(b.Context(), &outbound.Request{
						Target: target, Body: body, Signature: &outbound.Signature{ID: "evt_01jd0000000000000000000000", Signer: signer},
					})
					if !res.OK() {
						b.Error(res.Failure)
						return
					}
				}
			})
		}
		senders.Wait()
	})
}

func deliverBacklog(b *testing.B, db *database.DB, events, receivers int) figures {
	logger := slog.New(slog.NewTextHandler(b.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	h := &house{t: b, db: db, log: eventlog.New(db, logger)}
	h.endpoints = endpoint.New(db, h.log, anywhere, sealing)
	h.client = outbound.New(anywhere, outbound.Options{})
	b.Cleanup(h.client.Close)
	h.org = h.organization()
	c := newCounter(b, events*receivers)
	for range receivers {
		h.subscribe(c.another(b))
	}
	const batch = 1000
	for range events / batch {
		h.must(h.db.Write(b.Context(), h.org, func(ctx context.Context, tx *database.Tx) error {
			for i := range batch {
				at, err := h.log.Next(ctx, tx)
				if err != nil {
					return err
				}
				draft, _ := parley.CustomEvent("custom.thing", fmt.Sprint("key", i), []byte(bodyOfSize(300)))
				if _, err := h.log.Append(ctx, tx, h.caller(), at, draft); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	h.log = eventlog.New(db, logger) // with nothing in its cache
	h.endpoints = endpoint.New(db, h.log, anywhere, sealing)
	h.Engine = webhook.New(webhook.Config{DB: db, Log: h.log, Endpoints: h.endpoints, Client: h.client, Logger: logger})
	return measure(events*receivers, func() {
		h.start()
		<-c.all
		h.stop() // with everything written
	})
}
