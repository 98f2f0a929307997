package schema

import (
	"bytes"
	"strconv"
	"sync"
	"unicode/utf8"

	"parley"
)

// kinds is a set of JSON types.
type kinds uint8

const (
	null kinds = 1 << iota
	boolean
	number
	text
	array
	object
	memberName // not a type: the name before the value of a member

	anything = null | boolean | number | text | array | object
)

// document is JSON that has been parsed: its values in the order in which they
// stand. A container is followed by what is in it; in objects, names and values
// take turns.
type document struct {
	raw      []byte
	entries  []entry
	problems []problem
}

type entry struct {
	kind       kinds
	escaped    bool  // a text or name that has escapes
	whole      bool  // a number without fraction and exponent
	start, end int32 // where it stands, without quotes
	next       int32 // the entry after it and all that is in it
	size       int32 // how many items or members it has
}

// problem is something that parses but is refused wherever it stands.
type problem struct {
	entry   int32
	member  string // the member of the entry that it is about, if it is missing
	message string
}

// maxFieldErrors is how many wrong fields are told at once.
const maxFieldErrors = 50

var documents = sync.Pool{New: func() any { return new(document) }}

// release makes the document's memory free for the next one.
func (d *document) release() {
	const keep = 4096 // entries: larger ones are rare and not worth their memory
	if cap(d.entries) > keep {
		return
	}
	*d = document{entries: d.entries[:0], problems: d.problems[:0]}
	documents.Put(d)
}

// refuse notes what is wrong with the value or name at an entry.
func (d *document) refuse(entry int32, message string) {
	d.note(problem{entry: entry, message: message})
}

// missing notes that the object at an entry lacks a member.
func (d *document) missing(entry int32, member string) { d.note(problem{entry, member, "is required"}) }

func (d *document) note(p problem) {
	if n := len(d.problems); !d.full() && (n == 0 || d.problems[n-1] != p) {
		d.problems = append(d.problems, p)
	}
}

// full tells whether there are as many problems as are told at once.
func (d *document) full() bool { return len(d.problems) >= maxFieldErrors }

// literal is the value as it stands in the body, without quotes.
func (d *document) literal(i int32) []byte {
	e := &d.entries[i]
	return d.raw[e.start:e.end]
}

// json is the value as it stands in the body, with its quotes.
func (d *document) json(i int32) []byte {
	e := &d.entries[i]
	if e.kind == text {
		return d.raw[e.start-1 : e.end+1]
	}
	return d.raw[e.start:e.end]
}

// says is what a text or a name says.
func (d *document) says(i int32) string {
	if !d.entries[i].escaped {
		return string(d.literal(i))
	}
	return unescape(d.literal(i))
}

// sameText tells whether two texts or names say the same.
func (d *document) sameText(i, j int32) bool {
	if !d.entries[i].escaped && !d.entries[j].escaped {
		return bytes.Equal(d.literal(i), d.literal(j))
	}
	return d.says(i) == d.says(j)
}

// member finds the value of a member of the object at i.
func (d *document) member(i int32, name string) (value int32, ok bool) {
	for at := i + 1; at < d.entries[i].next; at = d.entries[at+1].next {
		e := &d.entries[at]
		if !e.escaped && string(d.raw[e.start:e.end]) == name || e.escaped && d.says(at) == name {
			return at + 1, true
		}
	}
	return 0, false
}

// fieldErrors are the problems, each with its location below root.
func (d *document) fieldErrors(root string) []parley.FieldError {
	fields := make([]parley.FieldError, len(d.problems))
	for i, p := range d.problems {
		location := d.location(root, p.entry)
		if p.member != "" {
			location += "." + p.member
		}
		fields[i] = parley.FieldError{Location: location, Message: p.message}
	}
	return fields
}

// location is the path from the top, which is called root, to an entry.
func (d *document) location(root string, target int32) string {
	path := []byte(root)
	for at := int32(0); at != target; {
		if d.entries[at].kind == array {
			index, item := 0, at+1
			for d.entries[item].next <= target {
				item = d.entries[item].next
				index++
			}
			path = appendIndex(path, index)
			at = item
			continue
		}
		name := at + 1
		for d.entries[name+1].next <= target {
			name = d.entries[name+1].next
		}
		path = appendName(path, d.says(name))
		if name == target {
			break
		}
		at = name + 1
	}
	return string(path)
}

func appendIndex(path []byte, index int) []byte {
	path = append(path, '[')
	path = strconv.AppendInt(path, int64(index), 10)
	return append(path, ']')
}

// appendName cuts names that are no longer useful in a message.
func appendName(path []byte, name string) []byte {
	const limit = 80
	path = append(path, '.')
	if len(name) <= limit {
		return append(path, name...)
	}
	cut := limit
	for cut > 0 && !utf8.RuneStart(name[cut]) {
		cut--
	}
	return append(append(path, name[:cut]...), "…"...)
}
