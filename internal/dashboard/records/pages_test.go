package records_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"parley"
	"parley/internal/account"
	"parley/internal/server"
	"parley/internal/testing/desk"
)

// journey is what somebody does with a noun, and what they see of it.
type journey struct {
	path    string
	made    url.Values // what stands in the form that makes one
	called  string     // what it is called then
	changed url.Values // what is changed; nil: nothing can be
	after   string     // what its page says then
	verbs   []step
	hides   string // a query of the list that does not let it through
	finds   string // one that does
	deleted bool   // it can be
	admins  bool   // only they may change anything
}

type step struct {
	verb string
	with url.Values
	says string
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func journeys(contact string) map[string]journey {
	return map[string]journey{
		"contact": {
			path: "/contacts", made: values("name", "Lena "+desk.Script, "email", "lena@example.com"), called: "Lena " + desk.Script,
			changed: values("name", "Lena Holt", "custom_fields.favourite", "rye", "variables", "", "variables[0].name", "tier", "variables[0].type", "number", "variables[0].value", "3"),
			after:   "Lena Holt", finds: "?q=lena@", hides: "?q=nobody+here", deleted: true,
		},
		"ticket": {
			path: "/tickets", made: values("subject", "Cold "+desk.Script, "priority", "high", "contact_id", "Mira · "+contact), called: "Cold " + desk.Script,
			changed: values("subject", "Cold oven", "priority", "urgent", "description", "Since\nMonday"), after: "urgent",
			verbs: []step{{"pend", nil, "pending"}, {"close", nil, "closed"}, {"reopen", nil, "open"}},
			finds: "?status=any&q=okafor&priority=urgent&assignee_id=none", hides: "?status=closed", deleted: true,
		},
		"task": {
			path: "/tasks", made: values("title", "Call "+desk.Script, "due_at", "2026-01-02T10:00", "contact_id", contact), called: "Call " + desk.Script,
			changed: values("title", "Call back", "due_at", "2026-01-03T10:00"), after: "3 Jan",
			verbs: []step{{"complete", nil, "completed"}, {"reopen", nil, "open"}},
			finds: "?due=over&contact_id=" + contact, hides: "?assignee_id=me", deleted: true,
		},
		"appointment": {
			path: "/appointments", made: values("title", "Tasting "+desk.Script, "starts_at", "2031-01-02T10:00", "ends_at", "2031-01-02T11:00", "time_zone", "Europe/Paris", "user_id", "ME", "contact_id", contact),
			called: "Tasting " + desk.Script, changed: values("title", "Tasting of plums", "location", "Shop"), after: "Tasting of plums",
			verbs: []step{
				{"reschedule", values("starts_at", "2031-02-02T10:00", "ends_at", "2031-02-02T11:00", "time_zone", "Europe/Paris", "user_id", "ME"), "2 Feb 2031"},
				{"cancel", values("reason", "The wedding is off."), "The wedding is off."},
			},
			finds: "?when=next&status=cancelled", hides: "?when=past", deleted: true,
		},
		"order": {
			path: "/orders", made: values("contact_id", contact, "items", "", "items[0].name", "Rye "+desk.Script, "items[0].quantity", "2", "items[0].unit_amount", "5.90", "amount", "11.80", "currency", "EUR"),
			called: "Order of 11.80 EUR", changed: values("amount", "12.80", "currency", "EUR"), after: "Order of 12.80 EUR",
			verbs: []step{{"fulfil", nil, "fulfilled"}},
			finds: "?q=rye+<img&status=fulfilled", hides: "?status=cancelled",
		},
		"payment": {
			path: "/payments", made: values("contact_id", contact, "amount", "7.00", "currency", "EUR", "reference", "ref "+desk.Script), called: "Payment of 7.00 EUR",
			verbs: []step{{"confirm", values("reference", "ch_7"), "ch_7"}, {"refund", nil, "refunded"}},
			finds: "?q=ch_7&status=refunded", hides: "?status=failed", admins: true,
		},
	}
}

var sequence = regexp.MustCompile(`name="sequence" value="([0-9]+)"`)

// Every noun can be listed, made, looked at, changed, worked with and deleted.
func TestTheLifeOfEveryNoun(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	owner, agent := d.Client(t, desk.Owner), d.Client(t, desk.Agent)
	contact := d.First("/v1/contacts?q=mira")["id"].(string)
	for noun, j := range journeys(contact) {
		t.Run(noun, func(t *testing.T) {
			who := agent
			if j.admins {
				if status, _, _ := d.Post(t, agent, j.path+"/new", j.made); status != http.StatusForbidden {
					t.Errorf("an agent makes one: %d", status)
				}
				if status, _ := d.Get(t, agent, j.path+"/new"); status != http.StatusForbidden {
					t.Errorf("an agent is shown the form: %d", status)
				}
				who = owner
			}
			me := func(v url.Values) url.Values {
				if v.Get("user_id") == "ME" {
					v.Set("user_id", string(d.Made.Owner.ID))
				}
				return v
			}
			j.live(t, d, who, me)
		})
	}
}

// live goes through the life of an object.
func (j journey) live(t *testing.T, d *desk.Desk, who *http.Client, me func(url.Values) url.Values) {
	t.Helper()
	see := func(path string, wants ...string) string {
		t.Helper()
		status, body := d.Get(t, who, path)
		if status != http.StatusOK || strings.Contains(body, "<script>document") || strings.Contains(body, "<img src=x") {
			t.Fatalf("%s: %d %s", path, status, body)
		}
		for _, want := range wants {
			if !strings.Contains(body, html.EscapeString(want)) && !strings.Contains(body, want) {
				t.Errorf("%s does not say %q:\n%s", path, want, body)
			}
		}
		return body
	}
	do := func(path string, with url.Values) string {
		t.Helper()
		status, to, body := d.Post(t, who, path, me(with))
		if status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", path, status, body)
		}
		return to
	}
	see(j.path+"/new", "Create ")
	if status, _, body := d.Post(t, who, j.path+"/new", values("title", "", "amount", "x", "email", "no")); status != http.StatusUnprocessableEntity || !strings.Contains(body, "field-error") {
		t.Errorf("what is wrong is taken: %d", status)
	}
	at := do(j.path+"/new", j.made)
	see(at, j.called)
	if j.changed != nil {
		form := see(at + "/edit")
		seq := sequence.FindStringSubmatch(form)[1]
		with := url.Values{"sequence": {seq}}
		for name, v := range j.changed {
			with[name] = v
		}
		if to := do(at+"/edit", with); to != at {
			t.Errorf("changing leads to %s", to)
		}
		see(at, j.after)
		if status, _, body := d.Post(t, who, at+"/edit", with); status != http.StatusConflict || !strings.Contains(body, "was changed while") {
			t.Errorf("a change of what was changed meanwhile: %d", status)
		}
		see(at+"/history", "changed it", "→")
	}
	for _, s := range j.verbs {
		if s.with != nil {
			see(at + "/" + s.verb)
		}
		do(at+"/"+s.verb, s.with)
		see(at, s.says)
	}
	if len(j.verbs) > 0 {
		name := "Noor"
		if j.admins {
			name = "Robin"
		}
		see(at+"/history", name, "Status:")
	}
	id := at[strings.LastIndex(at, "/")+1:]
	row := `id="` + id + `"`
	if body := see(j.path + j.finds); !strings.Contains(body, row) {
		t.Errorf("%s does not find it:\n%s", j.finds, body)
	}
	if body := see(j.path + j.hides); strings.Contains(body, row) {
		t.Errorf("%s shows it", j.hides)
	}
	if status, _, _ := d.Post(t, who, at+"/delete", nil); (status == http.StatusSeeOther) != j.deleted {
		t.Errorf("deleting: %d", status)
	}
	if status, _ := d.Get(t, who, at); j.deleted && status != http.StatusNotFound {
		t.Errorf("what is deleted is there: %d", status)
	}
}

