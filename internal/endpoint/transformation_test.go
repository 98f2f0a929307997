package endpoint_test

import (
	"testing"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/noun"
)

func TestATransformationIsCheckedWhenItChangesAndOnlyThen(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		h.scripted(t)
		w, _ := h.add(t, endpoint.Start{})
		change := func(version int64, change func(*parley.Webhook)) error {
			_, err := h.Update(t.Context(), h.by, w.ID, version, func(w *parley.Webhook) error {
				change(w)
				return nil
			})
			return err
		}
		good := func(w *parley.Webhook) { w.Transformation = "const transform = (event) => event" }
		bad := func(w *parley.Webhook) { w.Transformation = "const transform = (event) =>" }
		checkFields(t, change(noun.AnyVersion, bad), "body.transformation")
		if err := change(w.Sequence+1, bad); parley.KindOf(err) != parley.Stale {
			t.Errorf("a change to another version: %v", err)
		}
		if err := change(w.Sequence, good); err != nil {
			t.Fatal(err)
		}

		h.RunIn(nil)
		if err := change(noun.AnyVersion, func(w *parley.Webhook) { w.Description = "CRM" }); err != nil {
			t.Errorf("a change of something else: %v", err)
		}
		if err := change(noun.AnyVersion, good); err != nil {
			t.Errorf("a change to what it is: %v", err)
		}
		if err := change(noun.AnyVersion, bad); parley.KindOf(err) != parley.Unavailable {
			t.Errorf("without a sandbox: %v", err)
		}
		if err := change(noun.AnyVersion, func(w *parley.Webhook) { w.Transformation = "\n" }); err != nil {
			t.Errorf("a change to none: %v", err)
		}
		if got := h.load(t, w.ID).Webhook; got.Transformation != "" || got.Description != "CRM" {
			t.Errorf("the endpoint is %+v", got)
		}
	})
}
