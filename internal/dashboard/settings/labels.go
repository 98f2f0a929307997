package settings

import (
	"fmt"
	"strconv"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/store"
)

func labelNoun(s *page.Site) configured[parley.Label] {
	return configured[parley.Label]{
		place: labels, scopes: "labels", one: "label", plural: "Labels",
		table: store.Labels, update: s.Conversations.Labels.Update, remove: s.Conversations.Labels.Delete,
		create: func(r *page.Request, l parley.Label) error {
			made, err := r.Site.Conversations.Labels.Create(r.Context(), r.Caller(), l)
			if err != nil {
				return err
			}
			return r.Done(labels, "The label "+made.Name+" was created.")
		},
		list: listing[parley.Label]{
			about: "Words that conversations are sorted by. Anyone who answers can put them on.",
			icon:  "label", none: "There are no labels yet", noneText: "Labels sort conversations: what they are about, or what is to be done.",
			searched: []string{"name", "description"}, rows: labelLines,
		},
		id:   func(l parley.Label) string { return string(l.ID) },
		name: func(l parley.Label) string { return l.Name },
		fields: func(_ *page.Request, set form.Set, of *parley.Label) (form.Set, error) {
			set = set.Only("name", "description", "color").Change("color", func(f *form.Field) { f.Help = "" })
			if of != nil {
				set = set.Change("name", func(f *form.Field) { f.Help = "A new name takes the place of the old one on every conversation" })
			}
			return set, nil
		},
		drawn: drawLabel,
		going: func(l parley.Label) deletion {
			return deletion{
				Verb: "Delete", Question: "Delete the label " + l.Name + "?",
				Text: "It is taken off every conversation that has it. The conversations stay.",
			}
		},
	}
}

// suggested are colours that can be told apart, in either theme.
var suggested = []struct{ Color, Name string }{
	{"#64748b", "Grey"},
	{"#dc2626", "Red"},
	{"#ea580c", "Orange"},
	{"#ca8a04", "Yellow"},
	{"#16a34a", "Green"},
	{"#0d9488", "Teal"},
	{"#2563eb", "Blue"},
	{"#4f46e5", "Indigo"},
	{"#7c3aed", "Violet"},
	{"#c026d3", "Magenta"},
	{"#db2777", "Pink"},
	{"#78350f", "Brown"},
}

func drawLabel(r *page.Request, v *formView, of *parley.Label) error {
	v.Within = labelPreview(v.Form.Values.Get("name"), v.Form.Values.Get("color"))
	if of == nil {
		return nil
	}
	used, err := labelUse(r, of.Name)
	if err == nil {
		v.About = "On " + used.words() + "."
	}
	return err
}

// uses is on how many conversations a label is, up to mostUses.
type uses int

// mostUses is how far is counted: a list must not take long.
const mostUses = 1000

func (n uses) String() string {
	if n >= mostUses {
		return strconv.Itoa(mostUses) + "+"
	}
	return strconv.Itoa(int(n))
}

func (n uses) words() string {
	switch n {
	case 0:
		return "no conversation"
	case 1:
		return "one conversation"
	}
	return n.String() + " conversations"
}

func labelUse(r *page.Request, name string) (n uses, err error) {
	err = r.Site.DB.Read().QueryRow(r.Context(), `
		select count(*)
		from (select 1 from conversation_labels where org_id = $1 and label = $2 limit $3) as found`,
		string(r.Org()), name, mostUses).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the uses of a label: %w", err)
	}
	return n, nil
}

// labelLine is a label with on how many conversations it is.
type labelLine struct {
	parley.Label
	Uses uses
}

func labelLines(r *page.Request, found []parley.Label, may bool) (templ.Component, error) {
	lines := make([]labelLine, 0, len(found))
	for _, l := range found {
		n, err := labelUse(r, l.Name)
		if err != nil {
			return nil, err
		}
		lines = append(lines, labelLine{l, n})
	}
	return labelRows(lines, may), nil
}