// Of another organization's object no page tells anything, whatever is done to it.
func TestWhatBelongsToOthersIsNotThere(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	paths := map[string][]string{
		"contacts": {"", "history", "edit", "merge", "erase", "export", "POST edit", "POST delete", "POST merge", "POST erase"},
		"tickets":  {"", "history", "edit", "POST edit", "POST delete", "POST close", "POST pend", "POST reopen"},
		"tasks":    {"", "history", "edit", "POST edit", "POST delete", "POST complete", "POST reopen"},
		"appointments": {
			"", "history", "edit", "reschedule", "cancel", "POST edit", "POST delete", "POST reschedule", "POST cancel",
		},
		"orders":   {"", "history", "edit", "POST edit", "POST fulfil", "POST cancel"},
		"payments": {"", "history", "confirm", "fail", "POST confirm", "POST fail", "POST refund"},
	}
	theirs := map[string]string{}
	for plural := range paths {
		theirs[plural] = d.First("/v1/" + plural)["id"].(string)
	}
	other := stranger(t, d)
	for plural, all := range paths {
		for _, path := range all {
			rest, post := strings.CutPrefix(path, "POST ")
			address := strings.TrimSuffix("/"+plural+"/"+theirs[plural]+"/"+rest, "/")
			var status int
			var body string
			if post {
				status, _, body = d.Post(t, other, address, values("sequence", "1"))
			} else {
				status, body = d.Get(t, other, address)
			}
			if status != http.StatusNotFound || strings.Contains(body, "Okafor") {
				t.Errorf("%s: %d", address, status)
			}
		}
		if status, body := d.Get(t, other, "/"+plural+"?status=any&when=any"); status != http.StatusOK || strings.Contains(body, theirs[plural]) {
			t.Errorf("the list of %s: %d", plural, status)
		}
		noun := strings.TrimSuffix(plural, "s")
		if status, body := d.Get(t, other, "/pick/"+noun); status != http.StatusOK || strings.Contains(body, "<option") {
			t.Errorf("%s to pick: %d %s", noun, status, body)
		}
	}
}

