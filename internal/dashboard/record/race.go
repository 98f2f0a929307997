package record

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/eventlog"
)

// mostMeanwhile is how many changes are told to somebody who was too late.
const mostMeanwhile = 50

// lost shows the form again to somebody whose object was changed while they filled it
// in: what they typed stays, what they had not changed is as it is now, and what was
// changed meanwhile is told. Version is the object's that they knew.
func (k *Kind[T]) lost(r *page.Request, set form.Set, version int64) error {
	now, err := k.get(r)
	if err != nil {
		return err
	}
	events, _, err := r.Site.Log.Search(r.Context(), r.Org(), eventlog.Search{
		Filter: k.events(k.id(&now)), After: version, Limit: mostMeanwhile,
	})
	if err != nil {
		return err
	}
	entries, known, err := k.entries(r, events)
	if err != nil {
		return err
	}
	fresh := form.Values(now, set, r.Zone())
	s := k.editForm(r, set, fresh, now)
	if base := before(now, events); base != nil {
		s.Form.Values = merged(r, set, form.Values(base, set, r.Zone()), fresh)
	} else {
		s.Form.Values = r.PostForm
	}
	slices.Reverse(entries)
	s.Notice = lostNotice(k.one(), entries, known)
	return k.showForm(r, s, http.StatusConflict)
}

// merged is what stands in a form that was filled in for an object which was changed
// meanwhile: where nobody typed, what is there now, else what was typed.
func merged(r *page.Request, set form.Set, base, now url.Values) url.Values {
	values := url.Values{}
	for _, f := range set.Fields {
		only := form.Set{Verb: set.Verb, Fields: []form.Field{f}}
		from := r.PostForm
		if same(form.Body(r.PostForm, only, r.Zone()), form.Body(base, only, r.Zone())) {
			from = now
		}
		for name, given := range from {
			if name == f.Name || strings.HasPrefix(name, f.Name+".") || strings.HasPrefix(name, f.Name+"[") {
				values[name] = given
			}
		}
	}
	for name, given := range now { // amounts mean nothing without their currency
		if _, there := values[name]; !there && name == "currency" {
			values[name] = given
		}
	}
	return values
}

// same tells whether two bodies say the same of a field: nothing and null do.
func same(a, b json.RawMessage) bool {
	decoded := func(raw json.RawMessage) map[string]any {
		var body map[string]any
		_ = json.Unmarshal(raw, &body) // we wrote it
		return without(body)
	}
	return reflect.DeepEqual(decoded(a), decoded(b))
}

// without leaves out what is nothing.
func without(body map[string]any) map[string]any {
	left := map[string]any{}
	for name, value := range body {
		if inner, ok := value.(map[string]any); ok {
			if inner = without(inner); len(inner) > 0 {
				left[name] = inner
			}
		} else if list, ok := value.([]any); value != nil && value != "" && (!ok || len(list) > 0) {
			left[name] = value
		}
	}
	return left
}

// before is an object as it was before some events, oldest first, changed it; nil if
// they do not tell.
func before(now any, events []*parley.Event) map[string]json.RawMessage {
	raw, err := json.Marshal(now)
	if err != nil {
		return nil
	}
	var base map[string]json.RawMessage
	if json.Unmarshal(raw, &base) != nil {
		return nil
	}
	for i := len(events) - 1; i >= 0; i-- {
		var data struct {
			Previous map[string]json.RawMessage `json:"previous"`
		}
		if json.Unmarshal(events[i].Data, &data) != nil {
			return nil
		}
		for name, value := range data.Previous {
			base[name] = value
		}
	}
	return base
}
