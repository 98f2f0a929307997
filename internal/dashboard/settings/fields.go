package settings

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/store"
)

func customFieldNoun(s *page.Site) configured[parley.CustomField] {
	return configured[parley.CustomField]{
		place: customFields, scopes: "custom_fields", one: "custom field", plural: "Custom fields",
		table: store.CustomFields, update: s.Account.CustomFields.Update, remove: s.Account.CustomFields.Delete,
		create: func(r *page.Request, f parley.CustomField) error {
			made, err := r.Site.Account.CustomFields.Create(r.Context(), r.Caller(), f)
			if err != nil {
				return err
			}
			return r.Done(customFields+"?object="+made.Object, "The custom field "+made.Name+" was created.")
		},
		list: listing[parley.CustomField]{
			about: "Values of your own, each with a type, on the objects that you keep.",
			icon:  "field", none: "There are no custom fields here", noneText: "A custom field keeps what Parley does not know of: a size, a date of birth, the number of an order.",
			searched: []string{"name", "key"},
			within:   func(r *page.Request) url.Values { return url.Values{"object": {objectOf(r)}} },
			narrowed: func(r *page.Request, f *store.Filter) { f.And("object = ?", objectOf(r)) },
			above:    func(r *page.Request) templ.Component { return objectTabs(objectOf(r)) },
			below:    aboutSystemIDs(),
			rows: func(_ *page.Request, found []parley.CustomField, may bool) (templ.Component, error) {
				return customFieldRows(found, may), nil
			},
		},
		id:   func(f parley.CustomField) string { return string(f.ID) },
		name: func(f parley.CustomField) string { return f.Name },
		fields: func(r *page.Request, set form.Set, of *parley.CustomField) (form.Set, error) {
			return customFieldForm(r, set, of), nil
		},
		drawn: func(_ *page.Request, v *formView, of *parley.CustomField) error {
			if of != nil {
				v.List.URL += "?object=" + of.Object
				v.Above = customFieldFacts(*of)
			}
			return nil
		},
		going: func(f parley.CustomField) deletion {
			return deletion{
				Verb: "Delete", Question: "Delete the custom field " + f.Name + "?",
				Text: "Values that were entered stay in the data of each object, but are not shown in forms any more and cannot be changed. Placeholders with its system id stay empty.",
			}
		},
	}
}

// objects are the kinds of object that can have custom fields, as the noun has them.
var objects = func() []form.Option {
	set := form.Of[parley.CustomField](form.Create)
	at := slices.IndexFunc(set.Fields, func(f form.Field) bool { return f.Name == "object" })
	return set.Fields[at].Options
}()

// objectOf is the kind of object that a list of custom fields is about.
func objectOf(r *page.Request) string {
	wanted := r.Query("object")
	if slices.ContainsFunc(objects, func(o form.Option) bool { return o.Value == wanted }) {
		return wanted
	}
	return objects[0].Value
}

func customFieldForm(r *page.Request, set form.Set, of *parley.CustomField) form.Set {
	if of == nil {
		set = set.Only("object", "name", "key", "type", "options").
			Change("object", func(f *form.Field) { f.Default = objectOf(r) }).
			Change("key", func(f *form.Field) {
				f.Help = "What programs call it: up to 60 of a-z, 0-9 and _, starting with a letter. Cannot be changed later"
			})
	} else if of.Type != "select" {
		return set.Without("options")
	}
	return set.Change("options", func(f *form.Field) {
		f.Help = "What there is to choose from, one on each line"
		if of != nil {
			f.Help += ". Values that were chosen before stay where they are"
		}
		f.Placeholder = "Small\nMedium\nLarge"
	})
}

// placeholder is how a text of a webhook script names the field: see reference 002.
func placeholder(f parley.CustomField) string {
	return "{{ czCol." + strconv.FormatInt(f.SystemID, 10) + " }}"
}
