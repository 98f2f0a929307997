package markdown_test

import (
	"regexp"
	"strings"
	"testing"

	"parley/internal/markdown"
)

func TestMarkdownBecomesHTML(t *testing.T) {
	t.Parallel()
	r := markdown.New()
	for source, want := range map[string]string{
		"":                                     "",
		"# Orders\n\nOpen **My orders**.":      "<h1>Orders</h1>\n<p>Open <strong>My orders</strong>.</p>\n",
		"1. one\n2. two":                       "<ol>\n<li>one</li>\n<li>two</li>\n</ol>\n",
		"a < b & c":                            "<p>a &lt; b &amp; c</p>\n",
		"~~old~~ `new`":                        "<p><del>old</del> <code>new</code></p>\n",
		"| a |\n|---|\n| b |":                  "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table>\n",
		"[shop](https://example.com/a?b=c)":    `<p><a href="https://example.com/a?b=c" rel="nofollow noreferrer">shop</a></p>` + "\n",
		"[call](tel:+49301234)":                `<p><a href="tel:+49301234" rel="nofollow noreferrer">call</a></p>` + "\n",
		"![A loaf](https://example.com/l.png)": `<p><a href="https://example.com/l.png" rel="nofollow noreferrer">A loaf</a></p>` + "\n",
		"![](https://example.com/l.png)":       `<p><a href="https://example.com/l.png" rel="nofollow noreferrer">https://example.com/l.png</a></p>` + "\n",
	} {
		if got := r.HTML(source); got != want {
			t.Errorf("%q becomes\n%q, want\n%q", source, got, want)
		}
	}
}

// dangerous is what must not be in any HTML that is made: other elements, attributes
// that are not known, and addresses of other kinds.
var (
	element  = regexp.MustCompile(`<\s*/?\s*([a-zA-Z!][a-zA-Z0-9]*)`)
	allowed  = strings.Fields("p br hr h1 h2 h3 h4 h5 h6 em strong del code pre blockquote ul ol li table thead tbody tr th td a input")
	quoted   = regexp.MustCompile(`"[^"]*"`)
	danger   = regexp.MustCompile(`(?i)<[^>]*\s(on[a-z]+|style|src|srcset|formaction|action|xlink:href|id|name)\s*=`)
	wrongWay = regexp.MustCompile(`(?i)href="\s*(javascript|data|vbscript|file|blob)\s*:`)
)

var hostile = []string{
	`<script>alert(1)</script>`,
	"text\n\n<script>\nalert(1)\n</script>\n\nmore",
	`<img src=x onerror=alert(1)>`,
	`<a href="javascript:alert(1)">x</a>`,
	`[x](javascript:alert(1))`,
	`[x](JaVaScRiPt:alert(1))`,
	"[x](java\tscript:alert(1))",
	`[x](&#106;avascript:alert(1))`,
	`[x](javascript&colon;alert(1))`,
	`[x](data:text/html;base64,PHNjcmlwdD4=)`,
	`[x](vbscript:msgbox)`,
	`[x](<javascript:alert(1)>)`,
	"[x][y]\n\n[y]: javascript:alert(1)",
	`<javascript:alert(1)>`,
	`![x](javascript:alert(1))`,
	`![x](data:image/svg+xml,<svg onload=alert(1)>)`,
	`![x" onerror="alert(1)](y)`,
	`[x](https://a.example "t\" onmouseover=\"alert(1)")`,
	"```\"><script>alert(1)</script>\nx\n```",
	"```js onload=alert(1)\nx\n```",
	`<svg/onload=alert(1)>`,
	`<iframe srcdoc="<script>alert(1)</script>">`,
	`<style>*{display:none}</style>`,
	`<form action=/sign-out method=post><button>`,
	`<!--><script>alert(1)</script>-->`,
	`<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>`,
	`| <script>alert(1)</script> |` + "\n|---|\n| <img src=x onerror=alert(1)> |",
	"- [ ] <input autofocus onfocus=alert(1)>",
	"# x {#id onclick=alert(1)}",
	"[![x](javascript:alert(1))](javascript:alert(2))",
}

func TestHostileTextsDoNothing(t *testing.T) {
	t.Parallel()
	r := markdown.New()
	for _, source := range hostile {
		harmless(t, source, r.HTML(source))
	}
}

func harmless(t *testing.T, source, html string) {
	t.Helper()
	for _, found := range element.FindAllStringSubmatch(html, -1) {
		if !strings.Contains(" "+strings.Join(allowed, " ")+" ", " "+found[1]+" ") {
			t.Errorf("%q has an element %s: %q", source, found[1], html)
		}
	}
	if danger.MatchString(quoted.ReplaceAllString(html, `""`)) || wrongWay.MatchString(html) {
		t.Errorf("%q does harm: %q", source, html)
	}
}

// However texts are put together, nothing harmful comes of them.
func FuzzHTML(f *testing.F) {
	for _, source := range hostile {
		f.Add(source)
	}
	r := markdown.New()
	f.Fuzz(func(t *testing.T, source string) { harmless(t, source, r.HTML(source)) })
}

// Every link says that we do not vouch for where it leads.
func TestLinksAreNotFollowed(t *testing.T) {
	t.Parallel()
	html := markdown.New().HTML("https://example.com and [a](/b) and <ada@example.com>")
	if links, marked := strings.Count(html, "<a "), strings.Count(html, `rel="nofollow`); links != 3 || marked != 3 {
		t.Errorf("%d links, %d of them nofollow: %s", links, marked, html)
	}
}
