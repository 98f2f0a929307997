package webhooks_test

import (
	"strings"
	"testing"

	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
	"parley/internal/testing/receiver"
)

const home = "/developers/webhooks"

// endpoint adds an endpoint by the API, and gives its id and its secret.
func endpoint(d *desk.Desk, url, types string, more ...any) (id, secret string) {
	body := map[string]any{"url": url, "event_types": strings.Split(types, ",")}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	made := d.API("POST", "/v1/webhooks", body)
	return made["id"].(string), made["secret"].(string)
}

// bake appends custom events.
func bake(d *desk.Desk, n int) {
	for i := range n {
		d.API("POST", "/v1/events", map[string]any{"type": "custom.baked", "data": map[string]any{"loaves": i}})
	}
}

func TestAnEndpointIsAddedAndTested(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	to := receiver.New(t)
	bake(d, 3)
	b := d.Browser(t, desk.Owner)

	b.Open(d.URL + home)
	b.WaitText("#endpoints", "in three steps")
	b.Click("a[href='" + home + "/new']")
	b.WaitURL(home + "/new")
	b.WaitText("#try", "Choose types of events")

	b.Click("button.primary")
	b.WaitText("#field-url-error", "required")
	b.WaitText("#field-event_types", "at least one type")

	b.Type("#field-url", to.URL+"/hooks")
	b.Type("[data-narrow=types]", "assigned")
	b.WaitCount("[data-item]:not([hidden]) input[value='api_key.*']", 0)
	b.Wait("input[value='conversation.assigned']")
	b.Check("input[value='conversation.assigned']", true)
	b.WaitText("[data-picked]", "1 type is chosen")
	b.Clear("[data-narrow=types]")
	b.Check("input[value='custom.*']", true)
	b.WaitText("#matched", "events match")

	b.Type("#field-filter", "data.loafs > 1 &&")
	b.Wait("#try mark")
	b.WaitText("#try", "Filter, line 1")
	b.Clear("#field-filter")
	b.Type("#field-filter", "data.loaves > 1")
	b.WaitText("#matched", "1 of the last")
	b.Type("#field-transformation", "function transform(event) { return { bread: event.data.loaves, about: event.type } }")
	b.WaitText("#try", "bread")
	b.Select("[name='auth.type']", "basic")
	b.Type("[name='auth.username']", "ada")
	b.Type("[name='auth.password']", "secret")
	b.Click(".form-actions .primary")
	b.WaitText("h1", "The endpoint was added")
	if secret := b.Text(".secret code"); !strings.HasPrefix(secret, "whsec_") {
		t.Errorf("the secret is %q", secret)
	}
	if at := b.URL(); strings.HasSuffix(at, home) {
		t.Errorf("loading the page again would add another endpoint: it is at %s", at)
	}
	b.Click("form[action$='/test'] button")
	b.WaitText("#fate", "delivered")
	b.WaitText("#fate", "Basic ********")
	got := to.Wait(t, 1)[0]
	if name, _, _ := strings.Cut(got.Header.Get("Authorization"), " "); name != "Basic" {
		t.Errorf("the test was sent with %q", got.Header.Get("Authorization"))
	}
	b.Reload()
	b.WaitText("#fate", "Attempt 1")

	// A type that never happened is tested too: with its example.
	b.Click(".crumbs a[href*='/webhooks/']")
	b.Click("[data-dialog=test]")
	b.Select("#test-type", "deal.won")
	b.Click("#test .primary")
	b.WaitText("#fate", "delivered")
	if got := string(to.Wait(t, 2)[1].Body); got != `{"about":"deal.won"}` {
		t.Errorf("sent was %s", got)
	}

	// The API's words and the form's agree: what is there is shown again for editing.
	id := d.First("/v1/webhooks")["id"].(string)
	b.Open(d.URL + home + "/" + id + "/edit")
	b.WaitText("#matched", "events match")
	b.Clear("#field-filter")
	b.Type("#field-description", "The bakery")
	b.Click(".form-actions .primary")
	b.WaitText("h1", "The bakery")
	b.WaitText(".toast", "changed")
	b.Expect(home + " answered 422")
}

func TestAFailingEndpointIsMended(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	to := receiver.New(t)
	to.AnswerBody(500, "out of flour"+desk.Script)
	id, _ := endpoint(d, to.URL, "custom.*", "retry", map[string]any{"preset": "custom", "delays": []int{1}}, "description", "The oven")
	endpoint(d, "https://hooks.example.com/a", "contact.*", "description", desk.Script)
	bake(d, 12)
	b := d.Browser(t, desk.Admin)
	b.Open(d.URL + home)
	b.WaitText("#endpoints", "500")
	desk.Harmless(t, b)
	b.Open(d.URL + home + "/" + id)
	b.WaitText("#standing .notice", "failing")
	b.Wait("#activity tbody")

	to.Answer(204)
	b.Click("[data-dialog=resume]")
	b.Click("#resume .primary")
	b.WaitText("#standing", "active")
	b.WaitText("#activity", "delivered")

	bake(d, 1)
	b.WaitCount("#activity tbody tr", 13)
	b.WaitCount("#activity tbody .badge.good", 13)
	b.Click("#activity tbody tr:last-child a")
	b.WaitText("#fate", "Attempt 1")
	b.WaitText("#fate", "out of flour")
	browser.Eval[bool](b, "(document.querySelector('#attempt-1').scrollIntoView(), true)")
	b.Wait("#attempt-1 .json")
	desk.Harmless(t, b)
	before := len(to.Requests())
	b.Click("form[action$='/redeliver'] button")
	b.WaitText(".toast", "once more")
	to.Wait(t, before+1)
	b.WaitText("#fate", "delivered")
	b.Expect()
}

