package condition

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How CEL says things, and how it is said here.
var rewordings = []struct {
	said *regexp.Regexp
	here string
}{
	{regexp.MustCompile(`(?s)^type conversion error from '(.*)' to '(.*)'$`), "this $1 cannot be read as $2"},
	{regexp.MustCompile(`(?s)^invalid RFC 3339 timestamp .*$`), "this string cannot be read as timestamp"},
	{regexp.MustCompile(`^(no such overload: \S+) \d+$`), "$1"},
	{regexp.MustCompile(`wrapper\((\w+)\)`), "$1 or null"},
	{regexp.MustCompile(`@(data|actor|cause|in)\b`), "$1"},
	{regexp.MustCompile(`google\.protobuf\.Timestamp`), "timestamp"},
	{regexp.MustCompile(`google\.protobuf\.Duration`), "duration"},
	{regexp.MustCompile(`\bnull_type\b`), "null"},
	{regexp.MustCompile(`\bdyn\b`), "any"},
}

// readable is what CEL says without its private spelling of types and operators,
// cut to what one reads.
func readable(said string) string {
	said = cut(said)
	for _, r := range rewordings {
		said = r.said.ReplaceAllString(said, r.here)
	}
	return said
}

// spelled is a function or operator as its author writes it, in quotes.
func spelled(function string) string {
	switch function {
	case "_?_:_":
		return `"?:"`
	case "_[_]":
		return `"[]"`
	case "@in":
		return `"in"`
	}
	return `"` + strings.Trim(function, "_") + `"`
}

// isOperator tells whether CEL calls an operator so: _+_, !_, @in.
func isOperator(function string) bool {
	return strings.HasPrefix(function, "_") || strings.HasPrefix(function, "@") || strings.HasSuffix(function, "_")
}

// article puts a or an before a noun; null has none.
func article(noun string) string {
	switch {
	case noun == "null" || strings.HasPrefix(noun, "data"):
		return noun
	case strings.ContainsRune("aeiou", rune(noun[0])):
		return "an " + noun
	}
	return "a " + noun
}

// sentence begins with a capital and ends with a full stop, unless it begins with
// something that stands for itself.
func sentence(said string) string {
	if first, size := utf8.DecodeRuneInString(said); !strings.HasPrefix(said, "data.") {
		said = string(unicode.ToUpper(first)) + said[size:]
	}
	if strings.ContainsAny(said[len(said)-1:], ".?!") {
		return said
	}
	return said + "."
}
