package eventlog_test

import (
	"encoding/json"
	"strings"
	"testing"

	"parley"
	"parley/internal/eventlog"
	"parley/internal/testing/dbtest"
)

func TestPublishIsAllOrNothing(t *testing.T) {
	t.Parallel()
	p := newProcess(t, dbtest.SQLite(t))
	org := p.found(t)
	by := parley.Caller{Organization: org, Actor: parley.System}
	head, err := p.log.Head(t.Context(), org)
	if err != nil {
		t.Fatal(err)
	}
	for name, wrong := range map[string]eventlog.Publication{
		"a type of ours": {Type: "contact.created"},
		"no type":        {},
		"a list":         {Type: "custom.x", Data: json.RawMessage(`[1]`)},
		"no JSON":        {Type: "custom.x", Data: json.RawMessage(`{`)},
		"a long key":     {Type: "custom.x", Key: strings.Repeat("k", 256)},
	} {
		if _, err := p.log.Publish(t.Context(), by, []eventlog.Publication{{Type: "custom.good"}, wrong}); parley.KindOf(err) != parley.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	events, err := p.log.Publish(t.Context(), by, []eventlog.Publication{{Type: "custom.a"}, {Type: "custom.b", Key: "k", Data: json.RawMessage(` {"n":1}`)}})
	if err != nil || len(events) != 2 || events[0].Sequence != head+1 || events[1].Key != "k" || string(events[0].Data) != "{}" {
		t.Errorf("published %v, %v", events, err)
	}
}
