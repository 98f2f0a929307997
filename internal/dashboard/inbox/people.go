package inbox

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/noun"
	"parley/internal/store"
)

// knownAtMost is how many agents, teams, inboxes and labels menus offer.
const knownAtMost = 500

// house is what conversations are given to and sorted by, by name.
type house struct {
	Users   []parley.User
	Teams   []parley.Team
	Inboxes []parley.Inbox
	Labels  []parley.Label
}

func readHouse(r *page.Request) (h house, err error) {
	ctx, org, v := r.Context(), r.Org(), r.Site.Verbs
	if h.Users, err = all(ctx, org, v.Account.Users, func(u parley.User) string { return u.Name }); err != nil {
		return h, err
	}
	if h.Teams, err = all(ctx, org, v.Account.Teams, func(t parley.Team) string { return t.Name }); err != nil {
		return h, err
	}
	if h.Inboxes, err = all(ctx, org, v.Account.Inboxes, func(i parley.Inbox) string { return i.Name }); err != nil {
		return h, err
	}
	h.Labels, err = all(ctx, org, v.Conversations.Labels, func(l parley.Label) string { return l.Name })
	return h, err
}

func all[T, D any](ctx context.Context, org parley.OrganizationID, n *noun.Noun[T, D], name func(T) string) ([]T, error) {
	objs, _, err := n.List(ctx, org, store.Page{Limit: knownAtMost}, store.Filter{})
	objs = slices.Clone(objs)
	slices.SortFunc(objs, func(a, b T) int { return cmp.Compare(strings.ToLower(name(a)), strings.ToLower(name(b))) })
	return objs, err
}

// User is an agent's name, "" if there is none of the id.
func (h house) User(id *parley.UserID) string {
	if id == nil {
		return ""
	}
	for _, u := range h.Users {
		if u.ID == *id {
			return u.Name
		}
	}
	return "Somebody who has left"
}

// Team is a team's name, "" if there is none of the id.
func (h house) Team(id *parley.TeamID) string {
	if id == nil {
		return ""
	}
	for _, t := range h.Teams {
		if t.ID == *id {
			return t.Name
		}
	}
	return ""
}

// Inbox is an inbox's name.
func (h house) Inbox(id parley.InboxID) string {
	for _, i := range h.Inboxes {
		if i.ID == id {
			return i.Name
		}
	}
	return ""
}

// Color is that of a label.
func (h house) Color(label string) string {
	for _, l := range h.Labels {
		if l.Name == label {
			return l.Color
		}
	}
	return "#64748b"
}
