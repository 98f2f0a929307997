package inbox

import (
	"net/url"
	"slices"
	"strconv"

	"parley"
	"parley/internal/conversation"
	"parley/internal/dashboard/page"
	"parley/internal/database"
	"parley/internal/store"
)

// The folders of an inbox.
const (
	mine       = "mine"
	unassigned = "unassigned"
	everyone   = "all"
)

// How many conversations are listed: to begin with, and, as one asks for more, at most.
// Beyond that the list goes on on a page of its own.
const (
	rowsAtFirst = 50
	rowsAtMost  = 200
)

// anyStatus stands for all statuses.
const anyStatus = "any"

// filters say which conversations are listed. The address holds them.
type filters struct {
	Folder, Status, Inbox, Team, Label, Q string
	Rows                                  int
	Cursor                                string
}

func readFilters(r *page.Request) filters {
	f := filters{
		Folder: r.Query("folder"), Status: r.Query("status"), Inbox: r.Query("inbox"), Team: r.Query("team"),
		Label: r.Query("label"), Q: r.Query("q"), Cursor: r.Query("cursor"),
	}
	if f.Folder != mine && f.Folder != unassigned {
		f.Folder = everyone
	}
	if f.Status != anyStatus && !slices.Contains(conversation.Statuses, parley.Status(f.Status)) {
		f.Status = ""
	}
	f.Rows, _ = strconv.Atoi(r.Query("rows"))
	f.Rows = min(max(f.Rows, rowsAtFirst), rowsAtMost)
	return f
}

// status is the one that is listed: open, unless another was chosen. A search looks at all.
func (f filters) status() string {
	switch {
	case f.Status != "":
		return f.Status
	case f.Q != "":
		return anyStatus
	}
	return string(parley.Open)
}

// narrowed tells whether more than folder and status choose what is listed.
func (f filters) narrowed() bool { return f.Inbox+f.Team+f.Label+f.Q != "" }

// refined is how many filters are set in the menu of filters.
func (f filters) refined() (n int) {
	for _, value := range []string{f.Inbox, f.Team, f.Label} {
		if value != "" {
			n++
		}
	}
	return n
}

// query holds the filters in an address. What is usual is left out.
func (f filters) query() url.Values {
	q := url.Values{}
	set := func(name, value, usual string) {
		if value != usual {
			q.Set(name, value)
		}
	}
	set("folder", f.Folder, everyone)
	set("status", f.Status, "")
	set("inbox", f.Inbox, "")
	set("team", f.Team, "")
	set("label", f.Label, "")
	set("q", f.Q, "")
	set("cursor", f.Cursor, "")
	set("rows", strconv.Itoa(f.Rows), strconv.Itoa(rowsAtFirst))
	return q
}

// at is a path with the filters.
func (f filters) at(path string) string {
	if q := f.query().Encode(); q != "" {
		return path + "?" + q
	}
	return path
}

// in is another folder with the same filters, from its beginning.
func (f filters) in(folder string) filters {
	f.Folder, f.Cursor, f.Rows = folder, "", rowsAtFirst
	return f
}

// filter has rows found by the indexes that have them in the order of their activity.
// Whatever these do not know is searched for.
func (f filters) filter(engine database.Engine, me parley.UserID) store.Filter {
	var wanted store.Filter
	switch f.Folder {
	case mine:
		wanted = conversation.AssignedTo(me)
	case unassigned:
		wanted = conversation.AssignedTo("")
	}
	if status := f.status(); status == anyStatus {
		var all []string
		for _, s := range conversation.Statuses {
			all = append(all, string(s))
		}
		wanted.Apart("status", all...)
	} else {
		wanted.And("status = ?", status)
	}
	wanted.Within()
	if f.Inbox != "" {
		wanted.Search("inbox_id = ?", f.Inbox)
	}
	if f.Team != "" {
		wanted.Search("team_id = ?", f.Team)
	}
	if f.Label != "" {
		wanted.Search("exists (select 1 from conversation_labels l where l.org_id = $1 and l.label = ? and l.conversation_id = conversations.id)", f.Label)
	}
	if f.Q != "" {
		conversation.Search(engine, &wanted, f.Q)
	}
	return wanted
}
