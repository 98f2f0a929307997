package webhook

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"sync"
	"time"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/outbound"
	"parley/internal/payload"
)

// formats are the payload formats by name: endpoints share them.
var formats = func() map[string]*payload.Format {
	byName := map[string]*payload.Format{}
	for _, f := range payload.Formats() {
		byName[f.Name] = &f
	}
	return byName
}()

// config is what an endpoint's settings come to. But for its approach, it does not
// change.
type config struct {
	match     *endpoint.Matcher // used by the runner, under its lock
	format    *payload.Format
	transform transform
	until     parley.Time // when a secret expires
	delays    []time.Duration
	byKey     bool // events of one key go one after another
	strict    bool // all events do, and one that failed holds the rest
	serial    bool // one request is made after another

	// The approach is made when it is first needed: most endpoints are idle.
	mu   sync.Mutex
	auth auth      // that the endpoint has had so far
	way  *approach // nil: not needed yet
}

// tokenHeader shows an endpoint's token with each batch, unless the endpoint has a
// header of that name of its own.
const tokenHeader = "X-Webhook-Token"

// contentType is that of requests. What a transformation makes need not be in the
// endpoint's format any more.
func (c *config) contentType() string {
	if c.transform.source != "" {
		return "application/json"
	}
	return c.format.ContentType
}

// approach is how an endpoint is reached, whatever it is sent.
type approach struct {
	target  *outbound.Target // nil: the operator no longer allows the URL
	signer  *outbound.Signer
	auth    auth
	timeout time.Duration
}

func (e *Engine) configure(sub endpoint.Subscription) (*config, error) {
	w := sub.Webhook
	match, err := endpoint.NewMatcher(w)
	if err != nil {
		return nil, fmt.Errorf("the filter, which could be compiled when it was saved: %w", err)
	}
	format := formats[w.Format]
	if format == nil {
		return nil, fmt.Errorf("this release does not know the format %q", w.Format)
	}
	strict := w.Ordering == "strict"
	return &config{
		match: match, until: sub.Until, auth: e.authOf(w.ID),
		format: format, transform: newTransform(w), delays: delays(w.Retry),
		byKey: w.Ordering == "key" && !format.Batches, strict: strict,
		serial: strict || w.Ordering == "key" && format.Batches,
	}, nil
}

// reach gives the approach of an endpoint; an error says that its settings could not
// be read.
func (e *Engine) reach(name endpoint.Name, conf *config) (*approach, error) {
	conf.mu.Lock()
	defer conf.mu.Unlock()
	if conf.way != nil {
		return conf.way, nil
	}
	sub, err := e.Endpoints.Load(e.ctx, name)
	if err != nil {
		return nil, err
	}
	way, err := e.approach(sub, conf.auth)
	if err != nil {
		return nil, err
	}
	conf.way, conf.auth = &way, way.auth
	return conf.way, nil
}

// approach prepares requests to an endpoint; present is the auth that it has had so
// far.
func (c Config) approach(sub endpoint.Subscription, present auth) (approach, error) {
	w := sub.Webhook
	header := http.Header{}
	for name, value := range w.Headers {
		header.Set(name, value)
	}
	if format := formats[w.Format]; format != nil && format.Batches && w.Verification.Token != "" && header.Get(tokenHeader) == "" {
		header.Set(tokenHeader, w.Verification.Token)
	}
	signer, err := outbound.NewPrivateSigner(sub.Private, sub.Secrets...)
	if err != nil {
		return approach{}, err
	}
	certificate, err := certificateOf(w.Auth)
	if err != nil {
		return approach{}, err
	}
	target, err := c.Client.TargetWith(w.URL, header, outbound.TargetOptions{Certificate: certificate})
	if err != nil {
		// The policy has become stricter since the endpoint was saved.
		c.Logger.Warn("webhook.target_refused", "org", sub.Org, "endpoint", w.ID, "error", err)
	}
	return approach{
		target: target, signer: signer, auth: newAuth(w.Auth, present, c.Client),
		timeout: time.Duration(w.TimeoutSeconds) * time.Second,
	}, nil
}

// certificateOf is what an endpoint is shown; nil: it does not ask for any.
func certificateOf(a parley.Auth) (*tls.Certificate, error) {
	if a.Type != "mtls" {
		return nil, nil
	}
	c, err := tls.X509KeyPair([]byte(a.Certificate), []byte(a.PrivateKey))
	if err != nil {
		return nil, fmt.Errorf("the client certificate, which was good when it was saved: %w", err)
	}
	return &c, nil
}

// authOf is the auth that an endpoint has had so far.
func (e *Engine) authOf(id parley.WebhookID) auth {
	e.mu.Lock()
	r := e.byID[id]
	e.mu.Unlock()
	if r == nil {
		return auth{}
	}
	r.mu.Lock()
	conf := r.conf
	r.mu.Unlock()
	if conf == nil {
		return auth{}
	}
	conf.mu.Lock()
	defer conf.mu.Unlock()
	return conf.auth
}
