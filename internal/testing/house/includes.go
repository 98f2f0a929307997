package house

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// Includes tells what JSON lacks of what is wanted: objects may have more members,
// lists must be as long, everything else must be the same. What is called
// "previous" must be the same as a whole: an event's previous holds what changed
// and nothing else.
func Includes(got []byte, want string) error {
	w, err := parse([]byte(want))
	if err != nil {
		return fmt.Errorf("%s is not JSON: %w", want, err)
	}
	g, err := parse(got)
	if err != nil {
		return fmt.Errorf("%s is not JSON: %w", got, err)
	}
	return includes(g, w, "")
}

func includes(got, want any, at string) error {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return fmt.Errorf("%s is %s, no object", name(at), show(got))
		}
		for _, member := range sortedKeys(want) {
			v, ok := object[member]
			if !ok {
				return fmt.Errorf("there is no %s.%s", at, member)
			}
			if member == "previous" && !reflect.DeepEqual(v, want[member]) {
				return fmt.Errorf("%s.previous is %s, want %s", at, show(v), show(want[member]))
			}
			if err := includes(v, want[member], at+"."+member); err != nil {
				return err
			}
		}
		return nil
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return fmt.Errorf("%s is %s, want %s", name(at), show(got), show(want))
		}
		for i := range want {
			if err := includes(list[i], want[i], fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
		return nil
	}
	if got != want {
		return fmt.Errorf("%s is %s, want %s", name(at), show(got), show(want))
	}
	return nil
}

func name(at string) string {
	if at == "" {
		return "it"
	}
	return at
}

func show(v any) string {
	b, _ := json.Marshal(v) // it came from JSON
	return string(b)
}

func sortedKeys(object map[string]any) []string {
	names := make([]string, 0, len(object))
	for n := range object {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

func parse(b []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}
