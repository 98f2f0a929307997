package browser_test

import (
	"bytes"
	"image"
	_ "image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/testing/browser"
)

func TestPressReachesThePage(t *testing.T) {
	t.Parallel()
	b := open(t, `<input id="first"><input id="second"><ol></ol><script>
		document.addEventListener("keydown", e => {
			const held = (e.ctrlKey ? "Control+" : "") + (e.altKey ? "Alt+" : "") + (e.shiftKey ? "Shift+" : "")
			document.querySelector("ol").insertAdjacentHTML("beforeend", "<li>" + held + e.key)
			if (e.ctrlKey) e.preventDefault()
		})</script>`)
	b.Click("#first")
	b.Press("a", "?", "/", "Control+k", "Enter", "Escape", "ArrowDown", "Tab")
	b.WaitCount("li", 8)
	if got := b.Text("ol"); strings.Join(strings.Fields(got), " ") != "a Shift+? / Control+k Enter Escape ArrowDown Tab" {
		t.Errorf("the page saw %q", got)
	}
	if got := browser.Eval[string](b, "document.activeElement.id"); got != "second" {
		t.Errorf("after Tab the focus is on %q, want the second field", got)
	}
	if got := b.Value("#first"); got != "a?/" {
		t.Errorf("the first field holds %q", got)
	}
	b.Press("Shift+Tab")
	if got := browser.Eval[string](b, "document.activeElement.id"); got != "first" {
		t.Errorf("after Shift+Tab the focus is on %q, want the first field", got)
	}
}

func TestAFormIsFilledIn(t *testing.T) {
	t.Parallel()
	b := open(t, `<input id="name" value="Ada"><select id="role"><option value="agent">Agent<option value="owner">Owner</select>
		<input type="checkbox" id="on"><input type="checkbox" id="off" checked><input type="file" id="file" hidden><output></output>
		<script>document.addEventListener("change", e => {
			document.querySelector("output").append(e.target.id + "=" + (e.target.files?.[0]?.name ?? e.target.value) + " ")
		})</script>`)
	b.Clear("#name")
	b.Type("#name", "Grace")
	b.Select("#role", "owner")
	b.Check("#on", true)
	b.Check("#on", true)
	b.Check("#off", false)
	file := filepath.Join(t.TempDir(), "oven.txt")
	if err := os.WriteFile(file, []byte("cold"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Upload("#file", file)
	b.WaitText("output", "file=oven.txt")
	if got := b.Text("output"); strings.TrimSpace(got) != "name=Grace role=owner on=on off=on file=oven.txt" {
		t.Errorf("the page saw %q", got)
	}
	if got := b.Value("#role"); got != "owner" {
		t.Errorf("the role is %q", got)
	}
	if browser.Eval[bool](b, `document.querySelector("#off").checked`) {
		t.Error("the tick is still there")
	}
}

func TestDragWorksAsHTMLHasIt(t *testing.T) {
	t.Parallel()
	b := open(t, `<p id="deal" draggable="true">A cake</p><div id="won" style="height:200px">Won</div><script>
		deal.ondragstart = e => e.dataTransfer.setData("text/plain", "deal_1")
		won.ondragover = e => e.preventDefault()
		won.ondrop = e => { e.preventDefault(); won.textContent = "dropped " + e.dataTransfer.getData("text/plain") }
	</script>`)
	b.Drag("#deal", "#won")
	b.WaitText("#won", "dropped deal_1")
	b.Expect()
}

func TestOverflowsNameTheElements(t *testing.T) {
	t.Parallel()
	b := open(t, `<main id="main" style="overflow:hidden"><div style="width:3000px">clipped</div></main>
		<div style="overflow:auto"><table><tr><td style="min-width:3000px">scrolled</table></div>
		<section class="board"><div class="card wide" style="width:500px">wide</div></section>
		<p id="word" style="width:100px">`+strings.Repeat("W", 200)+`</p>`)
	b.View(360, 640, browser.Light)
	found := strings.Join(b.Overflows(), "\n")
	if !strings.Contains(found, "section.board > div.card.wide reaches 148 px beyond the window") || !strings.Contains(found, "p#word reaches ") {
		t.Errorf("the wide elements are not named:\n%s", found)
	}
	if strings.Count(found, "reaches") != 2 {
		t.Errorf("others are named too:\n%s", found)
	}
	b.View(4000, 640, browser.Light)
	if found := b.Overflows(); len(found) > 0 {
		t.Errorf("in a wide window these overflow: %q", found)
	}
}

func TestReloadCookieAndAddress(t *testing.T) {
	t.Parallel()
	url := serve(t, `<p>hello</p><script>document.querySelector("p").append(document.cookie)</script>`)
	b := browser.New(t)
	b.Cookie("session", "secret", url)
	b.Open(url + "?page=2")
	if got := b.URL(); got != url+"?page=2" {
		t.Errorf("the address is %q", got)
	}
	b.WaitURL("?page=2")
	if got := b.Text("p"); got != "hello" {
		t.Errorf("scripts can read the cookie: %q", got)
	}
	browser.Eval[string](b, `document.querySelector("p").textContent = "changed"`)
	b.Reload()
	b.WaitText("p", "hello")
	b.Expect()
}

func TestCookiesReachTheServer(t *testing.T) {
	t.Parallel()
	b := browser.New(t)
	url := serve(t, "")
	b.Cookie("session", "secret", url)
	b.Open(url + "cookies")
	if got := b.Text("body"); got != "session=secret" {
		t.Errorf("the server was sent %q", got)
	}
}

func TestOfflineCutsTheLine(t *testing.T) {
	t.Parallel()
	b := open(t, "<p>hello")
	b.Offline(true)
	fetch := `fetch("/").then(() => "answered", () => "failed")`
	if got := browser.Eval[string](b, fetch); got != "failed" {
		t.Errorf("without a line a request %s", got)
	}
	b.Offline(false)
	if got := browser.Eval[string](b, fetch); got != "answered" {
		t.Errorf("with the line mended a request %s", got)
	}
	b.Expect()
}

func TestShotIsSmall(t *testing.T) {
	t.Parallel()
	line := `<p style="color:#2563eb">Where is <b style="color:#b91c1c">my order</b>? It should have come on Monday, with the cake.</p>`
	b := open(t, `<body style="height:5000px;background:linear-gradient(#fff,#dbeafe)">`+strings.Repeat(line, 30))
	path := filepath.Join(t.TempDir(), "page.png")
	b.Shot(path)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	shown, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("the shot is no PNG: %v", err)
	}
	if paletted, ok := shown.(*image.Paletted); !ok || len(paletted.Palette) > 128 {
		t.Errorf("the shot has no palette of 128 colours: %T", shown)
	}
	if size := shown.Bounds().Size(); size != image.Pt(1280, 800) {
		t.Errorf("the shot is %v, want the window", size)
	}
	if len(file) > 80_000 {
		t.Errorf("the shot has %d bytes", len(file))
	}
}
