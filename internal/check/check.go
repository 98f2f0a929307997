package check

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/outbound"
)

// Options are what to check, and how.
type Options struct {
	URL    string          // of the receiver; http:// and private addresses too
	Secret outbound.Secret // the receiver's; without it, checks that need it are not made
	Token  string          // that the receiver sends back; "" leaves the check of it out

	// Only names the checks to make, with those that they build on; all if empty.
	Only []string

	// Client says how to send: the limit of each request is its Timeout.
	Client outbound.Options

	// Begin and End are told of each check as it begins and ends, one after the
	// other; nil tells nobody.
	Begin func(name string, number, all int)
	End   func(Outcome)
}

// Run makes the checks, one after another. The error tells that they could not be
// made, as what Options say is wrong or ctx has ended; that the receiver is not as
// it should be is for the report to say.
func Run(ctx context.Context, o Options) (Report, error) {
	chosen, err := choose(o)
	if err != nil {
		return Report{}, err
	}
	e, err := newExam(o)
	if err != nil {
		return Report{}, err
	}
	defer e.client.Close()

	report := Report{URL: o.URL, StartedAt: time.Now().UTC()}
	for i, c := range chosen {
		if o.Begin != nil {
			o.Begin(c.name, i+1, len(chosen))
		}
		outcome := e.try(ctx, c)
		if err := ctx.Err(); err != nil {
			return Report{}, err
		}
		report.add(outcome)
		if o.End != nil {
			o.End(outcome)
		}
	}
	report.Took = time.Since(report.StartedAt).Seconds()
	return report, nil
}

// choose gives the checks that were asked for, in their order.
func choose(o Options) ([]check, error) {
	wanted := map[string]bool{}
	for _, name := range o.Only {
		c, known := checkNamed(name)
		if !known {
			return nil, fmt.Errorf("there is no check %q: there are %s", name, Names())
		}
		for ; known; c, known = checkNamed(c.after) {
			wanted[c.name] = true
		}
	}
	return slices.DeleteFunc(checks(), func(c check) bool {
		if len(o.Only) == 0 {
			return c.name == tokenEcho && o.Token == ""
		}
		return !wanted[c.name]
	}), nil
}

// Names are the names of all checks, separated by commas.
func Names() string {
	var names []string
	for _, c := range checks() {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}

// exam is one run.
type exam struct {
	client    *outbound.Client
	target    *outbound.Target
	url       string
	plain     bool // the URL is http://
	userAgent string

	secret   outbound.Secret  // "" if none was given
	signer   *outbound.Signer // nil without a secret
	stranger *outbound.Signer // of a secret that the receiver does not know
	token    string

	sequence int64 // of the last event made
	verdicts map[string]Verdict
}

func newExam(o Options) (*exam, error) {
	e := &exam{
		url: o.URL, plain: strings.HasPrefix(strings.ToLower(o.URL), "http:"), userAgent: o.Client.UserAgent,
		secret: o.Secret, token: o.Token, verdicts: map[string]Verdict{},
	}
	var err error
	if e.stranger, err = outbound.NewSigner(outbound.NewSecret()); err != nil {
		return nil, err
	}
	if o.Secret != "" {
		if e.signer, err = outbound.NewSigner(o.Secret); err != nil {
			return nil, err
		}
	}
	// Whoever sits at this machine decides where its programs may go.
	e.client = outbound.New(outbound.Policy{AllowHTTP: true, AllowPrivate: true}, o.Client)
	if e.target, err = e.client.Target(o.URL, nil); err != nil {
		e.client.Close()
		return nil, err
	}
	return e, nil
}

// try makes a check, unless it would say nothing.
func (e *exam) try(ctx context.Context, c check) Outcome {
	begun := time.Now()
	var f finding
	switch broken := e.broken(c); {
	case broken != "":
		f = notMade("Mend " + broken + " first: until then this would say nothing.")
	case c.signed && e.signer == nil:
		f = notMade("Give the receiver's secret: --secret whsec_… or PARLEY_WEBHOOK_SECRET.")
	default:
		f = c.make(e, ctx)
	}
	e.verdicts[c.name] = f.verdict
	return Outcome{
		Name: c.name, Promise: c.promise, Verdict: f.verdict, Sent: f.sent, Received: f.received, Mend: f.mend,
		Took: time.Since(begun).Seconds(),
	}
}

// broken is the check among those that c builds on that failed, "" if none did.
func (e *exam) broken(c check) string {
	for before, known := checkNamed(c.after); known; before, known = checkNamed(before.after) {
		if e.verdicts[before.name] == Fail {
			return before.name
		}
	}
	return ""
}
