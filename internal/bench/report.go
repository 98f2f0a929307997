package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// Report is what a run has measured.
type Report struct {
	Version   string    `json:"version"`
	StartedAt time.Time `json:"started_at"`
	Took      float64   `json:"took_seconds"`
	Quick     bool      `json:"quick"`  // smaller loads: indicative only
	Repeat    int       `json:"repeat"` // how often each scenario ran; figures are the median
	Database  string    `json:"database"`
	Machine   Machine   `json:"machine"`
	Figures   []Figure  `json:"figures"`
	Failed    []Failure `json:"failed"` // scenarios that could not be measured
}

// Machine is where it was measured.
type Machine struct {
	OS         string   `json:"os"`
	Arch       string   `json:"arch"`
	Processor  string   `json:"processor"`
	Processors int      `json:"processors"`
	Go         string   `json:"go"`
	LoadBefore *float64 `json:"load_before"` // the system's load average when the run began: what others did
}

// Failure is a scenario that could not be measured, and why.
type Failure struct {
	Scenario string `json:"scenario"`
	Error    string `json:"error"`
}

// Missed are the figures that are beyond their bounds.
func (r Report) Missed() (missed []Figure) {
	for _, f := range r.Figures {
		if f.Verdict == Missed {
			missed = append(missed, f)
		}
	}
	return missed
}

// WriteJSON writes the report as one JSON object.
func (r Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(r)
}

// WriteTable writes the report for people.
func (r Report) WriteTable(w io.Writer) error {
	fmt.Fprintf(w, "\n%s\n\n", r.headline())
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\tfigure\tvalue\tcompared with\tratio\tbound\t")
	for _, f := range r.Figures {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t\n", f.Verdict.mark(), f.Name, f.Unit.say(f.Value), f.comparison(), f.ratio(), f.bound())
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprint(w, "\nHow it was measured:\n")
	for _, f := range r.Figures {
		fmt.Fprintf(w, "  %s: %s\n", f.Name, f.How)
	}
	for _, f := range r.Failed {
		fmt.Fprintf(w, "\n%s could not be measured: %s\n", f.Scenario, f.Error)
	}
	_, err := fmt.Fprintf(w, "\n%s\n", r.conclusion())
	return err
}

func (r Report) headline() string {
	m := r.Machine
	s := fmt.Sprintf("Parley %s on %s, %s/%s, %d processors", r.Version, r.Database, m.OS, m.Arch, m.Processors)
	if m.Processor != "" {
		s += " (" + m.Processor + ")"
	}
	s += ", " + m.Go
	if m.LoadBefore != nil {
		s += fmt.Sprintf(", load %.1f before", *m.LoadBefore)
	}
	if r.Repeat > 1 {
		s += fmt.Sprintf("; the median of %d runs", r.Repeat)
	}
	if r.Quick {
		s += "; --quick: small loads, indicative only"
	}
	return s
}

func (r Report) conclusion() string {
	reached, unknown := 0, 0
	for _, f := range r.Figures {
		switch f.Verdict {
		case Reached:
			reached++
		case Unknown:
			unknown++
		}
	}
	s := fmt.Sprintf("%d of %d figures reached", reached, len(r.Figures))
	if unknown > 0 {
		s += fmt.Sprintf(", %d not known here", unknown)
	}
	return s + "."
}

// mark is a verdict at a glance.
func (v Verdict) mark() string {
	switch v {
	case Reached:
		return "ok"
	case Missed:
		return "MISSED"
	}
	return "?"
}

// said is a figure in a line.
func (f Figure) said() string {
	parts := []string{f.Unit.say(f.Value)}
	if f.ComparedWith != nil {
		parts = append(parts, "against "+f.comparison()+":", f.ratio())
	}
	return strings.Join(parts, " ") + ", " + f.bound()
}

func (f Figure) comparison() string {
	if f.ComparedWith == nil {
		return ""
	}
	return *f.ComparedWith + " " + f.Unit.say(f.Baseline)
}

func (f Figure) ratio() string {
	if f.Ratio == nil {
		return ""
	}
	return fmt.Sprintf("%.2f ×", *f.Ratio)
}

func (f Figure) bound() string {
	is := strings.ReplaceAll(f.BoundIs, "_", " ")
	if f.BoundOf == "ratio" {
		return is + " " + strconv.FormatFloat(f.Bound, 'g', 3, 64) + " ×"
	}
	return is + " " + f.Unit.say(&f.Bound)
}

// say is a value in its unit.
func (u Unit) say(value *float64) string {
	if value == nil {
		return "n/a"
	}
	v := *value
	switch {
	case u == PerSecond:
		return thousands(int64(v+0.5)) + "/s"
	case u == Mebibytes && math.Abs(v) < .5:
		return fmt.Sprintf("%.1f KiB", 1024*v)
	case u == Mebibytes:
		return fmt.Sprintf("%.1f MiB", v)
	case u == Cores:
		return fmt.Sprintf("%.2f %% of a core", 100*v)
	case v < 1:
		return fmt.Sprintf("%.2f ms", 1000*v)
	}
	return fmt.Sprintf("%.2f s", v)
}

// thousands is a whole number with commas: 1,000,000.
func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
