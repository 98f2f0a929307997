package condition

import (
	"errors"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"

	"parley"
)

// Condition is a condition that was found to be right for some types of events.
// It never changes and may be used by several goroutines at once.
type Condition struct {
	text    string
	env     *environment
	program cel.Program
	places  []int32 // where each node of the program stands in the text, in characters
}

// Compile checks a condition for events of the types that the patterns choose; no
// patterns choose all. An error about the text is [Faults]; any other is ours.
func Compile(text string, types parley.Patterns) (*Condition, error) {
	env, err := shared.of(types)
	if err != nil {
		return nil, err
	}
	return env.compile(text)
}

func (env *environment) compile(text string) (*Condition, error) {
	checked, err := env.check(text)
	if err != nil {
		return nil, err
	}
	if fault := notBoolean(text, checked.OutputType()); fault != nil {
		return nil, Faults{fault}
	}
	return env.plan(text, checked)
}

// check finds what is wrong with an expression, whatever it gives.
func (env *environment) check(text string) (*cel.Ast, error) {
	if fault := unreadable(text); fault != nil {
		return nil, Faults{fault}
	}
	parsed, issues := env.cel.Parse(text)
	if errs := issues.Errors(); len(errs) > 0 {
		return nil, syntaxFaults(text, errs)
	}
	checked, issues := env.cel.Check(parsed)
	if errs := issues.Errors(); len(errs) > 0 {
		t := translation{text, env, parsed.NativeRep()}
		return nil, t.faults(errs)
	}
	if faults := laterFaults(text, checked.NativeRep()); len(faults) > 0 {
		return nil, faults
	}
	return checked, nil
}

// unreadable tells why a text is not even looked at.
func unreadable(text string) *Fault {
	switch {
	case len(text) > maxText && utf8.RuneCountInString(text) > maxText:
		return faultAt(text, 0, "A condition has at most %d characters.", maxText)
	case !utf8.ValidString(text):
		return faultAt(text, 0, "The text is not UTF-8.")
	case strings.TrimSpace(text) == "":
		return faultAt(text, 0, "The condition is empty.")
	}
	return nil
}

// notBoolean tells if an expression of a type cannot be a condition.
func notBoolean(text string, t *types.Type) *Fault {
	if t.IsAssignableType(types.BoolType) || t.Kind() == types.DynKind {
		return nil
	}
	start := len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	return faultAt(text, start, "A condition is true or false, and this is %s.", article(readable(cel.FormatCELType(t))))
}

// plan makes what was checked ready to run.
func (env *environment) plan(text string, checked *cel.Ast) (*Condition, error) {
	c := &Condition{text: text, env: env, places: places(checked.NativeRep())}
	program, err := env.cel.Program(checked,
		cel.EvalOptions(cel.OptOptimize),
		cel.CustomDecoratorV2(decorator(checked.NativeRep())),
		cel.CostTracking(prices{}),
		cel.CostLimit(maxCost),
	)
	if err != nil {
		return nil, Faults{c.fault(err)}
	}
	c.program = program
	return c, nil
}

// decorator puts our own in the place of steps that CEL runs too carelessly or too
// silently.
func decorator(tree *ast.AST) interpreter.InterpretableDecoratorV2 {
	undecided := undecided(tree)
	return func(step interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
		step, err := decorate(step)
		if err == nil && undecided[step.ID()] {
			step = decision{step}
		}
		return step, err
	}
}

func decorate(step interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
	call, ok := step.(interpreter.InterpretableCall)
	if !ok {
		return step, nil
	}
	switch call.Function() {
	case "_==_", "_!=_", "@in":
		return comparison{call}, nil
	case matches:
		p, err := newPattern(call)
		if p == nil || err != nil {
			return step, err
		}
		return p, nil
	}
	return strict{call}, nil
}

// places tells where the nodes stand, by their ids.
func places(tree *ast.AST) []int32 {
	var places []int32
	info := tree.SourceInfo()
	for id, at := range info.OffsetRanges() {
		for int64(len(places)) <= id {
			places = append(places, 0)
		}
		places[id] = at.Start
	}
	return places
}

// Text is the condition as it was written.
func (c *Condition) Text() string { return c.text }

// Match tells whether the condition is true for the event. It is false, without an
// error, if the event does not have what the condition needs. Other trouble is a
// *[Fault] that says where the run could not go on: a value of the wrong type, an
// overflow, a division by zero, too much work.
func (c *Condition) Match(e *parley.Event) (bool, error) {
	v, err := c.run(e)
	if err != nil {
		if isAbsence(err) {
			return false, nil
		}
		return false, c.fault(err)
	}
	return v, nil
}

// run gives the condition's answer for the event; an absence is an error here.
func (c *Condition) run(e *parley.Event) (bool, error) {
	r := read(e)
	defer r.release()
	v, _, err := c.program.Eval(r)
	if err != nil {
		return false, err
	}
	switch v := v.(type) {
	case types.Bool:
		return bool(v), nil
	case types.Null:
		return false, noValue("the condition")
	}
	return false, notTrueOrFalse(v)
}

func notTrueOrFalse(v ref.Val) error {
	return &mismatch{"a condition is true or false, and this is " + article(readable(v.Type().TypeName()))}
}

// fault says where and why a run could not go on.
func (c *Condition) fault(err error) *Fault {
	offset := 0
	var at *types.Err
	if errors.As(err, &at) {
		if id := at.NodeID(); id > 0 && id < int64(len(c.places)) {
			offset = byteOffset(c.text, int(c.places[id]))
		}
	}
	return faultAt(c.text, offset, "%s", runMessage(err))
}

// runMessage is why a run could not go on, as a sentence.
func runMessage(err error) string {
	var stopped interpreter.EvalCancelledError
	if errors.As(err, &stopped) {
		return "The condition is too much work for this event."
	}
	return sentence(readable(err.Error()))
}
