package content_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
)

// open opens the dialog of a kind from the menu.
func open(d table, b *browser.Browser, kind string) {
	b.Open(d.URL + "/dev/content")
	b.Click(`[popovertarget="compose-kinds"]`)
	b.Click(`#compose-kinds a[href="` + d.path(kind) + `"]`)
	b.Wait("#compose[open] form")
}

func TestButtonsAreWrittenInTheDialog(t *testing.T) {
	t.Parallel()
	d := sit(t, desk.Agent)
	b := d.Browser(t, desk.Agent)
	open(d, b, "buttons")
	b.Type(`[name="title"]`, "What shall we bake?")
	b.Type(`[name="buttons[0].title"]`, "Rye")
	b.Type(`[name="buttons[1].title"]`, "Spelt")
	b.Click(".row-add")
	b.Type(`[name="buttons[2].title"]`, "Spelt")
	b.WaitText("[data-preview]", "What shall we bake?")
	b.WaitCount("[data-preview] .content-button", 3)
	b.Click(`#compose .button.primary`)
	b.WaitText("#compose-field-buttons-2-title-error", "differ from the titles before it")
	b.Click(".field-row:nth-of-type(2) .row-remove")
	b.WaitCount("[data-preview] .content-button", 2)
	b.Click(`#compose .button.primary`)
	b.Gone("#compose[open]")
	b.WaitText("#toasts", "Sent.")
	if got := d.last(); !strings.Contains(got, `"title":"What shall we bake?"`) || strings.Count(got, `"branch"`) != 2 {
		t.Errorf("what was sent is %s", got)
	}
	b.Expect(`422`)
}

func TestAFileIsUploadedInTheDialog(t *testing.T) {
	t.Parallel()
	d := sit(t, desk.Agent)
	b := d.Browser(t, desk.Agent)
	open(d, b, "upload")
	path := filepath.Join(t.TempDir(), "recipe.txt")
	if err := os.WriteFile(path, []byte(strings.Repeat("Flour, water, salt.\n", 20_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Upload("#compose-file", path)
	b.Click(`#compose .button.primary`)
	b.Gone("#compose[open]")
	if got := d.last(); !strings.Contains(got, `"document"`) || !strings.Contains(got, "recipe.txt") {
		t.Errorf("what was sent is %s", got)
	}
	b.Expect()
}

func TestTheFormsAreSound(t *testing.T) {
	t.Parallel()
	d := sit(t, desk.Agent)
	b := d.Browser(t, desk.Agent)
	desk.Inspect(t, b, d.URL+d.path("form"), "[data-compose] .row-add")
	desk.Inspect(t, b, d.URL+d.path("calendar"), "[data-compose]")
	desk.Inspect(t, b, d.URL+d.path("upload"), "[data-upload]")
	open(d, b, "list")
	for _, finding := range b.Axe() {
		t.Errorf("the dialog: axe: %s", finding)
	}
	b.View(360, 720, browser.Dark)
	for _, wide := range b.Overflows() {
		t.Errorf("the dialog: too wide: %s", wide)
	}
	b.Expect()
}
