package account

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
)

// maxTeams is how many teams an organization may have: those of a user who is deleted
// are looked for among all.
const maxTeams = 1000

func newTeams(db *database.DB, log *eventlog.Log) *noun.Noun[parley.Team, parley.TeamEvent] {
	return &noun.Noun[parley.Team, parley.TeamEvent]{
		DB: db, Log: log, Table: store.Teams,
		Created: parley.TeamCreated, Updated: parley.TeamUpdated, Deleted: parley.TeamDeleted,
		Data:  func(t parley.Team, p parley.Previous) parley.TeamEvent { return parley.TeamEvent{Team: t, Previous: p} },
		Check: checkTeam,
		Deleting: func(ctx context.Context, tx *database.Tx, by parley.Caller, t *parley.Team) error {
			return nothingAssigned(ctx, tx, by.Organization, "team", "team_id", string(t.ID), ofTeams())
		},
	}
}

func checkTeam(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Team) error {
	var old parley.Team
	if before != nil {
		old = *before
	} else if err := store.Teams.CheckRoom(ctx, tx, by.Organization, store.Filter{}, maxTeams, "An organization"); err != nil {
		return err
	}
	after.Name = strings.TrimSpace(after.Name)
	if after.Name == "" {
		return parley.InvalidField("body.name", "must not be blank")
	}
	if err := checkMembers(ctx, tx, by.Organization, old.MemberIDs, after.MemberIDs); err != nil || old.Name == after.Name {
		return err
	}
	_, taken, err := store.Teams.Find(ctx, tx, by.Organization, store.Where("name = ?", after.Name))
	if err == nil && taken {
		return taken409("body.name", "is already the name of a team")
	}
	return err
}

// checkMembers refuses members who are no users, and one who is named twice.
func checkMembers(ctx context.Context, tx *database.Tx, org parley.OrganizationID, before, after []parley.UserID) error {
	seen := map[parley.UserID]bool{}
	for i, id := range after {
		location := fmt.Sprintf("body.member_ids[%d]", i)
		if seen[id] {
			return parley.InvalidField(location, "must not stand in the list twice")
		}
		seen[id] = true
		if slices.Contains(before, id) {
			continue
		}
		if _, err := store.Users.Refer(ctx, tx, org, location, string(id)); err != nil {
			return err
		}
	}
	return nil
}

// WithMember is the filter for teams that a user is in.
func WithMember(id string) store.Filter {
	return store.Where(`member_ids like ? escape '\'`, "%"+database.Prefix(`"`+id+`"`))
}

// leaveTeams takes a user out of every team.
func (a *Account) leaveTeams(ctx context.Context, tx *database.Tx, by parley.Caller, id parley.UserID) error {
	teams, _, err := store.Teams.List(ctx, tx, by.Organization, store.Page{Limit: maxTeams}, WithMember(string(id)))
	if err != nil {
		return err
	}
	for _, t := range teams {
		_, err := a.Teams.Update(ctx, by, string(t.ID), noun.AnyVersion, func(t *parley.Team) error {
			t.MemberIDs = slices.DeleteFunc(t.MemberIDs, func(member parley.UserID) bool { return member == id })
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
