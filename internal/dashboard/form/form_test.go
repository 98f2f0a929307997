package form_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/schema"
)

// writable are the names of the fields that the verb writes.
func writable(noun any, verb form.Verb) (names []string) {
	for f := range reflect.TypeOf(noun).Fields() {
		if slices.Contains(strings.Split(f.Tag.Get("write"), ","), string(verb)) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			names = append(names, name)
		}
	}
	return names
}

func TestFieldsAreSaidForPeople(t *testing.T) {
	t.Parallel()
	set := form.Of[parley.Order](form.Create)
	want := []struct {
		name, label, help string
		kind              form.Kind
		required          bool
	}{
		{"contact_id", "Contact", "Who ordered; stays, also when the contact is deleted", form.Reference, true},
		{"conversation_id", "Conversation", "The conversation with this contact in which it was ordered; stays, also when that is deleted", form.Reference, false},
		{"items", "Items", "What was ordered", form.Rows, false},
		{"amount", "Amount", "What it comes to in all. With delivery, tax or a discount that is another sum than that of the items", form.Money, true},
		{"currency", "Currency", "Of all amounts of the order. The code of a currency in ISO 4217, like EUR", form.Text, true},
	}
	for i, w := range want {
		f := set.Fields[i]
		if f.Name != w.name || f.Label != w.label || f.Help != w.help || f.Kind != w.kind || f.Required != w.required {
			t.Errorf("field %d is %+v, want %+v", i, f, w)
		}
	}
	task := form.Of[parley.Task](form.Update)
	if f := task.Only("due_at").Fields[0]; f.Label != "Due" || f.Help != "By when it is to be done; empty: whenever" || f.Kind != form.Moment {
		t.Errorf("the due date is %+v", f)
	}
	if f := form.Of[parley.APIKey](form.Create).Only("user_id").Fields[0]; f.Noun != "user" || f.Label != "User" {
		t.Errorf("the user of a key is %+v", f)
	}
}

func TestEmptyFieldsAreLeftOutOrNull(t *testing.T) {
	t.Parallel()
	posted := url.Values{"title": {""}, "description": {""}, "due_at": {""}, "assignee_id": {""}, "custom_fields.height": {""}, "sequence": {"7"}}
	for verb, want := range map[form.Verb]string{
		form.Create: `{"assignee_id":null,"custom_fields":{"height":null},"description":null,"due_at":null}`,
		form.Update: `{"assignee_id":null,"custom_fields":{"height":null},"description":null,"due_at":null,"title":""}`,
	} {
		if got := form.Body(posted, fields[parley.Task](verb), time.UTC); string(got) != want {
			t.Errorf("%s: the body is %s, want %s", verb, got, want)
		}
	}
}

func TestOnlyWhatWasInTheFormIsRead(t *testing.T) {
	t.Parallel()
	set := form.Of[parley.Team](form.Update)
	for _, test := range []struct {
		posted url.Values
		want   string
	}{
		{url.Values{}, `{}`},
		{url.Values{"name": {"Night"}, "id": {"team_1"}, "created_at": {"now"}}, `{"name":"Night"}`},
		{url.Values{"member_ids": {""}}, `{"member_ids":[]}`},
		{url.Values{"member_ids": {"", "usr_1", " "}}, `{"member_ids":["usr_1"]}`},
	} {
		if got := form.Body(test.posted, set, time.UTC); string(got) != test.want {
			t.Errorf("%v gives %s, want %s", test.posted, got, test.want)
		}
	}
	if got := form.Body(url.Values{"name": {"Night"}, "description": {"x"}}, set.Only("description"), time.UTC); string(got) != `{"description":"x"}` {
		t.Errorf("a field that was not asked for is read: %s", got)
	}
}

