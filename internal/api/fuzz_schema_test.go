package api_test

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// author makes values that a schema lets through, in the name of one organization.
type author struct {
	*choices
	id   func(prefix string) string // an id of this kind
	word string                     // stands in every free text, if any
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// value is one that the schema lets through, or is at its border.
func (a *author) value(name string, s *openapi3.Schema, depth int) *node {
	for _, choices := range []openapi3.SchemaRefs{s.OneOf, s.AnyOf} {
		if len(choices) > 0 {
			return a.value(name, pick(a.choices, choices).Value, depth)
		}
	}
	switch {
	case len(s.Enum) > 0:
		return nodeOf(pick(a.choices, s.Enum))
	case len(s.Examples) > 0 && a.word == "" && !isPlace(name) && idKind(s) == "" && a.once(3):
		return nodeOf(pick(a.choices, s.Examples))
	}
	switch a.typeOf(s) {
	case "string":
		return a.text(name, s)
	case "integer", "number":
		return leaf(a.number(s))
	case "boolean":
		return leaf(pick(a.choices, []string{"true", "false"}))
	case "array":
		return a.array(name, s, depth)
	case "object":
		return a.object(s, depth)
	}
	return leaf("null")
}

func (a *author) typeOf(s *openapi3.Schema) string {
	types := s.Type.Slice()
	switch {
	case len(types) == 0 && s.Properties != nil:
		return "object"
	case len(types) == 0:
		return pick(a.choices, []string{"string", "number", "boolean", "object"})
	case a.once(4):
		return pick(a.choices, types) // null, where that is one
	}
	return types[0]
}

func (a *author) array(name string, s *openapi3.Schema, depth int) *node {
	n := &node{open: '['}
	length := int(s.MinItems)
	if depth < 5 {
		length += a.below(3)
	}
	if s.MaxItems != nil && a.once(10) {
		length = int(*s.MaxItems) + a.below(2)
	}
	for range length {
		n.inner = append(n.inner, a.value(name, s.Items.Value, depth+1))
	}
	return n
}

func (a *author) object(s *openapi3.Schema, depth int) *node {
	n := &node{open: '{'}
	for _, name := range sortedNames(s.Properties) {
		required := slices.Contains(s.Required, name)
		if required || a.word != "" || depth < 5 && a.once(3) {
			n.add(name, a.value(name, s.Properties[name].Value, depth+1))
		}
	}
	if more := s.AdditionalProperties.Schema; more != nil && depth < 5 {
		for range a.below(3) {
			n.add(pick(a.choices, []string{"height", "plan", "size", "x", "Ünïcode", ""}), a.value("", more.Value, depth+1))
		}
	}
	return n
}

func (a *author) number(s *openapi3.Schema) string {
	low, high := 0.0, 1000.0
	if s.Min != nil {
		low = *s.Min
	}
	if s.Max != nil {
		high = *s.Max
	}
	switch a.below(8) {
	case 0:
		return plain(low)
	case 1:
		return plain(high)
	case 2:
		return plain(low - 1)
	case 3:
		return plain(high + 1)
	}
	return plain(math.Floor(low + float64(a.below(1000))/1000*(math.Min(high, low+5000)-low)))
}

func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// anIDPattern is how the schema of an id begins, with the kind of object.
var anIDPattern = regexp.MustCompile(`^\^([a-z]+)_\[0-7\]`)

func idKind(s *openapi3.Schema) string {
	if found := anIDPattern.FindStringSubmatch(s.Pattern); found != nil {
		return found[1]
	}
	return ""
}

// isPlace tells whether the server may connect to what a field holds.
func isPlace(name string) bool { return name == "url" || strings.HasSuffix(name, "_url") }

// places are where the server may be told to connect to: nobody answers there.
var places = []string{
	"http://127.0.0.1:1/", "https://127.0.0.1:1/hook?x=1", "http://[::1]:1", "http://localhost:1/%00", "https://user:word@127.0.0.1:1/", "ftp://127.0.0.1/", "http://", "",
	"//127.0.0.1:1", "http://127.0.0.1:99999/", "http://127.0.0.1:1/" + strings.Repeat("a", 2000), "http://127.0.0.1:1/\u0000", "javascript:alert(1)", "http://127.0.0.1:1/🍞",
}

func (a *author) text(name string, s *openapi3.Schema) *node {
	kind := idKind(s)
	switch {
	case isPlace(name):
		n := quoted(pick(a.choices, places[:2]))
		n.fixed = true
		return n
	case kind != "":
		return quoted(a.id(kind))
	case s.Format == "date-time":
		return quoted(pick(a.choices, []string{"2026-11-20T10:30:00.123Z", "2100-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00Z", "2024-02-29T23:59:60Z"}))
	case s.Format == "email":
		return quoted(a.word + fmt.Sprintf("ada%d@example.com", a.below(1000)))
	case s.Pattern != "":
		if parsed, err := syntax.Parse(s.Pattern, syntax.Perl); err == nil {
			return quoted(a.matching(parsed))
		}
	}
	return quoted(a.freeText(s))
}

var freeTexts = []string{
	"", "Bread", "a", " ", "x.y", "*", "conversation.*", "2026-11-20", "now", "none", "0", "true", "null", "{{contact.name}}", "%", "_", `\`, "'; drop table events; --",
	"type == 'custom.x'", "data.contact.name == ''", "function transform(event) { return event }", "\u202eLeft", "🍞", "é\u0301", "\ufeff", "\u2028", "<script>alert(1)</script>", "line\nline\r\n\ttab",
	"header: x\r\nInjected: y", "../../etc/passwd", "-----BEGIN CERTIFICATE-----", "EUR", "key_01kaf0v3b6f3nb8h5r0z7c4q9j", "contacts:read",
}

func (a *author) freeText(s *openapi3.Schema) string {
	text := pick(a.choices, freeTexts)
	if a.word != "" {
		text = a.word + strconv.Itoa(a.below(1e6))
	}
	if s.MaxLength == nil {
		return text
	}
	limit := int(min(*s.MaxLength, 70_000))
	switch a.below(12) {
	case 0:
		return strings.Repeat("x", limit)
	case 1:
		return strings.Repeat("é", limit+1)
	case 2:
		return strings.Repeat("🍞", limit)
	}
	return text[:min(len(text), limit)]
}

// matching is a text of a regular expression.
func (a *author) matching(re *syntax.Regexp) string {
	var b strings.Builder
	times := func(low, high int) {
		if high < 0 {
			high = low + 8
		}
		for range low + a.below(high-low+1) {
			b.WriteString(a.matching(re.Sub[0]))
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		i := 2 * a.below(len(re.Rune)/2)
		b.WriteRune(re.Rune[i] + rune(a.below(int(min(re.Rune[i+1]-re.Rune[i]+1, 100)))))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('a')
	case syntax.OpStar:
		times(0, -1)
	case syntax.OpPlus:
		times(1, -1)
	case syntax.OpQuest:
		times(0, 1)
	case syntax.OpRepeat:
		times(re.Min, re.Max)
	case syntax.OpAlternate:
		return a.matching(pick(a.choices, re.Sub))
	case syntax.OpConcat, syntax.OpCapture:
		for _, sub := range re.Sub {
			b.WriteString(a.matching(sub))
		}
	}
	return b.String()
}
