package conversation

import (
	"context"
	"strconv"
	"strings"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// How far a search looks: conversations of which it reads the messages before it is
// asked whether the page is to end, and messages of one of them, the newest.
const (
	searchStretch  = 200
	searchMessages = 1000
)

// Search lets only conversations through a filter in whose subject, name, email or phone
// number of the contact, or newest 1,000 messages a text stands, whatever the case of a
// to z. It is a search: see [store.Filter.Search].
func Search(engine database.Engine, f *store.Filter, text string) {
	pattern := database.Contains(text)
	var either []string
	var args []any
	contains := func(column string) string {
		args = append(args, pattern)
		return engine.Lower(column) + ` like ? escape '\'`
	}
	either = append(either, contains("subject"))
	either = append(either, `exists (
		select 1 from contacts k
		where k.org_id = conversations.org_id and k.id = conversations.contact_id
		and (`+contains("k.name")+" or "+contains("k.email")+" or "+contains("k.phone")+"))")
	either = append(either, `exists (
		select 1 from (
			select content from messages m
			where m.org_id = conversations.org_id and m.conversation_id = conversations.id
			order by m.id desc limit `+strconv.Itoa(searchMessages)+`) as newest
		where `+contains(engine.Member("content", "text"))+")")
	f.SearchBy(searchStretch, "("+strings.Join(either, " or ")+")", args...)
}

// Counts are how many conversations there are of some kinds that an inbox shows, each
// counted up to [CountMost].
type Counts struct {
	Mine       int // open and assigned to the user
	Unassigned int // open and assigned to nobody
	Open       int
	ByStatus   map[parley.Status]int // all there are
}

// CountMost is as far as conversations are counted: it stands for that many or more.
const CountMost = 100

// Counts counts the conversations that a user's inbox is divided into.
func (c *Conversations) Counts(ctx context.Context, org parley.OrganizationID, user parley.UserID) (Counts, error) {
	counts := Counts{ByStatus: map[parley.Status]int{}}
	count := func(f store.Filter) (int, error) {
		return store.Conversations.Count(ctx, c.db.Read(), org, f, CountMost)
	}
	for _, status := range Statuses {
		n, err := count(store.Where("status = ?", string(status)))
		if err != nil {
			return counts, err
		}
		counts.ByStatus[status] = n
	}
	counts.Open = counts.ByStatus[parley.Open]
	for assignee, n := range map[parley.UserID]*int{user: &counts.Mine, "": &counts.Unassigned} {
		f := AssignedTo(assignee)
		f.And("status = ?", string(parley.Open))
		var err error
		if *n, err = count(f); err != nil {
			return counts, err
		}
	}
	return counts, nil
}

// Statuses are all that a conversation may have.
var Statuses = []parley.Status{parley.Open, parley.Pending, parley.Snoozed, parley.Resolved}

// AssignedTo is the filter for conversations that are assigned to a user; "" is nobody.
// An index has those of each status by their latest activity.
func AssignedTo(user parley.UserID) store.Filter {
	return store.Where("coalesce(assignee_id, '') = ?", string(user))
}