func TestTypesAreThoseThatTheAPIExpects(t *testing.T) {
	t.Parallel()
	posted := url.Values{
		"name": {"Ada"}, "email": {" ada@example.com "},
		"custom_fields.height": {"1.80"}, "custom_fields.vip": {"true"}, "custom_fields.born": {"1815-12-10"}, "custom_fields.motto": {"12"},
		"variables": {""}, "variables[3].name": {"visits"}, "variables[3].type": {"number"}, "variables[3].value": {"007"},
		"variables[1].name": {"gone"}, "variables[1].type": {"text"}, "variables[1].value": {""}, "variables[9].name": {""}, "variables[9].value": {"x"},
	}
	want := `{"custom_fields":{"born":"1815-12-10","height":1.80,"motto":"12","vip":true},"email":"ada@example.com","name":"Ada","variables":{"gone":null,"visits":"007"}}`
	if got := form.Body(posted, fields[parley.Contact](form.Update), time.UTC); string(got) != want {
		t.Errorf("the body is %s, want %s", got, want)
	}
}

func TestAmountsAreInUnits(t *testing.T) {
	t.Parallel()
	set := form.Of[parley.Payment](form.Create).Only("amount", "currency")
	for _, test := range []struct{ typed, currency, amount string }{
		{"27.90", "EUR", "2790"},
		{"27,9", "EUR", "2790"},
		{"27", "EUR", "2700"},
		{"1 000", "EUR", "100000"},
		{"-3.05", "EUR", "-305"},
		{"27", "JPY", "27"},
		{"0.005", "KWD", "5"},
		{"27.5", "JPY", `"27.5"`},
		{"1.000", "EUR", `"1.000"`},
		{"much", "EUR", `"much"`},
		{"99999999999999999999", "EUR", `"99999999999999999999"`},
	} {
		got := form.Body(url.Values{"amount": {test.typed}, "currency": {test.currency}}, set, time.UTC)
		if want := `{"amount":` + test.amount + `,"currency":"` + test.currency + `"}`; string(got) != want {
			t.Errorf("%s %s gives %s, want %s", test.typed, test.currency, got, want)
		}
	}
	for amount, want := range map[int64]string{2790: "27.90", 5: "0.05", 0: "0.00", -305: "-3.05"} {
		if got := form.Units(amount, "EUR"); got != want {
			t.Errorf("%d is shown as %s, want %s", amount, got, want)
		}
	}
}

func TestTimesAreInTheViewersZone(t *testing.T) {
	t.Parallel()
	paris, set := zoned(t, "Europe/Paris"), form.Of[parley.Task](form.Update).Only("due_at")
	for typed, want := range map[string]string{
		"2026-07-01T12:00":     "2026-07-01T10:00:00.000Z",
		"2026-12-01T12:00:30":  "2026-12-01T11:00:30.000Z",
		"2026-12-01T12:00:0.5": "2026-12-01T12:00:0.5", // no browser sends it, and the API refuses it
		"tomorrow":             "tomorrow",
	} {
		if got := form.Body(url.Values{"due_at": {typed}}, set, paris); string(got) != `{"due_at":"`+want+`"}` {
			t.Errorf("%s gives %s, want %s", typed, got, want)
		}
	}
	// On 25 October 2026 there are two moments that clocks in Paris show as 2:30.
	for _, due := range []string{"2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"} {
		shown := form.Values(parley.Task{DueAt: new(at(due))}, set, paris)
		if got := shown.Get("due_at"); got != "2026-10-25T02:30" {
			t.Errorf("%s is shown as %s", due, got)
		}
		if got := form.Body(shown, set, paris); string(got) != `{"due_at":"`+due+`"}` {
			t.Errorf("%s becomes %s", due, got)
		}
	}
}

