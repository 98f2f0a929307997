package endpoint

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"parley"
	"parley/internal/noun"
	"parley/internal/payload"
	"parley/internal/sandbox"
	"parley/internal/store"
)

// errNoSandbox is why nothing is transformed where there is no sandbox.
var errNoSandbox = parley.Errorf(parley.Unavailable, "This server runs no transformations.")

// Transform calls an endpoint's transformation with what would be sent without it:
// an event in the endpoint's format. Body is what is to be sent instead, nil if nothing
// is; log has what the script wrote to the console, also when it failed. The time that a
// script takes is its organization's: it waits its turn.
//
// [TransformationFault] tells errors that are the script's own from those that say
// nothing about it, after which the same call may be made again.
func Transform(ctx context.Context, s *sandbox.Sandbox, org parley.OrganizationID, source string, rendered []byte) (body json.RawMessage, log []string, err error) {
	if s == nil {
		return nil, nil, errNoSandbox
	}
	body, log, err = s.Call(sandbox.OnBehalfOf(ctx, string(org)), source, "transform", rendered)
	if string(body) == "null" {
		body = nil
	}
	return body, log, err
}

// TransformationFault says what is wrong with a transformation, for its author and
// nobody else: a script can put into it what it was given. ok is false if the error
// is not the script's.
func TransformationFault(err error) (fault string, ok bool) {
	var script *sandbox.ScriptError
	var limit *sandbox.LimitError
	switch {
	case errors.As(err, &script):
		return script.Error(), true
	case errors.As(err, &limit):
		return limit.Error(), true
	}
	return "", false
}

// scriptRetry is when to try again what could not be run.
const scriptRetry = 5 * time.Second

// checkTransformation tells what is wrong with a transformation, nil if nothing is.
// It must not be called in a transaction: the script may run for a while.
func (e *Endpoints) checkTransformation(ctx context.Context, org parley.OrganizationID, source string) (*parley.FieldError, error) {
	if blank(source) {
		return nil, nil
	}
	if e.sandbox == nil {
		return nil, errNoSandbox
	}
	err := e.sandbox.Check(sandbox.OnBehalfOf(ctx, string(org)), source)
	if fault, ok := TransformationFault(err); ok {
		return &parley.FieldError{Location: "body.transformation", Message: fault}, nil
	}
	return nil, notRun(ctx, err)
}

// checkTransformable refuses a transformation where several events are sent at once.
func checkTransformable(w *parley.Webhook) []parley.FieldError {
	if f, _ := payload.Named(w.Format); !f.Batches || blank(w.Transformation) {
		return nil
	}
	return []parley.FieldError{{
		Location: "body.transformation",
		Message:  "must be left out with format batch, whose requests hold several events: choose another format, or a filter",
	}}
}

// notRun words an error that is no script's fault.
func notRun(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil || parley.KindOf(err) != parley.Internal {
		return err
	}
	return &parley.Error{
		Kind: parley.Unavailable, Detail: "Transformations cannot be run at the moment. Try again soon.",
		RetryAfter: scriptRetry, Err: err,
	}
}

// checkChangedTransformation is checkTransformation for a change to an endpoint, if
// it alters the transformation. What else may be wrong is left to the change itself.
func (e *Endpoints) checkChangedTransformation(ctx context.Context, org parley.OrganizationID, id parley.WebhookID, version int64, change func(*parley.Webhook) error) (*parley.FieldError, error) {
	kept, err := e.noun.Get(ctx, org, string(id))
	if err != nil {
		return nil, err
	}
	w := store.Webhooks.Clone(&kept)
	if err := noun.CheckVersion(version, w.Sequence); err != nil {
		return nil, err
	}
	if err := change(&w); err != nil {
		return nil, err
	}
	if w.Transformation == kept.Transformation {
		return nil, nil // it was found right when it was saved
	}
	return e.checkTransformation(ctx, org, w.Transformation)
}

// alsoWrong adds a fault that was found before to what else is wrong.
func alsoWrong(fault *parley.FieldError, err error) error {
	if fault == nil || err != nil && parley.KindOf(err) != parley.Invalid {
		return err
	}
	all := []parley.FieldError{}
	var others *parley.Error
	if errors.As(err, &others) {
		all = append(all, others.Fields...)
	}
	return parley.InvalidFields(append(all, *fault)...)
}
