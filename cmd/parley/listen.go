package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"parley/cmd/parley/client"
	"parley/internal/outbound"
)

type listenCommand struct {
	ForwardTo string `required:"" help:"URL to post each event to." placeholder:"URL"`
	Secret    string `help:"Secret to sign with; a new one if not given." placeholder:"whsec_…"`

	eventFlags `embed:""`
}

// Run forwards events until it is told to stop.
func (c *listenCommand) Run(ctx context.Context, p *program) error {
	forward, err := c.forwarder(p)
	if err != nil {
		return err
	}
	defer forward.client.Close()
	api, err := c.client(p)
	if err != nil {
		return err
	}
	after, err := c.Since.after(ctx, api)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stderr, "Forwarding events after %d of %s to %s.\n", after, api.URL(), c.ForwardTo)
	following := client.Following{Types: c.Types, After: after, Broken: p.broken, Missed: p.missed}
	return api.Follow(ctx, following, func(e client.Event) error { return forward.event(ctx, e) })
}

// forwarder prepares to sign and post, and says which secret it signs with.
func (c *listenCommand) forwarder(p *program) (*forwarder, error) {
	secret := outbound.NewSecret()
	if c.Secret != "" {
		var err error
		if secret, err = outbound.ParseSecret(c.Secret); err != nil {
			return nil, fmt.Errorf("--secret %w", err)
		}
	}
	signer, err := outbound.NewSigner(secret)
	if err != nil {
		return nil, err
	}
	// Whoever sits at this machine decides where its programs may go.
	out := outbound.New(outbound.Policy{AllowHTTP: true, AllowPrivate: true}, outbound.Options{UserAgent: "Parley/" + version()})
	target, err := out.Target(c.ForwardTo, nil)
	if err != nil {
		return nil, fmt.Errorf("--forward-to: %w", err)
	}
	if c.Secret == "" {
		fmt.Fprintf(p.stderr, "Signing with %s\n", secret)
	}
	return &forwarder{program: p, json: c.JSON, client: out, target: target, signer: signer, style: styleOf(p.stdout, p.getenv)}, nil
}

// forwarder posts events to a URL and prints what came of each.
type forwarder struct {
	*program
	json   bool
	style  style
	client *outbound.Client
	target *outbound.Target
	signer *outbound.Signer
}

// outcome is what came of an event, as --json prints it.
type outcome struct {
	Time       time.Time `json:"time"`
	EventID    string    `json:"event_id"`
	Type       string    `json:"type"`
	Sequence   int64     `json:"sequence"`
	OK         bool      `json:"ok"`
	StatusCode *int      `json:"status_code"`
	DurationMS float64   `json:"duration_ms"` // of the last attempt
	Attempts   int       `json:"attempts"`
	Error      *string   `json:"error"`
}

// event posts an event until it is taken, or has been refused too often.
func (f *forwarder) event(ctx context.Context, e client.Event) error {
	result, attempts := f.post(ctx, e)
	if ctx.Err() != nil && !result.OK() {
		return nil // told to stop: nothing came of it
	}
	o := outcome{
		Time: time.Now().UTC(), EventID: string(e.ID), Type: e.Type, Sequence: e.Sequence, OK: result.OK(),
		DurationMS: float64(result.Duration.Microseconds()) / 1000, Attempts: attempts,
	}
	if result.Status != 0 {
		o.StatusCode = &result.Status
	}
	if result.Failure != nil {
		text := result.Failure.Error()
		o.Error = &text
	}
	return f.print(o)
}

// The pauses between the attempts at one event: what is being restarted has time to
// come back, and one bad event does not hold the others for long.
func pauses() []time.Duration {
	return []time.Duration{250 * time.Millisecond, time.Second, 3 * time.Second}
}

func (f *forwarder) post(ctx context.Context, e client.Event) (result outbound.Result, attempts int) {
	request := &outbound.Request{
		Target: f.target, Body: e.JSON,
		Signature: &outbound.Signature{ID: string(e.ID), Signer: f.signer},
	}
	for _, pause := range pauses() {
		attempts++
		if result = f.client.Send(ctx, request); result.OK() {
			return result, attempts
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return result, attempts
		}
	}
	return f.client.Send(ctx, request), attempts + 1
}

func (f *forwarder) print(o outcome) error {
	if f.json {
		return json.NewEncoder(f.stdout).Encode(o)
	}
	answer := "no answer"
	if o.StatusCode != nil {
		answer = strconv.Itoa(*o.StatusCode) + " " + http.StatusText(*o.StatusCode)
	}
	paint, after := f.style.good, ""
	if !o.OK {
		paint, after = f.style.bad, fmt.Sprintf("  failed %d times", o.Attempts)
		if o.Error != nil {
			after += ": " + *o.Error
		}
	}
	_, err := fmt.Fprintf(f.stdout, "%s  %s  %8d  %s  %6.1f ms%s\n",
		f.style.dim(o.Time.Local().Format(time.TimeOnly)), f.style.label(fmt.Sprintf("%-*s", typeWidth, o.Type)),
		o.Sequence, paint(fmt.Sprintf("%-20s", answer)), o.DurationMS, after)
	return err
}