func TestReferencesAreTypedOrPicked(t *testing.T) {
	t.Parallel()
	ada := anID[parley.ContactID]()
	set := form.Of[parley.Task](form.Update).Only("contact_id")
	for typed, want := range map[string]string{
		string(ada): string(ada), "Ada Lovelace · " + string(ada): string(ada), " con_01 · Ada · " + string(ada) + " ": string(ada), "Ada": "Ada",
	} {
		if got := form.Body(url.Values{"contact_id": {typed}}, set, time.UTC); string(got) != `{"contact_id":"`+want+`"}` {
			t.Errorf("%q gives %s", typed, got)
		}
	}
	page := drawn(t, form.Form{Set: set, Pick: func(noun string) string { return "/pick/" + noun + "s" }})
	if !strings.Contains(page, `hx-get="/pick/contacts?field=contact_id"`) || !strings.Contains(page, `list="field-contact_id-list"`) {
		t.Errorf("the combobox searches nowhere: %s", page)
	}
	for query, want := range map[string]string{
		"field=contact_id&contact_id=ad": "ad", "field=contact_id&contact_id=Ada+%C2%B7+" + string(ada): "Ada", "contact_id=ad": "",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if got := form.Typed(values); got != want {
			t.Errorf("%s searches %q, want %q", query, got, want)
		}
	}
	// With options it is a choice, in which a user who has left is kept.
	users := set.Options("contact_id", form.Option{Value: "con_1", Label: "Ada"})
	if page := drawn(t, form.Form{Set: users, Values: url.Values{"contact_id": {"con_9"}}}); !strings.Contains(page, `<option value="con_9" selected>con_9</option>`) {
		t.Errorf("what was chosen is lost: %s", page)
	}
}

