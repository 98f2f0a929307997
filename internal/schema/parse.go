package schema

import (
	"bytes"
	"fmt"
	"math"
	"unicode/utf8"

	"parley"
)

// The limits of what is read at all.
const (
	maxDepth  = 32      // arrays and objects in each other
	maxValues = 100_000 // values in a body
)

// Syntax tells what is wrong with raw before any schema is asked. It is Malformed,
// with the place in bytes, if raw is empty, is not UTF-8, is not one JSON value, is
// deeper than 32 arrays and objects, or has more than 100,000 values. It is
// Invalid, with the location of every fault, if it has lone surrogates, NUL
// characters, numbers beyond float64, or names that repeat within an object.
func Syntax(raw []byte) error {
	d, err := parse(raw)
	if err != nil {
		return err
	}
	defer d.release()
	if len(d.problems) > 0 {
		return parley.InvalidFields(d.fieldErrors(body)...)
	}
	return nil
}

// body is what locations in a request's body begin with.
const body = "body"

// parse reads raw into a document, which the caller releases. An error is
// Malformed; what is refused for another reason is among the document's problems.
func parse(raw []byte) (*document, error) {
	d := documents.Get().(*document)
	d.raw = raw
	p := parser{document: d}
	if err := p.parse(); err != nil {
		d.release()
		return nil, err
	}
	return d, nil
}

type parser struct {
	*document
	at     int // in raw
	depth  int
	values int
	err    *parley.Error
}

func (p *parser) parse() error {
	p.space()
	switch {
	case p.at == len(p.raw):
		p.fail("it is empty")
	case len(p.raw) > math.MaxInt32:
		p.fail("it is too long")
	case !utf8.Valid(p.raw):
		p.at = invalidUTF8(p.raw)
		p.fail("it is not UTF-8 at byte %d", p.at)
	case bytes.HasPrefix(p.raw, []byte("\ufeff")):
		p.fail("it begins with a byte order mark")
	case p.value():
		if p.space(); p.at < len(p.raw) {
			p.fail("there is more after its end, at byte %d", p.at)
		}
	}
	if p.err != nil { // a nil *parley.Error in an error would not be nil
		return p.err
	}
	return nil
}

// fail keeps what is wrong; it returns false, for its callers to return.
func (p *parser) fail(format string, args ...any) bool {
	p.err = parley.Errorf(parley.Malformed, "The body cannot be read as JSON: %s.", fmt.Sprintf(format, args...))
	return false
}

// unexpected is what is wrong where something else should stand.
func (p *parser) unexpected() bool {
	if p.at >= len(p.raw) {
		return p.fail("it ends too early, at byte %d", len(p.raw))
	}
	r, _ := utf8.DecodeRune(p.raw[p.at:])
	return p.fail("unexpected %q at byte %d", r, p.at)
}

func (p *parser) space() {
	for p.at < len(p.raw) {
		switch p.raw[p.at] {
		case ' ', '\n', '\r', '\t':
			p.at++
		default:
			return
		}
	}
}

// next skips space and gives the byte that follows, 0 at the end.
func (p *parser) next() byte {
	p.space()
	if p.at == len(p.raw) {
		return 0
	}
	return p.raw[p.at]
}

// value reads one value, which begins where the parser stands.
func (p *parser) value() bool {
	if p.values++; p.values > maxValues {
		return p.fail("it has more than %d values, at byte %d", maxValues, p.at)
	}
	if p.at == len(p.raw) {
		return p.unexpected()
	}
	switch c := p.raw[p.at]; c {
	case '{':
		return p.container(object, '}')
	case '[':
		return p.container(array, ']')
	case '"':
		return p.string(text)
	case 't':
		return p.word("true", boolean)
	case 'f':
		return p.word("false", boolean)
	case 'n':
		return p.word("null", null)
	default:
		if c == '-' || '0' <= c && c <= '9' {
			return p.number()
		}
		return p.unexpected()
	}
}

// open adds an entry that begins where the parser stands.
func (p *parser) open(kind kinds) (index int32) {
	index = int32(len(p.entries))
	p.entries = append(p.entries, entry{kind: kind, start: int32(p.at)})
	return index
}

// end closes the entry where the parser stands.
func (p *parser) end(index int32) *entry {
	e := &p.entries[index]
	e.end = int32(p.at)
	e.next = int32(len(p.entries))
	return e
}

func (p *parser) word(word string, kind kinds) bool {
	for i := range len(word) {
		if p.at+i == len(p.raw) || p.raw[p.at+i] != word[i] {
			p.at += i
			return p.unexpected()
		}
	}
	index := p.open(kind)
	p.at += len(word)
	p.end(index)
	return true
}

func (p *parser) container(kind kinds, closing byte) bool {
	if p.depth++; p.depth > maxDepth {
		return p.fail("it is nested deeper than %d levels, at byte %d", maxDepth, p.at)
	}
	index := p.open(kind)
	names := names{first: index + 1}
	size := int32(0)
	p.at++
	if p.next() != closing {
		for {
			if kind == object && !p.name(&names) {
				return false
			}
			if p.space(); !p.value() {
				return false
			}
			size++
			if c := p.next(); c == closing {
				break
			} else if c != ',' {
				return p.unexpected()
			}
			p.at++
			p.space()
		}
	}
	p.at++
	p.end(index).size = size
	p.depth--
	return true
}

// name reads the name of a member and the colon.
func (p *parser) name(names *names) bool {
	if p.at == len(p.raw) || p.raw[p.at] != '"' {
		return p.unexpected()
	}
	index := int32(len(p.entries))
	if !p.string(memberName) {
		return false
	}
	if names.repeat(p.document, index) {
		p.refuse(index+1, "is given twice")
	}
	if p.next() != ':' {
		return p.unexpected()
	}
	p.at++
	return true
}
