package settings

import (
	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/store"
)

func teamNoun(s *page.Site) configured[parley.Team] {
	return configured[parley.Team]{
		place: teams, scopes: "teams", one: "team", plural: "Teams",
		table: store.Teams, update: s.Account.Teams.Update, remove: s.Account.Teams.Delete,
		create: func(r *page.Request, t parley.Team) error {
			made, err := r.Site.Account.Teams.Create(r.Context(), r.Caller(), t)
			if err != nil {
				return err
			}
			return r.Done(teams, "The team "+made.Name+" was created.")
		},
		list: listing[parley.Team]{
			about: "Groups of members that conversations, tasks and tickets are given to.",
			icon:  "team", none: "There are no teams yet", noneText: "Give work to a team where it does not matter who of them does it.",
			searched: []string{"name", "description"},
			rows: func(r *page.Request, found []parley.Team, may bool) (templ.Component, error) {
				names, err := namesOf(r)
				return teamRows(found, names, may), err
			},
		},
		id:   func(t parley.Team) string { return string(t.ID) },
		name: func(t parley.Team) string { return t.Name },
		fields: func(r *page.Request, set form.Set, _ *parley.Team) (form.Set, error) {
			set = set.Change("member_ids", func(f *form.Field) { f.Label, f.Help = "Members", "" })
			users, err := everybody(r)
			if err != nil || len(users) > mostTicked {
				return set, err
			}
			options := make([]form.Option, 0, len(users))
			for _, u := range users {
				options = append(options, form.Option{Value: string(u.ID), Label: u.Name + " · " + u.Email})
			}
			return set.Options("member_ids", options...), nil
		},
		drawn: func(r *page.Request, v *formView, _ *parley.Team) error {
			names, err := namesOf(r)
			v.Form.Title = func(_, id string) string { return names[parley.UserID(id)] }
			return err
		},
		going: func(t parley.Team) deletion {
			return deletion{
				Verb: "Delete", Question: "Delete the team " + t.Name + "?",
				Text: "Its members stay in the organization. A team that something is assigned to cannot be deleted.",
			}
		},
	}
}

// mostTicked is how many users a form lists with a box for each; of more they are
// searched.
const mostTicked = 100

// namesOf are the names of the organization's users.
func namesOf(r *page.Request) (map[parley.UserID]string, error) {
	users, err := everybody(r)
	names := make(map[parley.UserID]string, len(users))
	for _, u := range users {
		names[u.ID] = u.Name
	}
	return names, err
}

// mostShown is how many members of a team a list names.
const mostShown = 6