// stranger is somebody of another organization.
func stranger(t *testing.T, d *desk.Desk) *http.Client {
	t.Helper()
	const email = "eve@example.org"
	if _, _, err := server.Found(t.Context(), desk.Config(d.Data), account.Founding{Name: "Other", Owner: "Eve", Email: email, Password: desk.Password, Scopes: []parley.Scope{"*"}}); err != nil {
		t.Fatal(err)
	}
	return d.Client(t, email)
}

// A list of many has pages, which are all of it and nothing twice.
func TestPagesOfALongList(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	want := map[string]bool{}
	for i := range 7 {
		made := d.API(http.MethodPost, "/v1/tasks", map[string]any{"title": fmt.Sprintf("Bake loaf no. %d", i)})
		want[made["id"].(string)] = true
	}
	c := d.Client(t, desk.Agent)
	next, seen := "/tasks?q=loaf+no&limit=3", map[string]bool{}
	for pages := 0; next != ""; pages++ {
		if pages > 3 {
			t.Fatal("the list does not end")
		}
		_, body := d.Get(t, c, next)
		for _, row := range regexp.MustCompile(`<tr id="(task_[0-9a-z]+)"`).FindAllStringSubmatch(body, -1) {
			if seen[row[1]] {
				t.Errorf("%s is shown twice", row[1])
			}
			seen[row[1]] = true
		}
		next = ""
		if link := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(body); link != nil {
			next = html.UnescapeString(link[1])
		}
	}
	if len(seen) != len(want) {
		t.Errorf("the pages show %d of %d", len(seen), len(want))
	}
}

// Whoever is too late loses nothing of what they typed, and overwrites nothing that they
// did not mean to.
func TestALostRace(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	task := d.API(http.MethodPost, "/v1/tasks", map[string]any{"title": "Call", "description": "Soon"})
	at := "/tasks/" + task["id"].(string)
	c := d.Client(t, desk.Agent)
	d.API(http.MethodPatch, "/v1"+at, map[string]any{"title": "Call Mira", "due_at": "2031-01-01T10:00:00Z"})
	mine := values("sequence", fmt.Sprint(int64(task["sequence"].(float64))), "title", "Call", "description", "At once", "due_at", "", "assignee_id", "", "team_id", "", "contact_id", "", "conversation_id", "")
	status, _, body := d.Post(t, c, at+"/edit", mine)
	if status != http.StatusConflict {
		t.Fatalf("the status is %d", status)
	}
	for _, want := range []string{`value="Call Mira"`, "At once", "2031-01-01T10:00", "was changed while", "Title:"} {
		if !strings.Contains(body, want) {
			t.Errorf("the form does not say %q:\n%s", want, body)
		}
	}
	mine.Set("sequence", sequence.FindStringSubmatch(body)[1])
	mine.Set("title", "Call Mira")
	mine.Set("due_at", "2031-01-01T10:00")
	if status, _, body := d.Post(t, c, at+"/edit", mine); status != http.StatusSeeOther {
		t.Fatalf("saved again: %d %s", status, body)
	}
	if got := d.API(http.MethodGet, "/v1"+at, nil); got["title"] != "Call Mira" || got["description"] != "At once" || got["due_at"] != "2031-01-01T10:00:00.000Z" {
		t.Errorf("it is %v", got)
	}
}
