package webhook_test

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/testing/receiver"
)

func TestRetryAfterHoldsTheWholeEndpoint(t *testing.T) {
	for _, status := range []int{429, 503} {
		for name, value := range map[string]string{
			"seconds": "120",
			"date":    time.Date(2000, 1, 1, 0, 2, 1, 0, time.UTC).Format(http.TimeFormat), // a bubble's clock starts at midnight
		} {
			t.Run(strconv.Itoa(status)+" "+name, func(t *testing.T) {
				virtual(t, func(t *testing.T) {
					r := receiver.InMemory(t)
					r.Answer(status, "Retry-After", value).Times(1)
					h := open(t, r)
					id := h.subscribe(r.URL)
					h.publish("a")
					first := r.Wait(t, 1)[0].At
					time.Sleep(time.Second)
					h.publishMany(50, 50)
					requests := r.Wait(t, 2)
					if gap := requests[1].At.Sub(first); gap < 2*time.Minute || gap > 2*time.Minute+2*time.Second {
						t.Errorf("the next request came after %v, want the two minutes asked for", gap)
					}
					time.Sleep(5 * time.Second)
					if n := len(r.Requests()); n != 52 {
						t.Errorf("%d requests, want 52", n)
					}
					if s := h.get(id).Status; s != parley.EndpointActive {
						t.Errorf("it is %s", s)
					}
				})
			})
		}
	}
}

func TestRetryAfterOnOtherAnswersIsNotObeyed(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Answer(500, "Retry-After", "1000").Times(1)
		h := open(t, r)
		h.subscribe(r.URL)
		h.publish("a", "b")
		if took := gaps(r.Wait(t, 3))[1]; took > 10*time.Second {
			t.Errorf("the retry came after %v", took)
		}
	})
}

func TestABurstOfTooManyRequestsIsNoFailure(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		begun := time.Now()
		var mu sync.Mutex
		counts := map[int]int{}
		r.Func(func(w http.ResponseWriter, _ *http.Request) { // takes twenty a second
			second := int(time.Since(begun) / time.Second)
			mu.Lock()
			defer mu.Unlock()
			if counts[second]++; counts[second] > 20 {
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(429)
			}
		})
		h := open(t, r)
		id := h.subscribe(r.URL, ordering("none"))
		h.publishMany(500, 500)
		time.Sleep(30 * time.Minute)
		if got := h.events("webhook.failing"); len(got) > 0 {
			t.Errorf("events: %v", got)
		}
		for _, d := range h.deliveries(id) {
			if d.Status != parley.Delivered {
				t.Errorf("%s is %s", d.EventID, d.Status)
			}
		}
	})
}

func TestTheWindowGrowsWithGoodAnswersAndShrinksWithBad(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Slow(100 * time.Millisecond)
		h := open(t, r)
		h.subscribe(r.URL, ordering("none"))
		h.publishMany(2000, 2000)
		inHand := func() int {
			r.Forget()
			return r.MostAtOnce()
		}
		time.Sleep(50 * time.Millisecond)
		for _, want := range []int{4, 8, 16, 32, 64, 128, 256, 256} {
			if got := inHand(); got != want {
				t.Errorf("%d on their way, want %d", got, want)
			}
			time.Sleep(100 * time.Millisecond)
		}
		r.Func(func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(100 * time.Millisecond)
			w.WriteHeader([]int{504, 200}[len(r.Requests())%2])
		})
		time.Sleep(700 * time.Millisecond)
		if got := inHand(); got > 64 {
			t.Errorf("%d on their way after half a second of bad answers", got)
		}
	})
}

func TestTheWindowOfASlowEndpointStaysSmall(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Slow(4 * time.Second)
		h := open(t, r)
		h.subscribe(r.URL, ordering("none"))
		h.publishMany(500, 500)
		r.Wait(t, 500)
		if most := r.MostAtOnce(); most > 16 {
			t.Errorf("%d at once to an endpoint that takes 4 s", most)
		}
	})
}

