package condition

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/ext"

	"parley"
)

// The limits of a condition's text.
const (
	maxText    = 4000 // characters
	maxNesting = 40   // parentheses and the like within each other
	maxNodes   = 2000 // after all, exists, map and filter are written out
	maxLoops   = 3    // all, exists, map and filter within each other
)

// environment is what conditions for some types of events are checked against.
type environment struct {
	cel   *cel.Env
	words *vocabulary
	wild  bool // also for custom events, of which the patterns do not speak
}

// environments keeps those that were asked for: making one takes longer than
// checking a condition, and what conditions share they hold in memory once.
type environments struct {
	mu    sync.Mutex
	known map[string]*environment
}

// maxKnown bounds the memory of environments that nobody needs any more.
const maxKnown = 200

var shared = environments{known: map[string]*environment{}}

// of gives the environment for events of these types.
func (all *environments) of(patterns parley.Patterns) (*environment, error) {
	selected := selectTypes(patterns)
	key := selected.key()
	all.mu.Lock()
	defer all.mu.Unlock()
	if known, ok := all.known[key]; ok {
		return known, nil
	}
	made, err := newEnvironment(dataShape(selected))
	if err != nil {
		return nil, fmt.Errorf("prepare conditions: %w", err)
	}
	made.wild = selected.wild
	if len(all.known) >= maxKnown {
		clear(all.known)
	}
	all.known[key] = made
	return made, nil
}

// selection is which events a condition is for.
type selection struct {
	payloads []reflect.Type // the structs of their data
	custom   bool           // also custom events, by name
	wild     bool           // also custom events, as all others
}

// selectTypes finds the payloads of the types that the patterns choose; no
// patterns choose all. The test of an endpoint is for whom it names, whatever the
// patterns say, so that it counts only where it is named itself.
func selectTypes(patterns parley.Patterns) selection {
	s := selection{wild: len(patterns) == 0 || slices.Contains(patterns, "*")}
	seen := map[reflect.Type]bool{}
	test := parley.WebhookTested.Name()
	for _, d := range parley.Catalogue() {
		chosen := len(patterns) == 0 || patterns.Match(d.Name)
		if d.Name == test {
			chosen = slices.Contains(patterns, test)
		}
		if chosen && !seen[d.Data] {
			seen[d.Data] = true
			s.payloads = append(s.payloads, d.Data)
		}
	}
	for _, pattern := range patterns {
		s.custom = s.custom || strings.HasPrefix(pattern, "custom.")
	}
	return s
}

func (s selection) key() string {
	key := make([]string, 0, 1+len(s.payloads))
	for _, t := range s.payloads {
		key = append(key, t.String())
	}
	key = append(key, fmt.Sprint(s.custom, s.wild))
	return strings.Join(key, " ")
}

// newEnvironment makes the environment for events whose data has this shape.
func newEnvironment(data *shape) (*environment, error) {
	base, err := language()
	if err != nil {
		return nil, err
	}
	words := newVocabulary(base.CELTypeProvider(), data)
	options := []cel.EnvOption{cel.CustomTypeProvider(words)}
	for name, s := range words.variables {
		options = append(options, cel.Variable(name, celType(name, s)))
	}
	env, err := base.Extend(options...)
	if err != nil {
		return nil, err
	}
	return &environment{cel: env, words: words}, nil
}

// language is CEL as conditions have it, but for the variables.
var language = sync.OnceValues(func() (*cel.Env, error) {
	settleSharedErrors()
	functions, err := stringFunctions()
	if err != nil {
		return nil, err
	}
	return cel.NewEnv(
		functions,
		cel.CustomTypeAdapter(adapter{}),
		cel.CrossTypeNumericComparisons(true),
		cel.DefaultUTCTimeZone(true),
		cel.EagerlyValidateDeclarations(true),
		cel.ParserRecursionLimit(maxNesting),
		cel.ExpressionNodeLimit(maxNodes),
	)
})

// stringFunctions are those of the strings extension that never give much more than
// they are given: replace, join, format and split can fill the memory before their
// cost is counted.
func stringFunctions() (cel.EnvOption, error) {
	all, err := cel.NewCustomEnv(ext.Strings())
	if err != nil {
		return nil, err
	}
	var chosen []cel.EnvOption
	for _, name := range []string{"charAt", "indexOf", "lastIndexOf", "lowerAscii", "substring", "trim", "upperAscii"} {
		chosen = append(chosen, cel.FunctionDecls(all.Functions()[name]))
	}
	return func(env *cel.Env) (*cel.Env, error) {
		for _, option := range chosen {
			if env, err = option(env); err != nil {
				return nil, err
			}
		}
		return env, nil
	}, nil
}

// nowhere is the id of the node where errors occur that all runs share.
const nowhere = -1

// settleSharedErrors labels the errors that CEL keeps one of for all runs. It would
// label them when they first occur, which is a data race if two runs do so at once.
func settleSharedErrors() {
	types.LabelErrNode(nowhere, types.NoSuchOverloadErr())
	types.LabelErrNode(nowhere, types.Int(math.MaxInt64).ConvertToType(types.TimestampType))
}
