package form_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/schema"
)

// trips are nouns of every kind, complete and nearly empty, whose forms are filled in
// and read again.
var trips = map[string]journey{
	"organization": changed(parley.Organization{Name: "Bakery & Sons", RetentionDays: new(90)}),
	"user":         trip(parley.User{Name: `Grace "G" <Hopper>`, Email: "grace@example.com", Role: "admin"}),
	"team":         trip(parley.Team{Name: "Night", Description: new("From 10\nto 6"), MemberIDs: []parley.UserID{anID[parley.UserID](), anID[parley.UserID]()}}),
	"team, alone":  trip(parley.Team{Name: "Nobody", MemberIDs: []parley.UserID{}}),
	"api key":      made(parley.APIKey{Name: "CRM", Kind: "personal", UserID: new(anID[parley.UserID]()), Scopes: []parley.Scope{"contacts:read", "*:read"}, ExpiresAt: new(at("2027-01-01T00:00:00.123Z"))}),
	"inbox":        trip(parley.Inbox{Name: "Website", Channel: "widget"}),
	"contact": trip(parley.Contact{
		Name: new("Ada"), Email: new("ada@example.com"), Phone: new("+44 20 7946 0000"), ExternalID: new("customer-42"),
		CustomFields: values(`{"height":1.80,"vip":true,"size":"L","born":"1815-12-10","met":"1835-06-05T10:00:00Z","motto":"a\nb","small":"–"}`),
		Variables:    values(`{"visits":12,"beta":false,"last order":"rye","since":"2026-01-01"}`),
	}),
	"contact, nobody": trip(parley.Contact{CustomFields: parley.Values{}, Variables: parley.Values{}}),
	"conversation": trip(parley.Conversation{
		Status: parley.Snoozed, InboxID: anID[parley.InboxID](), ContactID: anID[parley.ContactID](), AssigneeID: new(anID[parley.UserID]()),
		Subject: new("Where is my order?"), CustomFields: parley.Values{}, SnoozedUntil: new(at("2026-12-01T09:30:00Z")),
	}),
	"note":            made(parley.Note{Text: "Asked the warehouse.\n\nThey know nothing."}),
	"label":           trip(parley.Label{Name: "vip", Color: "#2563eb", Description: "Very important"}),
	"canned response": trip(parley.CannedResponse{Shortcut: "hello", Name: "A greeting", Text: "Hello {{contact.name}}"}),
	"label, plain":    trip(parley.Label{Name: "plain", Color: "#64748b"}),
	"custom field":    trip(parley.CustomField{Object: "contact", Key: "size", Name: "Size", Type: "select", Options: []string{"S", "M", "L"}}),
	"task": trip(parley.Task{
		Title: "Call back", Description: new("In the afternoon"), DueAt: new(at("2026-11-21T15:00:00Z")), AssigneeID: new(anID[parley.UserID]()),
		TeamID: new(anID[parley.TeamID]()), ContactID: new(anID[parley.ContactID]()), ConversationID: new(anID[parley.ConversationID]()), CustomFields: values(`{"height":3}`),
	}),
	"ticket": trip(parley.Ticket{Subject: "The oven", Priority: "urgent", CustomFields: parley.Values{}}),
	"appointment": trip(parley.Appointment{
		Title: "Tasting", StartsAt: at("2026-11-21T15:00:00Z"), EndsAt: at("2026-11-21T15:30:00.001Z"), TimeZone: "Europe/Paris",
		UserID: anID[parley.UserID](), Location: new("The shop"), CustomFields: parley.Values{},
	}),
	"order": trip(parley.Order{
		ContactID: anID[parley.ContactID](), Amount: 2790, Currency: "EUR", CustomFields: parley.Values{}, Items: []parley.OrderItem{
			{Name: "Rye bread", SKU: new("RYE-1000"), Quantity: 2, UnitAmount: 1250}, {Name: "Delivery", Quantity: 1, UnitAmount: 290},
		},
	}),
	"order, yen":   trip(parley.Order{ContactID: anID[parley.ContactID](), Amount: 2790, Currency: "JPY", CustomFields: parley.Values{}, Items: []parley.OrderItem{}}),
	"payment":      made(parley.Payment{OrderID: new(anID[parley.OrderID]()), Amount: 5, Currency: "KWD", Provider: new("bank transfer"), Reference: new("RF18")}),
	"pipeline":     trip(parley.Pipeline{Name: "Cakes", Stages: []parley.Stage{{ID: anID[parley.StageID](), Name: "Tasting"}, {ID: anID[parley.StageID](), Name: "Offer"}}}),
	"deal":         trip(parley.Deal{Title: "Cake", PipelineID: anID[parley.PipelineID](), StageID: anID[parley.StageID](), Amount: new(int64(32000)), Currency: new("EUR"), CustomFields: parley.Values{}}),
	"deal, unsure": trip(parley.Deal{Title: "Cake", PipelineID: anID[parley.PipelineID](), CustomFields: parley.Values{}}),
	"portal":       trip(parley.Portal{Name: "Help", Slug: "help", Color: "#2563eb", DefaultLocale: "en", Locales: []string{"en", "pt-BR"}}),
	"category":     trip(parley.Category{PortalID: anID[parley.PortalID](), Name: "Orders", Slug: "orders", Locale: "en", Position: 3}),
	"article":      trip(parley.Article{PortalID: anID[parley.PortalID](), CategoryID: new(anID[parley.CategoryID]()), Title: "Where?", Slug: "where", Body: "\nOpen **My orders**\n\n    and wait & see\n", Locale: "en"}),
	"subscription": trip(subscription{Active: true, Home: new("https://example.com/?a=1&b=2"), Day: new("2026-11-20"), Kinds: []string{"news", "events"}, Weight: 0.5}),
	"webhook": trip(parley.Webhook{
		URL: "https://example.com/hook", EventTypes: []string{"conversation.*", "message.created"}, InboxIDs: []parley.InboxID{anID[parley.InboxID]()},
		Filter: `data.subject == "a"`, Transformation: "function transform(e) {\n  return e\n}", Format: "flat", Headers: parley.Headers{},
		Auth: parley.Auth{Type: "basic", Username: "ada", Password: "secret"}, Signing: "both", Verification: parley.Verification{Type: "none"},
		Ordering: "strict", Retry: parley.Retry{Preset: "custom", Delays: []int{5, 300}}, TimeoutSeconds: 7,
	}),
}

