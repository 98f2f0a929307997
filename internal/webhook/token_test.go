package webhook_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/internal/testing/receiver"
)

// issuer is a token endpoint. Each token is another: token-1, token-2, …
type issuer struct {
	*receiver.Receiver

	mu      sync.Mutex
	issued  int
	life    time.Duration // 0: it does not say
	takes   time.Duration
	fail    int // answers with this status instead
	problem string
}

func newIssuer(t *testing.T) *issuer {
	i := &issuer{Receiver: receiver.InMemoryAt(t, "login.example.com"), life: time.Hour}
	i.Func(i.answer)
	return i
}

func (i *issuer) answer(w http.ResponseWriter, _ *http.Request) {
	i.mu.Lock()
	life, takes, fail, problem := i.life, i.takes, i.fail, i.problem
	i.mu.Unlock()
	<-time.After(takes)
	w.Header().Set("Content-Type", "application/json")
	if fail != 0 {
		w.WriteHeader(fail)
		fmt.Fprint(w, problem)
		return
	}
	i.mu.Lock()
	i.issued++
	answer := map[string]any{"access_token": fmt.Sprintf("token-%d", i.issued), "token_type": "bearer"}
	i.mu.Unlock()
	if life > 0 {
		answer["expires_in"] = int(life.Seconds())
	}
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		panic(http.ErrAbortHandler)
	}
}

func (i *issuer) set(change func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	change()
}

func (i *issuer) auth() func(*parley.Webhook) {
	return with(parley.Auth{
		Type: "oauth2", TokenURL: i.URL + "/token", ClientID: "par ley", ClientSecret: "hush+client", Scopes: []string{"write", "read"},
	})
}

// bearers are the tokens that requests came with.
func bearers(requests []receiver.Request) (tokens []string) {
	for _, q := range requests {
		tokens = append(tokens, strings.TrimPrefix(q.Header.Get("Authorization"), "Bearer token-"))
	}
	return tokens
}

func wantBearers(t *testing.T, requests []receiver.Request, want string) {
	t.Helper()
	if got := strings.Join(bearers(requests), " "); got != want {
		t.Errorf("the tokens are %s, want %s", got, want)
	}
}

func TestATokenIsFetchedAsTheStandardSays(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r, login := receiver.InMemory(t), newIssuer(t)
		h := open(t, r, login.Receiver)
		h.subscribe(r.URL, login.auth())
		h.publish("a")
		wantBearers(t, r.Wait(t, 1), "1")
		q := login.Wait(t, 1)[0]
		form, err := url.ParseQuery(string(q.Body))
		h.must(err)
		user, password, _ := (&http.Request{Header: q.Header}).BasicAuth()
		if q.Method != "POST" || q.Path != "/token" || form.Encode() != "grant_type=client_credentials&scope=write+read" ||
			user != "par+ley" || password != "hush%2Bclient" {
			t.Errorf("%s %s %s by %s with %s", q.Method, q.Path, form, user, password)
		}
	})
}

func TestATokenIsRenewedBeforeItEnds(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r, login := receiver.InMemory(t), newIssuer(t)
		h := open(t, r, login.Receiver)
		id := h.subscribe(r.URL, login.auth())
		deliver := func(want string) {
			t.Helper()
			r.Forget()
			h.publish("a")
			wantBearers(t, r.Wait(t, 1), want)
		}
		deliver("1")
		time.Sleep(time.Hour - 32*time.Second)
		deliver("1")
		h.change(id, func(w *parley.Webhook) { w.Description = "Other"; w.URL = r.URL + "/other" })
		deliver("1") // a change of something else does not fetch
		time.Sleep(3 * time.Second)
		login.set(func() { login.life = 10 * time.Second })
		deliver("2")
		time.Sleep(8 * time.Second)
		deliver("2")
		time.Sleep(1500 * time.Millisecond)
		login.set(func() { login.life = 0 })
		deliver("3") // a tenth of its life before its end
		time.Sleep(59 * time.Minute)
		deliver("3")
		time.Sleep(time.Minute)
		deliver("4")
		h.change(id, func(w *parley.Webhook) { w.Auth.Scopes = []string{"read"} })
		deliver("5")
	})
}

