// Package account holds the verbs of what an organization is made of: the
// organization itself, its users, teams, API keys, inboxes and custom fields; and of who
// signs in: logins with their passwords and second factors, and the memberships and
// invitations that let them enter organizations. Each verb is one transaction.
package account

import (
	"context"
	"slices"
	"strings"
	"sync"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
)

// Account is the verbs.
type Account struct {
	db   *database.DB
	log  *eventlog.Log
	keys keyCache

	hasher *hasher

	background sync.WaitGroup // what touchKey started

	Users        *noun.Noun[parley.User, parley.UserEvent]
	Teams        *noun.Noun[parley.Team, parley.TeamEvent]
	Inboxes      *noun.Noun[parley.Inbox, parley.InboxEvent]
	CustomFields *noun.Noun[parley.CustomField, parley.CustomFieldEvent]
}

// New makes the verbs on a database and its log.
func New(db *database.DB, log *eventlog.Log) *Account {
	a := &Account{db: db, log: log, hasher: newHasher()}
	a.keys.byHash = map[string]cachedKey{}
	a.Users = &noun.Noun[parley.User, parley.UserEvent]{
		DB: db, Log: log, Table: store.Users,
		Created: parley.UserCreated, Updated: parley.UserUpdated, Deleted: parley.UserDeleted,
		Data:     func(u parley.User, p parley.Previous) parley.UserEvent { return parley.UserEvent{User: u, Previous: p} },
		Check:    a.checkUser,
		Deleting: a.leaving,
	}
	a.Teams = newTeams(db, log)
	a.Inboxes = &noun.Noun[parley.Inbox, parley.InboxEvent]{
		DB: db, Log: log, Table: store.Inboxes,
		Created: parley.InboxCreated, Updated: parley.InboxUpdated, Deleted: parley.InboxDeleted,
		Data: func(i parley.Inbox, p parley.Previous) parley.InboxEvent {
			return parley.InboxEvent{Inbox: i, Previous: p}
		},
		Inbox:    func(i *parley.Inbox) parley.InboxID { return i.ID },
		Deleting: inboxInUse,
	}
	a.CustomFields = &noun.Noun[parley.CustomField, parley.CustomFieldEvent]{
		DB: db, Log: log, Table: store.CustomFields,
		Created: parley.CustomFieldCreated, Updated: parley.CustomFieldUpdated, Deleted: parley.CustomFieldDeleted,
		Data: func(f parley.CustomField, p parley.Previous) parley.CustomFieldEvent {
			return parley.CustomFieldEvent{CustomField: f, Previous: p}
		},
		Check: checkCustomField,
	}
	return a
}

func (a *Account) checkUser(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.User) error {
	after.Email = strings.TrimSpace(after.Email)
	if before == nil || before.Email != after.Email {
		_, taken, err := store.Users.Find(ctx, tx, by.Organization, store.Where("lower(email) = lower(?) and id <> ?", after.Email, string(after.ID)))
		if err != nil {
			return err
		}
		if taken {
			return taken409("body.email", "is already the email of another user")
		}
	}
	if before != nil && before.Role != after.Role {
		tx.AfterCommit(a.keys.forget) // personal keys may do what the role may
	}
	if before != nil && before.Role == parley.Owner && after.Role != parley.Owner {
		return lastOwner(ctx, tx, by.Organization, "body.role")
	}
	return nil
}

// lastOwner refuses to leave an organization without an owner.
func lastOwner(ctx context.Context, tx *database.Tx, org parley.OrganizationID, location string) error {
	owners, err := store.Users.Count(ctx, tx, org, store.Where("role = ?", string(parley.Owner)), 2)
	if err != nil || owners > 1 {
		return err
	}
	return taken409(location, "is the organization's last owner: make another user an owner first")
}

func taken409(location, message string) error {
	return &parley.Error{
		Kind: parley.Conflict, Detail: "The request conflicts with what is there.",
		Fields: []parley.FieldError{{Location: location, Message: message}},
	}
}

