package docs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
)

// tree is a JSON value whose objects keep the order of their members: an object,
// a list, or a json.RawMessage that is neither.
type tree any

type (
	object []member
	member struct {
		name  string
		value tree
	}
	list []tree
)

func (o object) get(name string) (tree, bool) {
	i := slices.IndexFunc(o, func(m member) bool { return m.name == name })
	if i < 0 {
		return nil, false
	}
	return o[i].value, true
}

// treeOf is the JSON of a Go value.
func treeOf(value any) tree {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("docs: an example of type %T has no JSON: %v", value, err))
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	t, err := readTree(d)
	if err != nil {
		panic(fmt.Sprintf("docs: an example of type %T cannot be read: %v", value, err))
	}
	return t
}

func readTree(d *json.Decoder) (tree, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		o := object{}
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return nil, err
			}
			value, err := readTree(d)
			if err != nil {
				return nil, err
			}
			o = append(o, member{fmt.Sprint(name), value})
		}
		_, err = d.Token()
		return o, err
	case json.Delim('['):
		l := list{}
		for d.More() {
			value, err := readTree(d)
			if err != nil {
				return nil, err
			}
			l = append(l, value)
		}
		_, err = d.Token()
		return l, err
	}
	return scalar(token), nil
}

// scalar is the JSON of a string, a number, a boolean or nil.
func scalar(value any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic(fmt.Sprintf("docs: %v has no JSON: %v", value, err))
	}
	return bytes.TrimSpace(b.Bytes())
}

// top is the indent of what stands on its own, which is never put on one line.
const top = "\n"

// text is the tree as JSON, indented.
func text(t tree) string {
	var b strings.Builder
	printer{&b, func(kind, s string) string { return s }}.value(t, top)
	return b.String()
}

// highlighted is the same as HTML: names in <b>, strings in <i>, other values in
// <var>.
func highlighted(t tree) template.HTML { return highlightedFrom(t, top) }

func highlightedFrom(t tree, indent string) template.HTML {
	var b strings.Builder
	printer{&b, func(kind, s string) string {
		return "<" + kind + ">" + template.HTMLEscapeString(s) + "</" + kind + ">"
	}}.value(t, indent)
	return template.HTML(b.String())
}

// brief is the same on one line, if that is short.
func brief(t tree) template.HTML {
	if !inline(t, narrow) {
		return highlighted(t)
	}
	return highlightedFrom(t, "")
}

// printer writes a tree, each name and value as show makes it.
type printer struct {
	io.StringWriter
	show func(kind, s string) string
}

func (p printer) put(s string) { _, _ = p.WriteString(s) } // to memory

// value writes a value. What it holds goes on lines of their own, at the indent.
func (p printer) value(t tree, indent string) {
	if indent != top && inline(t, narrow-len(indent)) {
		indent = ""
	}
	switch v := t.(type) {
	case object:
		p.all("{", "}", indent, len(v), func(i int, indent string) {
			p.put(p.show("b", string(scalar(v[i].name))) + ": ")
			p.value(v[i].value, indent)
		})
	case list:
		p.all("[", "]", indent, len(v), func(i int, indent string) { p.value(v[i], indent) })
	case json.RawMessage:
		kind := "var"
		if v[0] == '"' {
			kind = "i"
		}
		p.put(p.show(kind, string(v)))
	}
}

// narrow is how long the line may be that a small object or list is put on.
const narrow = 46

// inline tells whether a value holds only scalars, few enough for the room.
func inline(t tree, room int) bool {
	add := func(value tree) bool {
		raw, ok := value.(json.RawMessage)
		room -= len(raw) + 2
		return ok && room >= 0
	}
	switch v := t.(type) {
	case object:
		for _, m := range v {
			room -= len(m.name) + 4
			if !add(m.value) {
				return false
			}
		}
	case list:
		for _, value := range v {
			if !add(value) {
				return false
			}
		}
	}
	return true
}

func (p printer) all(open, end, indent string, count int, put func(i int, indent string)) {
	p.put(open)
	inner, between := "", ", "
	if indent != "" {
		inner, between = indent+"  ", ","+indent+"  "
	}
	for i := range count {
		if i == 0 {
			p.put(inner)
		} else {
			p.put(between)
		}
		put(i, inner)
	}
	if count > 0 {
		p.put(indent)
	}
	p.put(end)
}
