package webhook

import (
	"context"
	"sync"
	"time"

	"parley"
	"parley/internal/endpoint"
)

// maxVerifying is how many endpoints are asked for their tokens at once without
// anybody waiting for it.
const maxVerifying = 16

// verifyAgain are the pauses before the attempts after the first. When they are used
// up an endpoint stays unverified until somebody asks for it to be verified, changes
// it, or starts the engine again.
func verifyAgain() []time.Duration {
	return []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}
}

// verifications are those that the engine sees to by itself.
type verifications struct {
	places chan struct{}

	mu sync.Mutex
	of map[parley.WebhookID]*verification
}

// verification is that of one endpoint, which one goroutine sees to.
type verification struct {
	name  endpoint.Name
	url   string // what is being verified
	token string
	anew  chan struct{} // it is another by now: begin again
}

func newVerifications() verifications {
	return verifications{places: make(chan struct{}, maxVerifying), of: map[parley.WebhookID]*verification{}}
}

// see has an endpoint verified if it waits for that, unless it is being verified as
// it is.
func (e *Engine) see(sub endpoint.Subscription) {
	vs, w := &e.verifications, sub.Webhook
	vs.mu.Lock()
	defer vs.mu.Unlock()
	v := vs.of[w.ID]
	if w.Status != parley.EndpointUnverified {
		if v != nil {
			v.url, v.token = "", "" // if it is unverified again, that begins anew
		}
		return
	}
	if v == nil {
		v = &verification{name: endpoint.Name{Org: sub.Org, ID: w.ID}, anew: make(chan struct{}, 1)}
		if !e.startWorker(func() { e.verifyPatiently(v) }) {
			return
		}
		vs.of[w.ID] = v
	} else if v.url != w.URL || v.token != w.Verification.Token {
		v.begin()
	}
	v.url, v.token = w.URL, w.Verification.Token
}

func (v *verification) begin() {
	select {
	case v.anew <- struct{}{}:
	default:
	}
}

// verifyPatiently asks an endpoint a few times, until it has answered.
func (e *Engine) verifyPatiently(v *verification) {
	for {
		e.verifyInTurns(v)
		e.verifications.mu.Lock()
		if len(v.anew) == 0 || e.stopping() {
			delete(e.verifications.of, v.name.ID)
			e.verifications.mu.Unlock()
			return
		}
		<-v.anew
		e.verifications.mu.Unlock()
	}
}

func (e *Engine) verifyInTurns(v *verification) {
	for _, pause := range append(verifyAgain(), 0) {
		again := e.verifyOnce(v, pause)
		if !again || pause == 0 {
			return
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-v.anew:
			timer.Stop()
			v.begin()
			return
		case <-e.stopped:
			timer.Stop()
			return
		}
	}
}

// verifyOnce makes one attempt, and tells whether another may be of use, which is
// then made after the pause.
func (e *Engine) verifyOnce(v *verification, pause time.Duration) (again bool) {
	select {
	case e.verifications.places <- struct{}{}:
		defer func() { <-e.verifications.places }()
	case <-e.stopped:
		return false
	}
	sub, err := e.Endpoints.Load(e.ctx, v.name)
	if err == nil {
		if sub.Webhook.Status != parley.EndpointUnverified {
			return false
		}
		err = e.ask(e.ctx, sub)
	}
	if err == nil || parley.KindOf(err) == parley.NotFound || e.ctx.Err() != nil {
		return false
	}
	if pause > 0 {
		e.Logger.Info("webhook.not_verified", "org", v.name.Org, "endpoint", v.name.ID, "reason", err, "again_in", pause)
	} else {
		e.Logger.Info("webhook.not_verified", "org", v.name.Org, "endpoint", v.name.ID, "reason", err)
	}
	return true
}

// Verify implements endpoint.Engine: this process asks the endpoint, whoever delivers
// to it.
func (c Config) Verify(ctx context.Context, org parley.OrganizationID, id parley.WebhookID) error {
	sub, err := c.Endpoints.Load(ctx, endpoint.Name{Org: org, ID: id})
	if err != nil {
		return err
	}
	return c.ask(ctx, sub)
}
