package payload

import (
	"strconv"
	"unicode/utf8"

	"parley"
)

// appendPython writes JSON as Python's json.dumps does: a space after commas and
// colons, and nothing but ASCII.
func appendPython(b, raw []byte) []byte {
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '"':
			end := i + 1
			for raw[end] != '"' {
				if raw[end] == '\\' {
					end++
				}
				end++
			}
			b = append(b, '"')
			b = appendPythonText(b, raw[i+1:end])
			b = append(b, '"')
			i = end
		case ',', ':':
			b = append(b, c, ' ')
		default:
			b = append(b, c)
		}
	}
	return b
}

// appendPythonText writes what stands between the quotes of a text.
func appendPythonText(b, inside []byte) []byte {
	for i := 0; i < len(inside); {
		plain := i
		for plain < len(inside) && inside[plain] < utf8.RuneSelf && inside[plain] != '\\' {
			plain++
		}
		b = append(b, inside[i:plain]...)
		switch i = plain; {
		case i >= len(inside):
		case inside[i] != '\\':
			r, size := utf8.DecodeRune(inside[i:])
			b, i = appendEscaped(b, r), i+size
		case inside[i+1] == 'u':
			unit, _ := strconv.ParseUint(string(inside[i+2:i+6]), 16, 16) // JSON has four digits there
			b, i = appendUnit(b, uint16(unit)), i+6
		case inside[i+1] == '/':
			b, i = append(b, '/'), i+2
		default:
			b, i = append(b, inside[i:i+2]...), i+2
		}
	}
	return b
}

// appendEscaped writes a character beyond ASCII, in two units if it needs them.
func appendEscaped(b []byte, r rune) []byte {
	if r < 0x10000 {
		return appendUnit(b, uint16(r))
	}
	r -= 0x10000
	return appendUnit(appendUnit(b, uint16(0xd800+r>>10)), uint16(0xdc00+r&0x3ff))
}

// appendUnit writes a unit of UTF-16: as itself if it is one of ASCII.
func appendUnit(b []byte, unit uint16) []byte {
	const digits = "0123456789abcdef"
	switch unit {
	case '"', '\\':
		return append(b, '\\', byte(unit))
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	case '\b':
		return append(b, `\b`...)
	case '\f':
		return append(b, `\f`...)
	}
	if unit >= 0x20 && unit < utf8.RuneSelf {
		return append(b, byte(unit))
	}
	return append(b, '\\', 'u', digits[unit>>12], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}

// The forms that Python's datetime is written in.
const (
	pythonTime = "2006-01-02 15:04:05.000000"
	pythonISO  = "2006-01-02T15:04:05.000000+00:00"
)

func appendPythonTime(b []byte, at parley.Time) []byte {
	b = append(b, '"')
	b = at.Std().AppendFormat(b, pythonTime)
	return append(b, '"')
}
