package inbox

import (
	"strconv"

	"parley"
	"parley/internal/conversation"
	"parley/internal/dashboard/content"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
)

// list is the pane of conversations.
type list struct {
	filters
	house
	Rows    []row
	Next    string // the address at which there are more of them; "" at the end
	Again   string // the address of the rows as a part
	Folders string // and of the folders
	Open    parley.ConversationID
	Counts  conversation.Counts
	Path    string // of the page
}

// row is a conversation in the list.
type row struct {
	parley.Conversation
	Contact parley.Contact
	Last    *parley.Message // nil: nothing was said yet
	URL     string
}

// Title is what the conversation is about: its subject, or what was said last.
func (r row) Title() string {
	if r.Subject != nil && *r.Subject != "" {
		return *r.Subject
	}
	return r.Excerpt()
}

// Excerpt is what was said last.
func (r row) Excerpt() string {
	if r.Last == nil {
		return "Nothing was said yet"
	}
	return content.Short(*r.Last)
}

// Waiting tells whether the contact has the last word.
func (r row) Waiting() bool {
	return r.Last != nil && r.Last.Direction == parley.Incoming && r.Status == parley.Open
}

// At is when something was said last.
func (r row) At() parley.Time {
	if r.LastMessageAt != nil {
		return *r.LastMessageAt
	}
	return r.CreatedAt
}

// showInbox is the list by itself.
func showInbox(r *page.Request) error {
	l, err := readList(r, "")
	if err != nil {
		return err
	}
	return r.Page(page.Show{Title: "Inbox", Current: "/inbox", Width: ui.Full}, inboxPage(l))
}

// showList is the list as a part; open is the conversation that stands beside it.
func showList(r *page.Request) error {
	l, err := readList(r, parley.ConversationID(r.Query("open")))
	if err != nil {
		return err
	}
	return r.Part(rows(l))
}

// showFolders are the folders as a part, with how many conversations are in them.
func showFolders(r *page.Request) error {
	counts, err := r.Site.Conversations.Counts(r.Context(), r.Org(), r.User.ID)
	if err != nil {
		return err
	}
	return r.Part(folders(list{filters: readFilters(r), Counts: counts, Folders: r.URL.RequestURI()}))
}

func readList(r *page.Request, open parley.ConversationID) (l list, err error) {
	l = list{filters: readFilters(r), Open: open, Path: "/inbox"}
	if open != "" {
		l.Path += "/" + string(open)
	}
	q := l.query()
	if open != "" {
		q.Set("open", string(open))
	}
	l.Again, l.Folders = "/inbox/list?"+q.Encode(), "/inbox/folders?"+q.Encode()
	if l.house, err = readHouse(r); err != nil {
		return l, err
	}
	if l.Counts, err = r.Site.Conversations.Counts(r.Context(), r.Org(), r.User.ID); err != nil {
		return l, err
	}
	convs, next, err := r.Site.Conversations.List(r.Context(), r.Org(),
		store.Page{Limit: l.filters.Rows, Cursor: l.Cursor, Latest: true}, l.filter(r.Site.DB.Engine(), r.User.ID))
	if err != nil {
		return l, err
	}
	l.Next = l.more(next)
	l.Rows, err = readRows(r, convs)
	for i := range l.Rows {
		l.Rows[i].URL = l.at("/inbox/" + string(l.Rows[i].ID))
	}
	return l, err
}

// more is where the list goes on: it grows, and beyond its most there is another page.
func (l list) more(next string) string {
	further := l.filters
	switch {
	case next == "":
		return ""
	case further.Rows < rowsAtMost:
		further.Rows += rowsAtFirst
	default:
		further.Rows, further.Cursor = rowsAtFirst, next
	}
	return further.at(l.Path)
}

// readRows reads what stands beside conversations in a list: two queries for all of them.
func readRows(r *page.Request, convs []parley.Conversation) ([]row, error) {
	if len(convs) == 0 {
		return nil, nil
	}
	var contacts, ids []string
	for _, c := range convs {
		contacts, ids = append(contacts, string(c.ContactID)), append(ids, string(c.ID))
	}
	byContact, err := contactsByID(r, contacts)
	if err != nil {
		return nil, err
	}
	last, err := lastMessages(r, ids)
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(convs))
	for i, c := range convs {
		rows[i] = row{Conversation: c, Contact: byContact[c.ContactID], Last: last[c.ID]}
	}
	return rows, nil
}

// neighbours are the addresses of the conversations before and after the one that is
// open, "" where there is none.
func (l list) neighbours() (previous, next string) {
	if l.Open == "" && len(l.Rows) > 0 {
		return "", l.Rows[0].URL
	}
	for i, r := range l.Rows {
		if r.ID != l.Open {
			continue
		}
		if i > 0 {
			previous = l.Rows[i-1].URL
		}
		if i+1 < len(l.Rows) {
			next = l.Rows[i+1].URL
		}
	}
	return previous, next
}

// count is a number of conversations as folders show it.
func count(n int) string {
	switch {
	case n == 0:
		return ""
	case n >= conversation.CountMost:
		return strconv.Itoa(conversation.CountMost-1) + "+"
	}
	return strconv.Itoa(n)
}

func statusName(s parley.Status) string {
	return map[parley.Status]string{
		parley.Open: "Open", parley.Pending: "Pending", parley.Snoozed: "Snoozed", parley.Resolved: "Resolved", anyStatus: "Any status",
	}[s]
}