func TestATokenThatIsRefusedIsReplacedOnce(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r, login := receiver.InMemory(t), newIssuer(t)
		h := open(t, r, login.Receiver)
		id := h.subscribe(r.URL, login.auth())
		h.publish("a")
		r.Wait(t, 1)
		time.Sleep(time.Minute)
		r.Answer(401).Times(1).Then().Answer(204)
		event := h.publish("b")[0]
		wantBearers(t, r.Wait(t, 3), "1 1 2")
		time.Sleep(time.Second)
		if d := h.delivery(id, event); d.Status != parley.Delivered || d.AttemptCount != 1 {
			t.Errorf("it is %s after %d attempts", d.Status, d.AttemptCount)
		}
		// One that was just fetched is not.
		r.Forget()
		r.Answer(401).Times(1).Then().Answer(204)
		event = h.publish("c")[0]
		time.Sleep(time.Second)
		wantBearers(t, r.Wait(t, 1), "2")
		if d := h.delivery(id, event); d.Status != parley.Retrying || *d.StatusCode != 401 {
			t.Errorf("it is %s", d.Status)
		}
	})
}

func TestManyDeliveriesFetchOneToken(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r, login := receiver.InMemory(t), newIssuer(t)
		login.takes = 2 * time.Second
		h := open(t, r, login.Receiver)
		h.subscribe(r.URL, login.auth(), ordering("none"))
		h.publishMany(100, 100)
		r.Wait(t, 100)
		time.Sleep(2 * time.Minute)
		var refused atomic.Int64
		r.Func(func(w http.ResponseWriter, q *http.Request) {
			<-time.After(100 * time.Millisecond) // several come with the old one
			if q.Header.Get("Authorization") == "Bearer token-1" {
				refused.Add(1)
				w.WriteHeader(http.StatusUnauthorized)
			}
		})
		h.publishMany(100, 100)
		time.Sleep(5 * time.Second)
		if n := len(login.Requests()); n != 2 || refused.Load() < 2 || len(r.Requests()) != 200+int(refused.Load()) {
			t.Errorf("%d tokens were fetched, %d requests refused, %d made", n, refused.Load(), len(r.Requests()))
		}
	})
}

func TestADeadTokenEndpointIsLeftAlone(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r, login := receiver.InMemory(t), newIssuer(t)
		login.fail, login.problem = 401, `{"error":"invalid_client","error_description":"not hush+client"}`
		h := open(t, r, login.Receiver)
		id := h.subscribe(r.URL, login.auth(), ordering("none"))
		event := h.publishMany(1000, 1000)[0]
		time.Sleep(time.Minute)
		d := h.delivery(id, event)
		want := "login.example.com answered 401 Unauthorized (invalid_client): check client_id and client_secret."
		if d.Error == nil || !strings.HasSuffix(*d.Error, want) || d.StatusCode != nil {
			t.Errorf("the attempt says %v, want %s", *d.Error, want)
		}
		// Each fetch tries both ways of RFC 6749 to show who asks.
		if n := len(login.Requests()); n < 2 || n > 16 {
			t.Errorf("it was asked %d times", n)
		}
		if len(r.Requests()) > 0 {
			t.Error("something was sent without a token")
		}
		login.set(func() { login.fail = 0 })
		time.Sleep(time.Hour)
		if n := len(r.Requests()); n < 1000 {
			t.Errorf("%d of 1000 were delivered", n)
		}
	})
}

