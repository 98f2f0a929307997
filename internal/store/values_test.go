package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/store"
)

func TestValueTypes(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		`"pro"`: "text", `""`: "text", `"2026-1-1"`: "text", `"20261120"`: "text", `"\"quoted\""`: "text",
		`"2026-11-20"`: "date", `"2026-11-20T10:30:00Z"`: "date", `"2026-11-20T10:30:00.5+01:00"`: "date", `"2026-02-30"`: "text",
		`1`: "number", `-0.5`: "number", `1e300`: "number", `true`: "boolean", `false`: "boolean",
		`null`: "", `{}`: "", `[]`: "", ``: "",
		`"` + strings.Repeat("é", 10_000) + `"`: "text", `"` + strings.Repeat("é", 10_001) + `"`: "",
	} {
		if got := store.ValueType(json.RawMessage(value)); got != want {
			t.Errorf("%.20s is %q, want %q", value, got, want)
		}
	}
}

// locations are the fields that an error names.
func locations(err error) (where []string) {
	var e *parley.Error
	if errors.As(err, &e) {
		for _, f := range e.Fields {
			where = append(where, f.Location)
		}
	}
	return where
}

func TestVariables(t *testing.T) {
	t.Parallel()
	many := parley.Values{}
	for i := range 201 {
		many[fmt.Sprintf("n%d", i)] = json.RawMessage("1")
	}
	large := parley.Values{}
	for i := range 7 {
		large[fmt.Sprintf("n%d", i)] = json.RawMessage(`"` + strings.Repeat("a", 9_990) + `"`)
	}
	for name, test := range map[string]struct {
		values parley.Values
		want   []string
	}{
		"none":         {nil, nil},
		"good":         {parley.Values{"plan": json.RawMessage(`"pro"`), "größe": json.RawMessage("7"), "a.b-c_d": json.RawMessage("true")}, nil},
		"names":        {parley.Values{"a b": json.RawMessage("1"), "": json.RawMessage("1"), "a/b": json.RawMessage("1")}, []string{"body.variables.", "body.variables.a b", "body.variables.a/b"}},
		"a long name":  {parley.Values{strings.Repeat("é", 101): json.RawMessage("1")}, []string{"body.variables." + strings.Repeat("é", 101)}},
		"values":       {parley.Values{"a": json.RawMessage("null"), "b": json.RawMessage("{}")}, []string{"body.variables.a", "body.variables.b"}},
		"too many":     {many, []string{"body.variables"}},
		"too large":    {large, []string{"body.variables"}},
		"long numbers": {parley.Values{"n": json.RawMessage("0." + strings.Repeat("1", 70_000))}, []string{"body.variables"}},
	} {
		if got := locations(store.CheckVariables("body.variables", test.values)); !slices.Equal(got, test.want) {
			t.Errorf("%s: wrong is %v, want %v", name, got, test.want)
		}
	}
	delete(many, "n200")
	if err := store.CheckVariables("body.variables", many); err != nil {
		t.Errorf("200 variables are too many: %v", err)
	}
	for name, test := range map[string]struct {
		name   string
		values parley.Values
		want   []string
	}{
		"good":      {"n1", many, nil},
		"a name":    {"a b", parley.Values{"a b": json.RawMessage("1")}, []string{"path.name"}},
		"a value":   {"a", parley.Values{"a": json.RawMessage("[]")}, []string{"body.value"}},
		"too large": {"n1", large, []string{"body.value"}},
	} {
		if got := locations(store.CheckVariable(test.name, test.values)); !slices.Equal(got, test.want) {
			t.Errorf("%s: wrong is %v, want %v", name, got, test.want)
		}
	}
}

func TestCustomFieldsOfAnObject(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		insert(t, s, store.CustomFields, 1, parley.CustomField{Object: "contact", Key: "size", Type: "select", Options: []string{"", "large"}})
		insert(t, s, store.CustomFields, 2, parley.CustomField{Object: "contact", Key: "story", Type: "text"})
		for i := range int64(7) {
			insert(t, s, store.CustomFields, 3+i, parley.CustomField{Object: "contact", Key: fmt.Sprintf("text_%d", i), Type: "text"})
		}
		insert(t, s, store.CustomFields, 10, parley.CustomField{Object: "conversation", Key: "other", Type: "text"})
		long := json.RawMessage(`"` + strings.Repeat("a", 9_990) + `"`)
		much := parley.Values{}
		for i := range 7 {
			much[fmt.Sprintf("text_%d", i)] = long
		}
		for name, test := range map[string]struct {
			before, after parley.Values
			want          []string
		}{
			"none":                       {nil, nil, nil},
			"an option":                  {nil, parley.Values{"size": json.RawMessage(`"large"`)}, nil},
			"null is no option":          {nil, parley.Values{"size": json.RawMessage(`null`)}, []string{"body.custom_fields.size"}},
			"a field of another object":  {nil, parley.Values{"other": json.RawMessage(`"x"`)}, []string{"body.custom_fields.other"}},
			"an old value stays":         {parley.Values{"gone": json.RawMessage("1")}, parley.Values{"gone": json.RawMessage("1")}, nil},
			"an old value is not set":    {parley.Values{"gone": json.RawMessage("1")}, parley.Values{"gone": json.RawMessage("2")}, []string{"body.custom_fields.gone"}},
			"a text too long":            {nil, parley.Values{"story": json.RawMessage(`"` + strings.Repeat("a", 10_001) + `"`)}, []string{"body.custom_fields.story"}},
			"too much in all":            {nil, much, []string{"body.custom_fields"}},
			"too much, but nothing new":  {much, much, nil},
			"several, in order of names": {nil, parley.Values{"z": json.RawMessage("1"), "a": json.RawMessage("1")}, []string{"body.custom_fields.a", "body.custom_fields.z"}},
		} {
			err := store.CheckCustomFields(t.Context(), s.Read(), s.org, "contact", test.before, test.after)
			if got := locations(err); !slices.Equal(got, test.want) || (err != nil) != (len(test.want) > 0) {
				t.Errorf("%s: wrong is %v (%v), want %v", name, got, err, test.want)
			}
		}
	})
}
