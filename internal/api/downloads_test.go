package api_test

import (
	"mime"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/attachment"
	"parley/internal/testing/browser"
	"parley/internal/testing/house"
)

// dispositionName is the name that a browser saves a file under.
func dispositionName(t testing.TB, answer fetched) string {
	t.Helper()
	_, params, err := mime.ParseMediaType(answer.Header.Get("Content-Disposition"))
	if err != nil {
		t.Fatalf("Content-Disposition is %q: %v", answer.Header.Get("Content-Disposition"), err)
	}
	return params["filename"]
}

// checkHarmless checks what keeps a file from being more than bytes.
func checkHarmless(t testing.TB, name string, answer fetched) {
	t.Helper()
	for header, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'", "Referrer-Policy": "no-referrer",
	} {
		if got := answer.Header.Get(header); got != want {
			t.Errorf("%s: %s is %q, want %q", name, header, got, want)
		}
	}
	shown := map[string]bool{"image": true, "audio": true, "video": true}[strings.Split(answer.Header.Get("Content-Type"), "/")[0]] &&
		!strings.Contains(answer.Header.Get("Content-Type"), "xml")
	want, sharing := "attachment", "same-origin"
	if shown {
		want, sharing = "inline", "cross-origin"
	}
	if got, _, _ := strings.Cut(answer.Header.Get("Content-Disposition"), ";"); got != want {
		t.Errorf("%s of type %s is %q, want %s", name, answer.Header.Get("Content-Type"), answer.Header.Get("Content-Disposition"), want)
	}
	if got := answer.Header.Get("Cross-Origin-Resource-Policy"); got != sharing {
		t.Errorf("%s: Cross-Origin-Resource-Policy is %q, want %s", name, got, sharing)
	}
	if answer.Header.Get("X-Evil") != "" {
		t.Errorf("%s has put a header of its own into the answer", name)
	}
}

// hostile are files that would do something if they were taken for what they say.
var hostile = map[string]struct{ fileName, claimed, content string }{
	"a page":                       {"page.html", "text/html", aPage},
	"a page that says it is a PNG": {"page.png", "image/png", aPage},
	"a page without a doctype":     {"x", "text/html", "<script>alert(1)</script>"},
	"XHTML":                        {"x.xhtml", "application/xhtml+xml", `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>`},
	"an SVG":                       {"x.svg", "image/svg+xml", anSVG},
	"an SVG that says it is a GIF": {"x.gif", "image/gif", anSVG},
	"an SVG behind a comment":      {"x.svg", "image/svg+xml", "<!-- " + strings.Repeat("x", 5000) + " -->" + anSVG},
	"an SVG with a byte order":     {"x.svg", "image/svg+xml", "\xef\xbb\xbf" + anSVG},
	"XML":                          {"x.xml", "text/xml", `<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><a/>`},
	"a PDF":                        {"x.pdf", "application/pdf", aPDF},
	"a GIF that is a script":       {"x.gif", "text/javascript", "GIF89a=1;alert(1)//" + aGIF},
	"a GIF that is a page":         {"x.html", "text/html", aGIF + aPage},
	"a PNG with a page in it":      {"x.png", "image/png", aPNG + aPage},
	"JavaScript":                   {"x.js", "text/javascript", "alert(1)"},
	"a cache manifest":             {"x.appcache", "text/cache-manifest", "CACHE MANIFEST\n*"},
	"Flash's cross-domain":         {"crossdomain.xml", "text/x-cross-domain-policy", "<cross-domain-policy/>"},
	"several documents":            {"x", "multipart/x-mixed-replace", "--x\r\nContent-Type: text/html\r\n\r\n" + aPage},
	"an archive of a page":         {"x.mht", "message/rfc822", "MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + aPage},
}

func TestNoFileIsActive(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	for name, file := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := uploaded(t, h.Client, file.fileName, file.claimed, file.content)
			answer, content := fetch(t, "GET", made.Text("url"))
			if answer.StatusCode != 200 || content != file.content {
				t.Fatalf("the link answers %s with %q", answer.Status, content)
			}
			checkHarmless(t, name, answer)
			direct := h.In(t).Get("/v1/attachments/" + made.Text("id") + "/content")
			checkHarmless(t, name+" by the API", fetched{Header: direct.Header})
		})
	}
}