func TestWhatIsWrongWithATokenEndpointIsSaid(t *testing.T) {
	for name, test := range map[string]struct {
		script func(*issuer)
		want   string
	}{
		"it redirects":             {func(i *issuer) { i.Redirect("http://elsewhere.example.com/") }, "login.example.com answered 302, and redirects are not followed"},
		"it hangs":                 {func(i *issuer) { i.Hang() }, "gave no answer within 10s"},
		"it breaks off":            {func(i *issuer) { i.Reset() }, "login.example.com closed the connection"},
		"it knows no token":        {func(i *issuer) { i.AnswerBody(200, `{"hush":1}`) }, "holds no access token"},
		"it talks of other things": {func(i *issuer) { i.AnswerBody(200, "<html>hush") }, "holds no access token"},
		"it is endless":            {func(i *issuer) { i.Endless() }, "holds no access token"},
		"its token is of no use": {func(i *issuer) {
			i.AnswerBody(200, `{"access_token":"hush\nhush"}`, "Content-Type", "application/json")
		}, "cannot be sent in a header"},
		"its token is of one's own": {func(i *issuer) {
			i.AnswerBody(200, `{"access_token":"hush","token_type":"mac"}`, "Content-Type", "application/json")
		}, "another type than Bearer"},
		"it is down":           {func(i *issuer) { i.Down() }, "login.example.com refused the connection"},
		"it has its own codes": {func(i *issuer) { i.AnswerBody(400, `{"error":"hush+client"}`, "Content-Type", "application/json") }, "answered 400 Bad Request."},
	} {
		t.Run(name, func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				r, login := receiver.InMemory(t), newIssuer(t)
				test.script(login)
				h := open(t, r, login.Receiver)
				id := h.subscribe(r.URL, login.auth())
				event := h.publish("a")[0]
				time.Sleep(14 * time.Second)
				if d := h.delivery(id, event); d.Error == nil {
					t.Errorf("it is %s, want %q", d.Status, test.want)
				} else if !strings.Contains(*d.Error, test.want) || strings.Contains(*d.Error, "hush") {
					t.Errorf("the attempt says %q, want %q", *d.Error, test.want)
				}
				if len(r.Requests()) > 0 {
					t.Error("something was sent without a token")
				}
			})
		})
	}
}

// While a token is still good, a renewal that fails does not matter.
func TestATokenServesUntilItsEnd(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r, login := receiver.InMemory(t), newIssuer(t)
		h := open(t, r, login.Receiver)
		h.subscribe(r.URL, login.auth())
		h.publish("a")
		r.Wait(t, 1)
		login.set(func() { login.fail = 503 })
		time.Sleep(time.Hour - 10*time.Second)
		h.publish("a", "b", "c")
		wantBearers(t, r.Wait(t, 4), "1 1 1 1")
		time.Sleep(20 * time.Second)
		h.publish("a")
		time.Sleep(time.Second)
		wantBearers(t, r.Requests(), "1 1 1 1")
	})
}

// Who waits for a token that somebody else fetches waits no longer than for an answer.
func TestWaitingForATokenHasALimit(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r, login := receiver.InMemory(t), newIssuer(t)
		login.takes = 5 * time.Second
		h := open(t, r, login.Receiver)
		id := h.subscribe(r.URL, login.auth(), func(w *parley.Webhook) { w.TimeoutSeconds = 2 })
		events := h.publish("a", "b", "c")
		time.Sleep(6 * time.Second)
		delivered, late := 0, 0
		for _, event := range events {
			d := h.delivery(id, event)
			switch first := d.Attempts[0]; {
			case first.Error == nil:
				delivered++
			case strings.Contains(*first.Error, "gave no answer within 2s") && first.DurationMS == 2000:
				late++
			default:
				t.Errorf("the attempt says %q after %v ms", *first.Error, first.DurationMS)
			}
		}
		if delivered != 1 || late != 2 || len(login.Requests()) != 1 {
			t.Errorf("%d were delivered, %d were late", delivered, late)
		}
	})
}
