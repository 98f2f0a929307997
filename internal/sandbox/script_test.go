package sandbox

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestAFunctionGetsAndGivesJSON(t *testing.T) {
	t.Parallel()
	s := open(t, Options{})
	for _, test := range []struct{ name, source, arg, want string }{
		{"what is untouched comes back", `function transform(e) { return e }`, `{"b":[1,-2.5,true,null,"é\n\u2028"],"a":{}}`, `{"b":[1,-2.5,true,null,"é\n` + "\u2028" + `"],"a":{}}`},
		{"what is touched is changed", smallScript, smallEvent, `{"type":"contact.updated","name":"Ada","tags":["new"]}`},
		{"a constant may be the function", `const transform = e => e.n + 1`, `{"n":41}`, `42`},
		{"null is a value", `function transform() { return null }`, `1`, `null`},
		{"undefined is none", `function transform() {}`, `1`, ``},
		{"an empty string is a value", `function transform() { return "" }`, `1`, `""`},
		{"a date is a string", `function transform(t) { return new Date(t) }`, `0`, `"1970-01-01T00:00:00.000Z"`},
		{"big integers lose digits", `function transform(e) { return e }`, `12345678901234567890`, `12345678901234567000`},
		{"BigInt does not", `function transform(e) { return String(BigInt(e) + 1n) }`, `"12345678901234567890"`, `"12345678901234567891"`},
		{"no number is null", `function transform() { return [NaN, 1/0] }`, `1`, `[null,null]`},
		{"half a character is escaped", `function transform() { return "\ud83d" }`, `1`, `"\ud83d"`},
		{"a member is never a prototype", `function transform(e) { return [e, e.x === undefined] }`, `{"__proto__":{"x":1}}`, `[{"__proto__":{"x":1}},true]`},
		{"strict scripts work", "'use strict'; function transform(e) { return this === undefined }", `1`, `true`},
		{"a script may end with a comment", "function transform(e) { return e } // done", `1`, `1`},
		{"NUL is a character", "function transform(e) { return e.length }", `"a\u0000b"`, `3`},
		{"time is UTC", `function transform() { return new Date(0).getTimezoneOffset() + new Date(1700000000000).getTimezoneOffset() }`, `1`, `0`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := run(t, s, test.source, test.arg); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestAFunctionHasAllItsArguments(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Workers: 1})
	if got := run(t, s, `function transform(...all) { return all }`); got != `[]` {
		t.Errorf("without arguments: got %s", got)
	}
	if got := run(t, s, `function transform(a, b) { return [b, a] }`, `1`, `{"b":2}`); got != `[{"b":2},1]` {
		t.Errorf("with two: got %s", got)
	}
}

func TestWhatIsNoCallIsNotMade(t *testing.T) {
	t.Parallel()
	s := open(t, Options{})
	var script *ScriptError
	for _, function := range []string{"", "a.b", "transform()", "a;b", "é"} {
		if _, _, err := s.Call(t.Context(), `1`, function); err == nil || errors.As(err, &script) {
			t.Errorf("function %q: %v", function, err)
		}
	}
	if _, _, err := call(t.Context(), s, `1`, `{"a":`); err == nil || errors.As(err, &script) {
		t.Errorf("an argument that is not JSON: %v", err)
	}
}

func TestWhatIsTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Workers: 1})
	text := func(n int) string { return `"` + strings.Repeat("x", n-2) + `"` }
	echo := `function transform(e) { return e }`
	if got := run(t, s, echo, text(MaxInput)); len(got) != MaxInput {
		t.Errorf("the largest argument came back with %d bytes", len(got))
	}
	for _, test := range []struct{ name, kind, source, arg string }{
		{"argument", InputLimit, echo, text(MaxInput + 1)},
		{"source", InputLimit, echo + strings.Repeat(" ", MaxSource), `1`},
		{"result", OutputLimit, `function transform(e) { return e + "x" }`, text(MaxInput)},
		{"result in bytes", OutputLimit, `function transform(e) { return "é".repeat(600000) }`, `1`},
		{"result by far", OutputLimit, `function transform(e) { return "x".repeat(2e6) }`, `1`},
	} {
		if _, _, err := call(t.Context(), s, test.source, test.arg); !isLimit(err, test.kind) {
			t.Errorf("%s: got %v, want the limit %q", test.name, err, test.kind)
		}
	}
	if err := s.Check(t.Context(), strings.Repeat(" ", MaxSource+1)); !isLimit(err, InputLimit) {
		t.Errorf("check a source that is too large: %v", err)
	}
}

