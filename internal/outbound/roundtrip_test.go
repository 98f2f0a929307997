package outbound

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/testing/receiver"
)

func TestALibrarysRequestsGoWhereThePolicyPermits(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	loopback := resolver(func(string) []netip.Addr { return []netip.Addr{netip.MustParseAddr("127.0.0.1")} })
	strict := New(Policy{AllowHTTP: true}, Options{Resolver: loopback})
	defer strict.Close()
	client := &http.Client{Transport: strict.RoundTripper()}
	for _, address := range []string{r.URL, "http://169.254.169.254/latest/", "http://user:pass@hooks.example.com/", "http://2130706433/", "ftp://hooks.example.com"} {
		if got := fetch(client, "POST", address, "grant_type=client_credentials"); got.err == nil || !strings.Contains(got.err.Error(), "the URL must") {
			t.Errorf("%s: %+v", address, got)
		}
	}
	got := fetch(client, "GET", "http://hooks.example.com:"+portOf(r.URL), "")
	if failure := (*Failure)(nil); !errors.As(got.err, &failure) || failure.Kind != RefusedAddress {
		t.Errorf("by name: %+v", got)
	}
	if n := len(r.Requests()); n != 0 {
		t.Errorf("%d requests arrived at loopback", n)
	}
}

// fetched is an answer that was read to its end.
type fetched struct {
	status int
	header http.Header
	body   string
	err    error
}

func fetch(c *http.Client, method, url, body string) fetched {
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return fetched{err: err}
	}
	return do(c, request)
}

func do(c *http.Client, request *http.Request) fetched {
	answer, err := c.Do(request)
	if err != nil {
		return fetched{err: err}
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return fetched{answer.StatusCode, answer.Header, string(body), err}
}

func TestALibrarysRequestIsAnswered(t *testing.T) {
	t.Parallel()
	r, elsewhere := receiver.New(t), receiver.New(t)
	c := dev(t)
	client := &http.Client{Transport: c.RoundTripper()}
	r.AnswerBody(200, `{"access_token":"t"}`, "Content-Type", "application/json", "X-Other", "kept")
	got := fetch(client, "POST", r.URL+"/token", "scope=a+b")
	if got.err != nil || got.status != 200 || got.body != `{"access_token":"t"}` || got.header.Get("X-Other") != "kept" {
		t.Errorf("got %+v", got)
	}
	if q := r.Wait(t, 1)[0]; q.Method != "POST" || q.Path != "/token" || string(q.Body) != "scope=a+b" {
		t.Errorf("arrived: %+v", q)
	}

	r.Redirect(elsewhere.URL)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if got := fetch(client, "GET", r.URL, ""); got.err != nil || got.status != 302 || len(elsewhere.Requests()) != 0 {
		t.Errorf("a redirect was followed: %+v", got)
	}

	for size, fits := range map[int]bool{64 << 10: true, 64<<10 + 1: false} {
		r.AnswerBody(200, strings.Repeat("x", size))
		got := fetch(client, "GET", r.URL, "")
		failure := (*Failure)(nil)
		if tooLarge := errors.As(got.err, &failure) && failure.Kind == TooLarge; tooLarge == fits || fits && got.err != nil || len(got.body) != 64<<10 {
			t.Errorf("of %d bytes %d came: %v", size, len(got.body), got.err)
		}
	}
}

func TestTheLimitCoversALibrarysRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		c := New(Policy{AllowHTTP: true}, Options{DialContext: r.DialContext})
		t.Cleanup(c.Close)
		client := &http.Client{Transport: c.RoundTripper()}
		begun := time.Now()
		r.Drip(time.Second)
		got := fetch(client, "GET", r.URL, "")
		if failure := (*Failure)(nil); !errors.As(got.err, &failure) || failure.Kind != Timeout || time.Since(begun) != defaultTimeout {
			t.Errorf("a dripping answer: %+v after %v", got, time.Since(begun))
		}
		r.Hang()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		got = do(client, must(http.NewRequestWithContext(ctx, "GET", r.URL, nil))(t))
		if !errors.Is(got.err, context.Canceled) {
			t.Errorf("cancelled: %+v", got)
		}
	})
}

func TestALibrarysRequestsSayWhoTheyComeFrom(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	client := New(Policy{AllowHTTP: true, AllowPrivate: true}, Options{UserAgent: "Parley/test"})
	defer client.Close()
	if got := fetch(&http.Client{Transport: client.RoundTripper()}, "GET", r.URL, ""); got.err != nil {
		t.Fatal(got.err)
	}
	if agent := r.Requests()[0].Header.Get("User-Agent"); agent != "Parley/test" {
		t.Errorf("the user agent is %q", agent)
	}
}
