package condition

import (
	"errors"
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// An object is a map to CEL.
var (
	_ traits.Mapper   = (*object)(nil)
	_ traits.Foldable = (*object)(nil)
	_ traits.Lister   = (*list)(nil)
	_ traits.Foldable = (*list)(nil)
)

var errNotNative = errors.New("values of events stay what they are")

func (o *object) node() *node { return (*node)(o) }

func (o *object) ConvertToNative(reflect.Type) (any, error) { return nil, errNotNative }

func (o *object) ConvertToType(t ref.Type) ref.Val {
	switch t {
	case types.MapType:
		return o
	case types.TypeType:
		return types.MapType
	}
	return types.NewErr("no such overload: a map is no %s", t.TypeName())
}

// Equal compares the members, whatever their order.
func (o *object) Equal(other ref.Val) ref.Val {
	m, ok := other.(traits.Mapper)
	if !ok || m.Size() != o.Size() {
		return types.False
	}
	equal := types.True
	o.node().children(func(_ int, child *node) bool {
		v, found := m.Find(types.String(child.name()))
		equal = types.Bool(found && types.Equal(child.value(), v) == types.True)
		return equal == types.True
	})
	return equal
}

func (o *object) Type() ref.Type { return types.MapType }

func (o *object) Value() any { return o }

func (o *object) Size() ref.Val { return types.Int(o.size) }

func (o *object) Contains(key ref.Val) ref.Val {
	_, found := o.Find(key)
	return types.Bool(found)
}

// Find looks a member up; only strings name one.
func (o *object) Find(key ref.Val) (ref.Val, bool) {
	name, ok := key.(types.String)
	if !ok {
		return nil, false
	}
	n := o.member(string(name))
	if n == nil {
		return nil, false
	}
	return n.value(), true
}

// FindStringKey is Find for the interpreter's short cut.
func (o *object) FindStringKey(name string) (any, bool) {
	if n := o.member(name); n != nil {
		return n.value(), true
	}
	return nil, false
}

func (o *object) Get(key ref.Val) ref.Val {
	v, found := o.Find(key)
	if !found {
		return types.WrapErr(missing(show(key) + " there"))
	}
	return v
}

// Iterator goes over the names.
func (o *object) Iterator() traits.Iterator {
	names := make([]ref.Val, 0, o.size)
	o.node().children(func(_ int, child *node) bool {
		names = append(names, types.String(child.name()))
		return true
	})
	return types.NewRefValList(adapter{}, names).Iterator()
}

// Fold goes over names and values.
func (o *object) Fold(f traits.Folder) {
	o.node().children(func(_ int, child *node) bool {
		return f.FoldEntry(types.String(child.name()), child.value())
	})
}