func TestAHangingEndpointDoesNotSlowOthers(t *testing.T) {
	for _, elsewhere := range []bool{false, true} {
		t.Run(fmt.Sprintf("another organization's %v", elsewhere), func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				hanging, healthy := receiver.InMemoryAt(t, "hanging.example.com"), receiver.InMemoryAt(t, "healthy.example.com")
				hanging.Hang()
				healthy.Slow(5 * time.Millisecond)
				h := open(t, hanging, healthy)
				h.subscribe(hanging.URL)
				hangs := h.org
				if elsewhere {
					h.org = h.organization()
				}
				h.subscribe(healthy.URL)
				serves := h.org
				sent := map[string]time.Time{}
				for i := range 1000 {
					if elsewhere && i%10 == 0 {
						h.org = hangs
						h.publish(fmt.Sprint(i % 50))
						h.org = serves
					}
					sent[h.publish(fmt.Sprint(i % 50))[0]] = time.Now()
					time.Sleep(10 * time.Millisecond)
				}
				for _, q := range healthy.Wait(t, 1000) {
					if late := q.At.Sub(sent[q.ID]); late > 20*time.Millisecond {
						t.Fatalf("an event came %v late", late)
					}
				}
			})
		})
	}
}

func TestAThousandHangingEndpointsDoNotSlowAHealthyOne(t *testing.T) {
	virtual(t, func(t *testing.T) {
		hanging, healthy := receiver.InMemoryAt(t, "hanging.example.com"), receiver.InMemoryAt(t, "healthy.example.com")
		hanging.Hang()
		h := open(t, hanging, healthy)
		for range 1000 {
			h.subscribe(hanging.URL, types("custom.*"))
		}
		h.publishMany(4, 4)
		time.Sleep(time.Second) // all of them hang now, with as much as they may
		id := h.subscribe(healthy.URL)
		for i := range 30 {
			sent := time.Now()
			h.publish(fmt.Sprint(i))
			if late := healthy.Wait(t, i+1)[i].At.Sub(sent); late > 50*time.Millisecond {
				t.Errorf("event %d came %v late", i, late)
			}
			time.Sleep(100 * time.Millisecond)
		}
		h.restart() // now it is not known which of them is healthy
		sent := time.Now()
		h.publish("once more")
		if late := healthy.Wait(t, 31)[30].At.Sub(sent); late > 50*time.Millisecond {
			t.Errorf("after the restart an event came %v late", late)
		}
		if w := h.get(id); w.Status != parley.EndpointActive {
			t.Errorf("the healthy one is %s", w.Status)
		}
	})
}

func TestEndpointsThatBeginToHangDoNotKeepThePlacesOfOthers(t *testing.T) {
	virtual(t, func(t *testing.T) {
		hanging, healthy := receiver.InMemoryAt(t, "hanging.example.com"), receiver.InMemoryAt(t, "healthy.example.com")
		hanging.Slow(20 * time.Millisecond)
		h := open(t, hanging, healthy)
		for range 8 {
			h.subscribe(hanging.URL, ordering("none"))
		}
		h.publishMany(1000, 1000)
		h.subscribe(healthy.URL)
		time.Sleep(100 * time.Millisecond) // their windows are wide open
		hanging.Hang()
		h.publishMany(1000, 1000)
		time.Sleep(100 * time.Millisecond)
		for i := range 50 {
			sent := time.Now()
			healthy.Forget()
			h.publish(fmt.Sprint(i))
			q := healthy.Wait(t, 1)[0]
			if late := q.At.Sub(sent); late > 50*time.Millisecond && i > 0 {
				t.Errorf("event %d came %v late", i, late)
			}
			time.Sleep(20 * time.Millisecond)
		}
		if n := hanging.MostAtOnce(); n < 1000 {
			t.Errorf("%d hung, too few to show anything", n)
		}
	})
}
