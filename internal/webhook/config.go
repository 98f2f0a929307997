package webhook

import (
	"fmt"
	"net/http"
	"time"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/outbound"
)

// config is what an endpoint's settings come to. It does not change.
type config struct {
	match     matcher          // to begin with: the runner's own remembers types
	target    *outbound.Target // nil: the operator no longer allows the URL
	signer    *outbound.Signer
	transform transform
	auth      auth
	until     parley.Time // when a secret expires
	timeout   time.Duration
	delays    []time.Duration
	byKey     bool // events of one key go one after another
	strict    bool // all events do, and one that failed holds the rest
}

func (e *Engine) configure(sub endpoint.Subscription) (*config, error) {
	w := sub.Webhook
	header := http.Header{}
	for name, value := range w.Headers {
		header.Set(name, value)
	}
	target, err := e.Client.Target(w.URL, header)
	if err != nil {
		// The policy has become stricter since the endpoint was saved.
		e.Logger.Warn("webhook.target_refused", "org", sub.Org, "endpoint", w.ID, "error", err)
	}
	signer, err := outbound.NewSigner(sub.Secrets...)
	if err != nil {
		return nil, err
	}
	match, err := newMatcher(w)
	if err != nil {
		return nil, fmt.Errorf("the filter, which could be compiled when it was saved: %w", err)
	}
	return &config{
		match: match, target: target, signer: signer, until: sub.Until,
		transform: newTransform(w), auth: newAuth(w.Auth),
		timeout: time.Duration(w.TimeoutSeconds) * time.Second, delays: delays(w.Retry),
		byKey: w.Ordering == "key", strict: w.Ordering == "strict",
	}, nil
}
