package settings

import (
	"net/http"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/account"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
)

func memberNoun(s *page.Site) configured[parley.User] {
	return configured[parley.User]{
		place: members, scopes: "users", one: "member", plural: "Members", verb: "Invite",
		table: store.Users, update: s.Account.Users.Update, remove: s.Account.Users.Delete,
		create: func(r *page.Request, u parley.User) error {
			made, secret, err := r.Site.Account.Invite(r.Context(), r.Caller(), u)
			if err != nil {
				return err
			}
			return showInvitation(r, made, secret)
		},
		list: listing[parley.User]{
			about: "Who works in this organization, and what they may do.",
			icon:  "person", none: "There are no members yet", noneText: "Invite those who answer with you.",
			searched: []string{"name", "email"}, filters: []string{"role", "signs_in"}, narrowed: narrowMembers,
			beside: func(r *page.Request) templ.Component { return memberFilters(r.Query("role"), r.Query("signs_in")) },
			rows:   memberLines,
		},
		id:   func(u parley.User) string { return string(u.ID) },
		name: func(u parley.User) string { return u.Name },
		fields: func(_ *page.Request, set form.Set, of *parley.User) (form.Set, error) {
			set = set.Change("role", func(f *form.Field) {
				f.Help = "Agents answer and work on records. Admins and owners also change settings, members and the developers’ pages"
			})
			if of != nil {
				set = set.Change("email", func(f *form.Field) {
					f.Help = "Who signs in: with another email, the person needs a new invitation"
				})
			}
			return set, nil
		},
		drawn: drawMember,
		going: func(u parley.User) deletion {
			return deletion{
				Verb: "Remove", Question: "Remove " + u.Name + "?",
				Text: "They leave their teams, their personal API keys stop working, and they cannot enter this organization any more. What they wrote stays.",
			}
		},
	}
}

// standing is how far a member is with signing in.
type standing struct {
	Tone  ui.Tone
	Text  string
	Until *parley.Time
}

// notInvited is what is said of those who have no way in yet.
const notInvited = "Not invited"

func standingOf(j account.Joining) standing {
	switch {
	case j.Joined:
		return standing{Tone: ui.Good, Text: "Joined"}
	case j.InvitedUntil == nil:
		return standing{Text: notInvited}
	case *j.InvitedUntil <= parley.Now():
		return standing{Tone: ui.Warn, Text: "Invitation expired"}
	}
	return standing{Tone: ui.Accent, Text: "Invited until", Until: j.InvitedUntil}
}

func drawMember(r *page.Request, v *formView, of *parley.User) error {
	if of == nil {
		v.About = "You get a link to send them. With it they sign in, once, within seven days."
		return nil
	}
	joined, err := r.Site.Account.Joined(r.Context(), r.Org(), []parley.User{*of})
	if err != nil {
		return err
	}
	in, _, err := r.Site.Account.Teams.List(r.Context(), r.Org(), store.Page{Limit: listAtOnce}, account.WithMember(string(of.ID)))
	v.Above = memberFacts(*of, standingOf(joined[of.ID]), in)
	return err
}

// inviteAgain makes a new link for somebody who has not come in yet.
func inviteAgain(r *page.Request) error {
	u, secret, err := r.Site.Account.InviteAgain(r.Context(), r.Caller(), parley.UserID(r.PathValue("id")))
	if parley.KindOf(err) == parley.Conflict {
		return r.Done(members, reason(err))
	}
	if err != nil {
		return err
	}
	return showInvitation(r, u, secret)
}

// showInvitation shows the link of an invitation, which is not kept and cannot be shown
// again.
func showInvitation(r *page.Request, u parley.User, secret string) error {
	return Show(r, members, "Invitation for "+u.Name, http.StatusOK, invitationPage(u, r.Base()+"/invitation/"+secret))
}

// memberLine is a member with how far they are.
type memberLine struct {
	parley.User
	Standing standing
}

func memberLines(r *page.Request, found []parley.User, may bool) (templ.Component, error) {
	joined, err := r.Site.Account.Joined(r.Context(), r.Org(), found)
	lines := make([]memberLine, 0, len(found))
	for _, u := range found {
		lines = append(lines, memberLine{u, standingOf(joined[u.ID])})
	}
	return memberRows(lines, r.User.ID, may), err
}

// standings are what members are chosen by that says how far they are with signing in.
var standings = []form.Option{{Value: "joined", Label: "Joined"}, {Value: "invited", Label: "Invited"}, {Value: "no", Label: notInvited}}

// narrowMembers lets only those through whom the filters ask for.
func narrowMembers(r *page.Request, f *store.Filter) {
	if role := r.Query("role"); role != "" {
		f.And("role = ?", role)
	}
	const (
		joined  = "exists (select 1 from memberships m where m.org_id = users.org_id and m.user_id = users.id and m.email = lower(users.email))"
		invited = "exists (select 1 from invitations i where i.org_id = users.org_id and i.user_id = users.id and i.email = lower(users.email))"
	)
	switch r.Query("signs_in") {
	case "joined":
		f.And(joined)
	case "invited":
		f.And("not " + joined + " and " + invited)
	case "no":
		f.And("not " + joined + " and not " + invited)
	}
}

var roles = []parley.Role{parley.Owner, parley.Admin, parley.Agent}