// subscription has what no noun has yet.
type subscription struct {
	Active bool     `json:"active" write:"create,update"`
	Silent bool     `json:"silent" write:"create,update"`
	Home   *string  `json:"home" write:"create,update" format:"uri"`
	Day    *string  `json:"day" write:"create,update" format:"date"`
	Kinds  []string `json:"kinds" write:"create,update" enum:"news,offers,events"`
	Weight float64  `json:"weight" write:"create,update"`
}

func TestWhatAFormShowsIsWhatItGives(t *testing.T) {
	t.Parallel()
	for name, test := range trips {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, test := range test.tests {
				test(t)
			}
		})
	}
}

// definitions are custom fields of every type.
var definitions = []parley.CustomField{
	{Key: "height", Name: "Height", Type: "number"},
	{Key: "vip", Name: "VIP", Type: "boolean"},
	{Key: "size", Name: "Size", Type: "select", Options: []string{"S", "L"}},
	{Key: "born", Name: "Born", Type: "date"},
	{Key: "met", Name: "Met", Type: "date"},
	{Key: "motto", Name: "Motto", Type: "text"},
	{Key: "small", Name: "Small", Type: "select"}, // whose option is gone
}

// Message is the one noun that has no form: its content has a composer of its own.
func TestEveryNounHasATrip(t *testing.T) {
	t.Parallel()
	made := map[string]bool{"Message": true}
	for _, trip := range trips {
		made[trip.noun] = true
	}
	files, err := filepath.Glob("../../../*noun*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no files of nouns: %v", err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range strings.Split(string(source), "\ntype ")[1:] {
			fields, _, _ := strings.Cut(declared, "\n}")
			if name, _, _ := strings.Cut(declared, " "); strings.Contains(fields, ` write:"`) && !made[name] {
				t.Errorf("the forms of %s are not tried", name)
			}
		}
	}
}

// journey is what happens to the forms of a noun.
type journey struct {
	noun  string
	tests []func(*testing.T)
	form  func(*testing.T) form.Form
}

// trip fills in the form that makes the noun, and the one that changes it.
func trip[T any](noun T) journey {
	return journey{nameOf[T](), append(made(noun).tests, changed(noun).tests...), made(noun).form}
}

// made fills in the form that makes the noun, and expects to be given the noun.
func made[T any](noun T) journey {
	set := fields[T](form.Create)
	test := func(t *testing.T) {
		body := filledIn(t, noun, set)
		var got T
		schema.Defaults(&got)
		if err := schema.ReadCreate(body, &got); err != nil {
			t.Fatalf("create from %s: %v", body, err)
		}
		compare(t, body, written(t, noun, form.Create), written(t, got, form.Create))
	}
	return journey{nameOf[T](), []func(*testing.T){test}, func(t *testing.T) form.Form { return shown(t, noun, set) }}
}

