package condition

import (
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"
)

// decision is a value that && || or ?: decides by and that only a run knows to be
// true or false. Null is an absence, as everywhere else.
type decision struct{ interpreter.InterpretableV2 }

func (d decision) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	v := d.InterpretableV2.Exec(frame)
	switch v.(type) {
	case types.Bool, *types.Err:
		return v
	case types.Null:
		return d.failed(&absence{"null stands where true or false is needed"})
	}
	return d.failed(&mismatch{"true or false is needed here, not " + article(readable(v.Type().TypeName()))})
}

func (d decision) Eval(vars interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(vars, d.Exec)
}

func (d decision) failed(err error) ref.Val { return types.LabelErrNode(d.ID(), types.WrapErr(err)) }

// undecided are the nodes to be run as decisions, by their ids.
func undecided(tree *ast.AST) map[int64]bool {
	nodes := map[int64]bool{}
	visit(tree.Expr(), func(e ast.Expr) {
		if e.Kind() != ast.CallKind {
			return
		}
		operands := e.AsCall().Args()
		switch e.AsCall().FunctionName() {
		case "_?_:_":
			operands = operands[:1]
		case "_&&_", "_||_":
		default:
			return
		}
		for _, operand := range operands {
			t := tree.GetType(operand.ID())
			if t.Kind() != types.BoolKind || t.IsAssignableType(types.NullType) {
				nodes[operand.ID()] = true
			}
		}
	})
	return nodes
}