// leaving prepares the removal of a user: the last owner stays, and so does whoever has
// something to do; teams go on without the user, personal keys are revoked, and the
// user's login enters no more.
func (a *Account) leaving(ctx context.Context, tx *database.Tx, by parley.Caller, u *parley.User) error {
	if u.Role == parley.Owner {
		if err := lastOwner(ctx, tx, by.Organization, "path.id"); err != nil {
			return err
		}
	}
	if err := nothingAssigned(ctx, tx, by.Organization, "user", "assignee_id", string(u.ID), ofUsers()); err != nil {
		return err
	}
	if err := noAppointments(ctx, tx, by.Organization, u.ID); err != nil {
		return err
	}
	if err := a.leaveTeams(ctx, tx, by, u.ID); err != nil {
		return err
	}
	removeMember(ctx, tx, by.Organization, u.ID)
	return a.revokeKeysOf(ctx, tx, by, u.ID)
}

// assignable is a kind of object that is assigned to somebody.
type assignable struct {
	plural string
	count  func(context.Context, database.Querier, parley.OrganizationID, store.Filter, int) (int, error)
}

// ofTeams is what can be assigned to a team, ofUsers what can be to a user.
func ofTeams() []assignable {
	return []assignable{
		{"conversations", store.Conversations.Count}, {"tasks", store.Tasks.Count}, {"tickets", store.Tickets.Count},
	}
}

func ofUsers() []assignable {
	return append(ofTeams(), assignable{"deals", store.Deals.Count})
}

// nothingAssigned refuses to leave anything to a user or a team that goes: column says
// to whom an object is assigned.
func nothingAssigned(ctx context.Context, tx *database.Tx, org parley.OrganizationID, noun, column, id string, kinds []assignable) error {
	for _, kind := range kinds {
		assigned, err := kind.count(ctx, tx, org, store.Where(column+" = ?", id), 1)
		if err != nil {
			return err
		}
		if assigned > 0 {
			return parley.Errorf(parley.Conflict, "There are %s assigned to this %s: assign them to somebody else first (GET /v1/%s?%s=%s).", kind.plural, noun, kind.plural, column, id)
		}
	}
	return nil
}

// noAppointments refuses to let a user go whom somebody will come to see. Appointments
// that are over or cancelled keep the user's id.
func noAppointments(ctx context.Context, tx *database.Tx, org parley.OrganizationID, id parley.UserID) error {
	f := store.Where("user_id = ?", string(id))
	f.And("status = 'booked'")
	f.And("ends_at > ?", int64(parley.Now()))
	booked, err := store.Appointments.Count(ctx, tx, org, f, 1)
	if err != nil || booked == 0 {
		return err
	}
	return parley.Errorf(parley.Conflict, "The user has appointments to come: cancel them, or give them to somebody else, first (GET /v1/appointments?status=booked&user_id=%s).", id)
}

func inboxInUse(ctx context.Context, tx *database.Tx, by parley.Caller, i *parley.Inbox) error {
	used, err := store.Conversations.Count(ctx, tx, by.Organization, store.Where("inbox_id = ?", string(i.ID)), 1)
	if err != nil || used == 0 {
		return err
	}
	return parley.Errorf(parley.Conflict, "The inbox has conversations: delete them first (GET /v1/conversations?inbox_id=%s).", i.ID)
}

func checkCustomField(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.CustomField) error {
	if (after.Type == "select") != (len(after.Options) > 0) {
		return parley.InvalidField("body.options", "must be given with type select, and only then")
	}
	if sorted := slices.Sorted(slices.Values(after.Options)); len(slices.Compact(sorted)) < len(after.Options) {
		return parley.InvalidField("body.options", "must not name a value twice")
	}
	if before != nil {
		return nil
	}
	_, taken, err := store.CustomFields.Find(ctx, tx, by.Organization, store.Where("object = ? and key = ?", after.Object, after.Key))
	if err != nil {
		return err
	}
	if taken {
		return taken409("body.key", "is already the key of a custom field of this object")
	}
	count, err := store.CustomFields.Count(ctx, tx, by.Organization, store.Where("object = ?", after.Object), store.MaxFields)
	if err != nil {
		return err
	}
	if count == store.MaxFields {
		return parley.Errorf(parley.Conflict, "A kind of object can have %d custom fields: delete one first.", store.MaxFields)
	}
	var last int64
	err = tx.QueryRow(ctx, "select coalesce(max(system_id), 0) from custom_fields where org_id = $1", string(by.Organization)).Scan(&last)
	after.SystemID = last + 1
	return err
}
