package webhooks_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/internal/account"
	"parley/internal/server"
	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
	"parley/internal/testing/receiver"
)

var (
	endpointRow = regexp.MustCompile(`<tr id="(whk_[0-9a-z]{26})"`)
	deliveryRow = regexp.MustCompile(`<tr id="(dlv_[0-9a-z_]+)"`)
)

func TestEndpointsArePagedAndSearched(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	made, _, err := server.Found(t.Context(), desk.Config(d.Data), account.Founding{
		Name: "Elsewhere", Email: "else@example.com", Owner: "Else", Password: desk.Password, Scopes: []parley.Scope{"*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	there := *d
	there.Made = made
	endpoint(&there, "https://hooks.example.com/row-07", "webhook.test", "description", "Row 07")
	var want []string
	for n := range 57 {
		id, _ := endpoint(d, fmt.Sprintf("https://hooks.example.com/row-%02d", n), "webhook.test", "description", fmt.Sprintf("Row %02d", n))
		want = append(want, id)
	}
	d.API(http.MethodPost, "/v1/webhooks/"+want[9]+"/pause", nil)
	owner := d.Client(t, desk.Owner)
	found, pages := d.Pages(t, owner, home, endpointRow)
	if pages != 3 || !slices.Equal(slices.Sorted(slices.Values(found)), slices.Sorted(slices.Values(want))) {
		t.Errorf("%d pages have %d endpoints, there are %d", pages, len(found), len(want))
	}
	for query, one := range map[string]string{"?q=ROW+07": want[7], "?q=/row-08": want[8], "?status=paused": want[9], "?status=paused&q=row-09": want[9], "?q=" + want[3]: want[3]} {
		if found, _ := d.Pages(t, owner, home+query, endpointRow); !slices.Equal(found, []string{one}) {
			t.Errorf("%s finds %q, want %s", query, found, one)
		}
	}
	if found, pages := d.Pages(t, owner, home+"?q=hooks&status=active", endpointRow); pages != 3 || len(found) != 56 {
		t.Errorf("a search has %d endpoints on %d pages", len(found), pages)
	}
	if _, body := d.Get(t, owner, home+"?q=nothing-like-that"); !strings.Contains(body, "No endpoint is like that") {
		t.Error("where nothing matches the page does not say so")
	}
}

// choosy has a receiver answer 500 to what holds no loaves, until it is healed.
func choosy(to *receiver.Receiver) (heal func()) {
	var heals atomic.Bool
	to.Func(func(w http.ResponseWriter, r *http.Request) {
		none := slices.ContainsFunc(to.Requests(), func(q receiver.Request) bool {
			return q.ID == r.Header.Get("Webhook-Id") && bytes.Contains(q.Body, []byte(`"loaves":0`))
		})
		if none && !heals.Load() {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	return func() { heals.Store(true) }
}

// deliveriesOf are those of an endpoint that have a status, by the API.
func deliveriesOf(d *desk.Desk, id, query string) (ids []string) {
	for _, one := range d.API(http.MethodGet, "/v1/webhooks/"+id+"/deliveries?limit=200"+query, nil)["data"].([]any) {
		ids = append(ids, one.(map[string]any)["id"].(string))
	}
	return ids
}

func TestDeliveriesAreFilteredAndPaged(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	to := receiver.New(t)
	choosy(to)
	id, _ := endpoint(d, to.URL, "custom.*,label.*", "retry", map[string]any{"preset": "custom", "delays": []int{1}})
	other, _ := endpoint(d, to.URL+"/other", "custom.*", "retry", map[string]any{"preset": "custom", "delays": []int{1}})
	for n := range 60 {
		d.API(http.MethodPost, "/v1/events", map[string]any{"type": "custom.baked", "data": map[string]any{"loaves": 1 + n}})
	}
	for range 3 {
		bake(d, 1)
	}
	for n := range 2 {
		d.API(http.MethodPost, "/v1/labels", map[string]any{"name": fmt.Sprintf("row %d", n)})
	}
	b := d.Browser(t, desk.Owner)
	at := home + "/" + id
	b.Open(d.URL + at + "?status=failed")
	b.WaitCount("#activity tbody tr", 3) // without a reload, once they have failed for good
	b.Open(d.URL + at + "?status=delivered&type=label.*")
	b.WaitCount("#activity tbody tr", 2)

	owner := d.Client(t, desk.Owner)
	all := deliveriesOf(d, id, "")
	found, pages := d.Pages(t, owner, at, deliveryRow)
	if pages != 3 || len(all) != 65 || !slices.Equal(slices.Sorted(slices.Values(found)), slices.Sorted(slices.Values(all))) {
		t.Errorf("%d pages have %d deliveries, there are %d", pages, len(found), len(all))
	}
	for _, one := range deliveriesOf(d, other, "") {
		if slices.Contains(found, one) {
			t.Errorf("%s is to another endpoint", one)
		}
	}
	today := time.Now().UTC()
	day := func(after int) string { return today.AddDate(0, 0, after).Format(time.DateOnly) }
	for query, want := range map[string]int{
		"status=failed": 3, "status=delivered": 62, "status=skipped": 0, "type=custom.*": 63, "type=label.created": 2, "type=webhook.test": 0,
		"status=delivered&type=custom.*": 60, "since=" + day(-1): 65, "since=" + day(-1) + "&until=" + day(1): 65, "since=" + day(2): 0, "until=" + day(-2): 0,
		"status=delivered&since=" + day(-1) + "&until=" + day(1) + "&range=24h": 62,
	} {
		if found, _ := d.Pages(t, owner, at+"?"+query, deliveryRow); len(found) != want {
			t.Errorf("%s: there are %d deliveries, want %d", query, len(found), want)
		}
	}
	if status, _ := d.Get(t, owner, at+"?since=yesterday"); status != http.StatusUnprocessableEntity {
		t.Errorf("a day that is none is answered %d", status)
	}

	// In a browser the filters are kept from page to page, and say when they hide all.
	b.Open(d.URL + at)
	b.Select("#activity [name=status]", "delivered")
	b.WaitURL("status=delivered")
	b.Select("#activity [name=type]", "custom.*")
	b.WaitURL("status=delivered&type=custom.*")
	b.WaitCount("#activity [name=type] [value='custom.*'][selected]", 1)
	b.Click("#activity .pager [rel=next]")
	b.Wait("#activity .pager span a")
	if at := b.URL(); !strings.Contains(at, "status=delivered") || !strings.Contains(at, "type=custom.") {
		t.Errorf("the next page is %s", at)
	}
	b.WaitCount("#activity tbody tr", 25)
	b.Open(d.URL + at + "?type=deal.*")
	b.WaitText("#activity .empty", "No delivery is like that")
	b.Click("#activity .empty a")
	b.WaitCount("#activity tbody tr", 25)
	b.Expect()
}

func TestAllThatFailedIsMadeAgain(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	to := receiver.New(t)
	heal := choosy(to)
	id, _ := endpoint(d, to.URL, "custom.*", "retry", map[string]any{"preset": "custom", "delays": []int{1}})
	for range 3 {
		bake(d, 2)
	}
	b := d.Browser(t, desk.Owner)
	b.Open(d.URL + home + "/" + id + "?status=failed")
	b.WaitCount("#activity tbody tr", 3)
	b.Click("form[action$='/redeliver'] button")
	b.WaitText("#confirm", "Make 3 failed deliveries again?")
	b.Press("Escape")
	heal()
	before := len(to.Requests())
	b.Click("form[action$='/redeliver'] button")
	b.WaitText("#confirm", "Make 3 failed deliveries again?")
	b.Click("#confirm [value=yes]")
	b.WaitText(".toast", "3 deliveries are made again.")
	b.WaitCount("#activity tbody .badge.good", 6)
	b.Gone("form[action$='/redeliver']")
	if requests := to.Wait(t, before+3); len(requests) != before+3 {
		t.Errorf("%d requests came", len(requests)-before)
	}
	b.Expect()
}

func TestAnEndpointIsPausedAndResumed(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	to := receiver.New(t)
	id, _ := endpoint(d, to.URL, "custom.*")
	b := d.Browser(t, desk.Admin)
	other := d.Browser(t, desk.Owner)
	other.Open(d.URL + home + "/" + id)
	other.WaitText("#standing", "active")
	b.Open(d.URL + home + "/" + id)
	b.WaitText("#activity .empty", "Nothing was sent yet")
	b.Click("form[action$='/pause'] button")
	b.WaitText(".toast", "Paused.")
	b.WaitText("#standing .notice", "This endpoint is paused")
	other.WaitText("#standing .notice", "This endpoint is paused") // without a reload
	bake(d, 3)
	b.WaitText("#lag", "4") // that it was paused is an event too
	b.WaitText("#activity .empty", "for now")
	b.Click("[data-dialog=resume]")
	b.Click("#resume [data-close]")
	b.Click("[data-dialog=resume]")
	b.Click("#resume .primary")
	b.WaitText(".toast", "Resumed. What was held is sent now.")
	b.WaitCount("#activity tbody .badge.good", 3)
	to.Wait(t, 3)

	b.Click("form[action$='/pause'] button")
	b.WaitText("#standing .notice", "This endpoint is paused")
	bake(d, 2)
	b.WaitText("#lag", "3")
	b.Click("[data-dialog=resume]")
	b.Check("#resume [value=now]", true)
	b.Click("#resume .primary")
	b.WaitText(".toast", "with what happens from now on")
	b.WaitText("#standing", "active")
	bake(d, 1)
	b.WaitCount("#activity tbody tr", 4)
	if came := to.Wait(t, 4); len(came) != 4 {
		t.Errorf("%d requests came, 2 of the events were to be passed over", len(came))
	}
	b.Expect()
	other.Expect()
}

func TestARewindIsTriedFirst(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	to := receiver.New(t)
	id, _ := endpoint(d, to.URL, "custom.*")
	bake(d, 8)
	to.Wait(t, 8)
	b := d.Browser(t, desk.Owner)
	at := d.URL + home + "/" + id
	b.Open(at)
	b.WaitCount("#activity tbody .badge.good", 8)
	b.Click("[popovertarget=endpoint-menu]")
	b.Click("#endpoint-menu a[href$='/rewind']")
	b.Type("#to-sequence", "soon")
	b.Click(".form-actions .primary")
	b.WaitText(".notice.bad", "The place must be a sequence")
	b.Clear("#to-sequence")
	b.Type("#to-sequence", "1")
	b.Type("#pace", "0")
	b.Click(".form-actions .primary")
	b.WaitText(".notice.bad", "The pace must be a whole number from 1")
	b.Clear("#pace")
	b.Click("[name=to][value=time]")
	browser.Eval[bool](b, `(document.querySelector("#to-time").value = "2020-01-01T00:00", true)`)
	b.Click(".form-actions .primary")
	b.WaitText("#plan", "8")
	if n := len(to.Requests()); n != 8 {
		t.Errorf("trying it sent %d requests", n-8)
	}
	b.Click("#plan .primary")
	b.WaitText(".toast", "Rewinding")
	to.Wait(t, 16)
	b.Gone("#rewinding")
	b.Expect("answered 422")
}

func TestARewindShowsHowFarItIsAndIsCancelled(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	to := receiver.New(t)
	id, _ := endpoint(d, to.URL, "custom.*")
	bake(d, 40)
	to.Wait(t, 40)
	b := d.Browser(t, desk.Owner)
	status, _, _ := d.Post(t, d.Client(t, desk.Owner), home+"/"+id+"/rewind", url.Values{"to": {"sequence"}, "sequence": {"1"}, "pace": {"2"}, "sure": {"yes"}})
	if status != http.StatusSeeOther {
		t.Fatalf("the rewind is answered %d", status)
	}
	b.Open(d.URL + home + "/" + id)
	far := func() float64 {
		return browser.Eval[float64](b, `document.querySelector("#rewind-progress")?.value ?? -1`)
	}
	b.Wait("#rewind-progress")
	first := far()
	to.Wait(t, 44)
	for n := 0; n < 500 && far() <= first; n++ {
		b.WaitText("#rewinding", "at most 2 a second")
	}
	if now := far(); now <= first {
		t.Errorf("the progress stood at %v, and stands at %v after 4 more requests", first, now)
	}
	b.Click("#rewinding button")
	b.WaitText("#confirm", "Cancel the rewind?")
	b.Press("Escape")
	b.Wait("#rewinding")
	b.Click("#rewinding button")
	b.Click("#confirm [value=yes]")
	b.WaitText(".toast", "The rewind was cancelled.")
	b.Gone("#rewinding")
	if n := len(to.Requests()); n >= 80 {
		t.Errorf("%d requests came, as if nothing had been cancelled", n)
	}
	b.Expect()
}

func TestASecretIsRotatedWithAndWithoutAnOverlap(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	to := receiver.New(t)
	id, secret := endpoint(d, to.URL, "custom.*")
	b := d.Browser(t, desk.Owner)
	for n, overlap := range []string{"24", "0"} {
		b.Open(d.URL + home + "/" + id)
		b.Click("[popovertarget=endpoint-menu]")
		b.Click("[data-dialog=rotate]")
		b.Clear("#overlap")
		b.Type("#overlap", overlap)
		b.Click("#rotate .primary")
		now := b.Text(".secret code")
		if now == secret {
			t.Error("the secret is the same")
		}
		secret = now
		b.Reload() // asks for the endpoint, and does not rotate once more
		b.WaitText("#standing", "active")
		if strings.Contains(browser.Eval[string](b, "document.documentElement.outerHTML"), secret) {
			t.Error("the endpoint's page shows the secret")
		}
		bake(d, 1)
		signatures := strings.Fields(to.Wait(t, n+1)[n].Header.Get("Webhook-Signature"))
		if want := map[string]int{"24": 2, "0": 1}[overlap]; len(signatures) != want {
			t.Errorf("with an overlap of %s hours there are %d signatures, want %d", overlap, len(signatures), want)
		}
	}
	b.Expect()
}

// What is wrong with a request is said in words.
func TestASignatureThatIsWrongSaysWhy(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	to := receiver.New(t)
	id, _ := endpoint(d, to.URL+"/a", "custom.*")
	other, _ := endpoint(d, to.URL+"/b", "webhook.test")
	bake(d, 1)
	sent := to.Wait(t, 1)[0]
	header := func(name string) string { return sent.Header.Get(name) }
	headers := func(id, at, signature string) string {
		return "HTTP/1.1\r\nHost: hooks.example.com\r\n" + strings.Join(slices.DeleteFunc([]string{id, at, signature}, func(h string) bool { return strings.HasSuffix(h, ": ") }), "\r\n")
	}
	whole := headers("webhook-id: "+header("Webhook-Id"), "webhook-timestamp: "+header("Webhook-Timestamp"), "webhook-signature: "+header("Webhook-Signature"))
	body := string(sent.Body)
	owner := d.Client(t, desk.Owner)
	for name, test := range map[string]struct{ endpoint, headers, body, says string }{
		"good":                {id, whole, body, "It verifies"},
		"a body that changed": {id, whole, strings.Replace(body, `"loaves":0`, `"loaves":7`, 1), "Body altered"},
		"another endpoint's":  {other, whole, body, "Other endpoint"},
		"no timestamp":        {id, headers("webhook-id: "+header("Webhook-Id"), "webhook-timestamp: ", "webhook-signature: "+header("Webhook-Signature")), body, "There is no header webhook-timestamp"},
		"an old one":          {id, headers("webhook-id: "+header("Webhook-Id"), "webhook-timestamp: 1600000000", "webhook-signature: "+header("Webhook-Signature")), body, "Too old"},
		"milliseconds":        {id, headers("webhook-id: "+header("Webhook-Id"), "webhook-timestamp: "+header("Webhook-Timestamp")+"000", "webhook-signature: "+header("Webhook-Signature")), body, "looks like milliseconds"},
		"a signature cut off": {id, headers("webhook-id: "+header("Webhook-Id"), "webhook-timestamp: "+header("Webhook-Timestamp"), "webhook-signature: v1,abc"), body, "it was cut off or changed"},
		"another scheme":      {id, headers("webhook-id: "+header("Webhook-Id"), "webhook-timestamp: "+header("Webhook-Timestamp"), "webhook-signature: sha256=abc"), body, "another scheme"},
		"another id":          {id, headers("webhook-id: evt_other", "webhook-timestamp: "+header("Webhook-Timestamp"), "webhook-signature: "+header("Webhook-Signature")), body, "the header was changed"},
		"markup":              {id, "webhook-id: " + desk.Script, desk.Script, "There is no header webhook-timestamp"},
	} {
		status, _, page := d.Post(t, owner, home+"/"+test.endpoint+"/signature", url.Values{"headers": {test.headers}, "body": {test.body}})
		if status != http.StatusOK || !strings.Contains(page, test.says) || strings.Contains(page, "<img src=x") {
			t.Errorf("%s: %d, and the page does not say %q", name, status, test.says)
		}
		if good := strings.Contains(page, "It verifies"); good != (name == "good") {
			t.Errorf("%s: it is said to verify: %v", name, good)
		}
	}
}
