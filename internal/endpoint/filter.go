package endpoint

import (
	"errors"
	"slices"
	"strings"

	"parley"
	"parley/internal/condition"
)

// checkFilter tells what is wrong with an endpoint's filter, against the types that
// it is for: all of it, each with its place.
func checkFilter(before, after *parley.Webhook) []error {
	after.Filter = strings.TrimSpace(after.Filter)
	if after.Filter == "" || before != nil && before.Filter == after.Filter && slices.Equal(before.EventTypes, after.EventTypes) {
		return nil
	}
	_, err := condition.Compile(after.Filter, after.EventTypes)
	var faults condition.Faults
	if !errors.As(err, &faults) {
		if err == nil {
			return nil
		}
		return []error{err}
	}
	wrong := make([]error, len(faults))
	for i, f := range faults {
		wrong[i] = f
	}
	return wrong
}
