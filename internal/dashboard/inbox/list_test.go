package inbox_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/testing/desk"
)

var (
	rowID = regexp.MustCompile(`id="row-(conv_\w+)"`)
	next  = regexp.MustCompile(`rel="next" href="([^"]+)"`)
)

// listed are the conversations of a list, in its order, and where it goes on.
func listed(t *testing.T, d *desk.Desk, c *http.Client, address string) (ids []string, more string) {
	t.Helper()
	status, body := d.Get(t, c, address)
	if status != http.StatusOK {
		t.Fatalf("%s answers %d", address, status)
	}
	for _, found := range rowID.FindAllStringSubmatch(body, -1) {
		ids = append(ids, found[1])
	}
	if found := next.FindStringSubmatch(body); found != nil {
		more = strings.ReplaceAll(found[1], "&amp;", "&")
	}
	return ids, more
}

// userOf is the id of one of the people of an organization.
func userOf(t *testing.T, d *desk.Desk, email desk.Person) string {
	t.Helper()
	all, _ := d.API(http.MethodGet, "/v1/users", nil)["data"].([]any)
	for _, one := range all {
		if u, _ := one.(map[string]any); u["email"] == string(email) {
			return id(u)
		}
	}
	t.Fatalf("there is no %s", email)
	return ""
}

// shelf is one conversation for every filter, by what it is there for.
type shelf struct {
	names       map[string]string // of the conversations, by their ids
	inbox, team string
}

