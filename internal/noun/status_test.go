package noun_test

import (
	"context"
	"strings"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/noun"
)

// lights are the steps of a label's colour: red to green and back, and a flash that
// only red can take.
func lights() noun.Steps[string, parley.LabelEvent] {
	return noun.Steps[string, parley.LabelEvent]{
		{Verb: "go", From: []string{"red"}, To: "green", Event: parley.LabelUpdated},
		{Verb: "stop", From: []string{"green"}, To: "red", Event: parley.LabelUpdated},
		{Verb: "flash", From: []string{"red"}, To: "red", Event: parley.LabelUpdated, Strict: true},
	}
}

func TestStepsAreTaken(t *testing.T) {
	inEach(t, func(t *testing.T, n *noun.Noun[parley.Label, parley.LabelEvent], by parley.Caller) {
		n.Beside = func(_ context.Context, _ *database.Tx, _ parley.OrganizationID, l *parley.Label, data *parley.LabelEvent) error {
			data.Label.Description = "beside " + l.Color
			return nil
		}
		light, err := n.Create(t.Context(), by, parley.Label{Name: "light", Color: "red"})
		if err != nil {
			t.Fatal(err)
		}
		flashes := 0
		for _, step := range []struct {
			verb, colour string // "" is a conflict
			says         string
			event        bool
		}{
			{verb: "stop", colour: "red"},
			{verb: "flash", colour: "red", event: true},
			{verb: "go", colour: "green", event: true},
			{verb: "go", colour: "green"},
			{verb: "flash", says: "The label is green, which does not allow flash: it allows stop."},
			{verb: "stop", colour: "red", event: true},
		} {
			head := head(t, n, by)
			got, err := noun.Take(t.Context(), by, n, string(light.ID), lights(), step.verb,
				func(l *parley.Label) *string { return &l.Color },
				func(l *parley.Label) error {
					flashes++
					l.Name = "light " + strings.Repeat("!", flashes)
					return nil
				})
			switch {
			case step.says != "":
				if parley.KindOf(err) != parley.Conflict || !strings.Contains(err.Error(), step.says) {
					t.Errorf("%s: %v", step.verb, err)
				}
			case err != nil || got.Color != step.colour:
				t.Errorf("%s: it is %s (%v)", step.verb, got.Color, err)
			}
			events, err := n.Log.Read(t.Context(), by.Organization, head, 10)
			if err != nil || len(events) == 1 != step.event {
				t.Fatalf("%s: %d events (%v)", step.verb, len(events), err)
			}
			if step.event && !strings.Contains(string(events[0].Data), "beside "+step.colour) {
				t.Errorf("%s: the event lacks what stands beside it: %s", step.verb, events[0].Data)
			}
		}
		if flashes != 3 {
			t.Errorf("what goes with a step was done %d times", flashes)
		}
	})
}

func head(t *testing.T, n *noun.Noun[parley.Label, parley.LabelEvent], by parley.Caller) int64 {
	t.Helper()
	head, err := n.Log.Head(t.Context(), by.Organization)
	if err != nil {
		t.Fatal(err)
	}
	return head
}
