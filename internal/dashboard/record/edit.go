package record

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/schema"
	"parley/internal/store"
)

// sheet is a page with one form.
type sheet struct {
	Title, Text string
	Crumbs      []ui.Link
	Form        form.Form
	Button      string
	Bad         bool
	Cancel      string
	Sequence    int64           // of the object that is changed; 0: none is
	Notice      templ.Component // above the form; nil: nothing is
}

// sequenceField is the input that says which version of the object the form is about.
const sequenceField = "sequence"

func (k *Kind[T]) sheet(r *page.Request, set form.Set, values url.Values) sheet {
	return sheet{
		Crumbs: []ui.Link{k.crumb()}, Cancel: k.path(),
		Form: form.Form{Set: Chosen(r, set), Values: values, Zone: r.Zone(), Pick: page.Pick, Title: r.Title},
	}
}

func (k *Kind[T]) showForm(r *page.Request, s sheet, status int) error {
	show := k.show()
	show.Title, show.Width, show.Status = s.Title, ui.Narrow, status
	return r.Page(show, formPage(s))
}

// fewEnough is how many objects there may be for a choice to be better than a search.
const fewEnough = 50

// Chosen lets the references of a set be chosen, and not searched, of whose nouns an
// organization mostly has few, and has: users, teams, inboxes, pipelines, portals.
func Chosen(r *page.Request, set form.Set) form.Set {
	for _, f := range set.Fields {
		if f.Kind != form.Reference || f.Options != nil || !slices.Contains([]string{"user", "team", "inbox", "pipeline", "portal"}, f.Noun) {
			continue
		}
		if scope, _ := names.Scope(f.Noun); !r.Allows(scope) {
			continue
		}
		all, err := names.All(r.Context(), r.Site.DB.Read(), r.Org(), f.Noun, fewEnough+1)
		if err != nil || len(all) > fewEnough || len(all) == 0 {
			continue // it is searched then
		}
		options := make([]form.Option, 0, len(all))
		for _, one := range all {
			options = append(options, form.Option{Value: one.ID, Label: one.Name})
		}
		set = set.Options(f.Name, options...)
	}
	return set
}

// fields are the fields of the form that makes or changes an object, with the custom
// fields that are defined.
func (k *Kind[T]) fields(verb form.Verb, defined []parley.CustomField) form.Set {
	set := form.Of[T](verb)
	var kept []string
	for _, name := range k.Form {
		if slices.ContainsFunc(set.Fields, func(f form.Field) bool { return f.Name == name }) {
			kept = append(kept, name)
		} else if !has[T](name) {
			panic("record: a " + k.Noun + " has no field " + name)
		}
	}
	set = set.Only(kept...)
	for name, text := range k.Labels {
		if slices.Contains(kept, name) {
			set = set.Label(name, text)
		}
	}
	for name, text := range k.Help {
		if slices.Contains(kept, name) {
			set = set.Change(name, func(f *form.Field) { f.Help = text })
		}
	}
	if slices.Contains(kept, "custom_fields") {
		set = set.Custom(defined)
	}
	return set
}

// defined are the custom fields of the noun.
func (k *Kind[T]) defined(r *page.Request) ([]parley.CustomField, error) {
	if !has[T]("custom_fields") {
		return nil, nil
	}
	all, _, err := store.CustomFields.List(r.Context(), r.Site.DB.Read(), r.Org(), store.Page{Limit: store.MaxFields}, store.Where("object = ?", k.Noun))
	slices.Reverse(all) // as they were made
	return all, err
}

// blank shows the form that makes an object. What the address says of fields stands in
// it already.
func (k *Kind[T]) blank(r *page.Request) error {
	defined, err := k.defined(r)
	if err != nil {
		return err
	}
	set := k.fields(form.Create, defined)
	values := set.Blank()
	if k.Blank != nil {
		k.Blank(r, values)
	}
	for _, f := range set.Fields {
		if given := r.Query(f.Name); given != "" {
			values.Set(f.Name, given)
		}
	}
	return k.showForm(r, k.newForm(r, set, values), 0)
}

func (k *Kind[T]) newForm(r *page.Request, set form.Set, values url.Values) sheet {
	s := k.sheet(r, set, values)
	s.Title, s.Button = "New "+k.one(), "Create "+k.one()
	return s
}

// create makes an object.
func (k *Kind[T]) create(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	defined, err := k.defined(r)
	if err != nil {
		return err
	}
	set := k.fields(form.Create, defined)
	var obj T
	schema.Defaults(&obj)
	err = schema.ReadCreate(form.Body(r.PostForm, set, r.Zone()), &obj)
	if err == nil {
		obj, err = k.Create(r.Context(), r.Caller(), obj)
	}
	if err != nil {
		return k.refused(r, k.newForm(r, set, r.PostForm), err)
	}
	return r.Done(k.at(k.id(&obj)), "The "+k.one()+" is made.")
}

// edit shows the form that changes an object.
func (k *Kind[T]) edit(r *page.Request) error {
	obj, err := k.get(r)
	if err != nil {
		return err
	}
	defined, err := k.defined(r)
	if err != nil {
		return err
	}
	set := k.fields(form.Update, defined)
	return k.showForm(r, k.editForm(r, set, form.Values(obj, set, r.Zone()), obj), 0)
}

func (k *Kind[T]) editForm(r *page.Request, set form.Set, values url.Values, obj T) sheet {
	s := k.sheet(r, set, values)
	s.Title, s.Button, s.Sequence = "Edit "+k.one(), "Save", k.sequence(&obj)
	s.Cancel = k.at(k.id(&obj))
	s.Crumbs = append(s.Crumbs, ui.Link{Text: k.called(obj), URL: s.Cancel})
	return s
}

// change changes an object, if it still is as it was when its form was shown.
func (k *Kind[T]) change(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	obj, err := k.get(r)
	if err != nil {
		return err
	}
	defined, err := k.defined(r)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(r.PostForm.Get(sequenceField), 10, 64)
	if err != nil || version < 1 {
		return parley.Errorf(parley.Malformed, "The form does not say which version of the %s it is about. Open it again, and repeat your change.", k.one())
	}
	set, id := k.fields(form.Update, defined), k.id(&obj)
	body := form.Body(r.PostForm, set, r.Zone())
	_, err = k.Update(r.Context(), r.Caller(), id, version, func(obj *T) error { return schema.ReadUpdate(body, obj) })
	switch {
	case err == nil:
		return r.Done(k.at(id), "The "+k.one()+" is saved.")
	case parley.KindOf(err) == parley.Stale:
		return k.lost(r, set, version)
	}
	s := k.editForm(r, set, r.PostForm, obj)
	s.Sequence = version
	return k.refused(r, s, err)
}
