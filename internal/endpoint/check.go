package endpoint

import (
	"context"

	"parley"
	"parley/internal/database"
)

func (e *Endpoints) check(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Webhook) error {
	var wrong []parley.FieldError
	refuse := func(location, message string) {
		wrong = append(wrong, parley.FieldError{Location: location, Message: message})
	}
	if before == nil || before.URL != after.URL {
		if err := e.policy.Check(after.URL); err != nil {
			refuse("body.url", err.Error())
		}
	}
	wrong = append(wrong, checkEventTypes(after.EventTypes)...)
	wrong = append(wrong, checkFilter(before, after)...)
	wrong = append(wrong, checkTransformable(after)...)
	if blank(after.Transformation) {
		after.Transformation = ""
	}
	var kept parley.Headers
	if before != nil {
		kept = before.Headers
	}
	setDefaults(after)
	e.checkAuth(by.Organization, before, after, refuse)
	e.checkVerification(by.Organization, before, after, refuse)
	for name, fault := range e.sealHeaders(by.Organization, kept, after.Headers) {
		refuse("body.headers."+name, fault.Error())
	}
	if (after.Retry.Preset == "custom") != (len(after.Retry.Delays) > 0) {
		refuse("body.retry.delays", "must be given with preset custom, and only then")
	}
	var known []parley.InboxID
	if before != nil {
		known = before.InboxIDs
	}
	strange, err := checkInboxes(ctx, tx, by.Organization, known, after.InboxIDs)
	if err != nil {
		return err
	}
	wrong = append(wrong, strange...)
	if len(wrong) > 0 {
		return parley.InvalidFields(wrong...)
	}
	return nil
}
