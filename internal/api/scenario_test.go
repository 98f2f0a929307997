package api_test

import (
	"strings"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

// scenario is one request to a furnished organization: what it is answered and
// which events it appends. Names such as $contact stand for ids of the fixture.
type scenario struct {
	does    string
	with    string   // what has to be there besides what is named: "contact label"
	before  []string // requests made before: "POST /v1/… {body}"
	request string   // "POST /v1/contacts"
	body    string
	header  []string
	scopes  []parley.Scope // of the key; all if none

	status int
	answer string   // what the answer includes: see house.Includes
	wrong  []string // the locations that a problem names, in any order
	lacks  []string // what must not be in the answer
	events []appended
}

// appended is an event that a scenario appends: its type and what its data
// includes. In it, $new is the id that the answer has.
type appended struct{ kind, data string }

// Every route does what it is for. Each scenario has an organization of its own.
func TestScenarios(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		for name, scenarios := range map[string][]scenario{
			"organization":            organization(),
			"usage":                   usage(),
			"users":                   users(),
			"inboxes":                 inboxes(),
			"custom fields":           customFields(),
			"values of custom fields": valuesOfCustomFields(),
			"API keys":                apiKeys(),
			"contacts":                contacts(),
			"contact variables":       contactVariables(),
			"conversations":           conversations(),
			"conversation lists":      conversationLists(),
			"conversation variables":  conversationVariables(),
			"conversation labels":     conversationLabels(),
			"labels":                  labels(),
			"messages":                messages(),
			"notes":                   notes(),
			"canned responses":        cannedResponses(),
			"teams":                   teams(),
			"what a team does":        teamWork(),
			"appointments":            appointments(),
			"appointment lists":       appointmentLists(),
			"portals":                 portals(),
			"categories":              categories(),
			"articles":                articles(),
			"article lists":           articleLists(),
			"tasks":                   tasks(),
			"task lists":              taskLists(),
			"tickets":                 tickets(),
			"ticket lists":            ticketLists(),
			"events":                  events(),
			"event types":             eventTypes(),
			"orders":                  orders(),
			"payments":                payments(),
			"pipelines":               pipelines(),
			"deals":                   deals(),
			"webhooks":                webhooks(),
			"webhook actions":         webhookActions(),
			"webhook rewinds":         webhookRewinds(),
			"deliveries":              deliveries(),
			"deliveries of an event":  eventDeliveries(),
			"failed deliveries":       failedDeliveries(),
		} {
			for _, s := range scenarios {
				t.Run(name+": "+s.does, func(t *testing.T) {
					t.Parallel()
					s.run(t, furnish(t, h.AddOrganization(t)))
				})
			}
		}
	})
}

func (s scenario) run(t *testing.T, f *fixture) {
	f.with(strings.Fields(s.with)...)
	for _, line := range s.before {
		f.do(line)
	}
	f.says(s.request + s.body + s.answer)
	for _, e := range s.events {
		f.says(strings.ReplaceAll(e.data, "$new", ""))
	}
	client := f.Client
	if s.scopes != nil {
		client = client.Key(s.scopes...)
	}
	head := f.Head()
	method, path, _ := strings.Cut(f.says(s.request), " ")
	header := make([]string, len(s.header))
	for i, h := range s.header {
		header[i] = f.says(h)
	}
	a := client.Do(method, path, f.says(s.body), header...).Want(s.status)
	s.checkAnswer(t, f, a)
	s.checkEvents(t, f, a, f.Events(head))
}

func (s scenario) checkAnswer(t *testing.T, f *fixture, a *house.Answer) {
	if s.answer != "" {
		a.Includes(f.says(s.answer))
	}
	for _, text := range s.lacks {
		a.Lacks(text)
	}
	checkWrong(t, a, s.wrong)
	if a.Status == 204 && len(a.Body) > 0 {
		t.Errorf("204 has a body: %s", a)
	}
}

// checkWrong tells whether a problem names exactly these fields.
func checkWrong(t *testing.T, a *house.Answer, locations []string) {
	t.Helper()
	if len(locations) == 0 {
		return
	}
	var problem struct {
		Errors []struct{ Location, Message string }
	}
	a.Decode(&problem)
	found := map[string]bool{}
	for _, e := range problem.Errors {
		found[e.Location] = true
	}
	for _, l := range locations {
		if !found[l] {
			t.Errorf("%s is not named as wrong in %s", l, a)
		}
	}
	if len(found) > len(locations) {
		t.Errorf("more than %v is named as wrong in %s", locations, a)
	}
}

func (s scenario) checkEvents(t *testing.T, f *fixture, a *house.Answer, events []*parley.Event) {
	var want []string
	for _, e := range s.events {
		want = append(want, e.kind)
	}
	if got := house.Types(events); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Fatalf("the events are\n%v, want\n%v", got, want)
	}
	g := fixture{f.Client, t, map[string]string{}}
	for name, id := range f.ids {
		g.ids[name] = id
	}
	if a.Status == 201 {
		g.ids["new"] = newID(a)
	}
	for i, e := range events {
		if data := s.events[i].data; data != "" {
			if err := house.Includes(e.Data, g.says(data)); err != nil {
				t.Errorf("%s: %v in %s", e.Type, err, e.Data)
			}
		}
	}
}

func newID(a *house.Answer) string {
	var made struct{ ID string }
	a.Decode(&made)
	return made.ID
}
