package condition

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// The values of an event's data are its nodes: a container is a pointer to its
// node under another type, so that looking into one allocates nothing.
type (
	object node
	list   node
)

// value is the node as a value of any type: what JSON says, and a number without
// fraction and exponent is an int if it fits.
func (n *node) value() ref.Val {
	switch n.kind {
	case jsonTrue:
		return types.True
	case jsonFalse:
		return types.False
	case jsonNumber:
		return n.number()
	case jsonString:
		return types.String(n.string())
	case jsonArray:
		return (*list)(n)
	case jsonObject:
		return (*object)(n)
	}
	return types.NullValue
}

func (n *node) source() []byte { return n.in.text[n.start:n.end] }

// string is what a string says.
func (n *node) string() string { return n.in.unquote(n.start, n.end, n.escaped) }

// unquote is what stands between two quotes.
func (r *reading) unquote(start, end uint32, escaped bool) string {
	const perWork = 8 // bytes
	r.spend(int(end-start) / perWork)
	var s string
	if !escaped || json.Unmarshal(r.text[start-1:end+1], &s) != nil {
		return string(r.text[start:end])
	}
	return s
}

func (n *node) number() ref.Val {
	if i, err := strconv.ParseInt(string(n.source()), 10, 64); err == nil {
		return types.Int(i)
	}
	return n.double()
}

func (n *node) double() ref.Val {
	f, err := strconv.ParseFloat(string(n.source()), 64)
	if err != nil {
		return types.WrapErr(errUnreadable)
	}
	return types.Double(f)
}

// as is the node as a value of a declared type; false if it is of another.
func (n *node) as(s *shape) (ref.Val, bool) {
	if n.kind == jsonNull && s.form != anything {
		return nothing(s)
	}
	switch s.form {
	case text:
		if n.kind == jsonString {
			return types.String(n.string()), true
		}
	case whole:
		if n.kind == jsonNumber {
			i, ok := n.number().(types.Int)
			return i, ok
		}
	case fraction:
		if n.kind == jsonNumber {
			return n.double(), true
		}
	case flag:
		if n.kind == jsonTrue || n.kind == jsonFalse {
			return types.Bool(n.kind == jsonTrue), true
		}
	case moment:
		return n.moment()
	case listing:
		return (*list)(n), n.kind == jsonArray
	case mapping, structure:
		return (*object)(n), n.kind == jsonObject
	case anything:
		return n.value(), true
	}
	return nil, false
}

// nothing is what null stands for where a type is declared: Go writes empty lists
// and maps as null.
func nothing(s *shape) (ref.Val, bool) {
	switch s.form {
	case listing:
		return noItems, true
	case mapping:
		return noMembers, true
	}
	return types.NullValue, s.nullable || s.form == structure
}

var (
	noItems   = types.NewRefValList(adapter{}, nil)
	noMembers = types.NewRefValMap(adapter{}, nil)
)

func (n *node) moment() (ref.Val, bool) {
	if n.kind != jsonString {
		return nil, false
	}
	at, err := time.Parse(time.RFC3339, n.string())
	return types.Timestamp{Time: at}, err == nil
}

// member finds a member of an object by its name, nil if there is none.
func (o *object) member(name string) *node {
	r := o.in
	for i := o.index + 1; i < o.next; {
		n := &r.nodes[i]
		r.spend(1)
		if n.named(name) {
			return n
		}
		i = n.next
	}
	return nil
}

func (n *node) named(name string) bool {
	if n.keyEscaped {
		return n.name() == name
	}
	return int(n.keyEnd-n.keyStart) == len(name) && string(n.in.text[n.keyStart:n.keyEnd]) == name
}

// name is the name of a member.
func (n *node) name() string { return n.in.unquote(n.keyStart, n.keyEnd, n.keyEscaped) }

// children calls each for the items or members of a container, until it says false.
func (n *node) children(each func(i int, child *node) bool) {
	i := 0
	for at := n.index + 1; at < n.next; i++ {
		child := &n.in.nodes[at]
		n.in.spend(1)
		if !each(i, child) {
			return
		}
		at = child.next
	}
}

// show is a value as the author of a condition may read it, cut to a length.
func show(v ref.Val) string {
	shown := ""
	switch v := v.(type) {
	case types.String:
		shown = quote(string(v))
	case *object:
		shown = string((*node)(v).source())
	case *list:
		shown = string((*node)(v).source())
	case types.Null:
		return "null"
	case types.Timestamp:
		shown = v.Time.UTC().Format(time.RFC3339Nano)
	default:
		converted, ok := v.ConvertToType(types.StringType).(types.String)
		if !ok {
			return "a " + readable(v.Type().TypeName())
		}
		shown = string(converted)
	}
	return cut(shown)
}

func quote(s string) string {
	b := &strings.Builder{}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if e.Encode(cut(s)) != nil {
		return strconv.Quote(s)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// cut keeps the beginning of what is too long to be shown.
func cut(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
