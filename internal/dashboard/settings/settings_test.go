package settings_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/internal/dashboard/settings"
	"parley/internal/dashboard/ui"
	"parley/internal/database"
	"parley/internal/testing/desk"
)

func text(v any) string { return fmt.Sprint(v) }

func TestWhatIsRefusedSaysWhyAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	owner := d.Client(t, desk.Owner)
	user := func(email desk.Person) string {
		for _, u := range d.API(http.MethodGet, "/v1/users", nil)["data"].([]any) {
			if u := u.(map[string]any); u["email"] == string(email) {
				return text(u["id"])
			}
		}
		t.Fatalf("there is no %s", email)
		return ""
	}
	conversation := text(d.First("/v1/conversations")["id"])
	d.API(http.MethodPatch, "/v1/conversations/"+conversation, map[string]any{"assignee_id": user(desk.Agent)})
	label := text(d.First("/v1/labels")["id"])
	field := text(d.API(http.MethodPost, "/v1/custom_fields", map[string]any{"object": "order", "key": "size", "name": "Size", "type": "select", "options": []string{"S"}})["id"])
	portal := text(d.API(http.MethodPost, "/v1/portals", map[string]any{"name": "Help", "slug": "helped", "locales": []string{"en", "de"}})["id"])
	d.API(http.MethodPost, "/v1/categories", map[string]any{"portal_id": portal, "name": "Brot", "locale": "de"})
	for name, test := range map[string]struct {
		path   string
		form   url.Values
		status int
		says   []string
	}{
		"no name":             {"/settings/labels", url.Values{"name": {""}, "color": {"#dc2626"}, "description": {"What it is"}}, 422, []string{"What it is", `aria-invalid="true"`}},
		"a name that is":      {"/settings/labels", url.Values{"name": {"urgent"}, "color": {"#dc2626"}}, 422, []string{"already the name of a label"}},
		"no colour":           {"/settings/labels", url.Values{"name": {"x"}, "color": {`red" onload="alert(1)`}}, 422, []string{"a colour like", "red&#34;"}},
		"another's name":      {"/settings/labels/" + label, url.Values{"name": {"urgent"}, "color": {"#dc2626"}}, 422, []string{"already the name of a label"}},
		"a race that is lost": {"/settings/labels/" + label, url.Values{"name": {"mine"}, "color": {"#dc2626"}, "version": {"1"}}, 422, []string{"Somebody else has changed this meanwhile", "mine"}},
		"a key with capitals": {"/settings/custom-fields", url.Values{"object": {"contact"}, "name": {"Height"}, "key": {"Height"}, "type": {"number"}}, 422, []string{"starting with a letter"}},
		"a choice of nothing": {"/settings/custom-fields", url.Values{"object": {"contact"}, "name": {"Hat"}, "key": {"hat"}, "type": {"select"}}, 422, []string{"Must be given with type select"}},
		"options that go":     {"/settings/custom-fields/" + field, url.Values{"name": {"Size"}, "options": {""}}, 422, []string{"Must be given with type select"}},
		"an email that is":    {"/settings/members", url.Values{"name": {"Sam"}, "email": {string(desk.Admin)}, "role": {"agent"}}, 422, []string{"already the email of another user"}},
		"the last owner":      {"/settings/members/" + user(desk.Owner), url.Values{"name": {"Robin"}, "email": {string(desk.Owner)}, "role": {"agent"}}, 422, []string{"last owner"}},
		"no owner left":       {"/settings/members/" + user(desk.Owner) + "/delete", nil, 409, []string{"This is the organization&#39;s last owner"}},
		"somebody busy":       {"/settings/members/" + user(desk.Agent) + "/delete", nil, 409, []string{"There are conversations assigned to this user", `href="/inbox?assignee_id=` + user(desk.Agent) + `"`}},
		"an inbox in use":     {"/settings/inboxes/" + text(d.First("/v1/conversations")["inbox_id"]) + "/delete", nil, 409, []string{"The inbox has conversations", `href="/inbox?inbox_id=`}},
		"a locale in use":     {"/settings/portals/" + portal, url.Values{"name": {"Help"}, "slug": {"helped"}, "color": {"#2563eb"}, "default_locale": {"en"}, "locales": {"en"}}, 422, []string{"There are categories or articles in de", `href="/settings/portals/` + portal + `"`, "Show the articles."}},
		"days that are none":  {"/settings/general/retention", url.Values{"retention_days": {"0"}}, 422, []string{"at least 1"}},
		"an empty name":       {"/settings/general", url.Values{"name": {""}}, 422, []string{`aria-invalid="true"`}},
	} {
		status, _, body := d.Post(t, owner, test.path, test.form)
		if status != test.status {
			t.Errorf("%s: %d", name, status)
		}
		for _, says := range test.says {
			if !strings.Contains(body, says) {
				t.Errorf("%s: the answer does not say %q", name, says)
			}
		}
		if strings.Contains(body, "/v1/") {
			t.Errorf("%s: the answer speaks of the API", name)
		}
	}
}