// changed fills in the form that changes the noun, changes nothing, and expects that
// nothing has changed; also what was there before is put right again.
func changed[T any](noun T) journey {
	set := fields[T](form.Update)
	test := func(t *testing.T) {
		body := filledIn(t, noun, set)
		for _, before := range []T{noun, *new(T)} {
			got := before
			if err := schema.ReadUpdate(body, &got); err != nil {
				t.Fatalf("update from %s: %v", body, err)
			}
			compare(t, body, written(t, noun, form.Update), written(t, got, form.Update))
		}
	}
	return journey{nameOf[T](), []func(*testing.T){test}, func(t *testing.T) form.Form { return shown(t, noun, set) }}
}

func nameOf[T any]() string { return reflect.TypeFor[T]().Name() }

func fields[T any](verb form.Verb) form.Set {
	set := form.Of[T](verb)
	for _, f := range set.Fields {
		if f.Name == "custom_fields" {
			return set.Custom(definitions)
		}
	}
	return set
}

// shown is the form of a noun as it stands.
func shown(t *testing.T, noun any, set form.Set) form.Form {
	t.Helper()
	zone := zoned(t, "America/New_York")
	return form.Form{
		Set: set, Values: form.Values(noun, set, zone), Zone: zone,
		Title: func(_, id string) string { return "Ada · " + id[:3] }, Pick: func(noun string) string { return "/pick/" + noun },
	}
}

// filledIn draws the form of a noun, and reads what a browser would post of it.
func filledIn(t *testing.T, noun any, set form.Set) json.RawMessage {
	t.Helper()
	f := shown(t, noun, set)
	posted := posts(t, drawn(t, f))
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(posted.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	body, err := form.Read(r, set, f.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// written are the fields of a noun that the verb writes, without those that have no
// value: whether those are there is the schema's business.
func written(t *testing.T, noun any, verb form.Verb) map[string]any {
	t.Helper()
	raw, err := json.Marshal(noun)
	if err != nil {
		t.Fatal(err)
	}
	var all, kept map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	kept = map[string]any{}
	for _, name := range writable(noun, verb) {
		switch value := all[name].(type) {
		case nil:
		case string:
			if value != "" {
				kept[name] = value
			}
		case []any:
			if len(value) > 0 {
				kept[name] = value
			}
		case map[string]any:
			if len(value) > 0 {
				kept[name] = value
			}
		default:
			kept[name] = value
		}
	}
	return kept
}

func compare(t *testing.T, body []byte, want, got map[string]any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the form gave another object (-want +got):\n%s\nthe body was %s", diff, body)
	}
}

// drawn is the form's HTML.
func drawn(t *testing.T, f form.Form) string {
	t.Helper()
	var page bytes.Buffer
	if err := form.Fields(f).Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	return page.String()
}

// element is an element of a page.
type element struct {
	name       string
	attributes map[string]string
	text       string // in it, or before what it holds
}

// elements are those of a page of ours, which leaves nothing for a browser to guess.
func elements(t *testing.T, page string) (found []element) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader("<page>" + page + "</page>"))
	d.Strict, d.AutoClose = false, xml.HTMLAutoClose
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatalf("%v in %s", err, page)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, attributes: map[string]string{}}
			for _, a := range token.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			found = append(found, e)
		case xml.CharData:
			if last := &found[len(found)-1]; last.text == "" {
				last.text = string(token)
			}
		}
	}
}

// posts are the values that a browser would post of the inputs in a page.
func posts(t *testing.T, page string) url.Values {
	t.Helper()
	values := url.Values{}
	choice, chosen := "", false // the select whose options come, and whether one of them was selected
	for _, e := range elements(t, page) {
		_, checked := e.attributes["checked"]
		_, selected := e.attributes["selected"]
		name := e.attributes["name"]
		switch {
		case e.name == "input" && (e.attributes["type"] != "checkbox" || checked):
			values.Add(name, e.attributes["value"])
		case e.name == "textarea":
			values.Add(name, strings.ReplaceAll(strings.TrimPrefix(e.text, "\n"), "\n", "\r\n"))
		case e.name == "select":
			choice, chosen = name, false
		case e.name == "option" && choice != "" && (!chosen || selected):
			values[choice] = append(values[choice][:max(0, len(values[choice])-1)], e.attributes["value"])
			chosen = true
		}
	}
	return values
}

func anID[I parley.ID]() I { return parley.NewID[I]() }

func at(text string) (t parley.Time) {
	if err := t.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return t
}

func values(raw string) (v parley.Values) {
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		panic(err)
	}
	return v
}

func zoned(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
