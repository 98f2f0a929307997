package api_test

import (
	"encoding/json"
	"strings"
)

// node is JSON that need not be right: members may come twice, and leaves are text
// that is written as it is.
type node struct {
	open  byte     // '{', '[', or 0: a leaf
	names []string // of the members, in JSON
	inner []*node
	text  string // of a leaf
	fixed bool   // it says where the server is to connect to: only other such places may stand for it
}

func leaf(text string) *node { return &node{text: text} }

// quoted is a leaf that is a text.
func quoted(text string) *node {
	b, _ := json.Marshal(text) // a string: cannot fail
	return leaf(string(b))
}

// nodeOf is a value that was read from JSON.
func nodeOf(value any) *node {
	switch v := value.(type) {
	case map[string]any:
		n := &node{open: '{'}
		for _, name := range sortedNames(v) {
			n.add(name, nodeOf(v[name]))
		}
		return n
	case []any:
		n := &node{open: '['}
		for _, item := range v {
			n.inner = append(n.inner, nodeOf(item))
		}
		return n
	}
	b, _ := json.Marshal(value) // it came from JSON
	return leaf(string(b))
}

func (n *node) add(name string, value *node) {
	n.names = append(n.names, quoted(name).text)
	n.inner = append(n.inner, value)
}

func (n *node) String() string {
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (n *node) write(b *strings.Builder) {
	if n.open == 0 {
		b.WriteString(n.text)
		return
	}
	b.WriteByte(n.open)
	for i, inner := range n.inner {
		if i > 0 {
			b.WriteByte(',')
		}
		if n.open == '{' {
			b.WriteString(n.names[i] + ":")
		}
		inner.write(b)
	}
	b.WriteByte(n.open + 2) // } and ] come two places after { and [
}

// all are the node and what is in it, but for what is fixed.
func (n *node) all() []*node {
	nodes := []*node{n}
	for _, inner := range n.inner {
		if !inner.fixed {
			nodes = append(nodes, inner.all()...)
		}
	}
	return nodes
}

// remove takes out the member or item of a number.
func (n *node) remove(i int) {
	n.inner = append(n.inner[:i:i], n.inner[i+1:]...)
	if n.open == '{' {
		n.names = append(n.names[:i:i], n.names[i+1:]...)
	}
}
