package condition

import (
	"errors"
	"strings"
	"unicode"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"

	"parley"
)

// Explanation is why a condition did not match an event.
type Explanation struct {
	Matched bool // it did: there is nothing to explain

	// Part is what decided it, as its author wrote it: of several that && joins at
	// the top the first that is false, else the first that has no answer. Line,
	// Column and Offset say where it begins, as in a Fault.
	Part                 string
	Line, Column, Offset int

	Reason string // a sentence: that the part is false, or why it has no answer
	Failed bool   // the run could not go on: Match gives an error
	Values []Value
}

// Value is what an event says in a place that a condition looks at.
type Value struct {
	Path  string // as the condition has it: data.conversation.status
	Value string // as JSON, times as in JSON without quotes, at most 200 bytes; "absent" if the event does not have it
}

// Explain tells why the condition does not match the event. It takes its time, a
// good part of a millisecond, and is for one event that somebody asks about.
func (c *Condition) Explain(e *parley.Event) Explanation {
	matched, err := c.run(e)
	if matched && err == nil {
		return Explanation{Matched: true}
	}
	var undecided *Explanation
	for _, p := range conjuncts(part{text: c.text}) {
		answer, err := c.try(p, e)
		if answer && err == nil {
			continue
		}
		x := c.explanation(p, e, err)
		if err == nil {
			return x
		}
		if undecided == nil {
			undecided = &x
		}
	}
	if undecided == nil { // as a whole it has no answer, and its parts have
		x := c.explanation(part{text: c.text}.trimmed(), e, err)
		undecided = &x
	}
	return *undecided
}

// try runs a part by itself.
func (c *Condition) try(p part, e *parley.Event) (bool, error) {
	alone, err := c.env.compile(p.text)
	if err != nil {
		return false, err
	}
	return alone.run(e)
}

func (c *Condition) explanation(p part, e *parley.Event, err error) Explanation {
	at := faultAt(c.text, p.offset, "")
	x := Explanation{
		Part: p.text, Line: at.Line, Column: at.Column, Offset: at.Offset,
		Reason: "It is false.", Values: c.values(p, e),
	}
	if err != nil {
		x.Reason = reason(err)
		x.Failed = !isAbsence(err)
	}
	return x
}

// reason is why a part has no answer.
func reason(err error) string {
	var a *absence
	if errors.As(err, &a) {
		return sentence(a.message)
	}
	if said := err.Error(); strings.HasPrefix(said, noSuchKey) {
		return "The event has no " + quote(strings.TrimPrefix(said, noSuchKey)) + " there."
	} else if strings.HasPrefix(said, outOfBounds) {
		return "The list is too short for the index " + strings.TrimPrefix(said, outOfBounds) + "."
	}
	return runMessage(err)
}

// values are what the event says in the places that a part looks at.
func (c *Condition) values(p part, e *parley.Event) []Value {
	checked, err := c.env.check(p.text)
	if err != nil {
		return nil
	}
	var values []Value
	for _, path := range paths(checked.NativeRep().Expr(), c.env.words) {
		values = append(values, Value{path, c.valueOf(path, e)})
	}
	return values
}

// maxValues is how many values an explanation shows.
const maxValues = 10

// paths are the longest chains of fields that an expression looks at, each once.
func paths(root ast.Expr, words *vocabulary) []string {
	var found []string
	inner := map[int64]bool{}
	bound := map[string]bool{}
	visit(root, func(e ast.Expr) {
		if e.Kind() == ast.ComprehensionKind {
			bound[e.AsComprehension().IterVar()] = true
		}
	})
	visit(root, func(e ast.Expr) {
		if inner[e.ID()] {
			return
		}
		path := pathOf(e)
		if path == "" {
			return
		}
		visit(e, func(child ast.Expr) { inner[child.ID()] = true })
		v := variableOf(path)
		if words.variables[v] != nil && !bound[v] && len(found) < maxValues {
			found = appendNew(found, path)
		}
	})
	return found
}

// variableOf is the variable that a chain begins with.
func variableOf(path string) string {
	path = strings.ReplaceAll(path, "dyn(", "")
	return path[:len(path)-len(strings.TrimLeftFunc(path, isWord))]
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

func appendNew(all []string, s string) []string {
	for _, known := range all {
		if known == s {
			return all
		}
	}
	return append(all, s)
}

// visit calls f for an expression and then for all that is in it.
func visit(root ast.Expr, f func(ast.Expr)) {
	ast.PreOrderVisit(root, ast.NewExprVisitor(f))
}

// valueOf is what the event says in one place.
func (c *Condition) valueOf(path string, e *parley.Event) string {
	checked, issues := c.env.cel.Compile(path)
	if len(issues.Errors()) > 0 {
		return "absent"
	}
	program, err := c.env.cel.Program(checked, cel.CostLimit(maxCost))
	if err != nil {
		return "absent"
	}
	r := read(e)
	defer r.release()
	v, _, err := program.Eval(r)
	if err != nil {
		return "absent"
	}
	return show(v)
}
