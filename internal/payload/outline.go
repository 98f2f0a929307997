package payload

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"sync"
)

// outline is where the values of a JSON text stand. It is made in one pass, so that
// what is needed of a text can be picked out without reading any of it again.
type outline struct {
	text  []byte
	nodes []node
}

// node is a value. Its members or items follow it; next is the node after them.
type node struct {
	keyStart, keyEnd int32 // of a member's name, without the quotes
	start, end       int32
	next             int32
}

// outlines are kept for their room.
var outlines = sync.Pool{New: func() any { return new(outline) }}

// maxKept is how much room, in values, is worth keeping.
const maxKept = 4096

// read outlines a text that JSON was written to by this program. It must be released
// when its values are no longer needed.
func read(text []byte) (*outline, error) {
	o := outlines.Get().(*outline)
	o.text, o.nodes = text, o.nodes[:0]
	if end := o.value(0, node{}); end != len(text) || end == 0 {
		o.release()
		return nil, fmt.Errorf("an event's data is not compact JSON at byte %d", max(end, -end))
	}
	return o, nil
}

func (o *outline) release() {
	if o.text = nil; cap(o.nodes) <= maxKept {
		outlines.Put(o)
	}
}

// value outlines what begins at i, and tells where it ends; a negative place is where
// it is wrong.
func (o *outline) value(i int, n node) int {
	if i >= len(o.text) {
		return -i
	}
	at := len(o.nodes)
	n.start = int32(i)
	o.nodes = append(o.nodes, n)
	switch o.text[i] {
	case '"':
		i = o.pastText(i)
	case '{', '[':
		i = o.inner(i)
	default:
		i = o.pastWord(i)
	}
	o.nodes[at].end, o.nodes[at].next = int32(i), int32(len(o.nodes))
	return i
}

// inner outlines the members or items of what begins at i.
func (o *outline) inner(i int) int {
	named, end := o.text[i] == '{', o.text[i]+2 // '}' and ']'
	if i++; i < len(o.text) && o.text[i] == end {
		return i + 1
	}
	for i < len(o.text) {
		var n node
		if named {
			past := o.pastText(i)
			if past < 0 || past >= len(o.text) || o.text[past] != ':' {
				return -i
			}
			n.keyStart, n.keyEnd = int32(i+1), int32(past-1)
			i = past + 1
		}
		if i = o.value(i, n); i < 0 || i >= len(o.text) {
			break
		}
		switch o.text[i] {
		case end:
			return i + 1
		case ',':
			i++
		default:
			return -i
		}
	}
	return min(i, -i)
}

func (o *outline) pastText(i int) int {
	if o.text[i] != '"' {
		return -i
	}
	for j := i + 1; j < len(o.text); j++ {
		switch o.text[j] {
		case '"':
			return j + 1
		case '\\':
			j++
		}
	}
	return -i
}

func (o *outline) pastWord(i int) int {
	j := i
	for j < len(o.text) && o.text[j] != ',' && o.text[j] != '}' && o.text[j] != ']' {
		j++
	}
	if j == i {
		return -i
	}
	return j
}

// root is the whole value.
func (o *outline) root() value { return value{o, 0} }

// value is one of an outline. The zero value is none, and null like one that is.
type value struct {
	o *outline
	i int32
}

func (v value) node() *node { return &v.o.nodes[v.i] }

// raw is the value as it is written.
func (v value) raw() []byte {
	if v.o == nil {
		return []byte("null")
	}
	return v.o.text[v.node().start:v.node().end]
}

func (v value) first() byte {
	if v.o == nil {
		return 'n'
	}
	return v.o.text[v.node().start]
}

func (v value) isNull() bool   { return v.first() == 'n' }
func (v value) isObject() bool { return v.first() == '{' }
func (v value) isList() bool   { return v.first() == '[' }

// inside is a text as it is written, without its quotes; nothing for any other value.
func (v value) inside() []byte {
	if v.first() != '"' {
		return nil
	}
	raw := v.raw()
	return raw[1 : len(raw)-1]
}

// is tells whether the value is this text, which needs no escapes.
func (v value) is(text string) bool { return v.first() == '"' && string(v.inside()) == text }

// says is the text that the value is, "" if it is none.
func (v value) says() string {
	inside := v.inside()
	if bytes.IndexByte(inside, '\\') < 0 {
		return string(inside)
	}
	var text string
	_ = json.Unmarshal(v.raw(), &text) // what cannot be read says nothing
	return text
}

// at is the member of a name, none if there is none.
func (v value) at(name string) value {
	for key, member := range v.members() {
		if string(key) == name {
			return member
		}
	}
	return value{}
}

// members are those of an object, with their names as they are written, or the items
// of a list.
func (v value) members() iter.Seq2[[]byte, value] {
	return func(yield func([]byte, value) bool) {
		if !v.isObject() && !v.isList() {
			return
		}
		for i := v.i + 1; i < v.node().next; i = v.o.nodes[i].next {
			n := v.o.nodes[i]
			if !yield(v.o.text[n.keyStart:n.keyEnd], value{v.o, i}) {
				return
			}
		}
	}
}
