package condition

import (
	"bytes"
	"errors"
)

// kind is what a JSON value is.
type kind uint8

const (
	jsonNull kind = iota
	jsonTrue
	jsonFalse
	jsonNumber
	jsonString
	jsonArray
	jsonObject
)

// node is a JSON value of an event's data. The nodes of a reading stand in the
// order of the text, a container before what is in it, so that what is in one is
// found without looking at what is beside it.
type node struct {
	in               *reading
	start, end       uint32 // where it stands in the text, without quotes
	keyStart, keyEnd uint32 // where its name stands, if it is a member of an object
	index, next      uint32 // its place among the nodes; the place after all that is in it
	size             uint32 // how many items or members it has
	kind             kind
	escaped          bool // a string with backslashes
	keyEscaped       bool
}

// maxDepth is how deep arrays and objects may stand in each other. Nothing is
// stored that is as deep (see package schema): it protects the stack all the same.
const maxDepth = 64

var errUnreadable = errors.New("the event's data cannot be read")

// scanner reads the text of a reading into nodes, in one pass. It trusts that the
// text is JSON, because it was checked or written by us; of what is not, it may
// accept some, but goes nowhere wrong.
type scanner struct {
	*reading
	at    int
	depth int
}

func (s *scanner) scan() error {
	if !s.value(0, 0, false) {
		return errUnreadable
	}
	if s.space(); s.at != len(s.text) {
		return errUnreadable
	}
	return nil
}

func (s *scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\n', '\r', '\t':
			s.at++
		default:
			return
		}
	}
}

// next skips space and gives the byte that follows, 0 at the end.
func (s *scanner) next() byte {
	s.space()
	if s.at == len(s.text) {
		return 0
	}
	return s.text[s.at]
}

// value reads one value, which has this name if it is a member.
func (s *scanner) value(keyStart, keyEnd uint32, keyEscaped bool) bool {
	c := s.next()
	index := uint32(len(s.nodes))
	s.nodes = append(s.nodes, node{
		in: s.reading, start: uint32(s.at), index: index,
		keyStart: keyStart, keyEnd: keyEnd, keyEscaped: keyEscaped,
	})
	ok := false
	switch c {
	case '{':
		ok = s.container(index, jsonObject, '}')
	case '[':
		ok = s.container(index, jsonArray, ']')
	case '"':
		return s.stringNode(index)
	case 't':
		ok = s.word(index, "true", jsonTrue)
	case 'f':
		ok = s.word(index, "false", jsonFalse)
	case 'n':
		ok = s.word(index, "null", jsonNull)
	default:
		ok = s.number(index)
	}
	s.nodes[index].end = uint32(s.at)
	s.nodes[index].next = uint32(len(s.nodes))
	return ok
}

func (s *scanner) container(index uint32, k kind, closing byte) bool {
	if s.depth++; s.depth > maxDepth {
		return false
	}
	s.at++
	size := uint32(0)
	if s.next() != closing {
		for {
			if k == jsonObject && !s.member() || k == jsonArray && !s.value(0, 0, false) {
				return false
			}
			size++
			if c := s.next(); c == closing {
				break
			} else if c != ',' {
				return false
			}
			s.at++
		}
	}
	s.at++
	s.depth--
	s.nodes[index].kind = k
	s.nodes[index].size = size
	return true
}

func (s *scanner) member() bool {
	if s.next() != '"' {
		return false
	}
	start, end, escaped, ok := s.quoted()
	if !ok || s.next() != ':' {
		return false
	}
	s.at++
	return s.value(start, end, escaped)
}

func (s *scanner) stringNode(index uint32) bool {
	start, end, escaped, ok := s.quoted()
	n := &s.nodes[index]
	n.kind, n.start, n.end, n.escaped, n.next = jsonString, start, end, escaped, index+1
	return ok
}

// quoted reads a string and tells where it stands without its quotes.
func (s *scanner) quoted() (start, end uint32, escaped, ok bool) {
	from := s.at + 1
	rest := s.text[from:]
	quote := bytes.IndexByte(rest, '"')
	if quote < 0 {
		return 0, 0, false, false
	}
	i := bytes.IndexByte(rest[:quote], '\\')
	if i < 0 {
		s.at = from + quote + 1
		return uint32(from), uint32(from + quote), false, true
	}
	for i < len(rest) && rest[i] != '"' {
		if rest[i] == '\\' {
			i++
		}
		i++
	}
	if i >= len(rest) {
		return 0, 0, true, false
	}
	s.at = from + i + 1
	return uint32(from), uint32(from + i), true, true
}

func (s *scanner) word(index uint32, word string, k kind) bool {
	s.nodes[index].kind = k
	if end := s.at + len(word); end > len(s.text) || string(s.text[s.at:end]) != word {
		return false
	}
	s.at += len(word)
	return true
}

func (s *scanner) number(index uint32) bool {
	s.nodes[index].kind = jsonNumber
	from := s.at
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case '0' <= c && c <= '9', c == '-', c == '+', c == '.', c == 'e', c == 'E':
			s.at++
		default:
			return s.at > from
		}
	}
	return s.at > from
}
