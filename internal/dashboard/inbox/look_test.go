package inbox_test

import (
	"testing"

	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
)

func TestLook(t *testing.T) {
	d := desk.New(t)
	b := d.Browser(t, desk.Owner)
	id := d.First("/v1/conversations?status=open")["id"].(string)
	_, list, _ := 1, 2, 3
	_ = list
	for _, v := range []struct {
		name string
		w, h int
		s    browser.Scheme
	}{{"dl", 1280, 800, browser.Light}, {"dd", 1280, 800, browser.Dark}, {"pl", 360, 720, browser.Light}, {"wl", 1600, 900, browser.Light}, {"ml", 1000, 700, browser.Light}} {
		b.View(v.w, v.h, v.s)
		b.Open(d.URL + "/inbox")
		b.Wait("#rows")
		b.Shot("/tmp/inbox/list-" + v.name + ".png")
		b.Open(d.URL + "/inbox/" + id)
		b.Wait("#latest")
		b.Shot("/tmp/inbox/conv-" + v.name + ".png")
	}
	b.View(1280, 800, browser.Light)
	b.Press("a")
	b.Shot("/tmp/inbox/assign.png")
	b.Open(d.URL + "/inbox/new")
	b.Shot("/tmp/inbox/new.png")
	b.Expect()
}
