package webhook_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/store"
	"parley/internal/testing/receiver"
)

// aWhile is longer than what was counted takes to be written.
const aWhile = 6 * time.Second

// stats are those of an endpoint since a time, by the minute.
func (h *house) stats(id parley.WebhookID, since time.Time) endpoint.Stats {
	h.t.Helper()
	s, err := h.endpoints.Stats(h.t.Context(), h.org, id, "minute", new(parley.At(since)), nil)
	h.must(err)
	return s
}

// minutes are the rows of an endpoint's statistics.
func (h *house) minutes(id parley.WebhookID) (all []store.Minute) {
	h.t.Helper()
	h.must(store.EachMinute(h.t.Context(), h.db.Read(), h.org, id, 0, 1<<50, func(m *store.Minute) { all = append(all, *m) }))
	return all
}

// sinceMinute waits until some seconds after the full minute.
func sinceMinute(d time.Duration) {
	<-time.After(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute + d)))
}

func TestStatisticsAreOfTheAttemptsThatWereMade(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL, delays(90), ordering("none"))
		idle := h.subscribe(r.URL, types("custom.never"))
		begun := time.Now()
		r.Func(func(w http.ResponseWriter, _ *http.Request) {
			n := len(r.Requests())
			time.Sleep(time.Duration(n) * 3 * time.Millisecond)
			w.WriteHeader([]int{200, 200, 200, 500}[n%4])
		})
		for range 10 {
			h.publishMany(20, 20)
			time.Sleep(17 * time.Second)
		}
		time.Sleep(5 * time.Minute)

		want := map[parley.Time]*endpoint.StatsPoint{}
		var slowest float64
		for _, d := range h.deliveries(id) {
			d = h.delivery(id, string(d.EventID))
			for i, a := range d.Attempts {
				ended := a.At.Add(time.Duration(a.DurationMS * float64(time.Millisecond)))
				minute := parley.At(ended.Std().Truncate(time.Minute))
				if want[minute] == nil {
					want[minute] = &endpoint.StatsPoint{}
				}
				switch {
				case *a.StatusCode == 200:
					want[minute].Delivered++
				case i < len(d.Attempts)-1:
					want[minute].Retried++
				default:
					want[minute].Failed++
				}
				slowest = max(slowest, a.DurationMS)
			}
		}
		if len(want) < 4 {
			t.Fatalf("there were attempts in %d minutes only", len(want))
		}
		s := h.stats(id, begun)
		for _, p := range s.Data {
			w := want[p.At]
			if w == nil {
				w = &endpoint.StatsPoint{}
			}
			if p.Delivered != w.Delivered || p.Retried != w.Retried || p.Failed != w.Failed || (p.LatencyMS == nil) != (w.Delivered == 0) {
				t.Errorf("%v: %+v, want %+v", p.At, p, *w)
			}
		}
		if s.Totals.Attempts != int64(len(r.Requests())) || s.Totals.Retried == 0 || s.Totals.Failed == 0 {
			t.Errorf("the totals are %+v, and %d requests were made", s.Totals, len(r.Requests()))
		}
		if p99 := s.Totals.LatencyMS.P99; p99 < slowest*0.7 || p99 > slowest*1.28 {
			t.Errorf("99%% took %v ms at most, and the slowest took %v", p99, slowest)
		}
		if rows := h.minutes(idle); len(rows) > 0 {
			t.Errorf("an endpoint without attempts has %+v", rows)
		}
	})
}

func TestAMinuteIsTheSumOfAllWhoCounted(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		sinceMinute(5 * time.Second)
		begun := time.Now()
		h.publishMany(30, 30)
		r.Wait(t, 30)
		time.Sleep(aWhile)
		h.restart() // what was written is not written once more
		h.publishMany(12, 12)
		r.Wait(t, 42)
		h.stop() // without waiting
		if s := h.stats(id, begun); s.Totals.Delivered != 42 || s.Data[0].Delivered != 42 {
			t.Errorf("it has %+v", s)
		}
		rows := h.minutes(id)
		if len(rows) != 2 || rows[0].Part == rows[1].Part || rows[0].At != rows[1].At || rows[0].Delivered+rows[1].Delivered != 42 {
			t.Errorf("the rows are %+v", rows)
		}
	})
}

func TestACrashLosesFiveSecondsOfStatistics(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		begun := time.Now()
		h.publishMany(50, 50)
		r.Wait(t, 50)
		time.Sleep(5100 * time.Millisecond)
		h.publishMany(7, 7)
		r.Wait(t, 57)
		h.crash()
		h.publishMany(20, 20)
		r.Wait(t, 77)
		time.Sleep(aWhile)
		made := int64(len(r.Requests()))
		if got := h.stats(id, begun).Totals.Attempts; got < made-7 || got > made {
			t.Errorf("%d attempts are counted of %d, of which 7 were made in the last 5 seconds before the crash", got, made)
		}
	})
}

