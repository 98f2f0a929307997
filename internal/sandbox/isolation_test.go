package sandbox

import (
	"slices"
	"strings"
	"testing"
)

func TestNothingStaysForTheNextCall(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Workers: 1})
	run(t, s, `
		var a = 1; let b = 2; globalThis.c = 3
		Object.prototype.polluted = Array.prototype.polluted = Function.prototype.polluted = 1
		Object.prototype.toJSON = () => "polluted"
		Array.prototype.map = JSON.stringify = JSON.parse = Reflect.apply = console.log = undefined
		Object.setPrototypeOf(Array.prototype, null)
		Object.freeze(globalThis)
		Promise.resolve().then(() => { globalThis.later = 1 })
		RegExp.prototype.exec = () => ["polluted"];
		/x/.test("x"); Symbol.for("shared").description
		function transform() { return 1 }`)
	got := run(t, s, `function transform(e) {
		console.log("still there")
		globalThis.mine = 1
		return {
			globals: [typeof a, typeof b, typeof c, typeof later],
			prototypes: [{}.polluted, [].polluted, (() => 1).polluted].map(String),
			input: e,
			works: [[1, 2].map(x => x * 2), JSON.parse("[3]"), /y/.test("z"), RegExp.$1 === undefined, mine],
		}
	}`, `{"x":1}`)
	want := `{"globals":["undefined","undefined","undefined","undefined"],"prototypes":["undefined","undefined","undefined"],` +
		`"input":{"x":1},"works":[[2,4],[3],false,true,1]}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A name that a new version of the engine brings along has to be looked at first.
func TestAScriptFindsTheLanguageAndAConsole(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Workers: 1})
	got := strings.Split(strings.Trim(run(t, s, `function transform() { return Object.getOwnPropertyNames(globalThis).join(" ") }`), `"`), " ")
	language := strings.Fields(`AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error
		EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array InternalError
		Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String Symbol
		SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI
		decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape
		console transform`)
	for _, name := range got {
		if !slices.Contains(language, name) {
			t.Errorf("there is a %s", name)
		}
	}
}

func TestThereIsNoWayOutOfTheLanguage(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Workers: 1})
	for _, expression := range []string{
		`require("fs")`, `process.env`, `std.open("/etc/passwd", "r")`, `os.exec(["id"])`, `fetch("http://192.0.2.1")`,
		`scriptArgs`, `print("x")`, `__loadScript("/etc/passwd")`, `load("/etc/passwd")`, `module.exports`, `Deno.env`,
		`new Worker("x")`, `setTimeout(() => 1)`, `new XMLHttpRequest()`, `import.meta.url`,
		`Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`,
		`(() => {}).constructor("return process")().env`,
		`[].constructor.constructor("return require")()("os")`,
	} {
		if result, _, err := call(t.Context(), s, "function transform() { return "+expression+" }"); err == nil {
			t.Errorf("%s: %s", expression, result)
		}
	}
	// The engine asks nobody for modules, and runs nothing after the function has returned.
	if got := run(t, s, `let found = "nothing"; for (const name of ["os", "std", "fs", "/etc/passwd", "data:text/javascript,1"])
		import(name).then(m => { found = name }); function transform() { return found }`); got != `"nothing"` {
		t.Errorf("imported %s", got)
	}
}
