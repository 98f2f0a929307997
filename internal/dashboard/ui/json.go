package ui

import (
	"bytes"
	"encoding/json"
	"hash/fnv"
	"strconv"
	"strings"
)

// node is a JSON value as it is shown: the members of objects in the order in which
// they were written.
type node struct {
	key     string
	kind    byte // '{', '[', 's' for a string, 'v' for any other value
	text    string
	members []node
}

// parse reads JSON. What is none is shown as a text.
func parse(raw []byte) node {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	n, err := read(d)
	if err != nil {
		return node{kind: 's', text: string(raw)}
	}
	return n
}

func read(d *json.Decoder) (n node, err error) {
	token, err := d.Token()
	if err != nil {
		return n, err
	}
	delim, nested := token.(json.Delim)
	if !nested {
		return scalar(token), nil
	}
	n.kind = byte(delim)
	for d.More() {
		var key string
		if n.kind == '{' {
			token, err := d.Token()
			if err != nil {
				return n, err
			}
			key, _ = token.(string)
		}
		member, err := read(d)
		if err != nil {
			return n, err
		}
		member.key = key
		n.members = append(n.members, member)
	}
	_, err = d.Token() // the end
	return n, err
}

func scalar(token json.Token) node {
	switch v := token.(type) {
	case string:
		return node{kind: 's', text: v}
	case json.Number:
		return node{kind: 'v', text: v.String()}
	case bool:
		if v {
			return node{kind: 'v', text: "true"}
		}
		return node{kind: 'v', text: "false"}
	}
	return node{kind: 'v', text: "null"}
}

// closing is how an object or a list ends.
func (n node) closing() string {
	if n.kind == '{' {
		return "}"
	}
	return "]"
}

// size is how much there is in an object or a list.
func (n node) size() string {
	if n.kind == '{' {
		return Plural(len(n.members), "field", "fields")
	}
	return Plural(len(n.members), "item", "items")
}

// quoted is a string as JSON writes it, but for signs that HTML minds.
func quoted(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string: cannot fail
	return strings.TrimSuffix(b.String(), "\n")
}

// Pretty is JSON with its members on lines of their own.
func Pretty(raw []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, raw, "", "  ") != nil {
		return string(raw)
	}
	return b.String()
}

// anchor names a document on a page.
func anchor(raw []byte) string {
	h := fnv.New64a()
	_, _ = h.Write(raw) // to memory
	return strconv.FormatUint(h.Sum64(), 36)
}
