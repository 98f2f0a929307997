package condition

import (
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/interpreter"
)

// comparison is == != or in. It pays for what it compares before it compares it:
// CEL counts the items of a list and not what is in them, and lists of lists of
// the same list grow beyond all bounds.
type comparison struct{ interpreter.InterpretableCall }

func (c comparison) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	left := c.Args()[0].Exec(frame)
	if types.IsError(left) {
		return left
	}
	right := c.Args()[1].Exec(frame)
	if types.IsError(right) {
		return right
	}
	if price := comparing(left, right); price > 0 {
		pay(frame, c.ID(), price)
	}
	v := c.compare(left, right)
	if costs := frame.CostTracker(); costs != nil {
		costs.EvalBinary(frame, c.ID(), c, left, right, v)
	}
	return v
}

func (c comparison) Eval(vars interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(vars, c.Exec)
}

func (c comparison) compare(left, right ref.Val) ref.Val {
	switch c.Function() {
	case operators.Equals:
		return types.Equal(left, right)
	case operators.NotEquals:
		return types.Bool(types.Equal(left, right) != types.True)
	}
	in, ok := right.(traits.Container)
	switch {
	case ok:
		return in.Contains(left)
	case right == types.NullValue:
		return strict{c}.failed(noValue(`"in"`))
	}
	return strict{c}.failed(&mismatch{`"in" needs a list or a map on its right, not ` + readable(right.Type().TypeName())})
}

// comparing is what it may cost to compare two values beyond what CEL counts.
func comparing(left, right ref.Val) int {
	if isContainer(left) && isContainer(right) {
		return weight(right, maxCost)
	}
	items, isList := right.(traits.Lister)
	if long := int(length(left)) / perUnit; isList && long > 0 {
		return min(long, maxCost) * int(items.Size().(types.Int))
	}
	return 0
}

// perUnit is how many bytes are compared at the cost of one.
const perUnit = 100

func isContainer(v ref.Val) bool {
	switch v.(type) {
	case traits.Lister, traits.Mapper:
		return true
	}
	return false
}

// weight is what it costs to look at all that is in a value, counted no further
// than to most.
func weight(v ref.Val, most int) int {
	var in ref.Val
	switch v := v.(type) {
	case *object:
		return v.node().weight()
	case *list:
		return v.node().weight()
	case traits.Lister, traits.Mapper:
		in = v
	default:
		return 1 + int(length(v))/perUnit
	}
	sum := 1
	m, isMap := in.(traits.Mapper)
	for it := in.(traits.Iterable).Iterator(); sum <= most && it.HasNext() == types.True; {
		child := it.Next()
		if isMap {
			child = m.Get(child)
		}
		sum += weight(child, most-sum)
	}
	return sum
}

func (n *node) weight() int { return int(n.next-n.index) + int(n.end-n.start)/perUnit }