func TestAnEndpointIsRewoundRotatedAndVerified(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	to := receiver.New(t)
	id, secret := endpoint(d, to.URL, "custom.*")
	bake(d, 30)
	requests := to.Wait(t, 30)
	b := d.Browser(t, desk.Owner)

	b.Open(d.URL + home + "/" + id + "/rewind")
	b.Type("#to-sequence", "1")
	b.Type("#pace", "5")
	b.Click(".form-actions .primary")
	b.WaitText("#plan", "30")
	b.Click("#plan .primary")
	b.Wait("#rewind-progress")
	b.WaitText("#rewinding", "at most 5 a second")
	to.Wait(t, 32)
	b.Click("#rewinding button")
	b.Click("#confirm .destroy")
	b.Gone("#rewinding")

	b.Open(d.URL + home + "/" + id + "/signature")
	var headers strings.Builder
	for _, name := range []string{"Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"} {
		headers.WriteString(name + ": " + requests[0].Header.Get(name) + "\n")
	}
	verify := func(body string) {
		b.Clear("#headers")
		b.Type("#headers", headers.String())
		b.Clear("#body")
		b.Type("#body", body)
		b.Click(".form-actions .primary")
	}
	verify(string(requests[0].Body))
	b.WaitText("#findings", "It verifies")
	verify(string(requests[0].Body) + " ")
	b.WaitText("#findings", "It does not verify")

	b.Open(d.URL + home + "/" + id)
	b.Click("[popovertarget=endpoint-menu]")
	b.Click("[data-dialog=rotate]")
	b.Click("#rotate .primary")
	b.WaitText("h1", "The new secret")
	if now := b.Text(".secret code"); now == secret || !strings.HasPrefix(now, "whsec_") {
		t.Errorf("the new secret is %q", now)
	}

	b.Open(d.URL + home + "/" + id)
	b.Click("[popovertarget=endpoint-menu]")
	b.Click("form[action$='/delete'] button")
	b.Click("#confirm .destroy")
	b.WaitURL(home)
	b.WaitText(".toast", "deleted")
	b.Expect()
}

func TestPagesAreSound(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	to := receiver.New(t)
	b := d.Browser(t, desk.Owner)
	desk.Inspect(t, b, d.URL+home, "#endpoints .steps")

	id, _ := endpoint(d, to.URL+"/hooks", "custom.*,conversation.*", "description", "CRM", "filter", "type != 'custom.burnt'")
	endpoint(d, "https://hooks.example.com/a/rather/long/address/of/an/endpoint?with=parameters&and=more", "*", "description", "Warehouse")
	broken, _ := endpoint(d, to.URL+"/broken", "custom.*", "retry", map[string]any{"preset": "short"}, "description", "Billing")
	to.Func(misbehave("/broken"))
	bake(d, 20)
	to.Wait(t, 22)
	d.API("POST", "/v1/webhooks/"+id+"/pause", nil)
	bake(d, 3)
	d.API("POST", "/v1/webhooks/"+id+"/resume", nil)

	b.Open(d.URL + home + "/" + broken)
	b.WaitText("#standing", "failing")
	delivery := browser.Eval[string](b, "document.querySelector('#activity tbody a').getAttribute('href')")
	for _, page := range []struct{ path, ready string }{
		{home, "#endpoints tbody"},
		{home + "/new", "#try .json"},
		{home + "/" + id + "/edit", "#matched"},
		{home + "/" + id, "#activity tbody"},
		{home + "/" + broken, "#standing .notice"},
		{delivery, "#fate .json"},
		{home + "/" + id + "/rewind", "#pace"},
		{home + "/" + id + "/signature", "#headers"},
		{home + "?q=nothing-like-that", "#endpoints .empty"},
	} {
		desk.Inspect(t, b, d.URL+page.path, page.ready)
	}
	b.Open(d.URL + home)
	b.WaitText("#endpoints", "Billing")
	desk.Screens(t, b, "../../..", "webhooks")
	b.Open(d.URL + home + "/" + id)
	b.Wait("#activity .chart")
	desk.Screens(t, b, "../../..", "webhook")
	b.Open(d.URL + delivery)
	b.Wait("#fate .json")
	desk.Screens(t, b, "../../..", "delivery")
	b.Expect()
}
