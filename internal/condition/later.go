package condition

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

const matches = "matches"

// laterFaults finds what the checker lets pass and what would go wrong in every
// run, or take too long: texts that do not say what a function needs, and loops
// in loops.
func laterFaults(text string, tree *ast.AST) Faults {
	var all Faults
	report := func(e ast.Expr, message string) {
		if message != "" {
			at := tree.SourceInfo().GetStartLocation(e.ID())
			all = append(all, faultAt(text, offsetOf(text, at), "%s", message))
		}
	}
	visit(tree.Expr(), func(e ast.Expr) {
		if e.Kind() == ast.CallKind && len(e.AsCall().Args()) > 0 {
			arguments := e.AsCall().Args()
			report(arguments[len(arguments)-1], callMessage(e.AsCall()))
		}
	})
	if deep := tooManyLoops(ast.NavigateAST(tree), 0); deep != nil {
		report(deep, tooLooped)
	}
	return all.sorted()
}

// callMessage tells what is wrong with the last argument of a call.
func callMessage(call ast.CallExpr) string {
	arguments := call.Args()
	last := arguments[len(arguments)-1]
	source, literal := textOf(last)
	switch name := call.FunctionName(); {
	case name == matches && !literal:
		return "The pattern of matches must be written as a text; contains, startsWith and endsWith take any."
	case name == matches:
		return patternMessage(source)
	case !literal:
		return ""
	case name == "timestamp" && !converts(source, types.TimestampType):
		return "This is no timestamp; write one like timestamp('2026-11-20T10:30:00Z')."
	case name == "duration" && !converts(source, types.DurationType):
		return "This is no duration; write one like duration('36h') or duration('90s')."
	case strings.HasPrefix(name, "get") && call.IsMemberFunction():
		return zoneMessage(source)
	}
	return ""
}

func converts(source string, to ref.Type) bool {
	return !types.IsError(types.String(source).ConvertToType(to))
}

// patternMessage tells what is wrong with a pattern.
func patternMessage(source string) string {
	if _, err := regexp.Compile(source); err != nil {
		return fmt.Sprintf("This is no pattern that RE2 knows: %s.", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	if size, err := types.RegexProgramSize(source); err != nil || size > maxPattern {
		return "This pattern is too large; mind counts like {1000}."
	}
	return ""
}

// zoneMessage tells what is wrong with the time zone that a part of a timestamp is
// asked for in. One that is not written as a text is looked at when it is used.
func zoneMessage(zone string) string {
	if strings.Contains(zone, ":") {
		return ""
	}
	if _, err := time.LoadLocation(zone); err != nil {
		return fmt.Sprintf("There is no time zone %q; zones are called Europe/Paris, UTC or +02:00.", zone)
	}
	return ""
}

func textOf(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	s, ok := e.AsLiteral().(types.String)
	return string(s), ok
}

// tooManyLoops is the first of the loops whose body stands in too many others, nil
// if there is none. What a loop goes over is not in its body.
func tooManyLoops(e ast.NavigableExpr, around int) ast.Expr {
	inside := around
	if e.Kind() == ast.ComprehensionKind {
		if inside++; inside > maxLoops {
			return e
		}
	}
	for _, child := range e.Children() {
		depth := inside
		if e.Kind() == ast.ComprehensionKind && child.ID() == e.AsComprehension().IterRange().ID() {
			depth = around
		}
		if deep := tooManyLoops(child, depth); deep != nil {
			return deep
		}
	}
	return nil
}
