package live_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/live"
	"parley/internal/testing/dbtest"
)

// ether is a network between hubs inside a test.
type ether struct {
	mu       sync.Mutex
	stations []*station
}

// station is a hub's place in it; one that is dead neither says nor hears anything.
type station struct {
	ether *ether
	heard chan string
	said  int
	dead  bool
}

func (e *ether) station() *station {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := &station{ether: e, heard: make(chan string, 10_000)}
	e.stations = append(e.stations, s)
	return s
}

func (s *station) die(dead bool) {
	s.ether.mu.Lock()
	defer s.ether.mu.Unlock()
	s.dead = dead
}

// count is how many texts the station has said.
func (s *station) count() int {
	s.ether.mu.Lock()
	defer s.ether.mu.Unlock()
	return s.said
}

// Say implements live.Wire.
func (s *station) Say(topic, text string) {
	s.ether.mu.Lock()
	defer s.ether.mu.Unlock()
	if len(text) > database.MaxSaid {
		panic("the text is too long")
	}
	s.said++
	for _, o := range s.ether.stations {
		if o != s && !o.dead && !s.dead {
			o.heard <- text
		}
	}
}

// Hear implements live.Wire.
func (s *station) Hear(ctx context.Context, topic string, fn func(text string)) error {
	fn("")
	for {
		select {
		case text := <-s.heard:
			fn(text)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// two are two hubs that hear each other; the other one can be cut off, and stopped.
func two(t *testing.T) (here, there *live.Hub, far *station, stop func()) {
	var e ether
	here, _ = start(t, e.station())
	far = e.station()
	there, stop = start(t, far)
	return here, there, far, stop
}

func TestNodesKnowOfEachOther(t *testing.T) {
	virtual(t, func(t *testing.T) {
		here, there, _, _ := two(t)
		l := here.Follow(acme)
		defer l.Close()
		leave := there.Enter(acme, bread, grace)
		there.Typing(acme, bread, alan)
		wantTold(t, l, "presence: usr_grace", "presence:conv_bread usr_grace", "typing:conv_bread usr_alan")
		wantNames(t, "present", here.Present(acme, bread), "Grace")
		wantNames(t, "typing", here.Typists(acme, bread), "Alan")
		time.Sleep(4 * time.Second)
		there.Typing(acme, bread, alan)
		time.Sleep(4 * time.Second)
		wantNames(t, "who went on", here.Typists(acme, bread), "Alan")
		wantTold(t, l)
		there.StopTyping(acme, bread, alan)
		wantTold(t, l, "typing:conv_bread usr_alan")
		time.Sleep(time.Hour)
		wantNames(t, "an hour later", here.Present(acme, bread), "Grace")
		leave()
		time.Sleep(live.Linger + time.Second)
		wantTold(t, l, "presence: usr_grace", "presence:conv_bread usr_grace")
		wantNames(t, "after all", here.Present(acme, bread), "")
	})
}

// Somebody whose message arrives through one node is typing at none.
func TestTypingStopsOnEveryNode(t *testing.T) {
	virtual(t, func(t *testing.T) {
		here, there, _, _ := two(t)
		here.Typing(acme, bread, grace)
		synctest.Wait()
		there.StopTyping(acme, bread, grace)
		synctest.Wait()
		wantNames(t, "here", here.Typists(acme, bread), "")
		wantNames(t, "there", there.Typists(acme, bread), "")
	})
}

func TestOneWhoIsAtTwoNodesLeavesBoth(t *testing.T) {
	virtual(t, func(t *testing.T) {
		here, there, _, _ := two(t)
		leaveHere, leaveThere := here.Enter(acme, bread, grace), there.Enter(acme, bread, grace)
		synctest.Wait()
		leaveThere()
		time.Sleep(time.Minute)
		wantNames(t, "here", here.Present(acme, bread), "Grace")
		wantNames(t, "there", there.Present(acme, bread), "Grace")
		leaveHere()
		time.Sleep(live.Linger + time.Second)
		wantNames(t, "here", here.Present(acme, bread), "")
		wantNames(t, "there", there.Present(acme, bread), "")
	})
}

func TestTheDeadVanish(t *testing.T) {
	virtual(t, func(t *testing.T) {
		here, there, far, _ := two(t)
		l := here.Follow(acme)
		defer l.Close()
		there.Enter(acme, bread, grace)
		wantTold(t, l, "presence: usr_grace", "presence:conv_bread usr_grace")
		far.die(true)
		time.Sleep(live.Forget + time.Second)
		wantTold(t, l, "presence: usr_grace", "presence:conv_bread usr_grace")
		wantNames(t, "after its death", here.Present(acme, bread), "")
		far.die(false)
		time.Sleep(11 * time.Second)
		wantNames(t, "when it was only cut off", here.Present(acme, bread), "Grace")
	})
}

// Whoever comes later learns at once who is there.
func TestANewNodeAsks(t *testing.T) {
	virtual(t, func(t *testing.T) {
		var e ether
		old, _ := start(t, e.station())
		for n := range 500 {
			old.Enter(acme, bread, live.Person{Type: "user", ID: fmt.Sprint(n), Name: strings.Repeat("\x01", 100)})
		}
		time.Sleep(3 * time.Second)
		young, _ := start(t, e.station())
		time.Sleep(time.Millisecond)
		if n := len(young.Present(acme, bread)); n != 500 {
			t.Errorf("%d are present", n)
		}
	})
}

// The persons of a node that is stopped have a moment to turn up at another one.
func TestANodeThatStopsSaysGoodbye(t *testing.T) {
	virtual(t, func(t *testing.T) {
		here, there, _, stop := two(t)
		there.Enter(acme, bread, grace)
		there.Enter(acme, bread, alan)
		synctest.Wait()
		l := here.Follow(acme)
		defer l.Close()
		stop()
		time.Sleep(time.Second)
		here.Enter(acme, bread, grace)
		wantNames(t, "a second later", here.Present(acme, bread), "Alan Grace")
		time.Sleep(live.Linger)
		wantTold(t, l, "presence: usr_alan", "presence:conv_bread usr_alan")
		wantNames(t, "then", here.Present(acme, bread), "Grace")
	})
}

// A keyboard is faster than what is worth saying.
func TestFastTypistsAreQuiet(t *testing.T) {
	virtual(t, func(t *testing.T) {
		_, there, far, _ := two(t)
		time.Sleep(time.Second)
		before := far.count()
		for range 1000 {
			there.Typing(acme, bread, grace)
			time.Sleep(10 * time.Millisecond)
		}
		if said := far.count() - before; said < 5 || said > 20 {
			t.Errorf("in ten seconds %d texts were said", said)
		}
	})
}

func TestNonsenseIsPassedOver(t *testing.T) {
	virtual(t, func(t *testing.T) {
		var e ether
		h, _ := start(t, e.station())
		stranger := e.station()
		for _, text := range []string{
			"x", "x\nno json", "x\n{}\n[]\nnull", `{"v":"here"}`, "x\n" + `{"v":"here","o":"org_acme","k":"dancing","t":"user","i":"usr_x"}`, "x\n" + `{"v":"sing","o":"org_acme"}`, "x\n" + `{"v":"gone","o":"org_acme","k":"typing"}`,
			"x\nno json\n" + `{"v":"here","o":"org_acme","k":"typing","c":"conv_bread","t":"contact","i":"con_ada","n":"Ada"}` + "\nno json",
		} {
			stranger.Say("live", text)
		}
		synctest.Wait()
		wantNames(t, "what made sense", h.Typists(acme, bread), "Ada")
	})
}

// On PostgreSQL the network is the database.
func TestNodesOnPostgres(t *testing.T) {
	t.Parallel()
	url := dbtest.PostgresURL(t)
	here, _ := start(t, dbtest.Open(t, database.Config{URL: url}))
	there, _ := start(t, dbtest.Open(t, database.Config{URL: url}))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	l := here.Follow(acme)
	defer l.Close()
	until := func(what string, ok func() bool) {
		t.Helper()
		for !ok() {
			select {
			case <-l.Ready():
				l.Take()
			case <-ctx.Done():
				t.Fatalf("%s: never", what)
			}
		}
	}
	leave := there.Enter(acme, bread, grace)
	defer leave()
	until("present", func() bool { return names(here.Present(acme, bread)) == "Grace" })
	if got := here.Online(acme); !slices.Equal(got, []parley.UserID{"usr_grace"}) {
		t.Errorf("online are %v", got)
	}
	there.Typing(acme, bread, ada)
	until("typing", func() bool { return names(here.Typists(acme, bread)) == "Ada" })
	there.StopTyping(acme, bread, ada)
	until("typing no more", func() bool { return names(here.Typists(acme, bread)) == "" })
}