// A browser that is led to an uploaded page or drawing runs nothing in it, also where
// somebody has it shown in a page.
func TestABrowserRunsNothing(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	page, drawing := uploaded(t, h.Client, "x.html", "text/html", aPage).Text("url"), uploaded(t, h.Client, "x.svg", "image/svg+xml", anSVG).Text("url")
	picture := uploaded(t, h.Client, "x.gif", "image/gif", aGIF+aPage).Text("url")
	b := browser.New(t)
	b.Open(h.URL + "/docs")
	for name, link := range map[string]string{"page": page, "drawing": drawing} {
		// To open it is a download: the page that is open stays.
		const follow = `new Promise(done => { const a = document.createElement('a'); a.href = %; document.body.append(a); a.click(); setTimeout(() => done(location.pathname), 500) })`
		if at := browser.Eval[string](b, strings.Replace(follow, "%", strconv.Quote(link), 1)); at != "/docs" {
			t.Errorf("the %s was opened: the browser is at %s", name, at)
		}
	}
	b.Open(picture)
	if title := browser.Eval[string](b, "document.title"); title == "ran" {
		t.Error("a script in a picture ran")
	}
	if shown := browser.Eval[bool](b, "document.images.length == 1 && document.images[0].naturalWidth == 1"); !shown {
		t.Error("the picture is not shown")
	}
	if origin := browser.Eval[string](b, "self.origin"); origin != "null" {
		t.Errorf("the picture's page has the origin %s, and with it the rights of the server's pages", origin)
	}
}

func TestPartsOfAFile(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	made := uploaded(t, h.Client, "digits.txt", "text/plain", "0123456789")
	for _, link := range []string{made.Text("url"), h.URL + "/v1/attachments/" + made.Text("id") + "/content"} {
		key := []string{"Authorization", "Bearer " + h.Secret}
		for _, test := range []struct {
			method string
			header []string
			status int
			body   string
		}{
			{"GET", nil, 200, "0123456789"},
			{"HEAD", nil, 200, ""},
			{"GET", []string{"Range", "bytes=2-4"}, 206, "234"},
			{"GET", []string{"Range", "bytes=-3"}, 206, "789"},
			{"GET", []string{"Range", "bytes=8-"}, 206, "89"},
			{"HEAD", []string{"Range", "bytes=2-4"}, 206, ""},
			{"GET", []string{"Range", "bytes=2-4", "If-Range", `"another"`}, 200, "0123456789"},
			{"GET", []string{"Range", "lines=2-4"}, 416, ""},
			{"GET", []string{"Range", "bytes=10-"}, 416, ""},
			{"GET", []string{"If-None-Match", `"` + made.Text("sha256") + `"`}, 304, ""},
			{"GET", []string{"If-None-Match", `"another"`}, 200, "0123456789"},
		} {
			answer, body := fetch(t, test.method, link, append(test.header, key...)...)
			if answer.StatusCode != test.status || test.status != 416 && body != test.body {
				t.Errorf("%s %v: %s %q, want %d %q", test.method, test.header, answer.Status, body, test.status, test.body)
			}
			if test.status == 416 && (answer.Header.Get("Content-Type") != "application/problem+json" || answer.Header.Get("Content-Range") != "bytes */10" && test.header[1] != "lines=2-4") {
				t.Errorf("%v: the problem is %v %s", test.header, answer.Header, body)
			}
			if test.status == 200 && answer.ContentLength != 10 {
				t.Errorf("%s: Content-Length is %d", test.method, answer.ContentLength)
			}
		}
		if answer, _ := fetch(t, "GET", link, append([]string{"Range", "bytes=0-0,9-9"}, key...)...); answer.StatusCode != 200 || answer.ContentLength != 10 {
			t.Errorf("two ranges: %s %s", answer.Status, answer.Header.Get("Content-Type"))
		}
	}
}

