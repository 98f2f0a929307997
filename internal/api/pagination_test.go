package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

// paged are lists that have something on them and can be added to.
var paged = []struct{ list, add string }{
	{"/v1/contacts", `/v1/contacts {"name":"More"}`},
	{"/v1/contacts?q=more", `/v1/contacts {"name":"More"}`},
	{"/v1/conversations?status=open", `/v1/conversations {"inbox_id":"$inbox","contact_id":"$contact"}`},
	{"/v1/conversations/$conversation/messages", `/v1/conversations/$conversation/messages {"content":{"type":"text","text":"More"}}`},
	{"/v1/conversations/$conversation/notes", `/v1/conversations/$conversation/notes {"text":"More"}`},
	{"/v1/orders?status=requested", `/v1/orders {"contact_id":"$contact","amount":1,"currency":"EUR"}`},
	{"/v1/tasks?status=open", `/v1/tasks {"title":"More"}`},
	{"/v1/tickets?priority=normal", `/v1/tickets {"subject":"More"}`},
	{"/v1/portals", `/v1/portals {"name":"More"}`},
	{"/v1/categories?portal_id=$portal", `/v1/categories {"portal_id":"$portal","name":"More"}`},
	{"/v1/articles?q=more", `/v1/articles {"portal_id":"$portal","title":"More"}`},
	{"/v1/payments", `/v1/payments {"amount":1,"currency":"EUR"}`},
	{"/v1/deals?pipeline_id=$pipeline", `/v1/deals {"title":"More","pipeline_id":"$pipeline"}`},
	{"/v1/inboxes", `/v1/inboxes {"name":"More"}`},
	{"/v1/api_keys", `/v1/api_keys {"name":"More","scopes":["*:read"]}`},
	{"/v1/webhooks", `/v1/webhooks {"url":"https://hooks.example.com/more","event_types":["*"]}`},
	{"/v1/events?order=desc", `/v1/events {"type":"custom.more"}`},
}

func (f *fixture) add(line string) string {
	path, body, _ := strings.Cut(f.says(line), " ")
	return f.Make(path, body).Text("id")
}

// page reads a page of a list.
func (f *fixture) page(list string, query ...string) *house.Answer {
	separator := "?"
	if strings.Contains(list, "?") {
		separator = "&"
	}
	return f.Get(f.says(list) + separator + strings.Join(query, "&"))
}

func next(a *house.Answer) string {
	var page struct {
		NextCursor *string `json:"next_cursor"`
	}
	a.Decode(&page)
	if page.NextCursor == nil {
		return ""
	}
	return *page.NextCursor
}

// Walking through a list while it grows neither skips nor repeats what was there.
func TestPagesWhileRowsAreAdded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		for _, p := range paged {
			t.Run(p.list, func(t *testing.T) {
				t.Parallel()
				f := furnish(t, h.AddOrganization(t))
				for range 7 {
					f.add(p.add)
				}
				want := f.page(p.list, "limit=200").Each("id")
				var got []string
				for cursor := ""; ; {
					a := f.page(p.list, "limit=3", "cursor="+url.QueryEscape(cursor))
					got = append(got, a.Each("id")...)
					if cursor = next(a); cursor == "" {
						break
					}
					if len(a.List("data")) != 3 {
						t.Fatalf("a page that is not the last has %d objects", len(a.List("data")))
					}
					f.add(p.add)
				}
				if !slices.Equal(got, want) {
					t.Errorf("the pages have\n%v, want\n%v", got, want)
				}
			})
		}
	})
}

// The log itself grows at its end, where whoever walks it in order finds it.
func TestTheLogIsWalkedToItsEndWhileItGrows(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	f := furnish(t, h.AddOrganization(t))
	var got []int64
	for cursor, added := "", 0; ; {
		a := f.page("/v1/events", "limit=4", "cursor="+cursor)
		for i := range a.List("data") {
			got = append(got, a.Int(fmt.Sprintf("data.%d.sequence", i)))
		}
		if added < 5 {
			f.add(`/v1/events {"type":"custom.more"}`)
			added++
		}
		if cursor = next(a); cursor == "" {
			break
		}
	}
	for i, seq := range got {
		if seq != int64(i)+1 {
			t.Fatalf("the walk found %v", got)
		}
	}
	if int64(len(got)) < f.Head()-1 {
		t.Errorf("the walk ended at %d of %d", len(got), f.Head())
	}
}

// A copy that is kept up to date with changed_after is, once the log stands still,
// the same as what it copies, with one page after another while everything changes.
func TestChangedAfterMirrors(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		f := furnish(t, h.AddOrganization(t))
		var ids []string
		for i := range 9 {
			ids = append(ids, f.add(fmt.Sprintf(`/v1/contacts {"name":"Contact %d"}`, i)))
		}
		mirror := map[string]json.RawMessage{}
		var after int64
		for round := range 6 {
			for cursor := ""; ; {
				query := []string{"limit=2", fmt.Sprintf("changed_after=%d", after)}
				if cursor != "" {
					query = append(query, "cursor="+cursor)
				}
				a := f.page("/v1/contacts", query...)
				after = max(after, copyInto(t, mirror, a))
				if round < 5 { // while it is read, others write
					f.Do("PATCH", "/v1/contacts/"+ids[(round*3+len(mirror))%len(ids)], fmt.Sprintf(`{"name":"Renamed %d"}`, f.Head())).Want(200)
					f.add(`/v1/contacts {"name":"New"}`)
				}
				if cursor = next(a); cursor == "" || round < 5 && len(mirror) > 40 {
					break
				}
			}
		}
		copyInto(t, mirror, f.page("/v1/contacts", "limit=200", fmt.Sprintf("changed_after=%d", after)))
		want := map[string]json.RawMessage{}
		copyInto(t, want, f.page("/v1/contacts", "limit=200"))
		if !maps.EqualFunc(mirror, want, func(a, b json.RawMessage) bool { return string(a) == string(b) }) {
			t.Errorf("the mirror has %d contacts, there are %d, and they differ", len(mirror), len(want))
		}
	})
}

