package main

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"parley/internal/mirror"
)

// mirrorPaper tells how a mirror goes: bars on a terminal, else lines, or JSON.
type mirrorPaper struct {
	*program
	json     bool
	terminal bool

	mu    sync.Mutex // the source tells of its troubles from another goroutine
	last  mirror.Progress
	began time.Time // of the step
	said  time.Time
	bar   *progressbar.ProgressBar
}

func newMirrorPaper(p *program, json bool) *mirrorPaper {
	return &mirrorPaper{program: p, json: json, terminal: isTerminal(p.stderr) && !json}
}

// pause is how long nothing is said while a step goes on as it did.
func (m *mirrorPaper) pause() time.Duration {
	if m.json {
		return time.Second
	}
	return 10 * time.Second
}

// tell says how far the mirror is: when a step is done, when the target has caught
// up, and now and then.
func (m *mirrorPaper) tell(p mirror.Progress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	begins := p.Step != m.last.Step || p.Noun != m.last.Noun
	if begins {
		m.finish()
		m.began, m.said = time.Now(), time.Now()
	}
	news := p.CaughtUp && !m.last.CaughtUp || p != m.last && time.Since(m.said) >= m.pause()
	m.last = p
	switch {
	case m.terminal && p.Step != mirror.Following:
		m.draw(begins, p)
	case news:
		m.line()
	}
}

// line says where the mirror stands.
func (m *mirrorPaper) line() {
	p := m.last
	m.said = time.Now()
	switch {
	case m.json:
		_ = json.NewEncoder(m.stdout).Encode(p) // whoever does not read any more is told nothing
	case p.Step == mirror.Following:
		fmt.Fprintf(m.stderr, "Following at sequence %d, lag %d.\n", p.Place, p.Head-p.Place)
	default:
		fmt.Fprintf(m.stderr, "%s: %d rows, at sequence %d of %d.\n", title(p), p.Rows, p.Place, p.Head)
	}
}

// title is what a step does.
func title(p mirror.Progress) string {
	switch p.Step {
	case mirror.Recording:
		return "Recording the log"
	case mirror.Rereading:
		return "Reading events again after an erasure"
	case mirror.Comparing:
		return "Comparing " + p.Noun
	}
	return "Copying " + p.Noun
}

// draw moves the bar of a step, which the log's length is a measure of.
func (m *mirrorPaper) draw(begins bool, p mirror.Progress) {
	if begins {
		m.bar = progressbar.NewOptions64(max(p.Head, 1),
			progressbar.OptionSetWriter(m.stderr),
			progressbar.OptionSetDescription(fmt.Sprintf("%-24s", title(p))),
			progressbar.OptionSetWidth(24),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSetPredictTime(false),
			progressbar.OptionClearOnFinish(),
		)
	}
	_ = m.bar.Set64(min(p.Place, p.Head)) // a bar that cannot be drawn is no reason to stop
}

// finish says what came of the step that ends.
func (m *mirrorPaper) finish() {
	m.clear()
	switch p := m.last; {
	case p.Step == "" || p.Step == mirror.Following:
	case m.json:
		m.line()
	default:
		fmt.Fprintf(m.stderr, "%-24s %9d rows in %v\n", title(p), p.Rows, time.Since(m.began).Round(10*time.Millisecond))
	}
}

func (m *mirrorPaper) clear() {
	if m.bar != nil {
		_ = m.bar.Clear()
		m.bar = nil
	}
}

func (m *mirrorPaper) note(text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.bar != nil {
		_ = m.bar.Clear() // it is drawn again below
	}
	fmt.Fprintln(m.stderr, text)
}

func (m *mirrorPaper) broken(cause error, again time.Duration) {
	m.note(fmt.Sprintf("%v; trying again in %v.", cause, again.Round(10*time.Millisecond)))
}

// end takes the bar away, and says where the mirror stands.
func (m *mirrorPaper) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clear()
	if m.last.Step == mirror.Following && !m.json {
		fmt.Fprintf(m.stderr, "The target is as the organization was at sequence %d.\n", m.last.Place)
	}
}