func fill(d *desk.Desk, me, other string) shelf {
	s := shelf{names: map[string]string{}}
	s.inbox = id(d.API(http.MethodPost, "/v1/inboxes", map[string]any{"name": "Orchard", "channel": "api"}))
	s.team = id(d.API(http.MethodPost, "/v1/teams", map[string]any{"name": "Orchard"}))
	add := func(name, contact, subject, text string, inbox any, change map[string]any) string {
		person := d.API(http.MethodPost, "/v1/contacts", map[string]any{"name": contact})
		conv := id(d.API(http.MethodPost, "/v1/conversations", map[string]any{
			"contact_id": person["id"], "inbox_id": inbox, "subject": subject,
			"message": map[string]any{"direction": "incoming", "content": map[string]any{"type": "text", "text": text}},
		}))
		s.names[conv] = name
		if change != nil {
			d.API(http.MethodPatch, "/v1/conversations/"+conv, change)
		}
		return conv
	}
	usual := d.Made.Inbox.ID
	add("open", "Tara", "Quince one", "Good morning", usual, nil)
	add("mine", "Tara", "Quince two", "Good morning", usual, map[string]any{"assignee_id": me})
	add("another's", "Tara", "Quince three", "Good morning", usual, map[string]any{"assignee_id": other})
	add("pending", "Tara", "Quince four", "Good morning", usual, map[string]any{"status": "pending", "assignee_id": me})
	add("snoozed", "Tara", "Quince five", "Good morning", usual, map[string]any{"status": "snoozed", "snoozed_until": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
	add("resolved", "Tara", "Quince six", "Good morning", usual, map[string]any{"status": "resolved"})
	add("inbox", "Tara", "Quince seven", "Good morning", s.inbox, nil)
	add("team", "Tara", "Quince eight", "Good morning", usual, map[string]any{"team_id": s.team, "assignee_id": me})
	labelled := add("label", "Tara", "Quince nine", "Good morning", usual, nil)
	d.API(http.MethodPost, "/v1/conversations/"+labelled+"/labels", map[string]any{"name": "ripe fruit"})
	add("subject", "Tara", "A hundred medlars", "Good morning", usual, nil)
	add("message", "Tara", "Fruit", "Have you got medlars?", usual, map[string]any{"status": "resolved"})
	add("contact", "Medlars Ltd", "Fruit", "Good morning", usual, map[string]any{"assignee_id": me})
	return s
}

// Every filter shows what it says, alone and with others, and of the own organization
// only: another has the same, in an order that mixes with it.
func TestListsShowWhatTheirAddressSays(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	kim := desk.Person("kim@example.net")
	foreign := d.Another(kim)
	own := fill(d, userOf(t, d, desk.Agent), userOf(t, d, desk.Owner))
	theirs := fill(foreign, userOf(t, foreign, kim), userOf(t, foreign, kim))
	agent := d.Client(t, desk.Agent)
	open := "open mine another's inbox team label subject contact"
	for _, c := range []struct{ query, want string }{
		{"", open},
		{"folder=all", open},
		{"folder=mine", "mine team contact"},
		{"folder=unassigned", "open inbox label subject"},
		{"status=open", open},
		{"status=pending", "pending"},
		{"status=snoozed", "snoozed"},
		{"status=resolved", "resolved message"},
		{"status=any", open + " pending snoozed resolved message"},
		{"folder=mine&status=pending", "pending"},
		{"folder=mine&status=any", "mine team contact pending"},
		{"folder=unassigned&status=any", "open inbox label subject snoozed resolved message"},
		{"inbox=" + own.inbox, "inbox"},
		{"inbox=" + own.inbox + "&folder=mine", ""},
		{"team=" + own.team, "team"},
		{"team=" + own.team + "&status=resolved", ""},
		{"label=ripe+fruit", "label"},
		{"label=ripe", ""},
		{"q=medlars", "subject message contact"},
		{"q=MEDLARS&status=open", "subject contact"},
		{"q=medlars&folder=mine", "contact"},
		{"q=medlars&inbox=" + own.inbox, ""},
		{"q=medlars+100%25", ""},
		{"inbox=" + theirs.inbox + "&status=any", ""},
		{"team=" + theirs.team + "&status=any", ""},
	} {
		for _, path := range []string{"/inbox?", "/inbox/list?"} {
			ids, _ := listed(t, d, agent, path+c.query)
			var shown []string
			for _, conv := range ids {
				if theirs.names[conv] != "" {
					t.Errorf("%s%s shows another organization's conversation %q", path, c.query, theirs.names[conv])
				}
				if name := own.names[conv]; name != "" {
					shown = append(shown, name)
				}
			}
			want := strings.Fields(c.want)
			slices.Sort(shown)
			slices.Sort(want)
			if !slices.Equal(shown, want) {
				t.Errorf("%s%s shows %q, want %q", path, c.query, shown, want)
			}
		}
	}
}

// A list goes on where it ended, with the filters that it has; its address shows
// the same to whoever it is sent to, and nothing to another organization.
func TestALongListGoesOn(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	kim := desk.Person("kim@example.net")
	foreign := d.Another(kim)
	inbox := id(d.API(http.MethodPost, "/v1/inboxes", map[string]any{"name": "Orchard", "channel": "api"}))
	person := d.API(http.MethodPost, "/v1/contacts", map[string]any{"name": "Tara"})
	const all = 205
	var want []string
	for n := range all {
		want = append(want, id(d.API(http.MethodPost, "/v1/conversations", map[string]any{"contact_id": person["id"], "inbox_id": inbox, "subject": fmt.Sprint("Quince ", n)})))
	}
	slices.Reverse(want) // the latest first
	agent, owner, stranger := d.Client(t, desk.Agent), d.Client(t, desk.Owner), foreign.Client(t, kim)
	address, rows := "/inbox?inbox="+inbox+"&folder=unassigned", 50
	var last []string
	for address != "" {
		ids, more := listed(t, d, agent, address)
		if rows <= 200 && !slices.Equal(ids, want[:rows]) {
			t.Fatalf("%s shows %d conversations, want the latest %d", address, len(ids), rows)
		}
		if same, _ := listed(t, d, owner, address); !slices.Equal(same, ids) {
			t.Errorf("%s shows a colleague %d conversations, not the same %d", address, len(same), len(ids))
		}
		if _, body := d.Get(t, stranger, address); rowID.MatchString(body) {
			t.Errorf("%s shows conversations to another organization", address)
		}
		if u, err := url.Parse(more); more != "" && (err != nil || u.Query().Get("inbox") != inbox || u.Query().Get("folder") != "unassigned") {
			t.Errorf("the list goes on at %s, without its filters", more)
		}
		last, address, rows = ids, more, rows+50
		if rows > 400 {
			t.Fatal("the list has no end")
		}
	}
	if !slices.Equal(last, want[200:]) {
		t.Errorf("at its end the list has %d conversations, want the oldest 5", len(last))
	}
}
