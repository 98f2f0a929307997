package condition_test

import (
	"encoding/json"
	"testing"

	"parley"
	"parley/internal/condition"
)

var all = parley.Patterns{"*"}

const noon = parley.Time(1795176000000) // 2026-11-20T12:00:00Z

// example is an event of a type with the example of the catalogue.
func example(t testing.TB, name string) *parley.Event {
	t.Helper()
	d, ok := parley.Declared(name)
	if !ok {
		t.Fatalf("%s is not declared", name)
	}
	return eventOf(t, name, d.Example)
}

func eventOf(t testing.TB, name string, data any) *parley.Event {
	t.Helper()
	raw, err := json.Marshal(data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	e := event(name, string(raw))
	return e.Seal()
}

// event is an event with this data.
func event(name, data string) *parley.Event {
	return &parley.Event{
		Organization: "org_01kaf0v3b1f8wr5q2n7m4t9xzc", Sequence: 4711, ID: "evt_01kaf0v3b1f8wr5q2n7m4t9xze",
		Type: name, Inbox: "inb_01kaf0v3b5exy4m1s7d9g3w2kt", Actor: parley.Actor{Type: "user", ID: "usr_01kaf0v3b2e1gs8k6w3p0d5hvy"},
		CreatedAt: noon, Data: json.RawMessage(data),
	}
}

func custom(data string) *parley.Event { return event("custom.paid", data) }

// compile compiles a condition that is right.
func compile(t testing.TB, text string, types parley.Patterns) *condition.Condition {
	t.Helper()
	c, err := condition.Compile(text, types)
	if err != nil {
		t.Fatalf("compile %s: %v", text, err)
	}
	return c
}

// match runs a condition that can be answered.
func match(t testing.TB, text string, types parley.Patterns, e *parley.Event) bool {
	t.Helper()
	matched, err := compile(t, text, types).Match(e)
	if err != nil {
		t.Errorf("%s: %v", text, err)
	}
	return matched
}
