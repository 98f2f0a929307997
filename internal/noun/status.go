package noun

import (
	"context"
	"slices"
	"strings"

	"parley"
)

// Steps is the state machine of a noun whose status is an S and whose events carry
// data D: every way from one status to another, in the order in which they are told.
type Steps[S ~string, D any] []Step[S, D]

// Step is a verb: from one of some statuses to another, with the event of that. An
// object that is there already stays as it is, which makes no event; but a strict step
// always starts where it says.
type Step[S ~string, D any] struct {
	Verb   string
	From   []S
	To     S
	Event  parley.EventType[D]
	Strict bool
}

// From are the verbs that lead on from a status.
func (s Steps[S, D]) From(status S) (verbs []string) {
	for _, step := range s {
		if slices.Contains(step.From, status) {
			verbs = append(verbs, step.Verb)
		}
	}
	return verbs
}

// step finds a verb's step; the verb must be one of the machine.
func (s Steps[S, D]) step(verb string) Step[S, D] {
	i := slices.IndexFunc(s, func(step Step[S, D]) bool { return step.Verb == verb })
	return s[i]
}

// refusal is what is said to whoever wants to take a step that does not start here.
func (s Steps[S, D]) refusal(noun, verb string, status S) error {
	allowed := "nothing can be done with it any more"
	if verbs := s.From(status); len(verbs) > 0 {
		allowed = "it allows " + strings.Join(verbs, ", ")
	}
	return parley.Errorf(parley.Conflict, "The %s is %s, which does not allow %s: %s.", noun, status, verb, allowed)
}

// Take takes the step of a verb with an object. status is where the object keeps its
// status, and also, unless nil, changes what changes with it. A step that does not
// start where the object is is a Conflict error, which names those that do.
func Take[T, D any, S ~string](ctx context.Context, by parley.Caller, n *Noun[T, D], id string, steps Steps[S, D], verb string, status func(*T) *S, also func(*T) error) (T, error) {
	step := steps.step(verb)
	return n.UpdateAs(ctx, by, id, AnyVersion, step.Event, func(obj *T) error {
		at := status(obj)
		switch {
		case *at == step.To && !step.Strict:
			return nil
		case !slices.Contains(step.From, *at):
			return steps.refusal(n.Table.Noun(), verb, *at)
		}
		*at = step.To
		if also == nil {
			return nil
		}
		return also(obj)
	})
}
