package payload

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPythonWritesItInASCIIOnly(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		`{}`:                               `{}`,
		`[]`:                               `[]`,
		`{"a":[1,2.50,-3e+21],"b":null}`:   `{"a": [1, 2.50, -3e+21], "b": null}`,
		`"¿·name·?"`:                       `"\u00bf\u00b7name\u00b7?"`,
		`"\u00BF \u003c\u0026\/"`:          `"\u00bf <&/"`,
		`"😀 \ud83D\uDE00"`:                 `"\ud83d\ude00 \ud83d\ude00"`,
		`"\ud83d"`:                         `"\ud83d"`,
		`"a,b:c\"d\\e{"`:                   `"a,b:c\"d\\e{"`,
		`"\n\r\t\b\f\u000a\u0008"`:         `"\n\r\t\b\f\n\b"`,
		`"\u0000\u001f\u007f\u0022\u005c"`: `"\u0000\u001f` + "\x7f" + `\"\\"`,
	} {
		if got := string(appendPython(nil, []byte(given))); got != want {
			t.Errorf("%s is written\n%s, want\n%s", given, got, want)
		}
	}
}

// anyJSON makes values of JSON.
func anyJSON(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		switch kind := rapid.IntRange(0, 5).Draw(t, "kind"); {
		case kind == 0:
			return nil
		case kind == 1:
			return rapid.Bool().Draw(t, "bool")
		case kind == 2:
			return rapid.Float64Range(-1e9, 1e9).Draw(t, "number")
		case kind == 3 || depth == 0:
			return rapid.String().Draw(t, "text")
		case kind == 4:
			return rapid.SliceOfN(anyJSON(depth-1), 0, 4).Draw(t, "list")
		}
		return rapid.MapOfN(rapid.String(), anyJSON(depth-1), 0, 4).Draw(t, "object")
	})
}

func TestWhatPythonWritesSaysTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw, err := json.Marshal(anyJSON(3).Draw(t, "value"))
		if err != nil {
			t.Fatal(err)
		}
		written := appendPython(nil, raw)
		if i := bytes.IndexFunc(written, func(r rune) bool { return r > '~'+1 }); i >= 0 {
			t.Errorf("%s is not ASCII", written)
		}
		if want, got := decode(t, raw), decode(t, written); !reflect.DeepEqual(got, want) {
			t.Errorf("%s became %s", raw, written)
		}
	})
}

func TestAnOutlineFindsWhatIsThere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw, err := json.Marshal(anyJSON(3).Draw(t, "value"))
		if err != nil {
			t.Fatal(err)
		}
		o, err := read(raw)
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		defer o.release()
		check(t, o.root(), decode(t, raw))
	})
}

func check(t *rapid.T, v value, want any) {
	if got := decode(t, v.raw()); !reflect.DeepEqual(got, want) {
		t.Fatalf("%s is outlined where %v is", v.raw(), want)
	}
	switch want := want.(type) {
	case map[string]any:
		count := 0
		for name, inner := range v.members() {
			says, _ := decode(t, append(append([]byte(`"`), name...), '"')).(string)
			check(t, inner, want[says])
			count++
		}
		if count != len(want) || v.isNull() || v.isList() {
			t.Fatalf("%s has %d members here", v.raw(), count)
		}
	case []any:
		count := 0
		for _, inner := range v.members() {
			check(t, inner, want[count])
			count++
		}
		if count != len(want) || v.isNull() || v.isObject() {
			t.Fatalf("%s has %d items here", v.raw(), count)
		}
	case string:
		if v.says() != want {
			t.Fatalf("%s says %q", v.raw(), v.says())
		}
	case nil:
		if !v.isNull() || v.says() != "" {
			t.Fatalf("%s is not null here", v.raw())
		}
	}
}

func decode(t *rapid.T, raw []byte) (v any) {
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%s is no JSON: %v", raw, err)
	}
	return v
}

// What an outline is made of comes from our own log; whatever it may be, it is refused
// and nothing worse.
func TestAnOutlineRefusesWhatIsCutOff(t *testing.T) {
	t.Parallel()
	const whole = `{"a":[1,"\"x",{"b":null}],"c":"d"}`
	for i := range len(whole) {
		if o, err := read([]byte(whole[:i])); err == nil {
			t.Errorf("%s is read as %s", whole[:i], o.root().raw())
		}
	}
	for _, wrong := range []string{`{"a":1}x`, `{"a" :1}`, `{a:1}`, `[1}`, `{"a":}`, strings.Repeat(`[`, 1000), `"a\`} {
		if _, err := read([]byte(wrong)); err == nil {
			t.Errorf("%s is read", wrong)
		}
	}
	if _, err := read([]byte(whole)); err != nil {
		t.Error(err)
	}
}
