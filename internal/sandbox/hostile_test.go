package sandbox

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// What these scripts do takes seconds or gigabytes where nothing stops it.
func TestScriptsThatDoNotStopAreStopped(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Timeout: 30 * time.Millisecond, KillAfter: 300 * time.Millisecond})
	for _, test := range []struct{ name, body string }{
		{"a loop", `for (;;);`},
		{"a loop that catches", `for (;;) { try { for (;;); } catch { } finally { for (;;); } }`},
		{"a regular expression that backtracks", `return /^(a+)+$/.test("a".repeat(40) + "b")`},
		{"a getter that loops", `return { get a() { for (;;); } }`},
		{"a thrown value that loops", `throw { toString() { for (;;); } }`},
		{"an endless iterator", `return [...(function* () { for (;;) yield 1 })()]`},
		{"a sort that never ends", `const a = Array.from({length: 1e5}, (_, i) => i * 7919 % 100003); a.sort(() => { for (;;); })`},
		{"a long operation of the engine", `const a = []; a.length = 4e9; a.reverse()`},
		{"a search in four billion holes", `const a = []; a.length = 4e9; return a.indexOf(1)`},
		{"many long operations of the engine", `for (;;) encodeURIComponent("é".repeat(1e6))`},
		{"a prototype that loops", `Object.defineProperty(Object.prototype, "toJSON", { get() { for (;;); } }); return {}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			began := time.Now()
			_, _, err := call(t.Context(), s, "function transform() { "+test.body+" }")
			if !isLimit(err, TimeLimit) {
				t.Errorf("got %v, want the time limit", err)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("it took %v", took)
			}
			if got := run(t, s, `function transform() { return "fine" }`); got != `"fine"` {
				t.Errorf("the next call returned %s", got)
			}
		})
	}
}

func TestMemoryIsLimited(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Timeout: 5 * time.Second, KillAfter: 20 * time.Second, Memory: 4 << 20})
	for _, test := range []struct{ name, body string }{
		{"memory in small pieces", `const a = []; for (;;) a.push({ a })`},
		{"memory in large pieces", `const a = []; for (;;) a.push(new ArrayBuffer(1e6))`},
		{"memory at once", `return new Array(1e8).fill(1)`},
		{"a string of a gigabyte", `return "x".repeat(1e9)`},
		{"a buffer of a gigabyte", `return new ArrayBuffer(1e9)`},
		{"a map without end", `const m = new Map(); for (let i = 0; ; i++) m.set(i, "v" + i)`},
		{"memory that a script will not do without", `const a = []; for (let i = 0; ; i++) try { a.push("x".repeat(1e6) + i) } catch (e) { if (i > 100) throw e }`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, _, err := call(t.Context(), s, "function transform() { "+test.body+" }"); !isLimit(err, MemoryLimit) {
				t.Errorf("got %v, want the memory limit", err)
			}
			if got := run(t, s, `function transform() { return "fine" }`); got != `"fine"` {
				t.Errorf("the next call returned %s", got)
			}
		})
	}
}

func TestDeepNestingIsAnError(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Timeout: time.Second, KillAfter: 10 * time.Second})
	nest := func(open, inner, close string) string {
		const depth = 50_000
		return strings.Repeat(open, depth) + inner + strings.Repeat(close, depth)
	}
	for _, test := range []struct{ name, source string }{
		{"parentheses", "function transform() {}\n" + nest("(", "1", ")")},
		{"brackets", "function transform() {}\n" + nest("[", "1", "]")},
		{"signs", "function transform() {}\n" + nest("-+", "1", "")},
		{"templates", "function transform() {}\n" + nest("`${", "1", "}`")},
		{"JSON", `function transform() { return JSON.parse("[".repeat(500000)) }`},
		{"a result", `function transform() { let a = []; for (let i = 0; i < 3000; i++) a = [a]; return a }`},
		{"groups", `function transform() { return new RegExp("(?:".repeat(100000) + ")".repeat(100000)) }`},
		{"getters", `function transform() { return { get a() { return this.a } }.a }`},
		{"proxies", `function transform() { return new Proxy({}, { get(t, k, r) { return r[k] } }).a }`},
		{"eval", `function transform() { return eval("transform()") }`},
		{"replace", `function transform() { return "a".replace(/a/, transform) }`},
		{"toJSON", `const o = { toJSON: () => JSON.stringify(o) }; function transform() { return o }`},
		{"generators", `function* g() { yield* g() } function transform() { return [...g()] }`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := call(t.Context(), s, test.source)
			var script *ScriptError
			if !errors.As(err, &script) {
				t.Errorf("got %v, want a script error", err)
			}
		})
	}
	deep := strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)
	var script *ScriptError
	if _, _, err := call(t.Context(), s, `function transform(e) { return e }`, deep); err == nil {
		t.Error("a very deep argument came back")
	} else if errors.As(err, &script) && !strings.Contains(script.Message, "stack overflow") {
		t.Errorf("a very deep argument: %v", err)
	}
}
