package condition

import (
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

func (l *list) node() *node { return (*node)(l) }

func (l *list) ConvertToNative(reflect.Type) (any, error) { return nil, errNotNative }

func (l *list) ConvertToType(t ref.Type) ref.Val {
	switch t {
	case types.ListType:
		return l
	case types.TypeType:
		return types.ListType
	}
	return types.NewErr("no such overload: a list is no %s", t.TypeName())
}

// Equal compares item by item.
func (l *list) Equal(other ref.Val) ref.Val {
	o, ok := other.(traits.Lister)
	if !ok || o.Size() != l.Size() {
		return types.False
	}
	equal := types.True
	it := o.Iterator()
	l.node().children(func(_ int, child *node) bool {
		equal = types.Bool(types.Equal(child.value(), it.Next()) == types.True)
		return equal == types.True
	})
	return equal
}

func (l *list) Type() ref.Type { return types.ListType }

func (l *list) Value() any { return l }

func (l *list) Size() ref.Val { return types.Int(l.size) }

// Add is this list with the other behind it.
func (l *list) Add(other ref.Val) ref.Val {
	return types.NewRefValList(adapter{}, l.items()).Add(other)
}

func (l *list) items() []ref.Val {
	items := make([]ref.Val, 0, l.size)
	l.node().children(func(_ int, child *node) bool {
		items = append(items, child.value())
		return true
	})
	return items
}

func (l *list) Contains(wanted ref.Val) ref.Val {
	s, isString := wanted.(types.String)
	found := false
	l.node().children(func(_ int, child *node) bool {
		if isString && !child.escaped {
			found = child.kind == jsonString && string(child.source()) == string(s)
		} else {
			found = types.Equal(child.value(), wanted) == types.True
		}
		return !found
	})
	return types.Bool(found)
}

func (l *list) Get(index ref.Val) ref.Val {
	i, ok := position(index)
	if !ok || i < 0 || i >= int64(l.size) {
		return types.WrapErr(missing("item " + show(index) + " there"))
	}
	var item ref.Val
	l.node().children(func(at int, child *node) bool {
		if int64(at) < i {
			return true
		}
		item = child.value()
		return false
	})
	return item
}

// position is the number that an index says; a double may, if it is whole.
func position(index ref.Val) (int64, bool) {
	switch i := index.(type) {
	case types.Int:
		return int64(i), true
	case types.Uint, types.Double:
		n, ok := i.ConvertToType(types.IntType).(types.Int)
		return int64(n), ok && n.Equal(i) == types.True
	}
	return 0, false
}

func (l *list) Iterator() traits.Iterator {
	return &listIterator{list: l, at: l.index + 1}
}

// Fold goes over positions and items.
func (l *list) Fold(f traits.Folder) {
	l.node().children(func(i int, child *node) bool {
		return f.FoldEntry(types.Int(i), child.value())
	})
}

// listIterator is a value only because the interface wants it.
type listIterator struct {
	*list
	at uint32
}

func (it *listIterator) HasNext() ref.Val { return types.Bool(it.at < it.next) }

func (it *listIterator) Next() ref.Val {
	n := &it.in.nodes[it.at]
	it.in.spend(1)
	it.at = n.next
	return n.value()
}

func (it *listIterator) Type() ref.Type { return types.IteratorType }