func TestTheWayOfAnInvitation(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	owner := d.Client(t, desk.Owner)
	link := regexp.MustCompile(regexp.QuoteMeta(d.URL) + `/invitation/[A-Za-z0-9_-]{43}`)
	_, _, body := d.Post(t, owner, "/settings/members", url.Values{"name": {"Grace"}, "email": {"grace@example.com"}, "role": {"agent"}})
	first := link.FindString(body)
	if first == "" {
		t.Fatalf("there is no link in %s", body)
	}
	if _, body := d.Get(t, owner, "/settings/members"); !strings.Contains(body, "Invited until") || strings.Contains(body, first) {
		t.Error("the list does not tell that Grace is invited, or tells the link")
	}
	id := text(d.First("/v1/users")["id"])
	_, _, body = d.Post(t, owner, "/settings/members/"+id+"/invitation", nil)
	if again := link.FindString(body); again == "" || again == first {
		t.Errorf("the new link is %q, the one before %q", again, first)
	}
	status, to, _ := d.Post(t, owner, "/settings/members/"+string(d.Made.Owner.ID)+"/invitation", nil)
	if _, body := d.Get(t, owner, to); status != http.StatusSeeOther || !strings.Contains(body, "has accepted an invitation already") {
		t.Errorf("inviting somebody who is in answers %d, %s", status, to)
	}
}

// age makes all events so many days older.
func age(t *testing.T, d *desk.Desk, days int) {
	t.Helper()
	db, err := database.Open(t.Context(), database.Config{Path: filepath.Join(d.Data, "parley.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Record(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, "update events set created_at = created_at - $1", int64(days)*24*3600*1000)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Before a part of the log is lost, one is told how much.
func TestShorteningTheLogIsAskedTwice(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	owner := d.Client(t, desk.Owner)
	days := func() any { return d.API(http.MethodGet, "/v1/organization", nil)["retention_days"] }
	if status, _, _ := d.Post(t, owner, "/settings/general/retention", url.Values{"retention_days": {"10"}}); status != http.StatusSeeOther || text(days()) != "10" {
		t.Errorf("where nothing is lost: %d, %v days", status, days())
	}
	age(t, d, 5)
	status, _, body := d.Post(t, owner, "/settings/general/retention", url.Values{"retention_days": {"3"}})
	if status != http.StatusOK || !strings.Contains(body, "Keep it for 3 days") || text(days()) != "10" {
		t.Errorf("where something is lost: %d, %v days", status, days())
	}
	if status, _, _ := d.Post(t, owner, "/settings/general/retention", url.Values{"retention_days": {"2"}, "confirmed": {"yes 3"}}); status != http.StatusOK || text(days()) != "10" {
		t.Errorf("what was confirmed for another number is done: %d, %v days", status, days())
	}
	if status, _, _ := d.Post(t, owner, "/settings/general/retention", url.Values{"retention_days": {"3"}, "confirmed": {"yes 3"}}); status != http.StatusSeeOther || text(days()) != "3" {
		t.Errorf("confirmed: %d, %v days", status, days())
	}
}

func TestNumbersAndErrorsAreForPeople(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 bytes", 999: "999 bytes", 1500: "1.5 kB", 250_000_000: "250 MB", 3_100_000_000: "3.1 GB"} {
		if got := settings.Bytes(n); got != want {
			t.Errorf("%d bytes are %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int64]string{7: "7", 1234: "1\u202f234", 1234567: "1\u202f234\u202f567"} {
		if got := settings.Grouped(n); got != want {
			t.Errorf("%d is %q", n, got)
		}
	}
	said, ways := settings.Ways("There are tasks: assign them first (GET /v1/tasks?team_id=team_1).")
	if said != "There are tasks: assign them first." || !slices.Equal(ways, []string{"/tasks?team_id=team_1"}) {
		t.Errorf("it is said %q, %q", said, ways)
	}
	said, ways = settings.Ways("There are some in de: delete them first (GET /v1/categories?portal_id=por_1&locale=de, GET /v1/articles?portal_id=por_1).")
	if said != "There are some in de: delete them first." || !slices.Equal(ways, []string{"/settings/portals/por_1", "/articles?portal_id=por_1"}) {
		t.Errorf("it is said %q, %q", said, ways)
	}
}

func TestUsageIsShownAsABarWhereThereIsALimit(t *testing.T) {
	t.Parallel()
	type bar struct {
		said, filled, of string
		tone             ui.Tone
	}
	for used, want := range map[int64]bar{
		10: {"10 of 1\u202f000", "10", "1000", ui.Plain}, 900: {"900 of 1\u202f000", "900", "1000", ui.Warn}, 1200: {"1\u202f200 of 1\u202f000", "1000", "1000", ui.Bad},
	} {
		var got bar
		if got.said, got.filled, got.of, got.tone = settings.Bar(used, new(int64(1000))); got != want {
			t.Errorf("%d is shown as %v, want %v", used, got, want)
		}
	}
	if said, _, of, _ := settings.Bar(5, nil); said != "5, with no limit" || of != "" {
		t.Errorf("without a limit there is %q, %q", said, of)
	}
}
