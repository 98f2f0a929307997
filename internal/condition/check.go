package condition

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/decls"
	"cel.dev/cel-go/common/types"

	"parley/internal/spelling"
)

var (
	tooDeep    = fmt.Sprintf("The condition is nested too deeply: at most %d parentheses, lists and the like within each other.", maxNesting)
	tooComplex = "The condition is too complex; make several of it, or a simpler one."
	tooLooped  = fmt.Sprintf("At most %d of all, exists, exists_one, map and filter may stand within each other.", maxLoops)
)

// translation says what the checker found in words for the condition's author, and
// where they would look for it.
type translation struct {
	text string
	env  *environment
	tree *ast.AST
}

func (t translation) faults(errs []*common.Error) Faults {
	var all Faults
	nodes := nodesOf(t.tree)
	for _, e := range errs {
		all = append(all, t.fault(e, nodes[e.ExprID]))
	}
	return all.sorted()
}

// sorted is the faults by place, no more than are told at once.
func (all Faults) sorted() Faults {
	slices.SortStableFunc(all, func(a, b *Fault) int { return cmp.Compare(a.Offset, b.Offset) })
	return all[:min(len(all), MaxFaults)]
}

func nodesOf(tree *ast.AST) map[int64]ast.Expr {
	nodes := map[int64]ast.Expr{}
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) { nodes[e.ID()] = e }))
	return nodes
}

// The checker's messages that can be said better.
var (
	undeclared     = regexp.MustCompile(`^undeclared reference to '([^']*)'`)
	undefinedField = regexp.MustCompile(`^undefined field '(.*)'$`)
	noFields       = regexp.MustCompile(`^type '(.*)' does not support field selection$`)
	noOverload     = regexp.MustCompile(`^found no matching overload for '(.*)' applied to '(.*)'$`)
	noRange        = regexp.MustCompile(`^expression of type '(.*)' cannot be range of a comprehension`)
)

// fault translates one message about a node, which may be nil.
func (t translation) fault(e *common.Error, node ast.Expr) *Fault {
	offset := offsetOf(t.text, e.Location)
	said := e.Message
	if m := undeclared.FindStringSubmatch(said); m != nil {
		if node != nil && node.Kind() == ast.CallKind {
			return t.at(t.nameBefore(offset, m[1]), t.noFunction(m[1]))
		}
		return t.at(offset, t.noVariable(m[1]))
	}
	if m := undefinedField.FindStringSubmatch(said); m != nil {
		return t.at(t.nameAfter(offset, m[1]), t.noField(node, m[1]))
	}
	if m := noFields.FindStringSubmatch(said); m != nil {
		return t.selected(offset, node, readable(m[1]))
	}
	if m := noOverload.FindStringSubmatch(said); m != nil {
		return t.at(t.nameBefore(offset, m[1]), t.notTaken(m[1], readable(m[2])))
	}
	if m := noRange.FindStringSubmatch(said); m != nil {
		return t.at(offset, "all, exists, exists_one, map and filter go over a list or a map, not "+article(readable(m[1]))+".")
	}
	return t.at(offset, plainly(said))
}

// plainly is what the rest of the checker's messages say.
func plainly(said string) string {
	if strings.Contains(said, "count exceeds limit") {
		return tooComplex
	}
	return sentence(readable(said))
}

func (t translation) at(offset int, message string) *Fault {
	return faultAt(t.text, offset, "%s", message)
}

// nameBefore is where a function's name begins, which CEL finds at its parenthesis.
func (t translation) nameBefore(offset int, name string) int {
	if isOperator(name) {
		return offset
	}
	before := strings.TrimRight(t.text[:offset], " \t\r\n")
	if strings.HasSuffix(before, name) {
		return len(before) - len(name)
	}
	return offset
}

// nameAfter is where a field's name begins, which CEL finds at its dot or, in has,
// at the parenthesis.
func (t translation) nameAfter(offset int, name string) int {
	field := regexp.MustCompile(`\.\s*` + regexp.QuoteMeta(name) + `\b`)
	if found := field.FindStringIndex(t.text[offset:]); found != nil {
		return offset + found[1] - len(name)
	}
	return offset
}

func (t translation) noVariable(name string) string {
	known := slices.Sorted(maps.Keys(t.env.words.variables))
	if data := t.env.words.shapes["@data"]; data != nil && data.members[name] != nil {
		return fmt.Sprintf(`There is no %q; did you mean "data.%s"?`, name, name)
	}
	if meant := spelling.DidYouMean(name, known); meant != "" {
		return fmt.Sprintf(`There is no %q`, name) + meant
	}
	return fmt.Sprintf(`There is no %q; a condition speaks of %s.`, name, enumerate(known))
}

// The functions that the parser writes out itself, and how they are called.
var macros = map[string]string{
	"has":        "has(data.contact.email)",
	"all":        "list.all(x, x != '')",
	"exists":     "list.exists(x, x == 'vip')",
	"exists_one": "list.exists_one(x, x == 'vip')",
	"map":        "list.map(x, x + '!')",
	"filter":     "list.filter(x, x != '')",
}

func (t translation) noFunction(name string) string {
	if example, ok := macros[name]; ok {
		return fmt.Sprintf("%s is written like %s.", name, example)
	}
	known := slices.Collect(maps.Keys(macros))
	for function := range t.env.cel.Functions() {
		if !isOperator(function) {
			known = append(known, function)
		}
	}
	slices.Sort(known)
	return fmt.Sprintf(`There is no function %q`, name) + cmp.Or(spelling.DidYouMean(name, known), ".")
}

