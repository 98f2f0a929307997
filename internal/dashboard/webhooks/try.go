package webhooks

import (
	"cmp"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/endpoint"
	"parley/internal/payload"
)

const (
	// tried is how many events of the log a form is tried out with.
	tried = 1000
	// shownMatches is how many of those that match are shown.
	shownMatches = 8
)

// trial is what a form that is being filled in would come to.
type trial struct {
	Nothing bool // no types of events are chosen yet
	Faults  []fault
	Preview endpoint.Preview
	Sample  endpoint.Previewed // of the example
	Type    string             // of the example
	Batch   bool
}

// fault is one thing that is wrong, with the place in the text where there is one.
type fault struct {
	Field, Message     string
	Line, Column       int // 0: nowhere
	Before, At, Behind string
}

// matches are the events that would be sent, or that a transformation decided about.
func (t trial) matches() (all []endpoint.Previewed) {
	for _, p := range t.Preview.Results {
		switch p.Outcome {
		case "sent", "skipped", "transformation_failed", "matched":
			all = append(all, p)
		}
	}
	return all[:min(len(all), shownMatches)]
}

// others are some of those that would not be sent because of the filter, or the inboxes.
func (t trial) others() (some []endpoint.Previewed) {
	for _, p := range t.Preview.Results {
		if (p.Outcome == "filtered" || p.Outcome == "undecided" || p.Outcome == "other_inbox") && len(some) < shownMatches {
			some = append(some, p)
		}
	}
	return some
}

// try tells what the form would come to, as it is being filled in.
func try(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	w, before, err := tryOut(r)
	if err != nil {
		return err
	}
	t := trial{Type: cmp.Or(r.PostForm.Get("sample"), parley.ConversationCreated.Name()), Nothing: len(w.EventTypes) == 0}
	if t.Nothing {
		w.EventTypes = []string{"*"}
	}
	format, _ := payload.Named(w.Format)
	t.Batch = format.Batches
	t.Preview, err = r.Site.Endpoints.Preview(r.Context(), r.Org(), before, w, endpoint.Sample{Last: tried})
	if err != nil {
		if t.Faults = faultsOf(err, w); t.Faults == nil {
			return err
		}
	}
	if err := t.show(r, before, w); err != nil {
		return err
	}
	return r.Part(tryPart(t))
}

// tryOut reads what the form says so far; before is the endpoint as it is.
func tryOut(r *page.Request) (w parley.Webhook, before *parley.Webhook, err error) {
	w = blank()
	if text := r.PostForm.Get("id"); text != "" {
		id, ok := parley.ParseID[parley.WebhookID](text)
		if !ok {
			return w, nil, parley.Missing("webhook endpoint", text)
		}
		if w, err = r.Site.Endpoints.Get(r.Context(), r.Org(), id); err != nil {
			return w, nil, err
		}
		kept := w
		before = &kept
	} else if _, ok := payload.Named(r.PostForm.Get("format")); ok {
		w.Format = r.PostForm.Get("format")
	}
	w.EventTypes, w.InboxIDs = chosenTypes(r.PostForm["event_types"]).least(), nil
	for _, text := range r.PostForm["inbox_ids"] {
		if id, ok := parley.ParseID[parley.InboxID](text); ok {
			w.InboxIDs = append(w.InboxIDs, id)
		}
	}
	w.Filter, w.Transformation = lines(r.PostForm.Get("filter")), lines(r.PostForm.Get("transformation"))
	return w, before, nil
}

func lines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// show makes what would be sent for the example, whatever the endpoint subscribes to. A
// transformation that is at fault has been told of already.
func (t *trial) show(r *page.Request, before *parley.Webhook, w parley.Webhook) error {
	d, ok := parley.Declared(t.Type)
	if !ok {
		return nil
	}
	for _, f := range t.Faults {
		if f.Field == "transformation" {
			w.Transformation = ""
		}
	}
	w.EventTypes, w.InboxIDs, w.Filter = []string{"*"}, nil, ""
	p, err := r.Site.Endpoints.Preview(r.Context(), r.Org(), before, w, endpoint.Sample{Example: payload.ExampleFor(d, r.Org(), w)})
	if err != nil {
		return err
	}
	if len(p.Results) > 0 {
		t.Sample = p.Results[0]
	}
	return nil
}

var located = regexp.MustCompile(`^line (\d+), column (\d+): (?s)(.*)$`)

// faultsOf are the faults that an error tells of; nil if it is another error.
func faultsOf(err error, w parley.Webhook) (faults []fault) {
	var e *parley.Error
	if !errors.As(err, &e) || e.Kind != parley.Invalid {
		return nil
	}
	for _, wrong := range e.Fields {
		f := fault{Field: strings.TrimPrefix(wrong.Location, "body."), Message: wrong.Message}
		if place := located.FindStringSubmatch(f.Message); place != nil {
			f.Line, _ = strconv.Atoi(place[1]) // digits
			f.Column, _ = strconv.Atoi(place[2])
			f.Message = place[3]
			f.mark(w.Filter)
		}
		faults = append(faults, f)
	}
	return faults
}

// mark finds the place of a fault in its text: the word that begins there.
func (f *fault) mark(text string) {
	all := strings.Split(strings.TrimSpace(text), "\n")
	if f.Line < 1 || f.Line > len(all) {
		return
	}
	line := []rune(all[f.Line-1])
	from := min(max(f.Column-1, 0), len(line))
	to := from
	for to < len(line) && (to == from || word(line[to]) && word(line[from])) {
		to++
	}
	f.Before, f.At, f.Behind = string(line[:from]), string(line[from:to]), string(line[to:])
}

func word(c rune) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
