package docs

import (
	"html/template"
	"strconv"
	"strings"
	"unicode"
)

// words are the words of a type's name: "custom field" for CustomField. What is
// written in capitals stays so ("API key").
func words(name string) string {
	var parts []string
	runes := []rune(name)
	start := 0
	begins := func(i int) bool {
		return i == len(runes) || unicode.IsUpper(runes[i]) &&
			(unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
	}
	for i := 1; i <= len(runes); i++ {
		if !begins(i) {
			continue
		}
		word := string(runes[start:i])
		if word != strings.ToUpper(word) {
			word = strings.ToLower(word)
		}
		parts = append(parts, word)
		start = i
	}
	return strings.Join(parts, " ")
}

// plural is more than one of a noun.
func plural(noun string) string {
	switch {
	case strings.HasSuffix(noun, "y") && !strings.ContainsAny(noun[max(0, len(noun)-2):len(noun)-1], "aeiou"):
		return noun[:len(noun)-1] + "ies"
	case strings.HasSuffix(noun, "x"), strings.HasSuffix(noun, "s"), strings.HasSuffix(noun, "ch"):
		return noun + "es"
	}
	return noun + "s"
}

func capitalized(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// slug is a name as it stands in an address.
func slug(name string) string {
	return strings.ToLower(strings.NewReplacer(" ", "-", "_", "-").Replace(name))
}

// counted is a number with its noun: "1 field", "3 fields".
func counted(n int, noun string) string {
	if n != 1 {
		noun = plural(noun)
	}
	return strconv.Itoa(n) + " " + noun
}

// grouped is a number with commas between its thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// enumerated joins names as a sentence does: "a, b or c".
func enumerated(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

func escaped(s string) template.HTML { return template.HTML(template.HTMLEscapeString(s)) }

func code(s string) template.HTML { return "<code>" + escaped(s) + "</code>" }

func anchor(url, text string) template.HTML {
	return `<a href="` + escaped(url) + `">` + escaped(text) + `</a>`
}

// inline is a sentence of the document as HTML: what stands between backticks is
// code, and a link if a page is about it.
func (s *site) inline(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		if i%2 == 0 {
			b.WriteString(template.HTMLEscapeString(part))
		} else {
			b.WriteString(string(s.mention(part)))
		}
	}
	return template.HTML(b.String())
}

// mention is a name in code, and a link if a page is about it.
func (s *site) mention(name string) template.HTML {
	if at, ok := s.places[name]; ok {
		return `<a href="` + escaped(at.URL) + `">` + code(name) + `</a>`
	}
	return code(name)
}

// paragraphs is a text of the document as HTML.
func (s *site) paragraphs(text string) template.HTML {
	var b strings.Builder
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			b.WriteString("<p>" + string(s.inline(part)) + "</p>")
		}
	}
	return template.HTML(b.String())
}