func (t translation) noField(node ast.Expr, name string) string {
	path := ""
	if node != nil && node.Kind() == ast.SelectKind {
		path = pathOf(node.AsSelect().Operand())
	}
	if path == "" {
		return fmt.Sprintf("There is no field %q.", name)
	}
	said := fmt.Sprintf("%s has no field %q", path, name)
	s := t.env.words.shapes["@"+withoutIndexes(path)]
	if s == nil {
		return said + "."
	}
	members := slices.Sorted(maps.Keys(s.members))
	if meant := spelling.DidYouMean(name, members); meant != "" {
		return said + meant
	}
	if path == "data" && t.env.wild {
		return said + "; of custom events it is dyn(data)." + name + "."
	}
	const many = 20
	if len(members) > many {
		return said + "."
	}
	return said + "; it has " + enumerate(members) + "."
}

// selected is about a field of something that has none.
func (t translation) selected(offset int, node ast.Expr, typeName string) *Fault {
	if node == nil || node.Kind() != ast.SelectKind {
		return t.at(offset, sentence(article(typeName)+" has no fields"))
	}
	name := node.AsSelect().FieldName()
	message := fmt.Sprintf("There is no field %q: this is %s.", name, article(typeName))
	if path := pathOf(node.AsSelect().Operand()); path != "" {
		message = fmt.Sprintf("%s is %s and has no field %q.", path, article(typeName), name)
	}
	return t.at(t.nameAfter(offset, name), message)
}

// notTaken is about an operator or function that does not take what it is given.
func (t translation) notTaken(name, given string) string {
	arguments := typesOf(given)
	switch name {
	case "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_":
		if slices.Contains(arguments, "timestamp") && slices.Contains(arguments, "string") {
			return spelled(name) + " cannot compare a timestamp with a string; write timestamp('2026-11-20T10:30:00Z')."
		}
		return spelled(name) + " cannot compare " + strings.Join(arguments, " with ") + "."
	case "@in":
		return `On the right of "in" stands a list or a map of what is on its left, not ` + strings.Join(arguments, " in ") + "."
	case "_?_:_":
		return `"?:" needs true or false on its left and two values of one type, not ` + enumerate(arguments) + "."
	}
	if isOperator(name) {
		return spelled(name) + " does not take " + enumerate(arguments) + "."
	}
	said := "There is no " + called(name, given)
	if usage := t.usage(name); usage != "" {
		return said + "; write " + usage + "."
	}
	return said + "."
}

// typesOf are the types in a list of them: (string, map(string, any)).
func typesOf(given string) (all []string) {
	given = strings.TrimSuffix(strings.TrimPrefix(given, "("), ")")
	depth, start := 0, 0
	for i, c := range given {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			all = append(all, given[start:i])
			start = i + len(", ")
		}
	}
	return append(all, given[start:])
}

// called is a call with the types that it was given, which CEL writes as (int) or,
// of a method, as string.(int).
func called(name, given string) string {
	if target, arguments, isMethod := strings.Cut(given, ".("); isMethod {
		return target + "." + name + "(" + arguments
	}
	return name + given
}

// usage is how a function is called.
func (t translation) usage(name string) string {
	function := t.env.cel.Functions()[name]
	if function == nil {
		return ""
	}
	var ways []string
	for _, o := range function.OverloadDecls() {
		ways = append(ways, signature(name, o))
	}
	const many = 4
	if len(ways) > many {
		return ""
	}
	return strings.Join(ways, " or ")
}

func signature(name string, o *decls.OverloadDecl) string {
	var arguments []string
	for _, t := range o.ArgTypes() {
		arguments = append(arguments, typeName(t))
	}
	if o.IsMemberFunction() {
		return arguments[0] + "." + name + "(" + strings.Join(arguments[1:], ", ") + ")"
	}
	return name + "(" + strings.Join(arguments, ", ") + ")"
}

func typeName(t *types.Type) string { return readable(t.TypeName()) }

// pathOf is a chain of names and constant indexes as its author wrote it, "" if the
// expression is no such chain.
func pathOf(e ast.Expr) string {
	switch e.Kind() {
	case ast.IdentKind:
		return strings.TrimPrefix(e.AsIdent(), ".")
	case ast.SelectKind:
		if of := pathOf(e.AsSelect().Operand()); of != "" && !e.AsSelect().IsTestOnly() {
			return of + "." + e.AsSelect().FieldName()
		}
	case ast.CallKind:
		call := e.AsCall()
		if call.FunctionName() == "dyn" {
			return dynamic(pathOf(call.Args()[0]))
		}
		if call.FunctionName() != "_[_]" || call.Args()[1].Kind() != ast.LiteralKind {
			return ""
		}
		if of := pathOf(call.Args()[0]); of != "" {
			return of + "[" + literal(call.Args()[1]) + "]"
		}
	}
	return ""
}

func dynamic(path string) string {
	if path == "" {
		return ""
	}
	return "dyn(" + path + ")"
}

func literal(e ast.Expr) string {
	if s, ok := e.AsLiteral().(types.String); ok {
		return strconv.Quote(string(s))
	}
	return fmt.Sprint(e.AsLiteral().Value())
}

var index = regexp.MustCompile(`\[[^\]]*\]`)

// withoutIndexes is the path of what a chain leads to, as the vocabulary has it.
func withoutIndexes(path string) string { return index.ReplaceAllString(path, "[]") }
