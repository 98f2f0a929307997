package schema

import (
	"fmt"
	"math/bits"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// node is a schema made ready for checking. A rule that is nil allows everything.
type node struct {
	accepts  kinds
	expected string // what it accepts, in words

	whole  bool // numbers have neither fraction nor exponent
	text   *textRules
	number *numberRules
	list   *listRules
	object *objectRules
	union  *unionRules

	nullOr *node // null, or what this node says
}

type textRules struct {
	shortest, longest int // in characters; longest 0: no limit
	oneOf             []string
	idPrefix          string // of a typed id, whose pattern is checked by hand
	pattern           *regexp.Regexp
	mismatch          string // the message when the pattern does not match
	format            *format
}

type numberRules struct {
	min, max, over, under, step *float64
	small                       bool // a whole number of 32 bits
}

type listRules struct {
	items          *node
	fewest, most   int // most 0: no limit
	withoutRepeats bool
}

type objectRules struct {
	members      map[string]member
	required     []string // each has the bit of its place in this list
	rest         *node    // members of other names; nil: there may be none
	refused      map[string]string
	names        *textRules
	fewest, most int // most 0: no limit
}

type member struct {
	node *node
	bit  uint64 // set if it is required
}

// unionRules choose a node by what a text member says.
type unionRules struct {
	tag      string
	variants map[string]*node
	names    []string
}

// compiler makes nodes of schemas.
type compiler struct {
	*Components
	nodes map[string]*node // by reference
}

func (c compiler) node(s *huma.Schema) *node {
	switch {
	case s.Ref != "":
		return c.reference(s.Ref)
	case s.Discriminator != nil:
		return &node{accepts: object, expected: "an object", union: c.union(s)}
	case len(s.AnyOf) == 2 && s.AnyOf[0].Ref != "" && s.AnyOf[1].Type == typeNull:
		return &node{accepts: null, nullOr: c.reference(s.AnyOf[0].Ref)}
	}
	n := &node{}
	for _, alternative := range s.AnyOf {
		n.accept(alternative)
	}
	if s.AnyOf == nil {
		n.accept(s)
	}
	n.expected = n.words(s)
	if n.accepts&text != 0 {
		n.text = texts(s)
	}
	if n.accepts&number != 0 {
		n.number = numbers(s)
	}
	if n.accepts&array != 0 {
		n.list = c.list(s)
	}
	if n.accepts&object != 0 {
		n.object = c.object(s)
	}
	return n
}

// reference gives the node of a part, which may hold itself.
func (c compiler) reference(ref string) *node {
	if n, ok := c.nodes[ref]; ok {
		return n
	}
	n := &node{}
	c.nodes[ref] = n
	*n = *c.node(c.SchemaFromRef(ref))
	return n
}

var kindOf = map[string]kinds{
	"": anything, typeNull: null, huma.TypeBoolean: boolean, huma.TypeString: text, huma.TypeArray: array,
	huma.TypeObject: object, huma.TypeNumber: number, huma.TypeInteger: number,
}

func (n *node) accept(s *huma.Schema) {
	kind, ok := kindOf[s.Type]
	if !ok {
		panic("schema: there is no type " + s.Type)
	}
	n.accepts |= kind
	if s.Nullable {
		n.accepts |= null
	}
	n.whole = n.whole || s.Type == huma.TypeInteger
}

// words say what the node accepts: "a string or null".
func (n *node) words(s *huma.Schema) string {
	numbers := "a number"
	if n.whole {
		numbers = "a whole number"
	}
	texts := "a string"
	if prefix, ok := idPrefix(s.Pattern); ok {
		texts = idWords(s, prefix)
	}
	var words []string
	for _, k := range []struct {
		kind kinds
		word string
	}{{text, texts}, {number, numbers}, {boolean, "true or false"}, {array, "an array"}, {object, "an object"}, {null, "null"}} {
		if n.accepts&k.kind != 0 {
			words = append(words, k.word)
		}
	}
	if last := len(words) - 1; last > 0 {
		return strings.Join(words[:last], ", ") + " or " + words[last]
	}
	return words[0]
}

func texts(s *huma.Schema) *textRules {
	r := &textRules{shortest: limit(s.MinLength), longest: limit(s.MaxLength)}
	for _, value := range s.Enum {
		if value, ok := value.(string); ok {
			r.oneOf = append(r.oneOf, value)
		}
	}
	r.matches(s)
	if s.Format != "" && s.Format != "int64" && s.Format != "int32" && s.Format != "double" {
		f, ok := formats[s.Format]
		if !ok {
			panic(fmt.Sprintf("schema: the format %q is not checked", s.Format))
		}
		r.format = &f
	}
	if s.ContentEncoding == "base64" {
		r.pattern = regexp.MustCompile(`^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$`)
		r.mismatch = "must be base64"
	}
	if r.shortest == 0 && r.longest == 0 && r.oneOf == nil && r.idPrefix == "" && r.pattern == nil && r.format == nil {
		return nil
	}
	return r
}

func (r *textRules) matches(s *huma.Schema) {
	prefix, isID := idPrefix(s.Pattern)
	switch {
	case isID:
		r.idPrefix, r.mismatch = prefix, "must be "+idWords(s, prefix)
	case s.Pattern == webLinkPattern && s.Format == formatURI:
		r.pattern, r.mismatch = regexp.MustCompile(s.Pattern), "must be "+formats[formatURI].expected
	case s.Pattern != "":
		r.pattern, r.mismatch = regexp.MustCompile(s.Pattern), "must match "+s.Pattern
		if described, ok := s.Extensions[patternDescription].(string); ok {
			r.mismatch = "must be " + described
		}
	}
}

// idPrefix is the prefix of the ids that a pattern matches.
func idPrefix(pattern string) (prefix string, ok bool) {
	prefix, ok = strings.CutSuffix(pattern, idPatternEnd)
	return strings.TrimPrefix(prefix, idPatternStart), ok
}

func idWords(s *huma.Schema, prefix string) string {
	if s.Title == "" {
		return "an id like " + prefix + "_…"
	}
	return article(s.Title) + " like " + prefix + "_…"
}

// article puts a noun's article before it.
func article(noun string) string {
	if strings.ContainsRune("aeiouAEIOU", rune(noun[0])) && !strings.HasPrefix(noun, "user") {
		return "an " + noun
	}
	return "a " + noun
}

func numbers(s *huma.Schema) *numberRules {
	if slices.ContainsFunc(s.Enum, func(value any) bool { _, ok := value.(float64); return ok }) {
		panic("schema: an enum of numbers is not checked; give a minimum and a maximum")
	}
	r := &numberRules{
		min: s.Minimum, max: s.Maximum, over: s.ExclusiveMinimum, under: s.ExclusiveMaximum, step: s.MultipleOf,
		small: s.Format == "int32",
	}
	if *r == (numberRules{}) {
		return nil
	}
	return r
}

func (c compiler) list(s *huma.Schema) *listRules {
	r := &listRules{fewest: limit(s.MinItems), most: limit(s.MaxItems), withoutRepeats: s.UniqueItems}
	if s.Items != nil {
		r.items = c.node(s.Items)
	}
	return r
}

func (c compiler) object(s *huma.Schema) *objectRules {
	r := &objectRules{
		members: make(map[string]member, len(s.Properties)), required: s.Required, refused: c.refused[s],
		fewest: limit(s.MinProperties), most: limit(s.MaxProperties),
	}
	if len(r.required) > bits.UintSize {
		panic("schema: an object cannot require more than 64 members")
	}
	for name, p := range s.Properties {
		m := member{node: c.node(p)}
		if i := slices.Index(r.required, name); i >= 0 {
			m.bit = 1 << i
		}
		r.members[name] = m
	}
	switch rest := s.AdditionalProperties.(type) {
	case *huma.Schema:
		r.rest = c.node(rest)
	case bool:
		if rest {
			r.rest = &node{accepts: anything}
		}
	default:
		r.rest = &node{accepts: anything}
	}
	if names, ok := s.Extensions[propertyNames].(*huma.Schema); ok {
		r.names = texts(names)
	}
	return r
}

func (c compiler) union(s *huma.Schema) *unionRules {
	r := &unionRules{tag: s.Discriminator.PropertyName, variants: map[string]*node{}}
	for _, variant := range s.OneOf {
		n := c.node(variant)
		name := n.object.members[r.tag].node.text.oneOf[0]
		r.variants[name] = n
		r.names = append(r.names, name)
	}
	return r
}

func limit(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}
