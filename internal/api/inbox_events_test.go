package api_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
	"parley/internal/testing/receiver"
)

// ofInboxes are the nouns that belong to an inbox, in one way or another; no other does.
var ofInboxes = []string{"appointment", "attachment", "conversation", "inbox", "message", "note", "order", "payment", "task", "ticket"}

// moreOfInboxes causes what aLife leaves out: each type of event about a conversation,
// and what is taken off one.
var moreOfInboxes = []string{
	`POST /v1/orders/$returned/cancel`,
	`POST /v1/payments/$bounced/fail`,
	`PATCH /v1/tasks/$errand {"conversation_id":null}`,
	`PATCH /v1/tasks/$errand {"title":"Call nobody"}`,
	`PATCH /v1/tasks/$errand {"conversation_id":"$elsewhere"}`,
	`DELETE /v1/tasks/$errand`,
	`POST /v1/contacts/$friend/merge {"contact_id":"$guest"}`,
}

// Every type of event that belongs to an inbox reaches the endpoints, the lists and the
// streams of that inbox, and of no other; what belongs to none reaches none of them.
func TestEventsBelongToTheirInbox(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		f := furnish(t, h.Client).with("widget", "contact")
		f.ids["other"] = f.Make("/v1/inboxes", `{"name":"Elsewhere"}`).Text("id")
		mine, other := receiver.New(t), receiver.New(t)
		f.endpoint(mine, "inbox", "widget")
		f.endpoint(other, "other")
		head := f.Head()

		f.whole()
		for _, more := range [][3]string{
			{"friend", "contacts", `{}`},
			{"elsewhere", "conversations", `{"inbox_id":"$other","contact_id":"$friend"}`},
			{"here", "conversations", `{"inbox_id":"$inbox","contact_id":"$friend"}`},
			{"returned", "orders", `{"contact_id":"$contact","conversation_id":"$conversation","amount":1,"currency":"EUR"}`},
			{"bounced", "payments", `{"order_id":"$returned","amount":1,"currency":"EUR"}`},
			{"errand", "tasks", `{"title":"Call","conversation_id":"$conversation"}`},
			{"left", "tickets", `{"subject":"Left","conversation_id":"$conversation"}`},
			{"guest", "contacts", `{}`},
			{"visit", "conversations", `{"inbox_id":"$inbox","contact_id":"$guest"}`},
			{"snack", "orders", `{"contact_id":"$guest","conversation_id":"$visit","amount":1,"currency":"EUR"}`},
			{"tip", "payments", `{"order_id":"$snack","amount":1,"currency":"EUR"}`},
		} {
			f.ids[more[0]] = f.Make("/v1/"+more[1], f.says(more[2])).Text("id")
		}
		for _, line := range slices.Concat(moreOfInboxes, aLife) {
			f.do(line)
		}
		f.do(`POST /v1/conversations/$elsewhere/notes {"text":"The end"}`)
		f.do(`POST /v1/conversations/$here/notes {"text":"The end"}`)

		want := map[string][]string{}
		belongs := map[string]map[bool]bool{} // by type: whether some did, and whether some did not
		places := placesOf(t, f.Events(0))
		for _, e := range f.Events(0) {
			inbox := places[e.Sequence]
			if string(e.Inbox) != inbox {
				t.Errorf("%s at %d belongs to inbox %q, want %q: %s", e.Type, e.Sequence, e.Inbox, inbox, e.Data)
			}
			if e.Sequence > head {
				want[inbox] = append(want[inbox], string(e.ID))
			}
			if belongs[e.Type] == nil {
				belongs[e.Type] = map[bool]bool{}
			}
			belongs[e.Type][inbox != ""] = true
		}
		for _, d := range parley.Catalogue() {
			of := slices.Contains(ofInboxes, d.Noun())
			if of != d.OfInbox() {
				t.Errorf("%s: the catalogue says that it is of an inbox: %v", d.Name, d.OfInbox())
			}
			if of && !belongs[d.Name][true] {
				t.Errorf("no %s here belongs to an inbox", d.Name)
			}
			if !of && belongs[d.Name][true] {
				t.Errorf("a %s belongs to an inbox", d.Name)
			}
		}

		wantMine := slices.SortedFunc(slices.Values(slices.Concat(want[f.id("inbox")], want[f.id("widget")])), bySequence)
		h.Deliver(t)
		f.received(mine, wantMine)
		f.received(other, want[f.id("other")])
		for _, inbox := range []string{f.id("inbox"), f.id("widget"), f.id("other")} {
			f.listed(inbox, head, want[inbox])
			f.streamed(t, inbox, head, want[inbox])
		}
		f.listed("inb_none", head, nil)
	})
}

