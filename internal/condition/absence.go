package condition

import (
	"errors"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"
)

// absence is why a condition could not be answered, and so did not match: the
// event does not have something that it needs.
type absence struct{ message string }

func (a *absence) Error() string { return a.message }

// missing is the absence of something that the event could have.
func missing(what string) *absence { return &absence{"the event has no " + what} }

// noValue is the absence of a value where an operator or function needs one.
func noValue(function string) *absence {
	return &absence{"null stands where " + function + " needs a value"}
}

// mismatch is a value of any type that turned out to be of the wrong one.
type mismatch struct{ message string }

func (m *mismatch) Error() string { return m.message }

// isAbsence tells whether a run ended for want of something. Maps and lists of
// CEL's own say so only in words.
func isAbsence(err error) bool {
	var a *absence
	if errors.As(err, &a) {
		return true
	}
	said := err.Error()
	return strings.HasPrefix(said, noSuchKey) || strings.HasPrefix(said, outOfBounds)
}

// How CEL's errors begin that are ours to tell apart; tests notice if they change.
const (
	noSuchKey      = "no such key: "
	outOfBounds    = "index out of bounds: "
	noSuchOverload = "no such overload"
)

// strict is a call that tells what went wrong where CEL says only that no overload
// fits: null where a value is needed, which is an absence, or a value of the wrong
// type, which is the author's mistake.
type strict struct{ interpreter.InterpretableCall }

func (c strict) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	v := c.InterpretableCall.Exec(frame)
	if err, ok := v.(*types.Err); ok {
		return c.explain(frame, err)
	}
	return v
}

func (c strict) Eval(vars interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(vars, c.Exec)
}

// explain is what CEL's error means. It asks for the arguments again, which it does
// at most once for each call on the way: what it gives back is no longer CEL's.
func (c strict) explain(frame *interpreter.ExecutionFrame, err *types.Err) ref.Val {
	switch {
	case strings.HasPrefix(err.Error(), noSuchOverload):
		return c.untaken(frame)
	case err.NodeID() == nowhere:
		return c.failed(err.Unwrap())
	}
	return err
}

func (c strict) untaken(frame *interpreter.ExecutionFrame) ref.Val {
	names := make([]string, len(c.Args()))
	for i, arg := range c.Args() {
		value := arg.Exec(frame)
		switch v := value.(type) {
		case types.Null:
			return c.failed(noValue(spelled(c.Function())))
		case *types.Err:
			return c.failed(&mismatch{v.Error()})
		}
		names[i] = readable(value.Type().TypeName())
	}
	return c.failed(&mismatch{spelled(c.Function()) + " does not take " + strings.Join(names, " and ")})
}

func (c strict) failed(err error) ref.Val {
	return types.LabelErrNode(c.ID(), types.WrapErr(err))
}
