package condition

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/common"
)

// syntaxFaults tells what is wrong with a text that could not be read: the first
// fault only, because the others mostly follow from it.
func syntaxFaults(text string, errs []*common.Error) Faults {
	first := slices.MinFunc(errs, func(a, b *common.Error) int { return cmp.Compare(rank(text, a), rank(text, b)) })
	return Faults{faultAt(text, offsetOf(text, first.Location), "%s", syntaxMessage(first.Message))}
}

// rank orders what the parser found: limits that it ran into before all, then by
// place, and last what has none.
func rank(text string, e *common.Error) int {
	switch {
	case isTooDeep(e.Message):
		return -1
	case e.Location.Line() < 1:
		return len(text) + 1
	}
	return offsetOf(text, e.Location)
}

func isTooDeep(said string) bool { return strings.Contains(strings.ToLower(said), "recursion") }

// offsetOf is the byte at a place that CEL tells: lines from 1, characters from 0.
func offsetOf(text string, at common.Location) int {
	offset := 0
	for range at.Line() - 1 {
		end := strings.IndexByte(text[offset:], '\n')
		if end < 0 {
			return len(text)
		}
		offset += end + 1
	}
	return offset + byteOffset(text[offset:], at.Column())
}

// The parser's messages that can be said better. The first group is what it
// stumbled over.
var (
	noToken    = regexp.MustCompile(`(?s)^Syntax error: token recognition error at: '(.*)'$`)
	unexpected = regexp.MustCompile(`(?s)^Syntax error: (?:mismatched input|extraneous input|no viable alternative at input) '(.*?)'(?: expecting .*)?$`)
	lacking    = regexp.MustCompile(`(?s)^Syntax error: missing '(.*?)' at .*$`)
	reserved   = regexp.MustCompile(`^reserved identifier: (\w+)$`)
)

func syntaxMessage(said string) string {
	if m := noToken.FindStringSubmatch(said); m != nil {
		return strayMessage(m[1])
	}
	if m := unexpected.FindStringSubmatch(said); m != nil {
		return unexpectedMessage(m[1])
	}
	if m := lacking.FindStringSubmatch(said); m != nil {
		return `A "` + m[1] + `" is missing here.`
	}
	if m := reserved.FindStringSubmatch(said); m != nil {
		return `"` + m[1] + `" is a word that CEL keeps for itself.`
	}
	switch {
	case isTooDeep(said):
		return tooDeep
	case strings.HasPrefix(said, "error recovery"):
		return "The condition cannot be read."
	case strings.Contains(said, "count exceeds limit"):
		return tooComplex
	case strings.HasPrefix(said, "invalid argument to has()"):
		return "has needs a field, as in has(data.contact.email)."
	case said == "invalid int literal", said == "invalid uint literal":
		return "This number is too large."
	}
	return sentence(strings.TrimPrefix(said, "Syntax error: "))
}

// strayMessage is about characters that begin nothing.
func strayMessage(stray string) string {
	first, size := utf8.DecodeRuneInString(stray)
	switch first {
	case '"', '\'':
		return "This string has no end."
	case '“', '”', '‘', '’', '„', '«', '»':
		return `Strings stand between straight quotes, ' or ".`
	case '=':
		return `To compare, write "==".`
	case '&', '|':
		return `"` + stray[:1] + `" is not expected here; write && for and, || for or.`
	}
	return `"` + stray[:size] + `" is not expected here.`
}

// unexpectedMessage is about a word or sign that cannot stand where it stands.
func unexpectedMessage(word string) string {
	word = strings.TrimSpace(word)
	switch strings.ToLower(word) {
	case "<eof>":
		return "The condition ends too early."
	case "and":
		return `"` + word + `" is written && in a condition.`
	case "or":
		return `"` + word + `" is written || in a condition.`
	case "not":
		return `"` + word + `" is written ! in a condition.`
	}
	return `"` + cut(word) + `" is not expected here.`
}
