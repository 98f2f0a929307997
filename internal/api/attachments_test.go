package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"

	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

// The first bytes of files of some types.
const (
	aPNG  = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
	aGIF  = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
	aPDF  = "%PDF-1.7\n1 0 obj\n<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>\nendobj\n"
	aWebM = "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm\x42\x87\x81\x02\x42\x85\x81\x02"
	aPage = "<!doctype html><title>x</title><script>document.title='ran'</script>"
	anSVG = `<svg xmlns="http://www.w3.org/2000/svg"><script>document.documentElement.setAttribute('ran','yes')</script></svg>`
	aZip  = "PK\x03\x04\x14\x00\x00\x00\x00\x00"
)

// part is a part of a form.
type part struct{ name, fileName, contentType, content string }

// formOf is a form and its content type.
func formOf(t testing.TB, parts ...part) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		h := textproto.MIMEHeader{"Content-Disposition": {multipart.FileContentDisposition(p.name, p.fileName)}}
		if p.fileName == "" {
			h.Set("Content-Disposition", `form-data; name="`+p.name+`"`)
		}
		if p.contentType != "" {
			h.Set("Content-Type", p.contentType)
		}
		to, err := w.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(to, p.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

// uploaded uploads a file in a form.
func uploaded(t testing.TB, c *house.Client, fileName, contentType, content string) *house.Answer {
	t.Helper()
	body, media := formOf(t, part{"file", fileName, contentType, content})
	return c.In(t).Do("POST", "/v1/attachments", body, "Content-Type", media).Want(201)
}

// fetched is what a link answers, but for its body.
type fetched struct {
	Status        string
	StatusCode    int
	Header        http.Header
	ContentLength int64
}

// fetch asks for a link as a browser would, without a key.
func fetch(t testing.TB, method, link string, header ...string) (fetched, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, link, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, link, err)
	}
	return fetched{answer.Status, answer.StatusCode, answer.Header, answer.ContentLength}, string(body)
}

func TestAnAttachmentsLife(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		f := furnish(t, h.Client).with("conversation")
		head := h.Head()
		conversation := f.id("conversation")
		body, media := formOf(t, part{"conversation_id", "", "", conversation}, part{"file", "oven.png", "image/png", aPNG})
		made := h.Do("POST", "/v1/attachments", body, "Content-Type", media).Want(201)
		sum := sha256.Sum256([]byte(aPNG))
		made.Includes(`{"file_name":"oven.png","content_type":"image/png","size":67,"sha256":"` + hex.EncodeToString(sum[:]) + `","conversation_id":"` + conversation + `"}`)
		id, link := made.Text("id"), made.Text("url")
		if len(aPNG) != 67 || made.Header.Get("ETag") == "" {
			t.Errorf("the file has %d bytes, and the ETag %q", len(aPNG), made.Header.Get("ETag"))
		}
		if answer, got := fetch(t, "GET", link); answer.StatusCode != 200 || got != aPNG {
			t.Errorf("the link answers %s with %d bytes", answer.Status, len(got))
		}
		if got := h.Get("/v1/attachments/" + id + "/content"); string(got.Body) != aPNG || got.Header.Get("Content-Type") != "image/png" {
			t.Errorf("the content is %d bytes of %s", len(got.Body), got.Header.Get("Content-Type"))
		}
		if !strings.HasSuffix(made.Text("link"), "/v1/attachments/"+id+"/content") || !strings.HasPrefix(made.Text("link"), h.URL) {
			t.Errorf("the lasting link is %s", made.Text("link"))
		}
		h.Get("/v1/attachments/" + id).Includes(`{"id":"` + id + `","file_name":"oven.png"}`)
		if ids := h.Get("/v1/attachments?conversation_id=" + conversation).Each("id"); len(ids) != 1 || ids[0] != id {
			t.Errorf("the conversation has the attachments %v", ids)
		}
		h.Do("DELETE", "/v1/attachments/"+id, "").Want(204)
		h.Do("GET", "/v1/attachments/"+id, "").Want(404)
		h.Do("GET", "/v1/attachments/"+id+"/content", "").Want(404)
		if answer, _ := fetch(t, "GET", link); answer.StatusCode != 404 {
			t.Errorf("the link to what was deleted answers %s", answer.Status)
		}
		events := h.Events(head)
		if got := strings.Join(house.Types(events), " "); got != "attachment.created attachment.deleted" {
			t.Fatalf("the events are %s", got)
		}
		for _, e := range events {
			if text := string(e.JSON()); strings.Contains(text, "signature") || strings.Contains(text, "url") {
				t.Errorf("an event tells a link: %s", text)
			}
		}
	})
}

func TestAnAttachmentGoesWithItsConversation(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	f := furnish(t, h.Client).with("attachment", "message")
	free := uploaded(t, h.Client, "free.png", "image/png", aPNG).Text("id")
	head := h.Head()
	f.do(`DELETE /v1/contacts/$contact`)
	if got := strings.Join(house.Types(h.Events(head)), " "); got != "attachment.deleted conversation.deleted contact.deleted" {
		t.Errorf("the events are %s", got)
	}
	h.Do("GET", "/v1/attachments/"+f.id("attachment"), "").Want(404)
	h.Get("/v1/attachments/" + free)
}

