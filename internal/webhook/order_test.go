package webhook_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/testing/receiver"
)

// crowd watches which events are in hand at a receiver at once, and in which order
// they were taken.
type crowd struct {
	t      *testing.T
	random *rand.Rand
	slow   time.Duration        // an answer takes up to so long
	fails  func() bool          // asked for each request
	alone  func(key string) any // what no two requests at once may share

	mu    sync.Mutex
	in    map[any]string
	taken []string // ids that were answered with 2xx
	keys  map[string]string
}

func (c *crowd) ServeHTTP(w http.ResponseWriter, req *http.Request, key string) {
	id := req.Header.Get("webhook-id")
	c.mu.Lock()
	share := c.alone(key)
	if other, busy := c.in[share]; busy && share != nil {
		c.t.Errorf("%s came while %s was in hand", id, other)
	}
	c.in[share] = id
	c.keys[id] = key
	pause, fail := time.Duration(c.random.Int64N(int64(c.slow))), c.fails()
	c.mu.Unlock()

	<-time.After(pause)

	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.in, share)
	if fail {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	c.taken = append(c.taken, id)
}

// answer has a receiver answer as the crowd says.
func (c *crowd) answer(r *receiver.Receiver) {
	c.in, c.keys = map[any]string{}, map[string]string{}
	r.Func(func(w http.ResponseWriter, req *http.Request) {
		requests := r.Requests()
		for i := len(requests) - 1; ; i-- {
			if requests[i].ID == req.Header.Get("webhook-id") {
				c.ServeHTTP(w, req, keyOf(c.t, requests[i]))
				return
			}
		}
	})
}

func (c *crowd) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.taken)
}

// inOrder checks that what was taken came in order, of each key or all.
func (c *crowd) inOrder() {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	last := map[any]int64{}
	for _, id := range c.taken {
		seq := parley.EventID(id).Sequence()
		if share := c.alone(c.keys[id]); seq <= last[share] {
			c.t.Errorf("%d was taken after %d", seq, last[share])
		} else {
			last[share] = seq
		}
	}
}

func TestEventsOfOneKeyGoOneAfterAnother(t *testing.T) {
	byKey := func(key string) any { return key }
	strictly := func(string) any { return true }
	for _, c := range []struct {
		ordering string
		alone    func(string) any
		outage   bool // everything fails for a while
		some     bool // some fail now and then: no order is promised
	}{
		{"key", byKey, false, false},
		{"key", byKey, true, false},
		{"key", byKey, false, true},
		{"strict", strictly, false, false},
		{"strict", strictly, true, false},
		{"strict", strictly, false, true},
	} {
		for seed := range uint64(3) {
			t.Run(fmt.Sprintf("%s, outage %v, failures %v, seed %d", c.ordering, c.outage, c.some, seed), func(t *testing.T) {
				virtual(t, func(t *testing.T) {
					random := rand.New(rand.NewPCG(seed, 1))
					r := receiver.InMemory(t)
					down := false
					crowd := &crowd{t: t, random: rand.New(rand.NewPCG(seed, 2)), alone: c.alone, slow: 60 * time.Millisecond}
					crowd.fails = func() bool { return down || c.some && crowd.random.IntN(20) == 0 }
					crowd.answer(r)
					h := open(t, r)
					id := h.subscribe(r.URL, ordering(c.ordering), delays(1, 2, 3, 4, 5, 6, 60))

					published := 0
					burst := func() {
						keys := make([]string, 1+random.IntN(60))
						for i := range keys {
							keys[i] = fmt.Sprint(random.IntN(1 + random.IntN(20)))
						}
						published += len(h.publish(keys...))
						time.Sleep(time.Duration(random.Int64N(int64(time.Second))))
					}
					for range 8 {
						burst()
					}
					if c.outage {
						crowd.mu.Lock()
						down = true
						crowd.mu.Unlock()
						for h.get(id).Status != parley.EndpointFailing {
							burst()
							time.Sleep(10 * time.Second)
						}
						burst()
						h.restart()
						crowd.mu.Lock()
						down = false
						crowd.mu.Unlock()
					}
					h.restart()
					for range 5 {
						burst()
					}
					time.Sleep(30 * time.Minute)

					if n := crowd.count(); n != published {
						t.Errorf("%d events were taken, %d published", n, published)
					}
					if !c.some || c.ordering == "strict" {
						crowd.inOrder()
					}
					if got := h.get(id).Status; got != parley.EndpointActive {
						t.Errorf("the endpoint is %s", got)
					}
				})
			})
		}
	}
}

func TestDifferentKeysGoSideBySide(t *testing.T) {
	for order, want := range map[string]int{"key": 100, "none": 100, "strict": 1} {
		t.Run(order, func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				r := receiver.InMemory(t)
				r.Slow(200 * time.Millisecond)
				h := open(t, r)
				h.subscribe(r.URL, ordering(order))
				h.publishMany(800, 800)
				r.Wait(t, 800)
				if most := r.MostAtOnce(); most < want || order == "strict" && most > want {
					t.Errorf("%d at once, want %d", most, want)
				}
			})
		})
	}
}

func TestAKeyWithoutOrderGoesSideBySide(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Slow(200 * time.Millisecond)
		h := open(t, r)
		h.subscribe(r.URL, ordering("none"))
		h.publishMany(400, 1)
		r.Wait(t, 400)
		if most := r.MostAtOnce(); most < 50 {
			t.Errorf("%d at once", most)
		}
	})
}

func TestASlowKeyHoldsNoOther(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		h.subscribe(r.URL)
		slow := h.publish("slow")[0]
		r.Func(func(w http.ResponseWriter, req *http.Request) {
			if req.Header.Get("webhook-id") == slow {
				time.Sleep(9 * time.Second)
			}
		})
		h.publish("slow", "slow")
		begun := time.Now()
		h.publishMany(1000, 10)
		if took := r.Wait(t, 1001)[1000].At.Sub(begun); took > time.Second {
			t.Errorf("the others came after %v", took)
		}
		if took := r.Wait(t, 1003)[1002].At.Sub(begun); took < 8*time.Second {
			t.Errorf("the next of the slow key came after %v", took)
		}
	})
}
