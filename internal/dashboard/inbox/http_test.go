package inbox_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"parley"
	"parley/internal/testing/desk"
)

// id is the id of an object that the API gave.
func id(obj map[string]any) string {
	text, _ := obj["id"].(string)
	return text
}

// begun is a new conversation with a new contact in the demo's inbox of channel api.
func begun(d *desk.Desk, name, subject, text string) (conversation, contact string) {
	person := d.API(http.MethodPost, "/v1/contacts", map[string]any{"name": name})
	conv := d.API(http.MethodPost, "/v1/conversations", map[string]any{
		"contact_id": person["id"], "inbox_id": d.Made.Inbox.ID, "subject": subject,
		"message": map[string]any{"direction": "incoming", "content": map[string]any{"type": "text", "text": text}},
	})
	return id(conv), id(person)
}

func TestThePanesAnswer(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	agent := d.Client(t, desk.Agent)
	conv, contact := begun(d, desk.Script+"N", desk.Script+"S", desk.Script+"M")
	other, _ := begun(d, "Ada", "Buns", "Are there any?")

	t.Run("what people wrote is text", func(t *testing.T) {
		d.API(http.MethodPost, "/v1/conversations/"+conv+"/notes", map[string]any{"text": desk.Script})
		d.API(http.MethodPost, "/v1/conversations/"+conv+"/labels", map[string]any{"name": "<script>alert(1)</script>"})
		for _, path := range []string{"/inbox", "/inbox/" + conv, "/inbox/" + conv + "/thread", "/inbox/" + conv + "/panel", "/inbox/" + conv + "/head", "/inbox/" + conv + "/edit", "/inbox/" + conv + "/contact"} {
			status, body := d.Get(t, agent, path)
			if status != http.StatusOK || strings.Contains(body, "<img src=x") || strings.Contains(body, "<script>") {
				t.Errorf("%s answers %d and has markup of others in it", path, status)
			}
		}
	})
	t.Run("nothing is to be had with wrong addresses", func(t *testing.T) {
		for _, path := range []string{"/inbox/nonsense", "/inbox/" + string(parley.NewID[parley.ConversationID]()), "/inbox/" + conv + "/older?before=x"} {
			if status, _ := d.Get(t, agent, path); status != http.StatusNotFound && status != http.StatusUnprocessableEntity {
				t.Errorf("%s answers %d", path, status)
			}
		}
	})
	t.Run("nobody else sees it", func(t *testing.T) {
		jar, _ := cookiejar.New(nil)
		stranger := &http.Client{Jar: jar, CheckRedirect: agent.CheckRedirect}
		if status, _ := d.Get(t, stranger, "/inbox/"+conv); status != http.StatusSeeOther {
			t.Errorf("a stranger is answered %d", status)
		}
		if status, to, _ := d.Post(t, stranger, "/inbox/"+conv+"/messages", url.Values{"text": {"Hello"}}); status != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in") {
			t.Errorf("a stranger's message is answered %d %s", status, to)
		}
	})
	t.Run("lists are narrowed by their address", func(t *testing.T) {
		for _, c := range []struct {
			query       string
			here, other bool
		}{
			{"", true, true},
			{"?q=buns", false, true},
			{"?folder=mine", false, false},
			{"?folder=unassigned", true, true},
			{"?status=resolved", false, false},
			{"?status=any", true, true},
			{"?label=%3Cscript%3Ealert(1)%3C%2Fscript%3E", true, false},
			{"?inbox=" + string(d.Made.Inbox.ID), true, true},
			{"?inbox=ibx_nonsense", false, false},
			{"?team=none", false, false},
			{"?folder=x&status=y&rows=z", true, true},
		} {
			status, body := d.Get(t, agent, "/inbox"+c.query)
			if here, there := strings.Contains(body, "row-"+conv), strings.Contains(body, "row-"+other); status != http.StatusOK || here != c.here || there != c.other {
				t.Errorf("/inbox%s answers %d with %v %v, want %v %v", c.query, status, here, there, c.here, c.other)
			}
		}
		if status, _ := d.Get(t, agent, "/inbox?cursor=nonsense"); status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
			t.Errorf("a cursor that is none answers %d", status)
		}
	})
	t.Run("what is done is done by the verbs", func(t *testing.T) {
		acts := []struct {
			path  string
			form  url.Values
			event string
		}{
			{"/messages", url.Values{"text": {"We have some."}}, "message.created"},
			{"/notes", url.Values{"text": {"She likes rye."}}, "note.created"},
			{"/assignee", url.Values{"assignee": {string(d.Made.Owner.ID)}, "was": {""}}, "conversation.assigned"},
			{"/labels", url.Values{"label": {"new label"}}, "conversation.label_added"},
			{"/labels/remove", url.Values{"label": {"new label"}}, "conversation.label_removed"},
			{"/status", url.Values{"status": {"pending"}}, "conversation.updated"},
			{"/snooze", url.Values{"until": {"tomorrow"}}, "conversation.snoozed"},
			{"/status", url.Values{"status": {"open"}}, "conversation.reopened"},
			{"/edit", url.Values{"subject": {"Rolls"}, "custom_fields.order_number": {"B-1"}}, "conversation.updated"},
			{"/status", url.Values{"status": {"resolved"}}, "conversation.resolved"},
		}
		for _, act := range acts {
			if status, _, body := d.Post(t, agent, "/inbox/"+other+act.path, act.form); status != http.StatusSeeOther {
				t.Fatalf("%s answers %d %s", act.path, status, body)
			}
			if e := d.First("/v1/events?order=desc"); e["type"] != act.event {
				t.Errorf("%s made %v, want %s", act.path, e["type"], act.event)
			}
		}
		_, body := d.Get(t, agent, "/inbox/"+other+"/thread")
		for _, told := range []string{"We have some.", "She likes rye.", "assigned it to Robin", "added the label new label", "set it to pending", "resolved it", "changed the subject to “Rolls”"} {
			if !strings.Contains(body, told) {
				t.Errorf("the thread does not tell: %s", told)
			}
		}
	})
	t.Run("what is wrong is told", func(t *testing.T) {
		for path, form := range map[string]url.Values{
			"/messages": {"text": {" "}}, "/notes": {"text": {""}}, "/assignee": {"assignee": {"usr_nobody"}}, "/status": {"status": {"snoozed"}},
			"/snooze": {"until": {"2020-01-01T10:00"}}, "/labels": {"label": {" "}}, "/contact": {"email": {"nonsense"}}, "/team": {"team": {"team_x"}},
		} {
			if status, _, _ := d.Post(t, agent, "/inbox/"+conv+path, form); status != http.StatusUnprocessableEntity {
				t.Errorf("%s answers %d to %v", path, status, form)
			}
		}
		if status, _, _ := d.Post(t, agent, "/inbox/"+conv+"/assignee", url.Values{"assignee": {string(d.Made.Owner.ID)}, "was": {"usr_another"}}); status != http.StatusConflict {
			t.Errorf("taking what another has answers %d", status)
		}
	})
	t.Run("the thread goes back", func(t *testing.T) {
		for range 45 {
			d.API(http.MethodPost, "/v1/conversations/"+conv+"/messages", map[string]any{"content": map[string]any{"type": "text", "text": "on and on"}})
		}
		_, body := d.Get(t, agent, "/inbox/"+conv+"/thread")
		if n := strings.Count(body, "on and on"); n != 40 {
			t.Errorf("%d messages are shown, want 40", n)
		}
		_, page := d.Get(t, agent, "/inbox/"+conv)
		_, older, found := strings.Cut(page, `hx-get="/inbox/`+conv+`/older?before=`)
		if !found {
			t.Fatal("there is no way to older messages")
		}
		before, _, _ := strings.Cut(older, `"`)
		status, body := d.Get(t, agent, "/inbox/"+conv+"/older?before="+before)
		if status != http.StatusOK || strings.Count(body, "on and on") != 5 || !strings.Contains(body, "&lt;img src=x") || strings.Contains(body, "data-older") {
			t.Errorf("what is older answers %d: %s", status, body)
		}
	})
	t.Run("a conversation begins", func(t *testing.T) {
		status, to, _ := d.Post(t, agent, "/inbox/new", url.Values{"contact_id": {contact}, "inbox_id": {string(d.Made.Inbox.ID)}, "subject": {"Again"}, "text": {"Hello there"}})
		if status != http.StatusSeeOther || !strings.HasPrefix(to, "/inbox/conv_") {
			t.Fatalf("it answers %d %s", status, to)
		}
		if _, body := d.Get(t, agent, to); !strings.Contains(body, "Hello there") {
			t.Error("it does not begin with its message")
		}
		if status, _, body := d.Post(t, agent, "/inbox/new", url.Values{"inbox_id": {"x"}, "text": {"What I typed"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "What I typed") {
			t.Errorf("one without a contact answers %d", status)
		}
	})
	t.Run("canned responses are filled in", func(t *testing.T) {
		d.API(http.MethodPost, "/v1/canned_responses", map[string]any{"shortcut": "hello", "name": "Hello", "text": "Dear {{contact.name}} <b>{{ agent.name }}</b> {{contact.shoe_size}}"})
		_, body := d.Get(t, agent, "/inbox/"+other+"/canned?q=HELL")
		if !strings.Contains(body, "Dear Ada &lt;b&gt;Noor&lt;/b&gt; {{contact.shoe_size}}") {
			t.Errorf("it is %s", body)
		}
		if _, body := d.Get(t, agent, "/inbox/"+other+"/canned?q=%25"); strings.Contains(body, "Dear") {
			t.Error("a sign of the database is taken for one")
		}
	})
	t.Run("it is deleted", func(t *testing.T) {
		if status, to, _ := d.Post(t, agent, "/inbox/"+conv+"/delete", nil); status != http.StatusSeeOther || to != "/inbox" {
			t.Errorf("it answers %d %s", status, to)
		}
		if status, _ := d.Get(t, agent, "/inbox/"+conv); status != http.StatusNotFound {
			t.Errorf("afterwards it answers %d", status)
		}
	})
}
