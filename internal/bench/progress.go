package bench

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress tells whoever waits what is being done: bars on a terminal, else a line
// for each scenario and its figures.
type progress struct {
	out      io.Writer
	terminal bool
	scenario string
	bar      *progressbar.ProgressBar
}

// begin says which scenario is next.
func (p *progress) begin(scenario string, number, all int) {
	p.scenario = scenario
	fmt.Fprintf(p.out, "%d/%d %s\n", number, all, scenario)
}

// end says what a scenario came to.
func (p *progress) end(figures []Figure, err error) {
	p.clear()
	for _, f := range figures {
		fmt.Fprintf(p.out, "    %s %s: %s\n", f.Verdict.mark(), f.Name, f.said())
	}
	if err != nil {
		fmt.Fprintf(p.out, "    failed: %v\n", err)
	}
}

// step begins a step of so many parts and gives a function that is to be told how
// many are done.
func (p *progress) step(what string, total int64) (tell func(done int64)) {
	p.clear()
	if !p.terminal {
		return func(int64) {}
	}
	bar := progressbar.NewOptions64(max(total, 1),
		progressbar.OptionSetWriter(p.out),
		progressbar.OptionSetDescription("    "+what),
		progressbar.OptionSetWidth(24),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionClearOnFinish(),
	)
	p.bar = bar
	return func(done int64) { _ = bar.Set64(min(done, total)) } // a bar that cannot be drawn is no reason to stop
}

// pause lets a time pass, unless ctx ends.
func (p *progress) pause(ctx context.Context, what string, d time.Duration) error {
	tell := p.step(what, int64(d/time.Millisecond))
	for begun := time.Now(); time.Since(begun) < d; {
		if err := sleep(ctx, min(100*time.Millisecond, d-time.Since(begun))); err != nil {
			return err
		}
		tell(int64(time.Since(begun) / time.Millisecond))
	}
	return nil
}

// clear takes away the bar.
func (p *progress) clear() {
	if p.bar != nil {
		_ = p.bar.Clear()
		p.bar = nil
	}
}