// copyInto copies a page and gives the highest sequence on it; in order of change
// that is the last.
func copyInto(t *testing.T, mirror map[string]json.RawMessage, a *house.Answer) (highest int64) {
	t.Helper()
	var page struct{ Data []json.RawMessage }
	a.Decode(&page)
	for _, raw := range page.Data {
		var o struct {
			ID       string
			Sequence int64
		}
		if err := json.Unmarshal(raw, &o); err != nil {
			t.Fatal(err)
		}
		mirror[o.ID] = raw
		highest = max(highest, o.Sequence)
	}
	return highest
}

func TestChangedAfterIsInOrderOfChange(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	f := furnish(t, h.AddOrganization(t))
	first, second := f.add(`/v1/contacts {"name":"First"}`), f.add(`/v1/contacts {"name":"Second"}`)
	since := f.Head()
	f.Do("PATCH", "/v1/contacts/"+second, `{"name":"Second!"}`).Want(200)
	f.Do("PATCH", "/v1/contacts/"+first, `{"name":"First!"}`).Want(200)
	if got := f.page("/v1/contacts", fmt.Sprintf("changed_after=%d", since)).Each("id"); !slices.Equal(got, []string{second, first}) {
		t.Errorf("changed since: %v, want %v", got, []string{second, first})
	}
	if got := f.page("/v1/contacts", fmt.Sprintf("changed_after=%d", f.Head())).Each("id"); len(got) > 0 {
		t.Errorf("nothing has changed since, and %v is listed", got)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	f := furnish(t, h.AddOrganization(t))
	for range 55 {
		f.add(`/v1/events {"type":"custom.more"}`)
	}
	for limit, want := range map[string]int{"": 50, "limit=1": 1, "limit=51": 51, "limit=": 50} {
		if got := len(f.page("/v1/events", limit).List("data")); got != want {
			t.Errorf("%q gives %d, want %d", limit, got, want)
		}
	}
	for _, op := range operations(t, h.Client) {
		if op.method != "GET" || !strings.HasPrefix(op.id, "list-") || strings.HasSuffix(op.path, "/variables") ||
			strings.HasSuffix(op.path, "/labels") && op.path != "/v1/labels" || op.id == "list-event-types" {
			continue
		}
		for _, wrong := range []string{"0", "201", "-1", "x", "1.5", "1e2", "99999999999999999999"} {
			a := f.Do("GET", f.says(op.template(t))+"?limit="+wrong, "").Want(422)
			checkWrong(t, a, []string{"query.limit"})
		}
	}
}

func TestCursorsBelongToTheirList(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	f, other := furnish(t, h.AddOrganization(t)), furnish(t, h.AddOrganization(t))
	lists := []string{
		"/v1/contacts", "/v1/contacts?q=more", "/v1/contacts?changed_after=0", "/v1/inboxes", "/v1/users", "/v1/events", "/v1/events?order=desc",
		"/v1/events?types=custom.more", "/v1/conversations", "/v1/conversations?status=open", "/v1/conversations/$conversation/messages",
		"/v1/conversations/$second/messages", "/v1/webhooks/$webhook/deliveries",
	}
	for _, c := range []*fixture{f, other} {
		c.with("second", "delivery", "message", "reply", "agent", "widget")
		for range 2 {
			c.add(`/v1/contacts {"name":"More"}`)
			c.add(`/v1/events {"type":"custom.more"}`)
			c.add(`/v1/conversations/$second/messages {"content":{"type":"text","text":"More"}}`)
			delivery := c.Do("POST", c.says("/v1/webhooks/$webhook/test"), "").Want(202).Text("delivery_id")
			c.Do("POST", "/v1/deliveries/"+delivery+"/redeliver", "").Want(202)
		}
	}
	for _, list := range lists {
		cursor := next(f.page(list, "limit=1"))
		if cursor == "" {
			t.Errorf("%s has one page only", list)
			continue
		}
		f.page(list, "limit=1", "cursor="+cursor)
		for _, elsewhere := range lists {
			if elsewhere == list {
				continue
			}
			f.refusesCursor(t, elsewhere, cursor)
		}
		other.refusesCursor(t, list, cursor)
		for _, wrong := range []string{"x", cursor[1:], cursor + "AA", "%F0%9F%8D%9E", strings.Repeat("A", 64), strings.Repeat("A", 2000)} {
			f.refusesCursor(t, list, wrong)
		}
	}
}

func (f *fixture) refusesCursor(t *testing.T, list, cursor string) {
	t.Helper()
	separator := "?"
	if strings.Contains(list, "?") {
		separator = "&"
	}
	a := f.Do("GET", f.says(list)+separator+"cursor="+cursor, "")
	if a.Status != 422 {
		t.Errorf("%s takes the cursor %s: %s", list, cursor, a)
		return
	}
	checkWrong(t, a, []string{"query.cursor"})
}
