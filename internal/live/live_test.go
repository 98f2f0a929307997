package live_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/live"
)

const (
	acme  = parley.OrganizationID("org_acme")
	other = parley.OrganizationID("org_other")
	bread = parley.ConversationID("conv_bread")
	cake  = parley.ConversationID("conv_cake")
)

var (
	grace = live.Person{Type: "user", ID: "usr_grace", Name: "Grace"}
	alan  = live.Person{Type: "user", ID: "usr_alan", Name: "Alan"}
	ada   = live.Person{Type: "contact", ID: "con_ada", Name: "Ada"}
)

// start makes a hub that runs until its test ends, or stop is called.
func start(t *testing.T, wire live.Wire) (h *live.Hub, stop func()) {
	h = live.New(wire, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run returned %v", err)
		}
	})
	t.Cleanup(stop)
	return h, stop
}

// virtual runs body in time of its own.
func virtual(t *testing.T, body func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, body)
}

// alone is a hub without other nodes.
func alone(t *testing.T) *live.Hub {
	h, _ := start(t, new(ether).station())
	return h
}

func names(persons []live.Person) string {
	var all []string
	for _, p := range persons {
		all = append(all, p.Name)
	}
	return strings.Join(all, " ")
}

func wantNames(t *testing.T, what string, got []live.Person, want string) {
	t.Helper()
	if names(got) != want {
		t.Errorf("%s: %q, want %q", what, names(got), want)
	}
}

// told are the signals that a listener has been told of once all is quiet.
func told(t *testing.T, l *live.Listener) (all []string) {
	t.Helper()
	synctest.Wait()
	select {
	case <-l.Ready():
	default:
		return nil
	}
	signals, lost := l.Take()
	if lost {
		t.Error("signals were lost")
	}
	for _, s := range signals {
		all = append(all, fmt.Sprintf("%s:%s %s", s.Kind, s.Conversation, s.Who.ID))
	}
	return all
}

func wantTold(t *testing.T, l *live.Listener, want ...string) {
	t.Helper()
	if got := told(t, l); !slices.Equal(got, want) {
		t.Errorf("told of %q, want %q", got, want)
	}
}

func TestWhoTypesIsTypingForAMoment(t *testing.T) {
	virtual(t, func(t *testing.T) {
		h := alone(t)
		l := h.Follow(acme)
		defer l.Close()
		h.Typing(acme, bread, grace)
		h.Typing(acme, bread, ada)
		wantTold(t, l, "typing:conv_bread con_ada", "typing:conv_bread usr_grace")
		time.Sleep(live.TypingFor - time.Millisecond)
		wantNames(t, "typing", h.Typists(acme, bread), "Ada Grace")
		wantNames(t, "elsewhere", h.Typists(acme, cake), "")
		wantNames(t, "in another organization", h.Typists(other, bread), "")
		h.Typing(acme, bread, grace)
		wantTold(t, l) // it is no news
		time.Sleep(time.Millisecond)
		wantNames(t, "who went on", h.Typists(acme, bread), "Grace")
		time.Sleep(time.Second)
		wantTold(t, l, "typing:conv_bread con_ada")
		h.StopTyping(acme, bread, grace)
		h.StopTyping(acme, bread, ada)
		wantTold(t, l, "typing:conv_bread usr_grace")
		wantNames(t, "after all", h.Typists(acme, bread), "")
		time.Sleep(time.Minute)
		wantTold(t, l)
	})
}

func TestWhoHasAPageOpenIsPresent(t *testing.T) {
	virtual(t, func(t *testing.T) {
		h := alone(t)
		l, theirs := h.Follow(acme), h.Follow(other)
		defer l.Close()
		defer theirs.Close()
		first := h.Enter(acme, bread, grace)
		second := h.Enter(acme, bread, grace)
		h.Enter(acme, "", alan)
		h.Enter(acme, cake, ada)
		wantTold(t, l, "presence: con_ada", "presence: usr_alan", "presence: usr_grace", "presence:conv_bread usr_grace", "presence:conv_cake con_ada")
		wantNames(t, "bread", h.Present(acme, bread), "Grace")
		if got, want := h.Online(acme), []parley.UserID{"usr_alan", "usr_grace"}; !slices.Equal(got, want) {
			t.Errorf("online are %v, want %v", got, want)
		}
		if got := h.Online(other); len(got) > 0 {
			t.Errorf("online elsewhere are %v", got)
		}
		first()
		first()
		time.Sleep(time.Hour)
		wantNames(t, "with a page left", h.Present(acme, bread), "Grace")
		second()
		time.Sleep(live.Linger - time.Millisecond)
		wantNames(t, "lingering", h.Present(acme, bread), "Grace")
		back := h.Enter(acme, bread, grace)
		time.Sleep(time.Hour)
		wantTold(t, l) // nobody flickered
		back()
		time.Sleep(live.Linger + time.Second)
		wantTold(t, l, "presence: usr_grace", "presence:conv_bread usr_grace")
		wantNames(t, "after all", h.Present(acme, bread), "")
		wantTold(t, theirs)
	})
}

