package stream_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/dashboard/stream"
)

// eventOf is an event as the log has it.
func eventOf(t *testing.T, name, key string, data any) *parley.Event {
	t.Helper()
	raw, err := parley.JSON(data)
	if err != nil {
		t.Fatal(err)
	}
	return &parley.Event{ID: parley.NewEventID(1), Sequence: 1, Type: name, Key: key, Data: raw}
}

// Every noun of the catalogue is read under a scope that exists: otherwise nobody but
// admins would be told of it.
func TestEveryNounIsReadUnderAScope(t *testing.T) {
	t.Parallel()
	for _, d := range append(parley.Catalogue(), parley.Declaration{Name: "custom.cake"}) {
		if scope := stream.ReadScope(d.Name); !scope.Valid() {
			t.Errorf("%s is read under %s, which is no scope: name its resource in about.go", d.Name, scope)
		}
	}
}

func TestEveryEventIsAboutItsObject(t *testing.T) {
	t.Parallel()
	for _, d := range parley.Catalogue() {
		var example map[string]json.RawMessage
		e := eventOf(t, d.Name, "", d.Example)
		if err := json.Unmarshal(e.Data, &example); err != nil {
			t.Fatal(err)
		}
		ids := stream.About(e)
		var own struct {
			ID             string
			ContactID      *string `json:"contact_id"`
			ConversationID *string `json:"conversation_id"`
		}
		if err := json.Unmarshal(example[d.Noun()], &own); err != nil {
			t.Fatal(err)
		}
		for _, id := range []*string{&own.ID, own.ContactID, own.ConversationID} {
			if id != nil && *id != "" && !slices.Contains(ids, *id) {
				t.Errorf("%s is about %q, not %s", d.Name, ids, *id)
			}
		}
		if len(ids) > 6 {
			t.Errorf("%s is about %q", d.Name, ids)
		}
	}
}

func TestAMessageIsAboutItsConversationAndContact(t *testing.T) {
	t.Parallel()
	d, _ := parley.Declared("message.created")
	example := d.Example.(parley.MessageEvent)
	got := stream.About(eventOf(t, d.Name, string(example.Conversation.ID), example))
	want := []string{string(example.Conversation.ID), string(example.Message.ID), string(example.Contact.ID)}
	if !slices.Equal(got, want) {
		t.Errorf("it is about %q, want %q", got, want)
	}
}

// The page of a contact shows that an order is no longer theirs.
func TestAnEventIsAboutWhatItsObjectBelongedTo(t *testing.T) {
	t.Parallel()
	before, after := parley.MakeID("con"), parley.MakeID("con")
	got := stream.About(eventOf(t, "order.updated", "", map[string]any{
		"order": map[string]any{"id": 7, "contact_id": after, "conversation_id": nil}, "previous": map[string]any{"contact_id": before, "amount": 2500},
	}))
	if want := []string{after, before}; !slices.Equal(got, want) {
		t.Errorf("it is about %q, want %q", got, want)
	}
	got = stream.About(eventOf(t, "contact.deleted", before, map[string]any{"contact": map[string]any{"id": before}, "merged_into": after}))
	if want := []string{before, after}; !slices.Equal(got, want) {
		t.Errorf("a merged contact: %q, want %q", got, want)
	}
}

func TestWhatIsMadeUpNamesNothing(t *testing.T) {
	t.Parallel()
	talk := parley.MakeID("conv")
	for _, e := range []*parley.Event{
		eventOf(t, "custom.cake", "reload", map[string]any{"custom": map[string]any{"id": talk}, "conversation": map[string]any{"id": talk}}),
		eventOf(t, "label.created", "x", map[string]any{"label": talk + "\n\nevent: x"}),
		{Type: "label.created", Data: json.RawMessage(`[]`)},
		{Type: "label.created", Data: json.RawMessage(`{"label":`)},
		{},
	} {
		if got := stream.About(e); len(got) > 0 {
			t.Errorf("%s %s is about %q", e.Type, e.Data, got)
		}
	}
	if got := stream.About(eventOf(t, "custom.cake", talk, nil)); !slices.Equal(got, []string{talk}) {
		t.Errorf("a key that is an id: %q", got)
	}
}

func FuzzAbout(f *testing.F) {
	for _, d := range parley.Catalogue() {
		data, err := parley.JSON(d.Example)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(d.Name, "conv_01kaf0v3b9fh2c7d4z6s8w0x1p", data)
	}
	name := regexp.MustCompile(`^[a-z]+_[0-9a-z]{26}$`)
	f.Fuzz(func(t *testing.T, typ, key string, data []byte) {
		for _, id := range stream.About(&parley.Event{Type: typ, Key: key, Data: data}) {
			if !name.MatchString(id) || strings.ContainsAny(id, "\r\n: ") {
				t.Errorf("%q is no name", id)
			}
		}
	})
}

func BenchmarkAbout(b *testing.B) {
	d, _ := parley.Declared("message.created")
	data, err := parley.JSON(d.Example)
	if err != nil {
		b.Fatal(err)
	}
	e := &parley.Event{Type: d.Name, Key: "conv_01kaf0v3b9fh2c7d4z6s8w0x1p", Data: data}
	for b.Loop() {
		stream.About(e)
	}
}
