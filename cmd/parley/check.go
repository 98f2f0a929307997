package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"parley/internal/check"
	"parley/internal/outbound"
)

type checkCommand struct {
	URL       string        `arg:"" name:"url" help:"Where the receiver takes webhooks."`
	Secret    string        `name:"webhook-secret" aliases:"secret" help:"The secret that the receiver verifies with; --secret for short." placeholder:"whsec_…"`
	TokenEcho string        `help:"Also check that the receiver sends this token of its verification back." placeholder:"TOKEN"`
	Only      []string      `help:"Only these checks, and those they build on." placeholder:"NAME,…"`
	Timeout   time.Duration `help:"How long to wait for each answer." default:"10s"`
	JSON      bool          `name:"json" help:"Print one JSON object instead of a report for people."`
}

// Help implements kong.HelpProvider.
func (c *checkCommand) Help() string {
	return "Sends a receiver what Parley would send, and what somebody who means harm would, and says which promises of a good receiver it keeps. " +
		"Checks: " + check.Names() + "."
}

// Run makes the checks, prints what each came to, and fails if one failed.
func (c *checkCommand) Run(ctx context.Context, p *program) error {
	options, err := c.options()
	if err != nil {
		return err
	}
	paper := newCheckPaper(p, c.JSON)
	options.Begin, options.End = paper.begin, paper.end
	report, err := check.Run(ctx, options)
	paper.clear()
	if errors.Is(err, context.Canceled) {
		return errors.New("check: interrupted")
	}
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	if err := c.print(p.stdout, report); err != nil {
		return err
	}
	if c.Secret == "" {
		fmt.Fprintf(p.stderr, "Without the receiver's secret most checks are not made: give it with --secret or PARLEY_WEBHOOK_SECRET.\n"+
			"If the receiver has none yet, give it this new one: %s\n", outbound.NewSecret())
	}
	if report.Failed > 0 {
		return fmt.Errorf("%d of %d checks failed", report.Failed, len(report.Checks))
	}
	return nil
}

func (c *checkCommand) options() (check.Options, error) {
	if c.Timeout <= 0 {
		return check.Options{}, errors.New("--timeout must be more than 0")
	}
	o := check.Options{
		URL: c.URL, Token: c.TokenEcho, Only: c.Only,
		Client: outbound.Options{UserAgent: "Parley/" + version(), Timeout: c.Timeout},
	}
	if c.Secret == "" {
		return o, nil
	}
	var err error
	if o.Secret, err = outbound.ParseSecret(c.Secret); err != nil {
		return o, fmt.Errorf("--secret %w", err)
	}
	return o, nil
}

func (c *checkCommand) print(w io.Writer, report check.Report) error {
	if c.JSON {
		return report.WriteJSON(w)
	}
	_, err := fmt.Fprintf(w, "\n%s.\n", report.Grade())
	return err
}

// checkPaper is what the report for people is written on, and the line below it on
// a terminal that says what is being done.
type checkPaper struct {
	*program
	style    style
	quiet    bool // the report is for a program
	terminal bool
}

func newCheckPaper(p *program, quiet bool) checkPaper {
	return checkPaper{p, styleOf(p.stdout, p.getenv), quiet, isTerminal(p.stderr)}
}

func (c checkPaper) begin(name string, number, all int) {
	if c.terminal {
		fmt.Fprintf(c.stderr, "\r\x1b[K  %d/%d %s …", number, all, name)
	}
}

// clear takes the line away.
func (c checkPaper) clear() {
	if c.terminal {
		fmt.Fprint(c.stderr, "\r\x1b[K")
	}
}

func (c checkPaper) end(o check.Outcome) {
	c.clear()
	if c.quiet {
		return
	}
	line := fmt.Sprintf("%s %s  %s", c.mark(o.Verdict), c.style.label(fmt.Sprintf("%-15s", o.Name)), o.Promise)
	switch o.Verdict {
	case check.Pass:
		fmt.Fprintf(c.stdout, "%s  %s\n", line, c.style.dim(o.Received))
	case check.NotMade:
		fmt.Fprintf(c.stdout, "%s  %s\n", line, c.style.dim("not made: "+o.Mend))
	default:
		fmt.Fprintln(c.stdout, line)
		c.explain("sent", o.Sent)
		c.explain("came back", o.Received)
		c.explain("mend", o.Mend)
	}
}

func (c checkPaper) explain(part, text string) {
	if text != "" {
		fmt.Fprintf(c.stdout, "    %s  %s\n", c.style.dim(fmt.Sprintf("%-9s", part)), text)
	}
}

func (c checkPaper) mark(v check.Verdict) string {
	switch v {
	case check.Pass:
		return c.style.good("✓")
	case check.Warning:
		return c.style.paint("33", "!")
	case check.Fail:
		return c.style.bad("✗")
	}
	return c.style.dim("-")
}
