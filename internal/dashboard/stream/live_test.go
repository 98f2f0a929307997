package stream_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/live"
)

func (d *door) types(t *testing.T, cookie string, form url.Values) {
	t.Helper()
	if got := d.status(t, http.MethodPost, "/live/typing", form, "Cookie", cookie); got != http.StatusNoContent {
		t.Fatalf("typing is answered with %d", got)
	}
}

func TestPagesSeeWhoElseIsThere(t *testing.T) {
	virtual(t, func(t *testing.T) {
		d := newDoor(t, true)
		alan := d.signIn("alan", d.Client, parley.Agent)
		talk := conversation()
		here, typing := "presence:"+string(talk), "typing:"+string(talk)
		p := d.open(t, "grace", "?conversation="+string(talk))
		p.wait(typing)
		p.wait(here) // their own
		second := d.open(t, "alan", "?conversation="+string(talk))
		p.wait(here)
		if present := d.hub.Present(d.Organization.ID, talk); len(present) != 2 || !present[0].Is(alan.ID) || present[0].Name != "alan" {
			t.Errorf("present are %v", present)
		}
		form := url.Values{"conversation_id": {string(talk)}}
		d.types(t, "alan", form)
		if before, _ := p.wait(typing); len(before) > 0 {
			t.Errorf("before they type: %q", before)
		}
		d.types(t, "alan", url.Values{"conversation_id": {string(talk)}, "typing": {"false"}})
		p.wait(typing)
		d.hub.Typing(d.Organization.ID, talk, live.Person{Type: "contact", ID: "con_ada", Name: "Ada"})
		p.wait(typing)
		p.wait(typing) // they have stopped
		second.close()
		since := time.Now()
		p.wait(here)
		if waited := time.Since(since); waited < live.Linger || waited > live.Linger+time.Second {
			t.Errorf("who leaves is gone after %v", waited)
		}
		p.close()
		time.Sleep(live.Linger + time.Second)
		if online := d.hub.Online(d.Organization.ID); len(online) > 0 {
			t.Errorf("online are %v", online)
		}
	})
}

// Nobody is told that they are typing themselves, in whichever page.
func TestOnesOwnTypingIsNoNews(t *testing.T) {
	virtual(t, func(t *testing.T) {
		d := newDoor(t, true)
		talk := conversation()
		p := d.open(t, "grace", "?conversation="+string(talk))
		p.wait("presence:" + string(talk))
		time.Sleep(time.Second)
		d.types(t, "grace", url.Values{"conversation_id": {string(talk)}})
		p.closeAfter(10 * time.Second)
		if names := p.rest(); slices.Contains(names[1:], "typing:"+string(talk)) {
			t.Errorf("the page is told of %q", names)
		}
	})
}

func TestWhoMayNotReadConversationsSeesNobody(t *testing.T) {
	virtual(t, func(t *testing.T) {
		d := newDoor(t, true)
		d.signIn("guest", d.Client, "guest")
		p := d.openQuietly(t, "guest", "")
		d.open(t, "grace", "?conversation="+string(conversation()))
		d.append(t, d.Client, custom("n", ""))
		p.closeAfter(time.Minute)
		if names := p.rest(); len(names) > 0 {
			t.Errorf("the page is told of %q", names)
		}
	})
}

// However many come and go at once, a page is told in a few frames.
func TestComingAndGoingIsToldTogether(t *testing.T) {
	virtual(t, func(t *testing.T) {
		d := newDoor(t, true)
		p := d.open(t, "grace", "")
		p.wait("presence")
		go func() {
			for range 1000 {
				time.Sleep(time.Millisecond)
				d.hub.Enter(d.Organization.ID, "", live.Person{Type: "user", ID: parley.MakeID("usr")})()
			}
		}()
		p.closeAfter(2 * time.Second)
		if names := p.rest(); len(names) < 5 || len(names) > 20 {
			t.Errorf("the page is told by %d frames", len(names))
		}
		synctest.Wait()
	})
}