func TestAScriptErrorSaysWhatAndWhere(t *testing.T) {
	t.Parallel()
	s := open(t, Options{})
	for _, test := range []struct {
		name, source string
		want         ScriptError
	}{
		{"syntax", "function transform(e) {\n  return e +;\n}", ScriptError{Message: "SyntaxError: unexpected token in expression: ';'", Line: 2, Column: 13, Stack: "at script:2:13"}},
		{"at its top", "let a = 1\nnull.x", ScriptError{Message: "TypeError: cannot read property 'x' of null", Line: 2, Column: 5, Stack: "at script (script:2:5)"}},
		{"in a function", "function f(e) { return e.a.b }\n\nfunction transform(e) {\n  return f(e)\n}", ScriptError{Message: "TypeError: cannot read property 'b' of undefined", Line: 1, Column: 27, Stack: "at f (script:1:27)\nat transform (script:4:3)"}},
		{"thrown", "function transform() {\n  throw new RangeError('no')\n}", ScriptError{Message: "RangeError: no", Line: 2, Column: 23, Stack: "at transform (script:2:23)"}},
		{"no function", "const transform = 1", ScriptError{Message: "The script defines no function named transform."}},
		{"nothing at all", "", ScriptError{Message: "The script defines no function named transform."}},
		{"modules", "import x from 'os'", ScriptError{Message: "SyntaxError: expecting '('", Line: 1, Column: 8, Stack: "at script:1:8"}},
		{"a function is no result", "function transform() { return () => 1 }", ScriptError{Message: "TypeError: the result has no JSON: it is a function"}},
		{"nor is a symbol", "function transform() { return Symbol() }", ScriptError{Message: "TypeError: the result has no JSON: it is a symbol"}},
		{"nor is a circle", "function transform(e) { const a = []; a[0] = a; return a }", ScriptError{Message: "TypeError: the result has no JSON: circular reference"}},
		{"nor is a BigInt", "function transform() { return { a: 1n } }", ScriptError{Message: "TypeError: the result has no JSON: Do not know how to serialize a BigInt"}},
		{"nor is a promise", "async function transform(e) { return e }", ScriptError{Message: "TypeError: the result is a promise, and nothing waits for it: the function must not be async"}},
		{"undefined thrown", "function transform() { throw undefined }", ScriptError{Message: "undefined"}},
		{"null thrown", "function transform() { throw null }", ScriptError{Message: "The script threw null, or it needed too much memory."}},
		{"a string thrown", "throw 'no'", ScriptError{Message: "no"}},
		{"an object thrown", "throw {a: 1}", ScriptError{Message: "[object Object]"}},
		{"a symbol thrown", "throw Symbol('x')", ScriptError{Message: "The script threw a value that cannot be shown."}},
		{"a hostile value thrown", "throw { toString() { throw 1 }, get message() { throw 2 }, get stack() { throw 3 }, name: {}, lineNumber: -7 }", ScriptError{Message: "The script threw a value that cannot be shown."}},
		{"an invented place", "throw { toString: () => 'x', stack: 'at a (<eval>:99999999999999999999:1)' }", ScriptError{Message: "x", Line: math.MaxInt, Column: 1, Stack: "at a (script:99999999999999999999:1)"}},
		{"a revoked proxy thrown", "const r = Proxy.revocable({}, {}); r.revoke(); throw r.proxy", ScriptError{Message: "The script threw a value that cannot be shown."}},
		{"deep recursion", "function transform(e) { return [transform(e)] }", ScriptError{Message: "InternalError: stack overflow", Line: 1, Column: 42, Stack: strings.Repeat("at transform (script:1:42)\n", maxCalls) + "…"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := call(t.Context(), s, test.source, `{}`)
			var got *ScriptError
			if !errors.As(err, &got) {
				t.Fatalf("got %v, want a script error", err)
			}
			if *got != test.want {
				t.Errorf("got  %#v\nwant %#v", *got, test.want)
			}
		})
	}
}

