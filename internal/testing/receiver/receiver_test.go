package receiver

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func client(t *testing.T, r *Receiver) *http.Client {
	t.Helper()
	transport := &http.Transport{DialContext: r.DialContext}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func post(t *testing.T, c *http.Client, r *Receiver, body string) (status int, answer string, err error) {
	t.Helper()
	res, err := c.Post(r.URL, "application/json", strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return res.StatusCode, string(b), err
}

func TestAScriptRunsInOrder(t *testing.T) {
	t.Parallel()
	r := New(t)
	c := client(t, r)
	r.Answer(503).Times(2).Then().Redirect("https://example.com").Then().AnswerBody(200, "ok").Times(1)
	var got []int
	for range 6 {
		status, _, err := post(t, c, r, "{}")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, status)
	}
	if want := []int{503, 503, 302, 200, 204, 204}; !slices.Equal(got, want) {
		t.Errorf("answers %v, want %v", got, want)
	}
	r.Answer(500)
	for range 2 {
		if status, _, err := post(t, c, r, "{}"); status != 500 {
			t.Errorf("the last act answers %d, %v, want 500 for ever", status, err)
		}
	}
}

func TestRequestsAreRecordedInOrder(t *testing.T) {
	t.Parallel()
	r := New(t)
	c := client(t, r)
	for _, body := range []string{`{"id":"evt_1","n":1}`, `{"id":"evt_2"}`, `not JSON`} {
		if _, _, err := post(t, c, r, body); err != nil {
			t.Error(err)
		}
	}
	all := r.Wait(t, 3)
	if want := []string{"evt_1", "evt_2", ""}; !slices.Equal(r.IDs(), want) {
		t.Errorf("ids %q, want %q", r.IDs(), want)
	}
	var body struct{ N int }
	if all[0].Decode(t, &body); body.N != 1 {
		t.Errorf("decoded %+v", body)
	}
	if all[0].Method != "POST" || all[0].Path != "/" || all[0].Header.Get("Content-Type") != "application/json" {
		t.Errorf("recorded %+v", all[0])
	}
	r.Forget()
	if len(r.Requests()) != 0 {
		t.Error("requests are left after Forget")
	}
}

func TestWaitWaits(t *testing.T) {
	t.Parallel()
	r := New(t)
	c := client(t, r)
	r.Hang()
	var sending sync.WaitGroup
	for range 3 {
		sending.Go(func() {
			if _, _, err := post(t, c, r, "{}"); err == nil {
				t.Error("a hanging receiver answered")
			}
		})
	}
	r.Wait(t, 3)
	if r.MostAtOnce() != 3 {
		t.Errorf("%d at once, want 3", r.MostAtOnce())
	}
	r.Down() // what hangs is let go
	sending.Wait()
}

func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	r := New(t)
	c := client(t, r)
	for name, act := range map[string]func() *Act{"reset": r.Reset, "cut": r.Cut, "garbage": r.Garbage} {
		act()
		if _, _, err := post(t, c, r, "{}"); err == nil {
			t.Errorf("%s: a whole answer came", name)
		}
	}
	r.Endless()
	if _, body, err := post(t, c, r, "{}"); err != nil || len(body) != 1<<20 {
		t.Errorf("endless: %d bytes, %v", len(body), err)
	}
	r.Down()
	if _, _, err := post(t, c, r, "{}"); err == nil {
		t.Error("down: an answer came")
	}
	r.Up()
	r.Answer(200)
	if status, _, err := post(t, c, r, "{}"); status != 200 {
		t.Errorf("up again: %d, %v", status, err)
	}
}

func TestInABubbleTimeIsVirtual(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := InMemory(t)
		c := client(t, r)
		began := time.Now()
		r.Slow(72 * time.Hour)
		if status, _, err := post(t, c, r, "{}"); status != 204 || time.Since(began) != 72*time.Hour {
			t.Errorf("%d, %v after %v", status, err, time.Since(began))
		}
		r.Down()
		if _, _, err := post(t, c, r, "{}"); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("down: %v", err)
		}
		r.Up()
		c.Timeout = time.Minute
		r.Hang()
		if _, _, err := post(t, c, r, "{}"); err == nil {
			t.Error("a hanging receiver answered")
		}
		r.Drip(time.Second)
		if _, _, err := post(t, c, r, "{}"); err == nil {
			t.Error("a dripping receiver ended its answer")
		}
		if n := len(r.Wait(t, 3)); n != 3 {
			t.Errorf("%d requests, want 3", n)
		}
	})
}

func TestReceiversInABubbleAreFoundByHost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, b := InMemoryAt(t, "a.example.com"), InMemoryAt(t, "b.example.com")
		transport := &http.Transport{DialContext: Network(a, b)}
		defer transport.CloseIdleConnections()
		c := &http.Client{Transport: transport}
		for _, r := range []*Receiver{a, b, b} {
			if _, _, err := post(t, c, r, "{}"); err != nil {
				t.Error(err)
			}
		}
		if len(a.Requests()) != 1 || len(b.Requests()) != 2 {
			t.Errorf("%d and %d requests, want 1 and 2", len(a.Requests()), len(b.Requests()))
		}
		if _, _, err := post(t, c, &Receiver{URL: "http://c.example.com"}, "{}"); err == nil {
			t.Error("an unknown host was found")
		}
	})
}

func TestSignaturesAreVerified(t *testing.T) {
	t.Parallel()
	r := New(t)
	c := client(t, r)
	secret := "whsec_" + strings.Repeat("AAAA", 8)
	r.Verify(t, secret)

	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{}`)
	now := time.Now()
	signature, err := wh.Sign("evt_1", now, body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), "POST", r.URL, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("webhook-id", "evt_1")
	request.Header.Set("webhook-timestamp", now.UTC().Format("not a number"))
	request.Header.Set("webhook-signature", signature)
	do(t, c, request)
	if r.Refused() != 1 {
		t.Errorf("%d refused, want 1 with a bad timestamp", r.Refused())
	}
	request.Header.Set("webhook-timestamp", unix(now))
	request.Body = io.NopCloser(bytes.NewReader(body))
	do(t, c, request)
	if all := r.Requests(); r.Refused() != 1 || all[0].Refused == nil || all[1].Refused != nil {
		t.Errorf("%d refused: %v, %v", r.Refused(), all[0].Refused, all[1].Refused)
	}
}

func do(t *testing.T, c *http.Client, request *http.Request) {
	t.Helper()
	res, err := c.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
}

func unix(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }
