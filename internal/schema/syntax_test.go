package schema_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"parley"
	"parley/internal/schema"
)

func TestWhatIsNotJSONIsMalformedAtAPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, wrong string }{
		{"", "it is empty"},
		{" \n", "it is empty"},
		{"\xef\xbb\xbf{}", "it begins with a byte order mark"},
		{"{\"a\":\"\xff\"}", "it is not UTF-8 at byte 6"},
		{"\"\xed\xa0\x80\"", "it is not UTF-8 at byte 1"},
		{`{`, "it ends too early, at byte 1"},
		{`{"a"`, "it ends too early, at byte 4"},
		{`{"a":`, "it ends too early, at byte 5"},
		{`[1,`, "it ends too early, at byte 3"},
		{`"a`, "it ends too early, at byte 2"},
		{`"\`, "it ends too early, at byte 2"},
		{`"\u12`, "it ends too early, at byte 5"},
		{`tru`, "it ends too early, at byte 3"},
		{`-`, "it ends too early, at byte 1"},
		{`{"a":1,}`, `unexpected '}' at byte 7`},
		{`[1,]`, `unexpected ']' at byte 3`},
		{`{a:1}`, `unexpected 'a' at byte 1`},
		{`{"a" 1}`, `unexpected '1' at byte 5`},
		{`['a']`, `unexpected '\'' at byte 1`},
		{`[01]`, `unexpected '1' at byte 2`},
		{`[1.]`, `unexpected ']' at byte 3`},
		{`[+1]`, `unexpected '+' at byte 1`},
		{`[NaN]`, `unexpected 'N' at byte 1`},
		{"\"a\tb\"", `unexpected '\t' at byte 2`},
		{`"\x41"`, `unexpected 'x' at byte 2`},
		{`"\u00zz"`, `unexpected 'z' at byte 5`},
		{`trUe`, `unexpected 'U' at byte 2`},
		{"{}\x00", `there is more after its end, at byte 2`},
		{`{} {}`, `there is more after its end, at byte 3`},
		{`// {}`, `unexpected '/' at byte 0`},
		{strings.Repeat("[", 33) + strings.Repeat("]", 33), "it is nested deeper than 32 levels, at byte 32"},
		{strings.Repeat(`{"a":`, 10_000), "it is nested deeper than 32 levels, at byte 160"},
		{"[" + strings.Repeat("1,", 99_999) + "1]", "it has more than 100000 values, at byte 199999"},
	} {
		err := schema.Syntax([]byte(c.body))
		var e *parley.Error
		want := "The body cannot be read as JSON: " + c.wrong + "."
		if !errors.As(err, &e) || e.Kind != parley.Malformed || e.Detail != want || len(e.Fields) > 0 {
			t.Errorf("%.40q: got %v, want Malformed: %s", c.body, err, want)
		}
	}
}

func TestWhatParsersDisagreeOnIsRefusedAtItsLocation(t *testing.T) {
	t.Parallel()
	many := make([]string, 1000)
	for i := range many {
		many[i] = fmt.Sprintf(`"n%d":%d`, i, i)
	}
	for _, c := range []struct{ body, wrong string }{
		{`{"a":{"b":1,"c":2,"b":3}}`, `body.a.b: is given twice`},
		{`[{"x":1,"\u0078":2}]`, `body[0].x: is given twice`},
		{`{` + strings.Join(many, ",") + `,"n7":0}`, `body.n7: is given twice`},
		{`{"a":["ok","\ud800"]}`, `body.a[1]: must not contain half a surrogate pair: \ud800`},
		{`"\ud83d\ud83d\ude00"`, `body: must not contain half a surrogate pair: \ud83d`},
		{`"\ud83dx"`, `body: must not contain half a surrogate pair: \ud83d`},
		{`"\ude00\ud83d"`, `body: must not contain half a surrogate pair: \ude00; body: must not contain half a surrogate pair: \ud83d`},
		{`{"a":"x\u0000y\u0000"}`, `body.a: must not contain the character \u0000`},
		{`{"a\u0000":1}`, "body.a\x00: must not contain the character \\u0000"},
		{`[1e400,-1e400]`, `body[0]: is a number too large to be kept; body[1]: is a number too large to be kept`},
		{`{"n":` + strings.Repeat("9", 400) + `}`, `body.n: is a number too large to be kept`},
	} {
		if got := told(t, schema.Syntax([]byte(c.body)), parley.Invalid); got != c.wrong {
			t.Errorf("%.60s\n got %s\nwant %s", c.body, got, c.wrong)
		}
	}
}

func TestSyntaxTakesWhatIsSound(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		` {"a" : [ ] , "b" : { } , "c" : [ null , true , false ] } `, `0`, `-0`, `-0.5e-7`, `1E+2`, `1e-400`, `""`,
		`"\ud83d\ude00 \"\\\/\b\f\n\r\t\u00e9"`, `{"":{"":1}}`, `{"a":1,"A":2}`,
		strings.Repeat("[", 32) + strings.Repeat("]", 32), "[" + strings.Repeat("1,", 99_998) + "1]",
	} {
		if err := schema.Syntax([]byte(body)); err != nil {
			t.Errorf("%.60s: %v", body, err)
		}
	}
}

func TestNoMoreThanFiftyFieldsAreTold(t *testing.T) {
	t.Parallel()
	err := schema.Syntax([]byte("[" + strings.Repeat(`"\u0000",`, 5_000) + "1]"))
	var e *parley.Error
	if !errors.As(err, &e) || len(e.Fields) != 50 || e.Fields[49].Location != "body[49]" {
		t.Errorf("got %v", err)
	}
}

func FuzzSyntaxAgreesWithEncodingJSON(f *testing.F) {
	for _, sample := range samples {
		f.Add([]byte(sample))
	}
	for _, body := range []string{
		"", "{", `{"a":1,"a":2}`, `"\ud800"`, `"\u0000"`, "1e400", "[1.5,-0,2E3]", "\xff", "\"\x00\"", `[{"b":[]}] x`, `"\uD83D\uDE00"`,
		strings.Repeat("[", 40), `{"x":tru`, "nul", `"\u12`, `[01]`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		err := schema.Syntax(raw)
		switch valid := json.Valid(raw) && utf8.Valid(raw); {
		case err == nil && !valid:
			t.Errorf("%q is taken, but is not JSON", raw)
		case parley.KindOf(err) == parley.Invalid && !valid:
			t.Errorf("%q is refused by field, but is not JSON: %v", raw, err)
		case parley.KindOf(err) == parley.Malformed && valid && !strings.Contains(err.Error(), "more than") && !strings.Contains(err.Error(), "deeper"):
			t.Errorf("%q is JSON, but is refused: %v", raw, err)
		}
		if err == nil {
			var v any
			if err := json.Unmarshal(raw, &v); err != nil {
				t.Errorf("%q is taken, but cannot be decoded: %v", raw, err)
			}
		}
		_, _ = schema.Content(raw, "content") // must not panic
	})
}
