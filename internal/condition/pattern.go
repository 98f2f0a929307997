package condition

import (
	"regexp"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"
)

// maxPattern is how many steps a pattern may compile to.
const maxPattern = 1000

// pattern is a call of matches. Its price is what RE2 promises: the length of the
// text times the size of the pattern.
type pattern struct {
	id     int64
	text   interpreter.InterpretableV2
	regexp *regexp.Regexp
	size   int
}

// newPattern is the call as a pattern, nil if its pattern is no literal.
func newPattern(call interpreter.InterpretableCall) (*pattern, error) {
	literal, ok := call.Args()[1].(interpreter.InterpretableConst)
	if !ok {
		return nil, nil
	}
	source, ok := literal.Value().(types.String)
	if !ok {
		return nil, nil
	}
	size, err := types.RegexProgramSize(string(source))
	if err != nil {
		return nil, err
	}
	compiled, err := regexp.Compile(string(source))
	return &pattern{id: call.ID(), text: call.Args()[0], regexp: compiled, size: size}, err
}

// ID is part of interpreter.InterpretableV2.
func (p *pattern) ID() int64 { return p.id }

// Eval is part of interpreter.InterpretableV2.
func (p *pattern) Eval(vars interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(vars, p.Exec)
}

// Exec is part of interpreter.InterpretableV2.
func (p *pattern) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	switch v := p.text.Exec(frame).(type) {
	case types.String:
		pay(frame, p.id, 1+len(v)*p.size/10)
		return types.Bool(p.regexp.MatchString(string(v)))
	case *types.Err:
		return v
	case types.Null:
		return p.failed(noValue(spelled(matches)))
	default:
		return p.failed(&mismatch{spelled(matches) + " does not take " + readable(v.Type().TypeName())})
	}
}

func (p *pattern) failed(err error) ref.Val { return types.LabelErrNode(p.id, types.WrapErr(err)) }
