package payload_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley"
	"parley/internal/payload"
	"parley/internal/testing/house"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a body with the file of a name, byte for byte.
func golden(t *testing.T, name string, body []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(body, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want = bytes.TrimSuffix(want, []byte("\n")); !bytes.Equal(body, want) {
		t.Errorf("%s:\n got %s\nwant %s", name, body, want)
	}
}

// renders is the body that a real event makes in a format, with what differs from run
// to run (ids, their numbers and times) replaced by what does not.
func renders(t *testing.T, format string, e *parley.Event) []byte {
	t.Helper()
	f, ok := payload.Named(format)
	if !ok {
		t.Fatalf("there is no format %s", format)
	}
	body, err := f.Body(hook, e)
	if err != nil {
		t.Fatalf("%s in format %s: %v", e.Type, format, err)
	}
	return steady(e, body)
}

var (
	someID   = regexp.MustCompile(`\b([a-z]+)_[0-7][0-9a-hjkmnp-tv-z]{25}`)
	someTime = regexp.MustCompile(`\d{4}-\d\d-\d\d([T ])\d\d:\d\d:\d\d(\.\d+)?`)
)

// steady calls ids by their kind and the order in which the event names them, and
// makes all times one, in whatever form they are written.
func steady(e *parley.Event, body []byte) []byte {
	var ids, replaced []string
	for _, id := range someID.FindAllString(string(e.JSON()), -1) {
		if slices.Contains(ids, id) || id == string(hook) {
			continue
		}
		ids = append(ids, id)
		prefix, _, _ := strings.Cut(id, "_")
		replaced = append(replaced, id, fmt.Sprintf("%s_%d", prefix, len(ids)))
		if n := numberOf(id); n > 0 {
			replaced = append(replaced, strconv.FormatInt(n, 10), strconv.Itoa(1000+len(ids)))
		}
	}
	text := strings.NewReplacer(replaced...).Replace(string(body))
	text = someTime.ReplaceAllStringFunc(text, func(at string) string {
		same := "2026-11-20" + at[10:11] + "10:30:00.123000"
		return same[:len(at)]
	})
	return []byte(text)
}

func numberOf(id string) int64 {
	switch prefix, _, _ := strings.Cut(id, "_"); prefix {
	case "org":
		return parley.Number(parley.OrganizationID(id))
	case "usr":
		return parley.Number(parley.UserID(id))
	case "key":
		return parley.Number(parley.APIKeyID(id))
	case "inb":
		return parley.Number(parley.InboxID(id))
	case "con":
		return parley.Number(parley.ContactID(id))
	case "conv":
		return parley.Number(parley.ConversationID(id))
	case "lbl":
		return parley.Number(parley.LabelID(id))
	}
	return 0
}

// stage is a house in which an agent acts.
type stage struct {
	*house.Client
	t   *testing.T
	ids *strings.Replacer
}

// newStage furnishes a house: $conversation is one of $contact in the inbox of the
// organization, and $agent a second agent.
func newStage(t *testing.T) (*house.House, stage) {
	t.Helper()
	h := house.New(t)
	s := stage{h.Personal(h.Owner.ID, "*"), t, nil}
	contact := s.Make("/v1/contacts", `{"name":"Ada Lovelace","email":"ada@example.com","phone":"+442079460000"}`).Text("id")
	conversation := s.Make("/v1/conversations", map[string]any{"inbox_id": h.Inbox.ID, "contact_id": contact, "subject": "Where is my order?"}).Text("id")
	agent := s.Make("/v1/users", `{"name":"Alan","email":"alan@example.com"}`).Text("id")
	s.ids = strings.NewReplacer("$contact", contact, "$conversation", conversation, "$agent", agent, "$owner", string(h.Owner.ID), "$inbox", string(h.Inbox.ID))
	return h, s
}

// event does what a line says, and gives the last event of a type that came of it.
func (s stage) event(eventType, line string) *parley.Event {
	s.t.Helper()
	head := s.Head()
	method, rest, _ := strings.Cut(s.ids.Replace(line), " ")
	path, body, _ := strings.Cut(rest, " ")
	if a := s.Do(method, path, body); a.Status >= 300 {
		s.t.Fatalf("%s: %s", line, a)
	}
	events := s.Events(head)
	for _, e := range slices.Backward(events) {
		if e.Type == eventType {
			return e
		}
	}
	s.t.Fatalf("%s made no %s, but %v", line, eventType, house.Types(events))
	return nil
}
