package schema

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/internal/spelling"
)

// check walks a document along a schema and notes what the schema refuses.
type check struct {
	*document
}

// value checks the value at i and everything in it.
func (c check) value(i int32, n *node) {
	if c.full() {
		return // a body made of faults costs no more than one made of fifty
	}
	e := &c.entries[i]
	orNull := ""
	if n.nullOr != nil && e.kind != null {
		n, orNull = n.nullOr, " or null"
	}
	if n.accepts&e.kind == 0 || n.whole && e.kind == number && !e.whole {
		c.refuse(i, "must be "+n.expected+orNull)
		return
	}
	switch e.kind {
	case text:
		if n.text != nil {
			c.text(i, n.text)
		}
	case number:
		if n.whole || n.number != nil {
			c.number(i, n)
		}
	case array:
		if n.list != nil {
			c.list(i, n.list)
		}
	case object:
		if n.union != nil {
			c.union(i, n.union)
		} else if n.object != nil {
			c.object(i, n.object)
		}
	}
}

func (c check) text(i int32, r *textRules) {
	literal := c.literal(i)
	if c.entries[i].escaped {
		literal = []byte(c.says(i))
	}
	if fault := r.fault(literal); fault != "" {
		c.refuse(i, fault)
	}
}

// fault is the first thing that is wrong with a text, "" if nothing is.
func (r *textRules) fault(literal []byte) string {
	if fault := r.length(literal); fault != "" {
		return fault
	}
	switch {
	case r.idPrefix != "" && !validID(literal, r.idPrefix), r.pattern != nil && !r.pattern.Match(literal):
		return r.mismatch
	case r.oneOf != nil && !slices.ContainsFunc(r.oneOf, func(s string) bool { return s == string(literal) }):
		return choice(string(literal), r.oneOf)
	case r.format != nil && !r.format.valid(string(literal)):
		return "must be " + r.format.expected
	}
	return ""
}

// length tells what is wrong with how long a text is, "" if nothing is.
func (r *textRules) length(literal []byte) string {
	if r.shortest <= 1 && len(literal) >= r.shortest && (r.longest == 0 || len(literal) <= r.longest) {
		return "" // no need to count characters
	}
	switch characters := utf8.RuneCount(literal); {
	case characters < r.shortest:
		return tooFew(r.shortest, "be at least %d characters long")
	case r.longest > 0 && characters > r.longest:
		return fmt.Sprintf("must be at most %d characters long", r.longest)
	}
	return ""
}

func tooFew(least int, format string) string {
	if least == 1 {
		return "must not be empty"
	}
	return "must " + fmt.Sprintf(format, least)
}

// choice tells what a text may be, and which of it was probably meant.
func choice(given string, choices []string) string {
	if len(choices) == 1 {
		return "must be " + choices[0]
	}
	return "must be one of " + strings.Join(choices, ", ") + spelling.DidYouMean(given, choices)
}

func (c check) number(i int32, n *node) {
	literal := string(c.literal(i))
	r := n.number
	if n.whole {
		bits := 64
		if r != nil && r.small {
			bits = 32
		}
		if _, err := strconv.ParseInt(literal, 10, bits); err != nil {
			c.refuse(i, "is out of range")
			return
		}
	}
	if r == nil {
		return
	}
	value, err := strconv.ParseFloat(literal, 64)
	switch {
	case err != nil: // it is out of range, which is among the problems
	case r.min != nil && value < *r.min:
		c.refuse(i, "must be at least "+plain(*r.min))
	case r.max != nil && value > *r.max:
		c.refuse(i, "must be at most "+plain(*r.max))
	case r.over != nil && value <= *r.over:
		c.refuse(i, "must be more than "+plain(*r.over))
	case r.under != nil && value >= *r.under:
		c.refuse(i, "must be less than "+plain(*r.under))
	case r.step != nil && math.Mod(value, *r.step) != 0:
		c.refuse(i, "must be a multiple of "+plain(*r.step))
	}
}

func plain(number float64) string { return strconv.FormatFloat(number, 'f', -1, 64) }

func (c check) list(i int32, r *listRules) {
	e := c.entries[i]
	if int(e.size) < r.fewest {
		c.refuse(i, tooFew(r.fewest, "have at least %d items"))
	}
	if r.most > 0 && int(e.size) > r.most {
		c.refuse(i, fmt.Sprintf("must have at most %d items", r.most))
		return
	}
	seen := map[said]bool{}
	for item := i + 1; item < e.next; item = c.entries[item].next {
		if r.items != nil {
			c.value(item, r.items)
		}
		if r.withoutRepeats {
			value := said{c.entries[item].kind, c.says(item)}
			if seen[value] {
				c.refuse(item, "must differ from the items before it")
			}
			seen[value] = true
		}
	}
}

// said tells apart values of a list that must not repeat.
type said struct {
	kind kinds
	text string
}

func (c check) object(i int32, r *objectRules) {
	e := c.entries[i]
	if int(e.size) < r.fewest {
		c.refuse(i, tooFew(r.fewest, "have at least %d members"))
	}
	if r.most > 0 && int(e.size) > r.most {
		c.refuse(i, fmt.Sprintf("must have at most %d members", r.most))
		return
	}
	var there uint64
	for name := i + 1; name < e.next; name = c.entries[name+1].next {
		m, known := r.find(c.document, name)
		switch {
		case known:
			there |= m.bit
			c.value(name+1, m.node)
		case c.full():
			return
		case r.rest == nil:
			c.refuse(name+1, r.unknown(c.says(name)))
		default:
			if r.names != nil {
				c.text(name, r.names)
			}
			c.value(name+1, r.rest)
		}
	}
	for bit, name := range r.required {
		if there&(1<<bit) == 0 {
			c.missing(i, name)
		}
	}
}

func (r *objectRules) find(d *document, name int32) (member, bool) {
	if d.entries[name].escaped {
		m, known := r.members[d.says(name)]
		return m, known
	}
	m, known := r.members[string(d.literal(name))]
	return m, known
}

// unknown tells why a member is refused, and which one was probably meant.
func (r *objectRules) unknown(name string) string {
	if why := r.refused[name]; why != "" {
		return why
	}
	names := make([]string, 0, len(r.members))
	for known := range r.members {
		names = append(names, known)
	}
	slices.Sort(names)
	return "unknown field" + spelling.DidYouMean(name, names)
}

func (c check) union(i int32, r *unionRules) {
	tag, ok := c.member(i, r.tag)
	switch {
	case !ok:
		c.missing(i, r.tag)
		return
	case c.entries[tag].kind != text:
		c.refuse(tag, "must be a string")
		return
	}
	name := c.says(tag)
	variant, ok := r.variants[name]
	if !ok {
		c.refuse(tag, choice(name, r.names))
		return
	}
	c.value(i, variant)
}
