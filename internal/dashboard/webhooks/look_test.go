package webhooks_test

import (
	"testing"

	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
	"parley/internal/testing/receiver"
)

func TestLook(t *testing.T) {
	d := desk.New(t)
	to := receiver.New(t)
	b := d.Browser(t, desk.Owner)
	shot := func(name string) {
		b.View(1280, 900, browser.Light)
		b.Screenshot("/tmp/hooks/" + name + ".png")
		b.View(1280, 900, browser.Dark)
		b.Screenshot("/tmp/hooks/" + name + "-dark.png")
		b.View(360, 720, browser.Light)
		b.Screenshot("/tmp/hooks/" + name + "-phone.png")
		b.View(1280, 900, browser.Light)
	}
	b.Open(d.URL + home + "/new")
	b.Wait("#try .json")
	b.Type("[data-narrow=types]", "assigned")
	b.Wait("input[value='conversation.assigned']")
	shot("search")
	b.Check("input[value='conversation.assigned']", true)
	shot("searched")
	b.Click(".form-actions .primary")
	b.Wait("#field-url-error")
	b.Type("#field-filter", "data.loafs > 1 &&")
	b.Wait("#try mark")
	shot("new")
	id, _ := endpoint(d, to.URL+"/hooks", "custom.*,conversation.*", "description", "CRM", "filter", "type != 'custom.burnt'")
	endpoint(d, "https://hooks.example.com/a/rather/long/address/of/an/endpoint?with=parameters&and=more", "*", "description", "Warehouse")
	broken, _ := endpoint(d, to.URL+"/broken", "custom.*", "retry", map[string]any{"preset": "short"}, "description", "Billing")
	to.Func(misbehave("/broken"))
	bake(d, 20)
	to.Wait(t, 22)
	d.API("POST", "/v1/webhooks/"+id+"/pause", nil)
	bake(d, 3)
	b.Open(d.URL + home)
	b.WaitText("#endpoints", "Billing")
	shot("list")
	b.Open(d.URL + home + "/" + broken)
	b.Wait("#activity tbody")
	shot("detail")
	delivery := browser.Eval[string](b, "document.querySelector('#activity tbody a').getAttribute('href')")
	b.Open(d.URL + delivery)
	b.Wait("#fate .json")
	shot("delivery")
	b.Open(d.URL + home + "/" + id + "/rewind")
	b.Type("#to-sequence", "1")
	shot("rewind")
}
