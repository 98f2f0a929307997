package endpoint

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"parley"
	"parley/internal/condition"
	"parley/internal/database"
	"parley/internal/store"
)

func blank(text string) bool { return strings.TrimSpace(text) == "" }

// checkEventTypes tells which of an endpoint's types do not exist.
func checkEventTypes(patterns parley.Patterns) (wrong []parley.FieldError) {
	for i, pattern := range patterns {
		if !parley.ValidPattern(pattern) {
			wrong = append(wrong, parley.FieldError{
				Location: "body.event_types[" + strconv.Itoa(i) + "]",
				Message:  "is no type of event and no pattern such as conversation.*: the types are listed at /v1/event_types",
			})
		}
	}
	return wrong
}

// checkInboxes tells which inboxes, besides those that are known, do not exist.
func checkInboxes(ctx context.Context, q database.Querier, org parley.OrganizationID, known, inboxes []parley.InboxID) (wrong []parley.FieldError, err error) {
	for i, inbox := range inboxes {
		if slices.Contains(known, inbox) {
			continue
		}
		_, err := store.Inboxes.Get(ctx, q, org, string(inbox))
		if parley.KindOf(err) == parley.NotFound {
			wrong = append(wrong, parley.FieldError{
				Location: "body.inbox_ids[" + strconv.Itoa(i) + "]", Message: "is not an inbox of this organization",
			})
		} else if err != nil {
			return nil, err
		}
	}
	return wrong, nil
}

// checkFilter tells what is wrong with an endpoint's filter, against the types that
// it is for: all of it, each with its place.
func checkFilter(before, after *parley.Webhook) (wrong []parley.FieldError) {
	after.Filter = strings.TrimSpace(after.Filter)
	if after.Filter == "" || before != nil && before.Filter == after.Filter && slices.Equal(before.EventTypes, after.EventTypes) {
		return nil
	}
	_, err := condition.Compile(after.Filter, after.EventTypes)
	var faults condition.Faults
	if err != nil && !errors.As(err, &faults) {
		return []parley.FieldError{{Location: "body.filter", Message: err.Error()}}
	}
	for _, f := range faults {
		wrong = append(wrong, parley.FieldError{Location: "body.filter", Message: f.Error()})
	}
	return wrong
}
