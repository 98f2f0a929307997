package webhook

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"parley"
	"parley/internal/outbound"
)

const (
	// fetchWithin is how long a token endpoint may take to answer.
	fetchWithin = 10 * time.Second
	// renewBefore is how long before its end a token is renewed, or a tenth of its
	// life if that is less.
	renewBefore = 30 * time.Second
	// usualLife is that of a token of which the token endpoint does not tell.
	usualLife = time.Hour
	// freshFor is how long after it was fetched a token is not renewed only because
	// the receiver refuses it: the fault is another.
	freshFor = 10 * time.Second
	// After a fetch that failed there is a pause, which doubles each time, during
	// which requests that need a token fail without one.
	fetchAgainFirst = time.Second
	fetchAgainMost  = 30 * time.Second
	// maxToken is how long a token may be.
	maxToken = 8000
)

// tokens has the access token of an endpoint, fetches it when it is first needed and
// again before it ends. However many ask, one fetch is under way at a time.
type tokens struct {
	settings parley.Auth
	source   *clientcredentials.Config
	client   *http.Client

	mu       sync.Mutex
	present  token             // the last that was fetched; zero: none was
	fetching chan struct{}     // closed when the fetch that is under way has ended; nil: none is
	failure  *outbound.Failure // of the last fetch; nil: it went well
	pause    time.Duration     // the last one
	again    time.Time         // when the pause ends
}

// token is an access token, as a header, and from when to when it is good.
type token struct {
	number  int64 // counts the tokens fetched
	header  http.Header
	fetched time.Time
	renew   time.Time
	ends    time.Time
}

func newTokens(a parley.Auth, c *outbound.Client) *tokens {
	return &tokens{
		settings: a,
		source:   &clientcredentials.Config{ClientID: a.ClientID, ClientSecret: a.ClientSecret, TokenURL: a.TokenURL, Scopes: a.Scopes},
		client: &http.Client{
			Transport:     c.RoundTripper(),
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// send makes a request with the token. If the receiver refuses a token that was not
// just fetched it is made once more with a new one, within the same time limit.
func (t *tokens) send(ctx context.Context, c *outbound.Client, r *outbound.Request) outbound.Result {
	begun := time.Now()
	present, failure := t.get(ctx, r.Timeout, 0)
	if failure != nil {
		return outbound.Result{Failure: failure, Duration: time.Since(begun)}
	}
	r.Header = present.header
	sent := time.Now()
	result := c.Send(ctx, r)
	left := r.Timeout - time.Since(sent)
	if result.Status == http.StatusUnauthorized && time.Since(present.fetched) >= freshFor && left > 0 {
		next, failure := t.get(ctx, left, present.number)
		if failure != nil {
			result.Failure = failure
		} else {
			again := *r
			again.Header, again.Timeout = next.header, left
			result = c.Send(ctx, &again)
		}
	}
	result.Duration = time.Since(begun)
	return result
}

// get gives a token that is later than a number, or tells why there is none. Whoever
// finds that one has to be fetched does that; others wait for it as long as their
// limit allows.
func (t *tokens) get(ctx context.Context, limit time.Duration, beyond int64) (token, *outbound.Failure) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		t.mu.Lock()
		now := time.Now()
		if t.present.number > beyond && now.Before(t.present.renew) {
			defer t.mu.Unlock()
			return t.present, nil
		}
		if t.fetching == nil {
			if now.Before(t.again) {
				defer t.mu.Unlock()
				return t.last(now, beyond)
			}
			t.fetching = make(chan struct{})
			t.mu.Unlock()
			return t.renew(ctx, beyond)
		}
		fetched := t.fetching
		t.mu.Unlock()
		select {
		case <-fetched:
		case <-timer.C:
			return token{}, t.fail("gave no answer within %v", limit.Round(time.Millisecond))
		case <-ctx.Done():
			return token{}, stoppedFetching()
		}
	}
}

// last is the last token, which does although it was to be renewed, or why the last
// fetch failed.
func (t *tokens) last(now time.Time, beyond int64) (token, *outbound.Failure) {
	if t.present.number > beyond && now.Before(t.present.ends) {
		return t.present, nil
	}
	return token{}, t.failure
}

// renew fetches a token, for all who wait for it.
func (t *tokens) renew(ctx context.Context, beyond int64) (token, *outbound.Failure) {
	fetched, failure := t.fetch(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.fetching)
	t.fetching = nil
	switch {
	case failure == nil:
		fetched.number = t.present.number + 1
		t.present, t.failure, t.pause = fetched, nil, 0
		return fetched, nil
	case failure.Kind == outbound.Cancelled:
		return token{}, failure
	}
	t.failure = failure
	t.pause = min(max(2*t.pause, fetchAgainFirst), fetchAgainMost)
	now := time.Now()
	t.again = now.Add(t.pause)
	return t.last(now, beyond)
}

func (t *tokens) fetch(ctx context.Context) (token, *outbound.Failure) {
	timed, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	begun := time.Now()
	answer, err := t.source.Token(context.WithValue(timed, oauth2.HTTPClient, t.client))
	switch {
	case err != nil && ctx.Err() != nil:
		return token{}, stoppedFetching()
	case err != nil:
		return token{}, t.explain(err)
	case !strings.EqualFold(answer.Type(), "Bearer"):
		return token{}, t.fail("answered with a token of another type than Bearer")
	case len(answer.AccessToken) > maxToken || strings.ContainsFunc(answer.AccessToken, func(r rune) bool { return r <= ' ' || r > '~' }):
		return token{}, t.fail("answered with a token that cannot be sent in a header")
	}
	life := usualLife
	if !answer.Expiry.IsZero() {
		life = max(0, answer.Expiry.Sub(begun))
	}
	return token{
		header: authorization("Bearer", answer.AccessToken), fetched: begun,
		renew: begun.Add(life - min(renewBefore, life/10)), ends: begun.Add(life),
	}, nil
}

func stoppedFetching() *outbound.Failure {
	return &outbound.Failure{Kind: outbound.Cancelled, Message: "Sending was stopped before there was an access token.", Err: context.Canceled}
}

// fail is a failure of the token endpoint, said of it.
func (t *tokens) fail(format string, args ...any) *outbound.Failure {
	return &outbound.Failure{Kind: noToken, Message: lacking + t.host() + " " + fmt.Sprintf(format, args...) + "."}
}
