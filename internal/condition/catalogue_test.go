package condition_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley"
	"parley/internal/condition"
)

// What a payload struct declares can be asked for, has the type that CEL has for
// it, and says what the event's JSON says.
func TestEveryFieldOfEveryExampleCanBeAskedFor(t *testing.T) {
	t.Parallel()
	for _, d := range parley.Catalogue() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			e := example(t, d.Name)
			var data any
			decoder := json.NewDecoder(strings.NewReader(string(e.Data)))
			decoder.UseNumber()
			if err := decoder.Decode(&data); err != nil {
				t.Fatal(err)
			}
			w := walk{t: t, e: e}
			w.value("data", d.Data, data)
			if w.asked < 5 {
				t.Errorf("only %d conditions were made", w.asked)
			}
		})
	}
}

type walk struct {
	t     *testing.T
	e     *parley.Event
	asked int
}

// holds checks that a condition is true of the event, for its own type and for all
// types at once.
func (w *walk) holds(format string, args ...any) {
	w.asked++
	text := fmt.Sprintf(format, args...)
	for _, types := range []parley.Patterns{{w.e.Type}, {w.e.Type, "custom.*"}, all} {
		if types[0] == "*" && ambiguous(w.e.Type, text) {
			continue
		}
		c, err := condition.Compile(text, types)
		if err != nil {
			w.t.Errorf("%s for %v: %v", text, types, err)
			continue
		}
		if matched, err := c.Match(w.e); !matched || err != nil {
			w.t.Errorf("%s for %v: %v, %v", text, types, matched, err)
		}
	}
}

// ambiguous are the fields that other types of events have otherwise: the label of a
// conversation is a name, and a webhook's test is not looked at under *.
func ambiguous(eventType, text string) bool {
	return eventType == parley.WebhookTested.Name() || strings.HasPrefix(text, "data.label.") && strings.Contains(text, "timestamp")
}

func (w *walk) value(path string, declared reflect.Type, value any) {
	switch {
	case declared.Kind() == reflect.Pointer && value == nil:
		w.holds(`%s == null`, path)
	case declared.Kind() == reflect.Pointer:
		w.holds(`%s != null`, path)
		w.value(path, declared.Elem(), value)
	case declared == reflect.TypeFor[parley.Time]():
		w.holds(`%s == timestamp(%s) && %[1]s < timestamp + duration('1h')`, path, literal(value))
	case declared == reflect.TypeFor[parley.Content]():
		w.members(path, value)
	case declared.Kind() == reflect.Struct:
		w.structure(path, declared, value.(map[string]any))
	case declared.Kind() == reflect.Map:
		w.members(path, value)
	case declared.Kind() == reflect.Slice && declared.Elem().Kind() != reflect.Uint8:
		w.items(path, declared.Elem(), value)
	case value != nil:
		w.holds(`%s == %s`, path, literal(value))
	}
}

func (w *walk) structure(path string, declared reflect.Type, members map[string]any) {
	for _, f := range reflect.VisibleFields(declared) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		field := path + "." + name
		value, has := members[name]
		w.holds(`has(%s) == %v`, field, has && value != nil)
		if has {
			w.value(field, f.Type, value)
		}
	}
}

func (w *walk) members(path string, value any) {
	members, _ := value.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		w.holds(`has(%s.%s)`, path, name)
		if text, ok := members[name].(string); ok {
			w.holds(`%s.%s == %s`, path, name, strconv.Quote(text))
		}
	}
}

func (w *walk) items(path string, declared reflect.Type, value any) {
	items, _ := value.([]any)
	w.holds(`size(%s) == %d && %[1]s.all(x, x == x)`, path, len(items))
	for i, item := range items {
		w.value(fmt.Sprintf("%s[%d]", path, i), declared, item)
	}
}

func literal(value any) string {
	raw, _ := json.Marshal(value)
	return string(raw)
}
