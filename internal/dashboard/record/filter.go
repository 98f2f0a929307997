package record

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
	"parley/internal/store"
)

// Filter says which objects a list has. In the address it is a parameter of its name.
type Filter struct {
	Name    string
	Label   string   // for those who do not see it
	Choices []Choice // the first is what an address without any filter means

	people bool   // the users of the organization may be chosen too
	teams  bool   // so may its teams
	column string // a filter by an id that links give; it is shown as something that can be taken off
}

// Choice is a way to filter.
type Choice struct {
	Value, Label string
	Where        func(*store.Filter, *page.Request) // nil: it lets everything through
}

// any is what the choice is called that lets everything through, if it is not the first.
const anything = "any"

// Any is the choice that lets everything through.
func Any(text string) Choice { return Choice{Value: anything, Label: text} }

// Is lets those through whose column is one of some words.
func Is(text, column string, words ...string) Choice {
	return Choice{Value: strings.Join(words, "-"), Label: text, Where: func(f *store.Filter, _ *page.Request) {
		var either store.Filter
		for _, word := range words {
			either.And(column+" = ?", word)
		}
		f.Either(either)
	}}
}

// Words is a filter by a column that is one of some words.
func Words(column, all string, words ...string) Filter {
	f := Filter{Name: column, Label: label(column), Choices: []Choice{Any(all)}}
	for _, word := range words {
		f.Choices = append(f.Choices, Is(form.Label(word), column, word))
	}
	return f
}

// Whose is a filter by the user that a column names: mine, nobody's, somebody's.
func Whose(column, all string) Filter {
	f := Filter{Name: column, Label: label(column), Choices: []Choice{
		Any(all),
		{Value: "me", Label: "Mine", Where: func(f *store.Filter, r *page.Request) { f.And(column+" = ?", string(r.User.ID)) }},
	}, people: true}
	return f
}

// OrNobody adds that of nobody to a filter by the user that a column may name.
func (f Filter) OrNobody() Filter {
	f.Choices = append(f.Choices, Choice{Value: "none", Label: "Nobody's", Where: isNull(f.Name)})
	return f
}

// Team is a filter by the team that a column may name.
func Team(column string) Filter {
	return Filter{Name: column, Label: "Team", Choices: []Choice{Any("Any team"), {Value: "none", Label: "No team", Where: isNull(column)}}, teams: true}
}

// Of is a filter by an object that a column names. It stands in links only.
func Of(column string) Filter { return Filter{Name: column, Label: label(column), column: column} }

func isNull(column string) func(*store.Filter, *page.Request) {
	return func(f *store.Filter, _ *page.Request) { f.And(column + " is null") }
}

// Days is a way to filter by a moment: from the beginning of one day to that of another,
// both counted from today in the viewer's zone.
func Days(value, text, column string, from, until int) Choice {
	return Choice{Value: value, Label: text, Where: func(f *store.Filter, r *page.Request) {
		now := time.Now().In(r.Zone())
		day := func(n int) int64 {
			return int64(parley.At(time.Date(now.Year(), now.Month(), now.Day()+n, 0, 0, 0, 0, now.Location())))
		}
		f.And(column+" >= ?", day(from))
		f.And(column+" < ?", day(until))
	}}
}

// Ever is so many days that there are none before or after them.
const Ever = 200_000

// chosen is a filter as a request has it.
type chosen struct {
	Filter
	Value   string
	options []form.Option
	name    string // of the object, if it is a filter by one
}

// filtered tells whether the address of a request says anything of which objects it is
// about.
func (k *Kind[T]) filtered(r *page.Request) bool {
	return r.Query("q") != "" || slices.ContainsFunc(k.Filters, func(f Filter) bool { return r.Query(f.Name) != "" })
}

// chosen are the filters of a list as a request has them.
func (k *Kind[T]) chosen(r *page.Request) ([]chosen, error) {
	all := make([]chosen, 0, len(k.Filters))
	for _, f := range k.Filters {
		c := chosen{Filter: f, Value: r.Query(f.Name)}
		if err := c.complete(r, k.filtered(r)); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// complete finds out what there is to choose from, and what is chosen if nothing is.
func (c *chosen) complete(r *page.Request, filtered bool) (err error) {
	if c.column != "" {
		if c.Value != "" {
			known, err := r.Names(r.Context(), c.Value)
			c.name = known.Of(c.Value)
			return err
		}
		return nil
	}
	for _, choice := range c.Choices {
		c.options = append(c.options, form.Option{Value: choice.Value, Label: choice.Label})
	}
	if c.people {
		err = c.add(r, "user")
	} else if c.teams {
		err = c.add(r, "team")
	}
	switch isOption := func(o form.Option) bool { return o.Value == c.Value }; {
	case slices.ContainsFunc(c.options, isOption):
	case filtered && slices.ContainsFunc(c.Choices, func(choice Choice) bool { return choice.Value == anything }):
		c.Value = anything
	default:
		c.Value = c.Choices[0].Value
	}
	return err
}

// mostListed is how many users or teams a filter lists.
const mostListed = 100

// add adds the objects of a noun to the options, and the one that is chosen.
func (c *chosen) add(r *page.Request, noun string) error {
	if scope, _ := names.Scope(noun); !r.Allows(scope) {
		return nil
	}
	all, err := names.All(r.Context(), r.Site.DB.Read(), r.Org(), noun, mostListed)
	if err != nil {
		return err
	}
	if names.NounOf(c.Value) == noun && !slices.ContainsFunc(all, func(f names.Found) bool { return f.ID == c.Value }) {
		if name := r.Title(noun, c.Value); name != "" {
			all = append(all, names.Found{ID: c.Value, Name: name})
		}
	}
	for _, f := range all {
		c.options = append(c.options, form.Option{Value: f.ID, Label: f.Name})
	}
	return nil
}

// narrow lets only those through that are chosen.
func (c chosen) narrow(f *store.Filter, r *page.Request) {
	switch i := slices.IndexFunc(c.Choices, func(choice Choice) bool { return choice.Value == c.Value }); {
	case i >= 0:
		if where := c.Choices[i].Where; where != nil {
			where(f, r)
		}
	case c.Value != "":
		f.And(cmp.Or(c.column, c.Name)+" = ?", c.Value)
	}
}