func TestADatabaseThatRefusesGetsTheStatisticsLater(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		begun := time.Now()
		rename := func(from, to string) {
			h.must(h.db.Record(t.Context(), func(ctx context.Context, tx *database.Tx) error {
				_, err := tx.Exec(ctx, "alter table "+from+" rename to "+to)
				return err
			}))
		}
		rename("webhook_minutes", "away")
		for n := range 3 {
			h.publishMany(10, 10)
			r.Wait(t, 10*(n+1))
			time.Sleep(52 * time.Second) // not when statistics are written, every 5 s
		}
		rename("away", "webhook_minutes")
		if rows := h.minutes(id); len(rows) > 0 {
			t.Errorf("there are %+v", rows)
		}
		h.publishMany(10, 10)
		time.Sleep(aWhile)
		if s := h.stats(id, begun); s.Totals.Delivered != 40 {
			t.Errorf("the totals are %+v, want 40", s.Totals)
		}
	})
}

func TestLagIsNotedWhileNothingIsDelivered(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		failing, paused := h.subscribe(r.URL, types("custom.a")), h.subscribe(r.URL, types("custom.b"))
		r.Answer(500)
		h.pause(paused)
		h.publishAs("custom.a", make([]string, 10)...)
		h.await(failing, parley.EndpointFailing, time.Minute)
		sinceMinute(2 * time.Second)
		begun := time.Now()
		h.publishAs("custom.b", make([]string, 40)...)
		time.Sleep(90 * time.Minute)

		// The failing one is behind in every minute, also between its probes.
		s := h.stats(failing, begun)
		for _, p := range s.Data[:len(s.Data)-1] {
			if p.Lag < 40 {
				t.Fatalf("the lag at %v is %d: %+v", p.At, p.Lag, s.Data)
			}
		}
		var hours int
		for _, p := range h.stats(paused, begun).Data {
			if p.Lag > 0 {
				hours++
			}
		}
		if hours < 1 || hours > 2 {
			t.Errorf("the lag of the paused endpoint was noted %d times in 90 minutes, want once an hour", hours)
		}

		r.Answer(200)
		h.await(failing, parley.EndpointActive, time.Hour)
		time.Sleep(2 * time.Minute)
		rows := len(h.minutes(failing))
		time.Sleep(time.Hour)
		if more := len(h.minutes(failing)); more > rows {
			t.Errorf("an endpoint that has nothing to do got %d rows in an hour", more-rows)
		}
		if n := h.MinutesHeld(); n != 0 {
			t.Errorf("%d minutes are held though all is quiet", n)
		}
	})
}

func TestADeletedEndpointHasNoStatistics(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		h.publishMany(10, 10)
		r.Wait(t, 10)
		time.Sleep(aWhile)
		if len(h.minutes(id)) != 1 {
			t.Error("nothing was written")
		}
		h.publishMany(10, 10)
		r.Wait(t, 20)
		h.must(h.endpoints.Delete(t.Context(), h.caller(), id))
		time.Sleep(aWhile)
		h.stop()
		if rows := h.minutes(id); len(rows) > 0 {
			t.Errorf("there are %+v", rows)
		}
	})
}

func TestFiguresAreOfTheBusiest(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		r.Slow(3 * time.Millisecond)
		a, b := h.subscribe(r.URL, types("custom.a")), h.subscribe(r.URL, types("custom.a", "custom.b"))
		c := h.subscribe(r.URL, types("custom.c"))
		h.pause(c)
		h.publishAs("custom.a", "1", "2", "3")
		h.publishAs("custom.b", "1", "2")
		r.Wait(t, 8)
		time.Sleep(aWhile)

		busiest, others := h.Busiest(2)
		if len(busiest) != 2 || others != 1 || busiest[0].ID != b || busiest[1].ID != a {
			t.Fatalf("the busiest are %+v, and %d others", busiest, others)
		}
		f := busiest[0]
		if f.Delivered != 5 || f.Retried != 0 || f.Failed != 0 || !f.Active || f.Lag != 0 {
			t.Errorf("its figures are %+v", f)
		}
		if l := f.Latency; l.Count != 5 || l.Within[0.0025] != 0 || l.Within[0.005] != 5 || l.Within[10] != 5 || l.Seconds < 0.015 || l.Seconds > 0.02 {
			t.Errorf("its latencies are %+v", l)
		}
		all, _ := h.Busiest(10)
		if len(all) != 3 || all[2].ID != c || all[2].Active || all[2].Lag != 6 || all[2].Latency.Count != 0 {
			t.Errorf("all are %+v", all)
		}
		if totals := h.Totals(); totals.Latency.Count != 8 || totals.Underway != 0 {
			t.Errorf("the totals are %+v", totals)
		}
	})
}