func TestLinksCannotBeAltered(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	one, other := uploaded(t, h.Client, "one.txt", "text/plain", "one"), uploaded(t, h.Client, "other.txt", "text/plain", "other")
	stranger := h.AddOrganization(t)
	link := one.Text("url")
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	expires := u.Query().Get("expires")
	n, err := strconv.ParseInt(expires, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	for name, altered := range map[string]string{
		"another file":          strings.Replace(link, one.Text("id"), other.Text("id"), 1),
		"another organization":  strings.Replace(link, string(h.Organization.ID), string(stranger.Organization.ID), 1),
		"another name":          strings.Replace(link, "one.txt", "one.html", 1),
		"later":                 strings.Replace(link, expires, strconv.FormatInt(n+1, 10), 1),
		"the same time, padded": strings.Replace(link, "expires=", "expires=%2B", 1) + "&x=1",
		"no signature":          strings.Split(link, "&signature")[0],
		"no time":               strings.Replace(link, "expires="+expires+"&", "", 1),
		"half a signature":      link[:len(link)-5],
		"another's signature":   strings.Split(link, "signature=")[0] + "signature=" + strings.Split(other.Text("url"), "signature=")[1],
		"nothing":               h.URL + "/files/a/b/c",
		"a path that climbs":    strings.Replace(link, "/one.txt", "/..%2fone.txt", 1),
	} {
		answer, body := fetch(t, "GET", altered)
		if name == "the same time, padded" { // which says the same
			continue
		}
		if answer.StatusCode != 404 || answer.Header.Get("Content-Type") != "application/problem+json" || strings.Contains(body, "one\n") {
			t.Errorf("%s: %s %s", name, answer.Status, body)
		}
	}
	if answer, _ := fetch(t, "POST", link); answer.StatusCode != 405 {
		t.Errorf("POST: %s", answer.Status)
	}
	if answer, _ := fetch(t, "GET", link); answer.StatusCode != 200 {
		t.Errorf("the link itself: %s", answer.Status)
	}
}

func TestLinksExpire(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	made := uploaded(t, h.Client, "one.txt", "text/plain", "one")
	l := attachment.Link{Organization: h.Organization.ID, ID: "att_x", FileName: "one.txt"}
	at := func(expires int64) string {
		l.ID, l.Expires = idOf(made), expires
		return h.URL + "/files/" + string(l.Organization) + "/" + string(l.ID) + "/one.txt?expires=" + strconv.FormatInt(expires, 10) + "&signature=" + h.Attachments.Sign(l)
	}
	now := time.Now().Unix()
	if answer, _ := fetch(t, "GET", at(now+600)); answer.StatusCode != 200 || answer.Header.Get("Cache-Control") == "" {
		t.Errorf("a link that is good for ten minutes: %s", answer.Status)
	}
	answer, body := fetch(t, "GET", at(now-1))
	if answer.StatusCode != 403 || !strings.Contains(body, "expired") || !strings.Contains(body, made.Text("id")) {
		t.Errorf("a link that has expired: %s %s", answer.Status, body)
	}
	for query, want := range map[string]time.Duration{"": time.Hour, "?expires_in=60": time.Minute, "?expires_in=604800": 7 * 24 * time.Hour} {
		got := h.Get("/v1/attachments/" + made.Text("id") + query)
		until, err := time.Parse(time.RFC3339, got.Text("url_expires_at"))
		if left := time.Until(until); err != nil || left > want || left < want-30*time.Second {
			t.Errorf("%q: the link works for %v, want %v (%v)", query, left, want, err)
		}
	}
	for _, query := range []string{"?expires_in=59", "?expires_in=604801", "?expires_in=x"} {
		h.Do("GET", "/v1/attachments/"+made.Text("id")+query, "").Want(422)
	}
}

// A link works to its last second, and no longer.
func TestALinksLastSecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := attachment.New(attachment.Config{LinkKey: make([]byte, 32)})
		l := attachment.Link{ID: "att_1", Expires: time.Now().Add(time.Hour).Unix()}
		signature := a.Sign(l)
		time.Sleep(time.Hour - time.Second)
		if err := a.Check(l, signature); err != nil {
			t.Errorf("a second before: %v", err)
		}
		time.Sleep(time.Second)
		if err := a.Check(l, signature); err == nil {
			t.Error("it works too long")
		}
	})
}

func TestLinksLeadWhereTheServerIs(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	id := uploaded(t, h.Client, "one.txt", "text/plain", "one").Text("id")
	if got := h.Do("GET", "/v1/attachments/"+id, "", "X-Forwarded-Proto", "https").Text("url"); !strings.HasPrefix(got, "https://"+strings.TrimPrefix(h.URL, "http://")+"/files/") {
		t.Errorf("behind a proxy the link is %s", got)
	}
	public := house.Plan{PublicURL: "https://parley.example.com"}.Build(t)
	made := uploaded(t, public.Client, "one.txt", "text/plain", "one")
	for _, path := range []string{"url", "link"} {
		if got := made.Text(path); !strings.HasPrefix(got, "https://parley.example.com/") {
			t.Errorf("%s is %s", path, got)
		}
	}
}
