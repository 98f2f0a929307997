package condition

import "strings"

// part is a piece of a condition's text.
type part struct {
	text   string
	offset int // in bytes from the start of the condition
}

// conjuncts are the parts of a condition that && joins at the top, all of which
// must be true; the whole condition if it is no such chain.
func conjuncts(whole part) []part {
	whole = whole.trimmed()
	cuts, outer := whole.cuts()
	if outer {
		inner := part{whole.text[1 : len(whole.text)-1], whole.offset + 1}
		return conjuncts(inner)
	}
	if len(cuts) == 0 {
		return []part{whole}
	}
	var all []part
	start := 0
	for _, cut := range append(cuts, len(whole.text)) {
		all = append(all, conjuncts(part{whole.text[start:cut], whole.offset + start})...)
		start = cut + len("&&")
	}
	return all
}

func (p part) trimmed() part {
	text := strings.TrimLeft(p.text, " \t\r\n\f")
	return part{strings.TrimRight(text, " \t\r\n\f"), p.offset + len(p.text) - len(text)}
}

// cuts are where && stands outside of all brackets, none if || or ?: binds less;
// outer tells whether one pair of parentheses is around it all.
func (p part) cuts() (cuts []int, outer bool) {
	depth, weaker := 0, false
	outer = strings.HasPrefix(p.text, "(")
	for at := 0; at < len(p.text); {
		rest := p.text[at:]
		switch {
		case strings.ContainsRune("([{", rune(rest[0])):
			depth++
		case strings.ContainsRune(")]}", rune(rest[0])):
			depth--
			outer = outer && (depth > 0 || at == len(p.text)-1)
		case depth == 0 && strings.HasPrefix(rest, "&&"):
			cuts = append(cuts, at)
			at++
		case depth == 0 && (strings.HasPrefix(rest, "||") || rest[0] == '?'):
			weaker = true
		}
		at += skip(rest)
	}
	if weaker {
		cuts = nil
	}
	return cuts, outer
}

// skip is the length of the string or comment that a text begins with, else of its
// first byte.
func skip(text string) int {
	if strings.HasPrefix(text, "//") {
		if end := strings.IndexByte(text, '\n'); end >= 0 {
			return end + 1
		}
		return len(text)
	}
	raw := false
	start := 0
	for start < len(text) && strings.ContainsRune("rRbB", rune(text[start])) {
		raw = raw || text[start] == 'r' || text[start] == 'R'
		start++
	}
	if start == len(text) || text[start] != '"' && text[start] != '\'' {
		return 1
	}
	quote := text[start : start+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(text[start:], triple) {
		quote = triple
	}
	return start + len(quote) + quoted(text[start+len(quote):], quote, raw)
}

// quoted is the length of what stands before a closing quote, and the quote.
func quoted(text, quote string, raw bool) int {
	for at := 0; at < len(text); at++ {
		switch {
		case strings.HasPrefix(text[at:], quote):
			return at + len(quote)
		case !raw && text[at] == '\\':
			at++
		}
	}
	return len(text)
}
