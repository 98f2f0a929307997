package records_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/internal/dashboard/names"
	"parley/internal/testing/desk"
)

// What a form may refer to is found by what people know it by.
func TestPicking(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	contact := d.First("/v1/contacts?q=mira")["id"].(string)
	order := d.API(http.MethodPost, "/v1/orders", map[string]any{"contact_id": contact, "amount": 1234, "currency": "EUR"})["id"].(string)
	agent := d.Client(t, desk.Agent)
	for _, test := range []struct{ noun, typed, found string }{
		{"contact", "mira", "Mira Okafor, mira@example.com · " + contact},
		{"contact", "customer-1001", contact},
		{"contact", "nobody_%", ""},
		{"contact", "Mira Okafor · " + contact, contact},
		{"user", "noor", "Noor, noor@example.com · usr_"},
		{"conversation", "two loaves", "Two loaves short, Mira Okafor · conv_"},
		{"conversation", "mira", "Two loaves short, Mira Okafor · conv_"},
		{"order", "okafor", "Order of 12.34 EUR, Mira Okafor · " + order},
		{"order", "", order},
		{"label", "whole", "wholesale · lbl_"},
		{"inbox", "shop", "Shop window chat · inb_"},
	} {
		status, body := d.Get(t, agent, "/pick/"+test.noun+"?"+url.Values{"field": {"it"}, "it": {test.typed}}.Encode())
		if status != http.StatusOK || !strings.Contains(body, test.found) || test.found == "" && body != "" {
			t.Errorf("%s %q: %d %s", test.noun, test.typed, status, body)
		}
	}
	for noun, want := range map[string]int{"webhook": http.StatusForbidden, "thing": http.StatusNotFound, "stage": http.StatusOK} {
		if status, body := d.Get(t, agent, "/pick/"+noun); status != want {
			t.Errorf("%s: %d %s", noun, status, body)
		}
	}
	owner := d.Client(t, desk.Owner)
	for _, noun := range names.Nouns() {
		for _, typed := range []string{"", "a"} {
			if status, body := d.Get(t, owner, "/pick/"+noun+"?field=it&it="+typed); status != http.StatusOK || strings.Count(body, "<option") > names.Most {
				t.Errorf("%s %q: %d %s", noun, typed, status, body)
			}
		}
	}
}
