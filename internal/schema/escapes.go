package schema

import (
	"unicode/utf16"
	"unicode/utf8"
)

// unescape gives what a text without quotes says. It is valid JSON; a lone
// surrogate, which is refused elsewhere, becomes U+FFFD.
func unescape(b []byte) string {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			out = append(out, b[i])
			continue
		}
		i++
		switch b[i] {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r := rune(hex4(b[i+1:]))
			i += 4
			if utf16.IsSurrogate(r) && i+6 < len(b) && b[i+1] == '\\' && b[i+2] == 'u' {
				if pair := utf16.DecodeRune(r, rune(hex4(b[i+3:]))); pair != utf8.RuneError {
					r = pair
					i += 6
				}
			}
			out = utf8.AppendRune(out, r)
		default: // a quote, a backslash or a slash
			out = append(out, b[i])
		}
	}
	return string(out)
}

// hex4 is the number that four hexadecimal digits say, -1 if they are not there.
func hex4(b []byte) int {
	if len(b) < 4 {
		return -1
	}
	a, c, d, e := hex(b[0]), hex(b[1]), hex(b[2]), hex(b[3])
	if a|c|d|e < 0 {
		return -1
	}
	return a<<12 | c<<8 | d<<4 | e
}

func hex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c - 'a' + 10)
	case 'A' <= c && c <= 'F':
		return int(c - 'A' + 10)
	}
	return -1
}