// A listener that does not read is told that it lost signals, and holds up nobody.
func TestASlowListenerLosesSignals(t *testing.T) {
	virtual(t, func(t *testing.T) {
		h := alone(t)
		l := h.Follow(acme)
		for n := range 10_000 {
			h.Typing(acme, parley.ConversationID(fmt.Sprintf("conv_%d", n)), grace)
		}
		<-l.Ready()
		if signals, lost := l.Take(); len(signals) > 1000 || !lost {
			t.Errorf("told of %d signals, lost is %v", len(signals), lost)
		}
		h.StopTyping(acme, "conv_1", grace)
		wantTold(t, l, "typing:conv_1 usr_grace")
		l.Close()
		l.Close()
		h.StopTyping(acme, "conv_2", grace)
		wantTold(t, l)
	})
}

// However much is said, a bounded number of persons is noticed, and there is room again
// when they have gone.
func TestTheHouseIsFullOnce(t *testing.T) {
	virtual(t, func(t *testing.T) {
		h := alone(t)
		noticed := func() (n int) {
			for c := range 100 {
				n += len(h.Typists(acme, parley.ConversationID(fmt.Sprintf("conv_%d", c))))
			}
			return n
		}
		for n := range 100 * 100 {
			h.Typing(acme, parley.ConversationID(fmt.Sprintf("conv_%d", n%100)), live.Person{Type: "contact", ID: fmt.Sprint(n)})
		}
		if n := noticed(); n != 5000 {
			t.Errorf("%d are noticed", n)
		}
		h.Enter(acme, bread, grace)() // finds no room, and may leave
		wantNames(t, "in a full house", h.Present(acme, bread), "")
		h.Typing(other, bread, grace)
		wantNames(t, "in another house", h.Typists(other, bread), "Grace")
		time.Sleep(live.TypingFor + time.Second)
		h.Typing(acme, bread, grace)
		wantNames(t, "when they have gone", h.Typists(acme, bread), "Grace")
	})
}

func TestLongNamesAreCut(t *testing.T) {
	virtual(t, func(t *testing.T) {
		h := alone(t)
		h.Typing(acme, bread, live.Person{Type: "contact", ID: "con_x", Name: strings.Repeat("ä", 200) + "a"})
		if got, want := names(h.Typists(acme, bread)), strings.Repeat("ä", 100); got != want {
			t.Errorf("the name is %q", got)
		}
		h.Typing(acme, cake, live.Person{Type: "contact", ID: strings.Repeat("x", 201)})
		wantNames(t, "an impossible id", h.Typists(acme, cake), "")
	})
}

func TestSpeakingAllAtOnce(t *testing.T) {
	virtual(t, func(t *testing.T) {
		h := alone(t)
		var all sync.WaitGroup
		for n := range 8 {
			who := live.Person{Type: "user", ID: fmt.Sprint(n), Name: fmt.Sprint(n)}
			all.Go(func() {
				for range 200 {
					l := h.Follow(acme)
					leave := h.Enter(acme, bread, who)
					h.Typing(acme, bread, who)
					l.Take()
					h.StopTyping(acme, bread, who)
					h.Present(acme, bread)
					leave()
					l.Close()
				}
			})
		}
		all.Wait()
		wantNames(t, "lingering", h.Present(acme, bread), "0 1 2 3 4 5 6 7")
		time.Sleep(live.Linger + time.Second)
		wantNames(t, "at last", h.Present(acme, bread), "")
		wantNames(t, "typing at last", h.Typists(acme, bread), "")
	})
}
