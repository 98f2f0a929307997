package record

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/schema"
)

// Verb is something that is done with an object besides changing it.
type Verb[T any] struct {
	Name  string   // "complete": its address
	Label string   // of its button
	From  []string // the statuses from which it leads; empty: all
	Key   string   // that does it
	Main  bool     // it is what one mostly wants to do
	Bad   bool     // it is the end of something
	Done  string   // what is said when it is done

	Confirm string // asked before; "": nothing is
	Text    string // what it does, for the question or above the form

	// What it asks for; nil: nothing.
	Asks   func() form.Set
	Values func(T) any // what stands in the form at first; nil: nothing

	Do func(ctx context.Context, by parley.Caller, id string, body json.RawMessage) error
}

// ByID is the Do of a verb that asks for nothing.
func ByID[T any, I ~string](do func(context.Context, parley.Caller, I) (T, error)) func(context.Context, parley.Caller, string, json.RawMessage) error {
	return func(ctx context.Context, by parley.Caller, id string, _ json.RawMessage) error {
		_, err := do(ctx, by, I(id))
		return err
	}
}

// With is the Do of a verb that asks for the fields of a B.
func With[T, B any, I ~string](do func(context.Context, parley.Caller, I, B) (T, error)) func(context.Context, parley.Caller, string, json.RawMessage) error {
	return func(ctx context.Context, by parley.Caller, id string, raw json.RawMessage) error {
		var body B
		if err := schema.ReadCreate(raw, &body); err != nil {
			return err
		}
		_, err := do(ctx, by, I(id), body)
		return err
	}
}

func (v Verb[T]) asks() bool { return v.Asks != nil }

// button is a verb as it is offered for an object.
type button struct {
	Name, Label, Key, URL string
	Main, Bad, Asks       bool
	Confirm, Text         string
	Back                  string // where it leads when it is done; "": to the object
	For                   string // what the object is called
}

// buttons are the verbs that an object's status allows, for whoever may do them.
func (k *Kind[T]) buttons(r *page.Request, obj T) (all []button) {
	if !r.Allows(k.write()) {
		return nil
	}
	for _, v := range k.Verbs {
		if len(v.From) > 0 && !slices.Contains(v.From, k.status(obj)) {
			continue
		}
		all = append(all, button{
			Name: v.Name, Label: v.Label, Key: v.Key, URL: k.at(k.id(&obj)) + "/" + v.Name,
			Main: v.Main, Bad: v.Bad, Asks: v.asks(), Confirm: v.Confirm, Text: v.Text, For: k.called(obj),
		})
	}
	return all
}

func (b button) class() string {
	switch {
	case b.Main:
		return "button primary"
	case b.Bad:
		return "button danger"
	}
	return "button"
}

// do does a verb.
func (k *Kind[T]) do(v Verb[T]) func(*page.Request) error {
	return func(r *page.Request) error {
		if err := r.ReadForm(); err != nil {
			return err
		}
		obj, err := k.get(r)
		if err != nil {
			return err
		}
		var body json.RawMessage
		if v.asks() {
			body = form.Body(r.PostForm, v.Asks(), r.Zone())
		}
		id := k.id(&obj)
		switch err := v.Do(r.Context(), r.Caller(), id, body); {
		case err == nil:
			return r.Done(k.back(r, id), v.Done)
		case v.asks():
			return k.refused(r, k.verbForm(r, v, obj, r.PostForm), err)
		case parley.KindOf(err) == parley.Conflict:
			return k.detailWith(r, err)
		default:
			return err
		}
	}
}

// ask shows the form of a verb.
func (k *Kind[T]) ask(v Verb[T]) func(*page.Request) error {
	return func(r *page.Request) error {
		obj, err := k.get(r)
		if err != nil {
			return err
		}
		values := v.Asks().Blank()
		if v.Values != nil {
			values = form.Values(v.Values(obj), v.Asks(), r.Zone())
		}
		return k.showForm(r, k.verbForm(r, v, obj, values), 0)
	}
}

func (k *Kind[T]) verbForm(r *page.Request, v Verb[T], obj T, values url.Values) sheet {
	s := k.sheet(r, v.Asks(), values)
	s.Title, s.Text, s.Button, s.Bad = v.Label, v.Text, v.Label, v.Bad
	s.Crumbs = append(s.Crumbs, ui.Link{Text: k.called(obj), URL: k.at(k.id(&obj))})
	s.Cancel = k.at(k.id(&obj))
	return s
}

// back is where a form leads that was posted: where it came from, or to the object.
func (k *Kind[T]) back(r *page.Request, id string) string {
	if to := r.PostForm.Get("back"); to == k.path() || strings.HasPrefix(to, k.path()+"?") {
		return to
	}
	return k.at(id)
}

// remove deletes an object.
func (k *Kind[T]) remove(r *page.Request) error {
	obj, err := k.get(r)
	if err != nil {
		return err
	}
	err = k.Delete(r.Context(), r.Caller(), k.id(&obj))
	if parley.KindOf(err) == parley.Conflict {
		return k.detailWith(r, err)
	}
	if err != nil {
		return err
	}
	return r.Done(k.path(), "The "+k.one()+" is deleted.")
}

// refused shows a form again, with what was wrong with it.
func (k *Kind[T]) refused(r *page.Request, s sheet, err error) error {
	failed, ok := s.Form.Fail(err)
	if !ok || parley.KindOf(err) == parley.NotFound || parley.KindOf(err) == parley.Forbidden {
		return err
	}
	s.Form = failed
	return k.showForm(r, s, http.StatusUnprocessableEntity)
}

// keys are the attributes by which keys and the palette find the button.
func (b button) keys() templ.Attributes {
	a := templ.Attributes{}
	if b.Back != "" {
		return a // there are many
	}
	a["data-command"] = b.Label
	if b.Key != "" {
		a["data-key"] = b.Key
	}
	return a
}

// confirm are the attributes by which is asked before.
func (b button) confirm() templ.Attributes {
	if b.Confirm == "" {
		return templ.Attributes{}
	}
	return templ.Attributes{"data-confirm": b.Confirm, "data-confirm-text": b.Text, "data-confirm-button": b.Label}
}
