package schema

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

func (p *parser) number() bool {
	index := p.open(number)
	if p.raw[p.at] == '-' {
		p.at++
	}
	if p.at < len(p.raw) && p.raw[p.at] == '0' {
		p.at++
	} else if !p.digits() {
		return false
	}
	whole, exponent := true, false
	if p.at < len(p.raw) && p.raw[p.at] == '.' {
		whole = false
		p.at++
		if !p.digits() {
			return false
		}
	}
	if p.at < len(p.raw) && (p.raw[p.at] == 'e' || p.raw[p.at] == 'E') {
		whole, exponent = false, true
		p.at++
		if p.at < len(p.raw) && (p.raw[p.at] == '+' || p.raw[p.at] == '-') {
			p.at++
		}
		if !p.digits() {
			return false
		}
	}
	e := p.end(index)
	e.whole = whole
	const surelyInRange = 300 // digits without an exponent
	if exponent || e.end-e.start > surelyInRange {
		if _, err := strconv.ParseFloat(string(p.literal(index)), 64); err != nil {
			p.refuse(index, "is a number too large to be kept")
		}
	}
	return true
}

func (p *parser) digits() bool {
	start := p.at
	for p.at < len(p.raw) && '0' <= p.raw[p.at] && p.raw[p.at] <= '9' {
		p.at++
	}
	return p.at > start || p.unexpected()
}

// string reads a text or a name, which begins with the quote.
func (p *parser) string(kind kinds) bool {
	p.at++
	index := p.open(kind)
	for p.at < len(p.raw) {
		switch c := p.raw[p.at]; {
		case c == '"':
			p.end(index)
			p.at++
			return true
		case c == '\\':
			p.entries[index].escaped = true
			if !p.escape(index) {
				return false
			}
		case c < ' ':
			return p.unexpected()
		default:
			p.at++
		}
	}
	return p.unexpected()
}

// escape reads what stands behind a backslash.
func (p *parser) escape(index int32) bool {
	p.at++
	if p.at == len(p.raw) {
		return p.unexpected()
	}
	switch p.raw[p.at] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		p.at++
		return true
	case 'u':
		return p.unicode(index)
	}
	return p.unexpected()
}

func (p *parser) unicode(index int32) bool {
	unit := p.unit()
	if unit < 0 {
		return false
	}
	switch {
	case unit == 0:
		p.refuse(index, `must not contain the character \u0000`)
	case 0xdc00 <= unit && unit <= 0xdfff:
		p.refuse(index, fmt.Sprintf(`must not contain half a surrogate pair: \u%04x`, unit))
	case 0xd800 <= unit && unit <= 0xdbff:
		if !p.low() {
			p.refuse(index, fmt.Sprintf(`must not contain half a surrogate pair: \u%04x`, unit))
		}
	}
	return true
}

// unit reads u and four digits, -1 if they are not there.
func (p *parser) unit() int {
	p.at++
	unit := hex4(p.raw[p.at:])
	if unit >= 0 {
		p.at += 4
		return unit
	}
	for p.at < len(p.raw) && hex(p.raw[p.at]) >= 0 {
		p.at++
	}
	p.unexpected()
	return -1
}

// low reads the second half of a surrogate pair, if it is there.
func (p *parser) low() bool {
	rest := p.raw[p.at:]
	if len(rest) < 6 || rest[0] != '\\' || rest[1] != 'u' {
		return false
	}
	unit := hex4(rest[2:])
	if unit < 0xdc00 || unit > 0xdfff {
		return false
	}
	p.at += 6
	return true
}

func invalidUTF8(raw []byte) int {
	at := 0
	for at < len(raw) {
		r, size := utf8.DecodeRune(raw[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return at
}
