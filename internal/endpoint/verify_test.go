package endpoint_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/noun"
	"parley/internal/testing/dbtest"
)

func echoing(token string) func(*parley.Webhook) {
	return func(w *parley.Webhook) { w.Verification = parley.Verification{Type: "token_echo", Token: token} }
}

// verified notes that an endpoint has answered.
func (h house) verified(t *testing.T, id parley.WebhookID) {
	t.Helper()
	if err := h.Verified(t.Context(), h.load(t, id)); err != nil {
		t.Fatal(err)
	}
}

func TestATokenGoesWithItsType(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	for name, test := range map[string]struct {
		verification parley.Verification
		fine         bool
	}{
		"nothing":              {parley.Verification{}, true},
		"none":                 {parley.Verification{Type: "none"}, true},
		"a token for nothing":  {parley.Verification{Type: "none", Token: "x"}, false},
		"no token":             {parley.Verification{Type: "token_echo"}, false},
		"one that was shown":   {parley.Verification{Type: "token_echo", Token: "********"}, false},
		"one with spaces":      {parley.Verification{Type: "token_echo", Token: " x"}, false},
		"one with other signs": {parley.Verification{Type: "token_echo", Token: "a b\"ü<"}, true},
	} {
		_, err := h.make(t, func(w *parley.Webhook) { w.Verification = test.verification })
		if got := wrong(err); (err == nil) != test.fine || err != nil && !slices.Equal(got, []string{"verification.token"}) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnEndpointIsUnverifiedUntilItHasAnswered(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		made := must(h.make(t, echoing("hush")))(t)
		if made.Status != parley.EndpointUnverified || made.StatusReason == nil || !strings.Contains(*made.StatusReason, "/verify") {
			t.Errorf("it is %s: %v", made.Status, made.StatusReason)
		}
		if _, err := h.Resume(t.Context(), h.by, made.ID, false); parley.KindOf(err) != parley.Conflict || !strings.Contains(err.Error(), "/verify") {
			t.Errorf("it is resumed: %v", err)
		}
		before := made.Cursor
		h.publish(t, 3)
		h.verified(t, made.ID)
		h.verified(t, made.ID) // again: nothing
		got := must(h.Get(t.Context(), h.by.Organization, made.ID))(t)
		if got.Status != parley.EndpointActive || got.StatusReason != nil || got.Cursor != before {
			t.Errorf("it is %s at %d, was at %d", got.Status, got.Cursor, before)
		}
		events, err := h.log.Read(t.Context(), h.by.Organization, before, 10)
		if err != nil || len(events) != 4 || events[3].Type != "webhook.verified" || events[3].Sequence != got.Sequence {
			t.Fatalf("the events are %v (%v)", events, err)
		}
		for _, want := range []string{`"previous":{"status":"unverified"`, `"status":"active"`, `"token":"********"`} {
			if !strings.Contains(string(events[3].Data), want) {
				t.Errorf("%s is not in %s", want, events[3].Data)
			}
		}
	})
}

func TestAnotherURLOrTokenIsToBeVerified(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	made := must(h.make(t, echoing("hush")))(t)
	h.verified(t, made.ID)
	for _, step := range []struct {
		does   string
		change func(*parley.Webhook)
		want   parley.EndpointStatus
	}{
		{"another description", func(w *parley.Webhook) { w.Description = "x" }, parley.EndpointActive},
		{"the token as it was shown", echoing("********"), parley.EndpointActive},
		{"the token as it was", echoing("hush"), parley.EndpointActive},
		{"another URL", func(w *parley.Webhook) { w.URL += "2" }, parley.EndpointUnverified},
		{"the URL that has answered", func(w *parley.Webhook) { w.URL = made.URL }, parley.EndpointActive},
		{"another token", echoing("other"), parley.EndpointUnverified},
		{"no verification", func(w *parley.Webhook) { w.Verification = parley.Verification{Type: "none"} }, parley.EndpointActive},
		{"verification, of another token", echoing("third"), parley.EndpointUnverified},
		{"the token that has answered", echoing("hush"), parley.EndpointActive},
	} {
		got := must(h.change(t, made.ID, step.change))(t)
		if got.Status != step.want || (got.StatusReason == nil) != (step.want == parley.EndpointActive) {
			t.Errorf("%s: it is %s, want %s", step.does, got.Status, step.want)
		}
	}
}

func TestAPauseDoesNotVerify(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	made := must(h.make(t, echoing("hush")))(t)
	want := func(what string, want parley.EndpointStatus, got parley.Webhook, err error) {
		t.Helper()
		if err != nil || got.Status != want {
			t.Errorf("%s: it is %s, want %s (%v)", what, got.Status, want, err)
		}
	}
	pause := func() {
		t.Helper()
		w, err := h.Pause(t.Context(), h.by, made.ID)
		want("pause", parley.EndpointPaused, w, err)
	}
	resume := func(status parley.EndpointStatus) {
		t.Helper()
		w, err := h.Resume(t.Context(), h.by, made.ID, false)
		want("resume", status, w, err)
	}
	pause()
	resume(parley.EndpointUnverified)
	pause()
	h.verified(t, made.ID) // somebody asked for it meanwhile
	w, err := h.Get(t.Context(), h.by.Organization, made.ID)
	want("verified in a pause", parley.EndpointPaused, w, err)
	resume(parley.EndpointActive)
	pause()
	w, err = h.change(t, made.ID, func(w *parley.Webhook) { w.URL += "2" })
	want("changed in a pause", parley.EndpointPaused, w, err)
	resume(parley.EndpointUnverified)
}