func bySequence(a, b string) int {
	return int(parley.EventID(a).Sequence() - parley.EventID(b).Sequence())
}

// placesOf tells of each event by its sequence which inbox it must belong to, from what
// the events themselves say.
func placesOf(t *testing.T, events []*parley.Event) map[int64]string {
	t.Helper()
	type object struct {
		ID           string
		Inbox        string  `json:"inbox_id"`
		Conversation *string `json:"conversation_id"`
		Order        *string `json:"order_id"`
	}
	inboxOf, conversationOf, places := map[string]string{}, map[string]*string{}, map[int64]string{}
	for _, e := range events {
		noun, verb, _ := strings.Cut(e.Type, ".")
		var data map[string]json.RawMessage
		var about, beside, before object
		err := json.Unmarshal(e.Data, &data)
		for name, into := range map[string]*object{noun: &about, "conversation": &beside, "previous": &before} {
			if err == nil && data[name] != nil && slices.Contains(ofInboxes, noun) {
				err = json.Unmarshal(data[name], into)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		conversation := about.Conversation
		if conversation == nil {
			conversation = before.Conversation
		}
		switch noun {
		case "inbox":
			places[e.Sequence] = about.ID
			continue
		case "conversation", "message", "note":
			inboxOf[beside.ID] = beside.Inbox
			places[e.Sequence] = beside.Inbox
			if e.Type == "conversation.deleted" {
				delete(inboxOf, beside.ID)
			}
			continue
		case "order":
			conversationOf[about.ID] = about.Conversation
		case "payment":
			if about.Order != nil {
				conversation = conversationOf[*about.Order]
			}
		}
		if conversation != nil && verb != "" {
			places[e.Sequence] = inboxOf[*conversation]
		}
	}
	return places
}

// endpoint adds an endpoint for all events of some inboxes.
func (f *fixture) endpoint(r *receiver.Receiver, inboxes ...string) {
	f.t.Helper()
	f.Make("/v1/webhooks", f.says(`{"url":"`+r.URL+`","event_types":["*"],"ordering":"strict","inbox_ids":["$`+strings.Join(inboxes, `","$`)+`"]}`))
}

// received tells whether an endpoint whose events come one after another got these.
func (f *fixture) received(r *receiver.Receiver, want []string) {
	f.t.Helper()
	r.Wait(f.t, len(want))
	if got := r.IDs(); !slices.Equal(got, want) {
		f.t.Errorf("an endpoint received %d events, want %d:\n%v\n%v", len(got), len(want), got, want)
	}
}

// listed tells whether the list of an inbox has these events.
func (f *fixture) listed(inbox string, after int64, want []string) {
	f.t.Helper()
	var page struct{ Data []parley.Envelope }
	f.Get("/v1/events?limit=200&after=" + strconv.FormatInt(after, 10) + "&inbox_id=" + inbox).Decode(&page)
	var got []string
	for _, e := range page.Data {
		got = append(got, string(e.ID))
	}
	if !slices.Equal(got, want) {
		f.t.Errorf("the list of inbox %s has %d events, want %d", inbox, len(got), len(want))
	}
}

// streamed tells whether the stream of an inbox has these events.
func (f *fixture) streamed(t *testing.T, inbox string, after int64, want []string) {
	t.Helper()
	var got []string
	for _, frame := range follow(t, f.Client, "?after="+strconv.FormatInt(after, 10)+"&inbox_id="+inbox).events(len(want)) {
		var e parley.Envelope
		if err := json.Unmarshal([]byte(frame.data), &e); err != nil {
			t.Fatal(err)
		}
		got = append(got, string(e.ID))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the stream of inbox %s has %v, want %v", inbox, got, want)
	}
}