// An attachment is uploaded first and then named in a message, by either of its links.
func TestAnAttachmentIsNamedInAMessage(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	f := furnish(t, h.Client)
	made := uploaded(t, h.Client, "Öfen & Brote.png", "image/png", aPNG)
	for _, link := range []string{made.Text("link"), made.Text("url")} {
		message := h.Make(f.says("/v1/conversations/$conversation/messages"), map[string]any{"content": map[string]any{
			"type": "image", "payload": map[string]any{"link": link, "mime_type": made.Text("content_type"), "file_name": made.Text("file_name")},
		}})
		if got := message.Text("content.payload.link"); got != link {
			t.Errorf("the message's link is %s, want %s", got, link)
		}
	}
}

func TestTheTypeIsThatOfTheBytes(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	for name, test := range map[string]struct{ claimed, content, want string }{
		"a picture as it says":             {"image/png", aPNG, "image/png"},
		"a picture that says nothing":      {"", aPNG, "image/png"},
		"a page that says it is a picture": {"image/png", aPage, "text/html"},
		"a page with a charset":            {"text/html; charset=utf-7", aPage, "text/html"},
		"an SVG that says it is a PNG":     {"image/png", anSVG, "image/svg+xml"},
		"a picture that says it is a page": {"text/html", aPNG, "image/png"},
		"a picture of unknown bytes":       {"image/png", "\x00\x01\x02\x03", "application/octet-stream"},
		"sound in a film's container":      {"audio/webm", aWebM, "audio/webm"},
		"a spreadsheet in an archive":      {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", aZip, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		"text that is Markdown":            {"text/markdown", "# Rye\n", "text/markdown"},
		"text that is CSV":                 {"text/csv", "one line\n", "text/csv"},
		"JSON as text":                     {"text/plain", `{"a":1}`, "text/plain"},
		"bytes of a type of their own":     {"application/x-rye", "\x00\x01\x02\x03", "application/x-rye"},
		"a PDF that says it is sound":      {"audio/mpeg", aPDF, "application/pdf"},
		"no type at all":                   {"rye", "\x00\x01\x02\x03", "application/octet-stream"},
		"a type with a line end":           {"image/png\r\nX-Evil: 1", "\x00\x01\x02\x03", "application/octet-stream"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var made *house.Answer
			if strings.Contains(test.claimed, "\n") { // which no header can say, but a part of a form can
				body := "--x\r\nContent-Disposition: form-data; name=\"file\"\r\nContent-Type: " + test.claimed + "\r\n\r\n" + test.content + "\r\n--x--\r\n"
				made = h.In(t).Do("POST", "/v1/attachments", body, "Content-Type", "multipart/form-data; boundary=x").Want(201)
			} else {
				made = h.In(t).Do("POST", "/v1/attachments", test.content, "Content-Type", test.claimed).Want(201)
			}
			if got := made.Text("content_type"); got != test.want {
				t.Errorf("the type is %q, want %s", got, test.want)
			}
		})
	}
}

func TestNamesAreMadeHarmless(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	long := strings.Repeat("ö", 300)
	for name, want := range map[string]string{
		"oven.png": "oven.png", "Öfen & Brote 🥖.png": "Öfen & Brote 🥖.png", `say "hi".png`: `say "hi".png`, "50%25.png": "50%25.png",
		"../../etc/passwd": "passwd", `C:\Users\ada\oven.png`: "oven.png", "/": "file.png", "..": "file.png", "...": "file.png", "": "file.png",
		".htaccess": "htaccess", "a\r\nX-Evil: 1.png": "aX-Evil: 1.png", "a\x00b\x7f.png": "ab.png", "gpj\u202egnp.exe": "gpjgnp.exe", "\u200b\u2066": "file.png",
		"bad\xff\xfeutf.png": "badutf.png", long + ".png": strings.Repeat("ö", 125) + ".png", "  oven.png. ": "oven.png", "a;b=c.png": "a;b=c.png", "<b>.png": "<b>.png",
	} {
		body, media := formOf(t, part{"file_name", "", "", strings.ToValidUTF8(name, "")}, part{"file", "", "image/png", aPNG})
		made := h.Do("POST", "/v1/attachments", body, "Content-Type", media).Want(201)
		if got := made.Text("file_name"); got != want {
			t.Errorf("%q is called %q, want %q", name, got, want)
		}
		answer, content := fetch(t, "GET", made.Text("url"))
		if answer.StatusCode != 200 || content != aPNG {
			t.Errorf("%q: its link %s answers %s", name, made.Text("url"), answer.Status)
		}
		checkHarmless(t, name, answer)
		if got := dispositionName(t, answer); got != want {
			t.Errorf("%q is saved as %q, want %q", name, got, want)
		}
	}
}