func TestWhatChangedMeanwhileIsNotVerified(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	made := must(h.make(t, echoing("hush")))(t)
	asked := h.load(t, made.ID)
	must(h.change(t, made.ID, echoing("other")))(t)
	if err := h.Verified(t.Context(), asked); parley.KindOf(err) != parley.Conflict {
		t.Errorf("it is verified: %v", err)
	}
	if got := must(h.Get(t.Context(), h.by.Organization, made.ID))(t); got.Status != parley.EndpointUnverified {
		t.Errorf("it is %s", got.Status)
	}
}

func signing(how string) func(*parley.Webhook) { return func(w *parley.Webhook) { w.Signing = how } }

func TestAnEndpointThatAsksForItHasAKeyPair(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		made := must(h.make(t, signing("v1")))(t)
		signs := func(what string, w parley.Webhook, secrets, keys int) {
			t.Helper()
			sub := h.load(t, made.ID)
			public := must(h.PublicKeys(t.Context(), h.by.Organization, made.ID))(t)
			if len(sub.Secrets) != secrets || len(sub.Private) != keys || len(public) != keys {
				t.Errorf("%s: it signs with %d secrets and %d keys, and shows %d", what, len(sub.Secrets), len(sub.Private), len(public))
			}
			if (w.PublicKey == nil) != (keys == 0) || keys > 0 && *w.PublicKey != public[0].PublicKey {
				t.Errorf("%s: the public key is %v, those served are %v", what, w.PublicKey, public)
			}
			for i, key := range public {
				if p := must(sub.Private[i].Public())(t); p != key.PublicKey || (key.ExpiresAt == nil) != (i == 0) {
					t.Errorf("%s: key %d is served as %+v", what, i, key)
				}
				h.tellsNowhere(t, string(sub.Private[i]))
			}
		}
		signs("v1", made, 1, 0)
		both := must(h.change(t, made.ID, signing("both")))(t)
		signs("both", both, 1, 1)
		alone := must(h.change(t, made.ID, signing("v1a")))(t)
		signs("v1a", alone, 0, 1)
		if *alone.PublicKey != *both.PublicKey {
			t.Error("the key changed with the way of signing")
		}
		rotated, secret, err := h.Rotate(t.Context(), h.by, made.ID, time.Hour)
		if err != nil || secret == "" || *rotated.PublicKey == *alone.PublicKey {
			t.Errorf("the key is not rotated (%v)", err)
		}
		signs("rotated", rotated, 0, 2)
		signs("v1 again", must(h.change(t, made.ID, signing("v1")))(t), 2, 0)
		again := must(h.change(t, made.ID, signing("v1a")))(t)
		if *again.PublicKey != *rotated.PublicKey {
			t.Error("the key was not kept")
		}
		rotated, _, err = h.Rotate(t.Context(), h.by, made.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		signs("rotated at once", rotated, 0, 1)
	})
}

func TestAPublicKeyIsServedUntilItsOverlapHasPassed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, dbtest.SQLite(t))
		made := must(h.make(t, signing("v1a")))(t)
		if _, _, err := h.Rotate(t.Context(), h.by, made.ID, time.Hour); err != nil {
			t.Fatal(err)
		}
		count := func() int {
			return len(must(h.PublicKeys(t.Context(), h.by.Organization, made.ID))(t))
		}
		time.Sleep(time.Hour - time.Second)
		if n := count(); n != 2 {
			t.Errorf("%d keys during the overlap", n)
		}
		time.Sleep(time.Second)
		if n := count(); n != 1 {
			t.Errorf("%d keys after the overlap", n)
		}
	})
}

func TestVerifyAsksTheEngine(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	made := must(h.make(t, echoing("hush")))(t)
	if _, err := h.Verify(t.Context(), h.by, made.ID); parley.KindOf(err) != parley.Unavailable {
		t.Errorf("without an engine: %v", err)
	}
	if got, err := h.Verify(t.Context(), h.by, must(h.make(t, echoing("x")))(t).ID); err == nil {
		t.Errorf("it is %s", got.Status)
	}
	h.verified(t, made.ID)
	if got, err := h.Verify(t.Context(), h.by, made.ID); err != nil || got.Status != parley.EndpointActive || got.Verification.Token != "********" {
		t.Errorf("one that is verified: %+v (%v)", got.Verification, err)
	}
	other := must(h.make(t, func(*parley.Webhook) {}))(t)
	if got, err := h.Verify(t.Context(), h.by, other.ID); err != nil || got.Status != parley.EndpointActive {
		t.Errorf("one that needs none: %s (%v)", got.Status, err)
	}
	if _, err := h.Update(t.Context(), h.by, other.ID, noun.AnyVersion, func(*parley.Webhook) error { return nil }); err != nil {
		t.Error(err)
	}
}
