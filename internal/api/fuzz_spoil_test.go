package api_test

import (
	"slices"
	"strings"
)

// odd are values that stand where another was expected.
var odd = []string{
	"null", "true", "0", "-1", "-0", "1.5", "1e2", "1e400", "-1e-400", "1E+9999", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "9007199254740993", "01", "+1", "1.", ".5",
	"NaN", "Infinity", "0x10", `""`, `"x"`, `"\u0000"`, `"a\u0000b"`, `"\ud800"`, `"\udc00\ud800"`, `"\uD83C\uDF5E"`, "\"\xff\"", "\"\xc3\"", "\"\x00\"", "\"\x01\"", `"\x"`, `'x'`, "[]", "{}", "[null]", `[[]]`,
	`{"":""}`, `{"a":1,"a":2}`, `"2026-02-30T00:00:00Z"`, `"2026-11-20T24:00:00Z"`, `"+275760-09-13T00:00:00Z"`, `"con_01kaf0v3b6f3nb8h5r0z7c4q9j"`, `"con_"`, `"CON_01KAF0V3B6F3NB8H5R0Z7C4Q9J"`, "",
	strings.Repeat("9", 5000), `"` + strings.Repeat("a", 70_000) + `"`, `"` + strings.Repeat("é", 10_001) + `"`, "[" + strings.Repeat("0,", 3000) + "0]",
	strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000), strings.Repeat("[", 50_000),
}

// names are members that nobody asked for.
var names = []string{`"unknown"`, `"id"`, `"org_id"`, `"organization_id"`, `"sequence"`, `"__proto__"`, `""`, `"\u0000"`, `"ID"`, `"name "`, "\"\xff\"", `"created_at"`, `"status"`, `"secret"`, `"` + strings.Repeat("n", 3000) + `"`}

// spoil changes a body in one place.
func (c *choices) spoil(body *node) {
	at := pick(c, body.all())
	if len(at.inner) == 0 {
		*at = *leaf(pick(c, odd))
		return
	}
	i := c.below(len(at.inner))
	switch c.below(6) {
	case 0:
		*at = *leaf(pick(c, odd))
	case 1:
		at.remove(i)
	case 2: // the same again, which in an object is a duplicate key
		at.inner = append(at.inner, at.inner[i])
		if at.open == '{' {
			at.names = append(at.names, at.names[i])
		}
	case 3:
		if at.open == '{' {
			at.names, at.inner = append(at.names, pick(c, names)), append(at.inner, leaf(pick(c, odd)))
		} else {
			at.inner = append(at.inner, leaf(pick(c, odd)))
		}
	case 4:
		if at.open == '{' {
			at.names[i] = strings.ToUpper(at.names[i])
		} else {
			slices.Reverse(at.inner)
		}
	case 5:
		if at.inner[i].fixed {
			*at.inner[i] = *quoted(pick(c, places))
			at.inner[i].fixed = true
		} else {
			at.inner[i] = leaf(pick(c, odd))
		}
	}
}

// breakUp changes the bytes of a body. Nothing that it puts in makes another name of
// a host.
func (c *choices) breakUp(body string) string {
	at := c.below(len(body) + 1)
	switch c.below(8) {
	case 0:
		return body[:at]
	case 1:
		return body[:at] + pick(c, []string{"\x00", "\xff", `"`, "{", "}", `\`, ",", "\xc3", " ", "\x1f"}) + body[at:]
	case 2:
		return body + pick(c, []string{"x", "{}", "\x00", " ", "\n\n", "]", body})
	case 3:
		return pick(c, []string{"\ufeff", "\xff\xfe", " \t\r\n", "\x00", "//\n", ")]}'\n"}) + body
	case 4:
		return ""
	case 5:
		return "[" + body + "]"
	case 6:
		return pick(c, odd)
	}
	if c.once(10) {
		return body + strings.Repeat(" ", 1<<20)
	}
	return strings.Repeat(" ", 1000) + body
}
