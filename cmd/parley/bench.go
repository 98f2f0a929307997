package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"parley/internal/bench"
)

type benchCommand struct {
	Scenario    []string      `help:"Only these scenarios." placeholder:"NAME,…"`
	Duration    time.Duration `help:"How long each load goes on, more or less (default: 6s, with --quick 1s)." placeholder:"6s"`
	Quick       bool          `help:"Small loads: done in about a minute, and indicative only."`
	Repeat      int           `help:"Run each scenario so many times and give the median of each figure." default:"1"`
	DatabaseURL string        `name:"database-url" help:"PostgreSQL server to measure on; databases are made on it and dropped." placeholder:"postgres://…"`
	JSON        bool          `name:"json" help:"Print one JSON object instead of a table."`
	Assert      bool          `help:"Exit with status 1 if a figure is missed."`
	Keep        string        `help:"Folder to keep the servers' data and logs in." placeholder:"FOLDER"`
	Profile     bool          `help:"Write CPU and memory profiles of the servers to the folder of --keep."`
}

// Help implements kong.HelpProvider.
func (c *benchCommand) Help() string {
	return "Starts servers of its own on this machine, loads them, receives what they deliver, and compares each figure with its bound. " +
		"Scenarios: " + bench.Scenarios() + "."
}

// Run measures and prints the figures.
func (c *benchCommand) Run(ctx context.Context, p *program) error {
	if role := p.getenv(bench.RoleVariable); role != "" {
		return bench.Child(ctx, role, os.Stdin, p.stdout, p.stderr)
	}
	report, err := bench.Run(ctx, bench.Options{
		Scenarios: c.Scenario, Duration: c.Duration, Quick: c.Quick, Repeat: c.Repeat, DatabaseURL: c.DatabaseURL,
		Keep: c.Keep, Profile: c.Profile, Version: version(), Progress: p.stderr, Terminal: isTerminal(p.stderr),
	})
	if errors.Is(err, context.Canceled) {
		return errors.New("bench: interrupted")
	}
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	if err := c.print(p.stdout, report); err != nil {
		return err
	}
	return c.verdict(report)
}

func (c *benchCommand) print(w io.Writer, report bench.Report) error {
	if c.JSON {
		return report.WriteJSON(w)
	}
	return report.WriteTable(w)
}

// verdict is an error if something could not be measured, or if the figures are to be
// reached and are not.
func (c *benchCommand) verdict(report bench.Report) error {
	if len(report.Failed) > 0 {
		return fmt.Errorf("%d scenarios could not be measured", len(report.Failed))
	}
	if missed := len(report.Missed()); c.Assert && missed > 0 {
		return fmt.Errorf("%d of %d figures are missed", missed, len(report.Figures))
	}
	return nil
}

// isTerminal tells whether what is written is seen at once by a person.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