func TestErrorsAreCut(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Workers: 1})
	_, _, err := call(t.Context(), s, `throw { toString: () => "é".repeat(1e6), stack: "at é\n".repeat(1e5) }`)
	var got *ScriptError
	if !errors.As(err, &got) || len(got.Message) > maxMessage || len(got.Stack) > maxStack {
		t.Errorf("got an error of %d bytes", len(err.Error()))
	}
}

func TestCheckFindsWhatCannotWork(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Workers: 1, Timeout: 20e6})
	if err := s.Check(t.Context(), smallScript); err != nil {
		t.Errorf("a good script: %v", err)
	}
	if err := s.Check(t.Context(), `function transform() { throw 1 }`); err != nil {
		t.Errorf("a function is not called: %v", err)
	}
	var script *ScriptError
	if err := s.Check(t.Context(), "\nfunction transform( {}"); !errors.As(err, &script) || script.Line != 2 {
		t.Errorf("a syntax error: %v", err)
	}
	if err := s.Check(t.Context(), `function transformed(e) { return e }`); !errors.As(err, &script) {
		t.Errorf("a function of another name: %v", err)
	}
	if err := s.Check(t.Context(), `for (;;);`); !isLimit(err, TimeLimit) {
		t.Errorf("a loop: %v", err)
	}
}

func TestTheConsoleIsALog(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Memory: 8 << 20})
	for _, test := range []struct {
		name, body string
		want       []string
	}{
		{"values", `console.log("a", 1, {b: [2]}, null, undefined, true, 3n, Symbol("s"), new Error("e"), () => 1)`, []string{`a 1 {"b":[2]} null undefined true 3 Symbol(s) Error: e () => 1`}},
		{"lines", `console.info("a\nb"); console.warn(); console.error("é"); console.debug("\ud83d")`, []string{"a\nb", "", "é", "\ufffd"}},
		{"a hostile value", `console.log({ toJSON() { throw 1 } }, "b")`, []string{"[a value that cannot be shown] b"}},
		{"a script that changes the language", `JSON.stringify = () => "x"; Array.prototype[0] = 7; String.prototype.slice = null; console.log({a: 1})`, []string{`{"a":1}`}},
		{"before an error", `console.log("here"); throw 1`, []string{"here"}},
		{"before a loop", `console.log("here"); for (;;);`, []string{"here"}},
		{"before memory is gone", `console.log("here"); const a = []; for (;;) a.push("x".repeat(1e5) + a.length)`, []string{"here"}},
		{"before a result that is too large", `console.log("here"); return "x".repeat(2e6)`, []string{"here"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, log, _ := call(t.Context(), s, "function transform() { "+test.body+" }")
			if !slices.Equal(log, test.want) {
				t.Errorf("got %q, want %q", log, test.want)
			}
		})
	}
}

func TestTheLogIsBounded(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Workers: 1})
	_, log, err := call(t.Context(), s, `function transform() { for (let i = 0; i < 1000; i++) console.log(i, "\u0001".repeat(2000)) }`)
	if err != nil || len(log) != maxLogLines+1 {
		t.Fatalf("%d lines, %v", len(log), err)
	}
	if line := []rune(log[0]); len(line) != maxLogLine+1 {
		t.Errorf("a line of %d characters", len(line))
	}
	if last := log[maxLogLines]; last != "… and more, which is not kept" {
		t.Errorf("it ends with %q", last)
	}
}
