package condition

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"parley"
)

// What the scanner makes of JSON is what encoding/json makes of it; of anything
// else it makes an error or something, and no trouble.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, `"x"`, `null`, `{"a":1,"b":[true,false,null,"x",1.5e3,-0]}`, ` { "a" : [ 1 , { "b" : "c" } ] } `,
		`{"é\n":"\"\\\u00e9\ud83d\ude00"}`, `{"a":"\\"}`, `{"a":"\\\""}`, `[[[[]]],{}]`, `{"a`, `[1,]`, `{"":""}`, `[1e999]`, `["\ud800"]`,
		strings.Repeat("[", 70) + strings.Repeat("]", 70),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := read(&parley.Event{Data: data})
		defer r.release()
		defer func() { // a large text is more work than a run may do
			if stopped := recover(); stopped != nil && len(data) < maxWork/10 {
				panic(stopped)
			}
		}()
		got := r.data()
		if !json.Valid(data) || !utf8.Valid(data) || bytes.Count(data, []byte("["))+bytes.Count(data, []byte("{")) > maxDepth {
			return
		}
		if err, isErr := got.(*types.Err); isErr && r.err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber()
		var want any
		if err := decoder.Decode(&want); err != nil {
			t.Fatal(err)
		}
		if found := plain(got.(ref.Val)); !reflect.DeepEqual(found, numbers(want)) {
			t.Errorf("%s is read as %#v, want %#v", data, found, numbers(want))
		}
	})
}

// plain is a value as encoding/json would give it, but for numbers.
func plain(v ref.Val) any {
	switch v := v.(type) {
	case types.Null:
		return nil
	case *object:
		members := map[string]any{}
		v.node().children(func(_ int, child *node) bool {
			members[child.name()] = plain(child.value())
			return true
		})
		return members
	case *list:
		items := []any{}
		for it := v.Iterator(); it.HasNext() == types.True; {
			items = append(items, plain(it.Next()))
		}
		return items
	case *types.Err:
		return "no number"
	}
	return v.Value()
}

// numbers are the numbers of what encoding/json gives, as ints where they are whole.
func numbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i
		}
		if f, err := v.Float64(); err == nil {
			return f
		}
		return "no number"
	case map[string]any:
		for name := range v {
			v[name] = numbers(v[name])
		}
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	}
	return v
}