func TestErrorsStandBesideTheirFields(t *testing.T) {
	t.Parallel()
	set := fields[parley.Order](form.Create)
	posted := url.Values{
		"contact_id": {"Ada"}, "amount": {"much"}, "currency": {"EUR"}, "custom_fields.height": {"tall"},
		"items": {""}, "items[0].name": {" "}, "items[2].name": {"Rye"}, "items[2].quantity": {"many"}, "items[2].unit_amount": {"1"},
	}
	var order parley.Order
	err := schema.ReadCreate(form.Body(posted, set, time.UTC), &order)
	f, ok := form.Form{Set: set, Values: posted}.Fail(err)
	if !ok || f.Error != "" {
		t.Fatalf("%v is told as %q, %v", err, f.Error, ok)
	}
	for _, name := range []string{"contact_id", "amount", "items[0].quantity"} {
		if f.Errors[name] == "" {
			t.Errorf("nothing is told at %s: %v", name, f.Errors)
		}
	}
	page := drawn(t, f)
	for _, want := range []string{
		`aria-invalid="true"`, `aria-describedby="field-amount-error field-amount-help"`, `id="field-amount-error"`,
		`value="much"`, `value="Ada"`, `name="items[0].name" `, `value="many"`, `id="field-items-0-quantity-error"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s:\n%s", want, page)
		}
	}
	if strings.Contains(page, "items[2].name\"  value=\"Rye\"") {
		t.Error("rows are not numbered as those that were read")
	}
}

func TestErrorsFindTheNearestPlace(t *testing.T) {
	t.Parallel()
	err := parley.InvalidFields(
		parley.FieldError{Location: "body.member_ids[2]", Message: "must exist"},
		parley.FieldError{Location: "body.name", Message: "must not be empty"},
		parley.FieldError{Location: "body.color", Message: "is no colour"},
		parley.FieldError{Location: "query.limit", Message: "is odd"},
	)
	byField, general := form.Errors(err)
	if byField["member_ids"] != "no. 3 must exist" || byField["name"] != "must not be empty" || general != "query.limit is odd" {
		t.Errorf("the errors are %v and %q", byField, general)
	}
	f, ok := form.Form{Set: form.Of[parley.Team](form.Create)}.Fail(err)
	if !ok || !strings.Contains(f.Error, "query.limit is odd") || !strings.Contains(f.Error, "Colour is no colour") || f.Errors["name"] == "" {
		t.Errorf("the form says %q and %v", f.Error, f.Errors)
	}
	f, ok = form.Form{Set: fields[parley.Contact](form.Create)}.Fail(parley.InvalidFields(
		parley.FieldError{Location: "body.custom_fields.height", Message: "must be a number"},
		parley.FieldError{Location: "body.custom_fields.weight", Message: "is not defined"},
		parley.FieldError{Location: "body.variables.a b", Message: "is misnamed"},
	))
	if !ok || f.Errors["custom_fields.height"] != "must be a number" || f.Errors["variables"] != "a b is misnamed" || f.Error != "Custom fields.weight is not defined" {
		t.Errorf("the form says %q and %v", f.Error, f.Errors)
	}
	if f, ok := (form.Form{}).Fail(parley.Errorf(parley.Conflict, "It is taken.")); !ok || f.Error != "It is taken." {
		t.Errorf("a conflict is told as %q", f.Error)
	}
	if _, ok := (form.Form{}).Fail(http.ErrAbortHandler); ok {
		t.Error("what is our fault is told to whoever typed")
	}
}

func TestErrorsOfAmountsAreInUnits(t *testing.T) {
	t.Parallel()
	set := form.Of[parley.Deal](form.Create).Only("amount", "currency")
	for typed, want := range map[string]string{"27.905": "must be an amount like 27.90", "-1": "must be at least 0.00"} {
		posted := url.Values{"amount": {typed}, "currency": {"EUR"}}
		f, _ := form.Form{Set: set, Values: posted}.Fail(schema.ReadCreate(form.Body(posted, set, time.UTC), new(parley.Deal)))
		if f.Errors["amount"] != want {
			t.Errorf("of %s the form says %q, want %q", typed, f.Errors["amount"], want)
		}
	}
}

func TestNamedValuesKeepTheirNames(t *testing.T) {
	t.Parallel()
	set := form.Of[parley.Contact](form.Update).Only("variables")
	f := form.Form{Set: set, Values: form.Values(parley.Contact{Variables: values(`{"visits":12}`)}, set, time.UTC)}
	f.Values.Set("variables[1].name", "typed")
	f.Values.Set("variables[1].was", "")
	fixed := 0
	for _, e := range elements(t, drawn(t, f)) {
		if _, ok := e.attributes["readonly"]; ok {
			fixed++
		}
	}
	if fixed != 1 {
		t.Errorf("%d inputs cannot be changed, want the name of the one variable", fixed)
	}
}

func TestAFormThatCannotBeReadIsMalformed(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("name=%zz"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if _, err := form.Read(r, form.Of[parley.Team](form.Create), time.UTC); parley.KindOf(err) != parley.Malformed {
		t.Errorf("the error is %v", err)
	}
}

func TestWhatIsTypedIsText(t *testing.T) {
	t.Parallel()
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>' onfocus='alert(1)`
	posted := url.Values{}
	set := form.Of[parley.Contact](form.Update).Custom([]parley.CustomField{
		{Key: "a", Name: evil, Type: "select", Options: []string{evil}}, {Key: "b", Name: evil, Type: "text"},
	})
	set.Fields = append(set.Fields, form.Of[parley.Team](form.Update).Only("description", "member_ids").Fields...)
	for _, f := range set.Fields {
		posted.Set(f.Name, evil)
	}
	posted.Set("variables[0].name", evil)
	posted.Set("variables[0].value", evil+"\n"+evil)
	f, _ := form.Form{Set: set, Values: posted, Title: func(string, string) string { return evil }}.Fail(
		parley.InvalidFields(parley.FieldError{Location: "body.name", Message: evil}, parley.FieldError{Location: evil, Message: evil}))
	page := drawn(t, f)
	for _, e := range elements(t, page) {
		if e.name == "script" || e.name == "img" {
			t.Errorf("there is a %s in the page", e.name)
		}
		for name := range e.attributes {
			if strings.HasPrefix(name, "on") || name == "style" {
				t.Errorf("a %s has the attribute %s", e.name, name)
			}
		}
	}
	if got := posts(t, page).Get("name"); got != evil {
		t.Errorf("what was typed is kept as %q", got)
	}
	var contact parley.Contact
	if err := json.Unmarshal(form.Body(posted, set, time.UTC), &contact); err != nil || *contact.Name != evil {
		t.Errorf("what was typed is read as %+v, %v", contact, err)
	}
}

func TestBlankFormsHoldDefaults(t *testing.T) {
	t.Parallel()
	set := form.Of[parley.Ticket](form.Create)
	page := drawn(t, form.Form{Set: set.Without("custom_fields"), Values: set.Blank()})
	if !strings.Contains(page, `<option value="normal" selected>Normal</option>`) || strings.Contains(page, "1970") {
		t.Errorf("the blank form is %s", page)
	}
}
