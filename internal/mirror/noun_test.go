package mirror_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/mirror"
	"parley/internal/testing/house"
)

// A list that is added to the API is mirrored, or says why not.
func TestEveryListIsMirroredOrLeftOut(t *testing.T) {
	t.Parallel()
	var document struct {
		Paths map[string]struct {
			Get *struct {
				Responses map[string]struct {
					Content map[string]struct {
						Schema struct {
							Properties map[string]json.RawMessage `json:"properties"`
						} `json:"schema"`
					} `json:"content"`
				} `json:"responses"`
			} `json:"get"`
		} `json:"paths"`
	}
	house.New(t).Get("/openapi.json").Decode(&document)
	mirrored := map[string]bool{"/v1/events": true}
	for _, n := range mirror.Nouns() {
		mirrored[mirror.Path(n)] = true
	}
	left := mirror.LeftOut()
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		get := document.Paths[path].Get
		if get == nil || get.Responses["200"].Content["application/json"].Schema.Properties["next_cursor"] == nil {
			continue
		}
		if mirrored[path] == (left[path] != "") {
			t.Errorf("%s is listed by the API: add its noun to Nouns, or the path to LeftOut with a reason", path)
		}
	}
	for path := range left {
		if document.Paths[path].Get == nil {
			t.Errorf("%s is left out, and there is no such path", path)
		}
	}
	for path := range mirrored {
		if document.Paths[path].Get == nil {
			t.Errorf("%s is mirrored, and there is no such path", path)
		}
	}
}

// What an event tells of a noun is found in it under the noun's name.
func TestEventsTellOfTheirNouns(t *testing.T) {
	t.Parallel()
	words := map[string]bool{}
	for _, n := range mirror.Nouns() {
		words[mirror.Word(n)] = true
	}
	for _, d := range parley.Catalogue() {
		data, err := json.Marshal(d.Example)
		if err != nil {
			t.Fatal(err)
		}
		var members map[string]struct {
			ID       string `json:"id"`
			Sequence int64  `json:"sequence"`
		}
		_ = json.Unmarshal(data, &members) // members that are no objects stay empty
		if !words[d.Noun()] {
			t.Errorf("%s tells of something that is not mirrored: add it to Nouns", d.Name)
		}
		if m := members[d.Noun()]; m.ID == "" || m.Sequence == 0 {
			t.Errorf("the data of %s have no %s with an id and a sequence", d.Name, d.Noun())
		}
		if strings.HasSuffix(d.Name, "deleted") && !strings.HasSuffix(d.Name, ".deleted") {
			t.Errorf("%s: only types that end in .deleted delete", d.Name)
		}
	}
}

func TestColumnsFollowFromTheStructs(t *testing.T) {
	t.Parallel()
	kinds := map[string]mirror.Kind{}
	for _, n := range mirror.Nouns() {
		for _, c := range n.Columns {
			kinds[n.Name+"."+c.Name] = c.Kind
		}
	}
	for column, want := range map[string]mirror.Kind{
		"contacts.name": mirror.Text, "contacts.custom_fields": mirror.JSON, "contacts.created_at": mirror.Time, "contacts.sequence": mirror.Integer,
		"conversations.snoozed_until": mirror.Time, "conversations.labels": mirror.JSON, "deals.amount": mirror.Integer, "messages.content": mirror.JSON,
	} {
		if got, ok := kinds[column]; !ok || got != want {
			t.Errorf("%s is of kind %d (%v), want %d", column, got, ok, want)
		}
	}
	for _, column := range []string{"webhooks.lag", "webhooks.cursor", "api_keys.last_used_at"} {
		if _, ok := kinds[column]; ok {
			t.Errorf("%s changes without an event, and is mirrored", column)
		}
	}
}
