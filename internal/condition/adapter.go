package condition

import (
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"parley"
)

// adapter makes values of what is none yet: the structs of an event.
type adapter struct{}

// NativeToValue is part of types.Adapter.
func (adapter) NativeToValue(v any) ref.Val {
	switch v := v.(type) {
	case ref.Val:
		return v
	case *parley.Actor:
		return newRecord(v, map[string]any{"type": v.Type, "id": v.ID})
	case *parley.Cause:
		return newRecord(v, map[string]any{"event_id": string(v.EventID), "rule_id": v.RuleID, "depth": v.Depth})
	}
	return types.DefaultTypeAdapter.NativeToValue(v)
}

// record is a struct as a map, which does not forget the struct: its fields are
// read from that.
type record struct {
	traits.Mapper
	of any
}

func newRecord(of any, members map[string]any) record {
	return record{types.NewStringInterfaceMap(types.DefaultTypeAdapter, members), of}
}

func (r record) Value() any { return r.of }
