package content_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/internal/testing/desk"
)

// table is a desk with somebody who writes in one of its conversations.
type table struct {
	*desk.Desk
	client       *http.Client
	conversation string
}

func sit(t *testing.T, who desk.Person) table {
	t.Helper()
	d := desk.New(t)
	return table{d, d.Client(t, who), d.First("/v1/conversations")["id"].(string)}
}

func (d table) path(kind string) string { return "/compose/" + d.conversation + "/" + kind }

// last is the content of the newest message.
func (d table) last() string {
	raw, _ := json.Marshal(d.First("/v1/conversations/" + d.conversation + "/messages")["content"])
	return string(raw)
}

// answer is what was answered, but for the body.
type answer struct {
	StatusCode int
	Header     http.Header
}

// ask sends a form as htmx does.
func (d table) ask(t *testing.T, path string, form url.Values) (answer, string) {
	t.Helper()
	return d.send(t, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func (d table) send(t *testing.T, path, contentType string, body io.Reader) (answer, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Hx-Request", "true")
	resp, err := d.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header}, string(text)
}

func TestEveryTypeIsWritten(t *testing.T) {
	t.Parallel()
	d := sit(t, desk.Agent)
	for _, test := range []struct{ kind, typed, want string }{
		{"image", "link=https%3A%2F%2Ff.example%2Fa.jpg&file_name=&mime_type=", `{"payload":{"link":"https://f.example/a.jpg"},"type":"image"}`},
		{"document", "link=https%3A%2F%2Ff.example%2Fa&file_name=a.pdf&mime_type=application/pdf", `{"payload":{"file_name":"a.pdf","link":"https://f.example/a","mime_type":"application/pdf"},"type":"document"}`},
		{
			"buttons", "title=Go+on%3F&buttons=&buttons[0].title=Yes&buttons[0].page=&buttons[4].title=Look&buttons[4].page=https%3A%2F%2Fs.example&buttons[5].title=&buttons[5].page=&buttons_layout=vertical&multi_select_enabled=false",
			`{"payload":{"buttons":[{"title":"Yes","type":"branch"},{"callback":{"browser_window":"new","web_url":"https://s.example"},"title":"Look","type":"web_url"}],"buttons_layout":"vertical","multi_select_enabled":false,"title":"Go on?"},"type":"buttons"}`,
		},
		{
			"list", "title=Which%3F&items=&items[0].title=A&items[0].section=North&items[1].title=B&items[1].section=North&items[1].description=b&items[2].title=A&button=Choose&header=Shops&footer=",
			`{"payload":{"header":{"text":"Shops","type":"text"},"list":{"sections":[{"items":[{"title":"A"},{"description":"b","title":"B"}],"title":"North"},{"items":[{"title":"A"}]}],"title":"Choose"},"title":"Which?"},"type":"list"}`,
		},
		{"carousel", "title=&items=&items[0].image=https%3A%2F%2Ff.example%2Fa.jpg&items[0].title=Rye&items[0].action=next", `{"payload":{"items":[{"action":"next","image":"https://f.example/a.jpg","title":"Rye"}]},"type":"carousel"}`},
		{
			"form", "message=Where%3F&fields=&fields[0].label=Street&fields[0].type=text&fields[0].is_optional=false&fields[1].label=Size&fields[1].type=select&fields[1].options=S%0D%0AL&fields[1].is_optional=false&fields[1].is_optional=true&fields[2].label=&fields[2].type=text&fields[2].is_optional=false",
			`{"payload":{"fields":[{"is_optional":false,"label":"Street","type":"text"},{"is_optional":true,"label":"Size","options":["S","L"],"type":"select"}],"message":"Where?"},"type":"form"}`,
		},
		{
			"calendar", "title=When%3F&validation.datepicker_type=single&validation.start=2026-12-01&validation.end=2026-12-24&exclude_days=&exclude_days=0&exclude_days=6&validation.skip=2026-12-08",
			`{"payload":{"title":"When?","validation":{"datepicker_type":"single","end":"2026-12-24","exclude_days":[0,6],"skip":["2026-12-08"],"start":"2026-12-01"}},"type":"calendar"}`,
		},
		{"slider", "title=How+many%3F&min=2&max=40&step=2&value=&unit.label=guests", `{"payload":{"max":40,"min":2,"step":2,"title":"How many?","unit":{"label":"guests"}},"type":"slider"}`},
		{"file_upload", "title=Show+us&allow_extensions=.jpg%0A.png&max_file_size_in_kb=2048&upload_file_limit=2&error_message.file_size=Too+large", `{"payload":{"allow_extensions":[".jpg",".png"],"error_message":{"file_size":"Too large"},"max_file_size_in_kb":2048,"title":"Show us","upload_file_limit":2},"type":"file_upload"}`},
		{"appointment_booking", "title=Tasting&event_id=87&duration.value=45", `{"payload":{"duration":{"label":"minutes","value":45},"event_id":"87","title":"Tasting"},"type":"appointment_booking"}`},
		{"appointment_booking", "title=Tasting&event_id=87&duration.value=", `{"payload":{"event_id":"87","title":"Tasting"},"type":"appointment_booking"}`},
		{"javascript", "script=alert(1)", `{"payload":{"execute_at":"client","script":"alert(1)"},"type":"javascript"}`},
	} {
		typed, err := url.ParseQuery(test.typed)
		if err != nil {
			t.Fatal(err)
		}
		if resp, body := d.ask(t, d.path(test.kind)+"/preview", typed); resp.StatusCode != http.StatusOK || !strings.Contains(body, `class="content"`) {
			t.Errorf("%s: the preview answers %d %s", test.kind, resp.StatusCode, body)
		}
		resp, body := d.ask(t, d.path(test.kind), typed)
		if resp.StatusCode != http.StatusNoContent || !strings.Contains(resp.Header.Get("Hx-Trigger"), `"sent"`) {
			t.Errorf("%s: the answer is %d %s", test.kind, resp.StatusCode, body)
			continue
		}
		if got := d.last(); got != test.want {
			t.Errorf("%s is\n%s, want\n%s", test.kind, got, test.want)
		}
	}
}

func TestWhatIsWrongIsToldBesideTheField(t *testing.T) {
	t.Parallel()
	d := sit(t, desk.Agent)
	before := d.last()
	for _, test := range []struct{ kind, typed, id string }{
		{"image", "link=javascript%3Aalert(1)", "compose-field-link-error"},
		{"image", "link=oven.jpg&mime_type=jpeg", "compose-field-mime_type-error"},
		{"buttons", "title=&buttons=", "compose-field-title-error"},
		{"buttons", "title=Go+on%3F&buttons=", "compose-field-buttons-error"},
		{"buttons", "title=Go+on%3F&buttons=&buttons[0].title=A&buttons[7].title=A", "compose-field-buttons-1-title-error"},
		{"buttons", "title=Go+on%3F&buttons=&buttons[0].title=A&buttons[0].page=ftp%3A%2F%2Fx.example", "compose-field-buttons-0-page-error"},
		{"list", "title=Which%3F&items=", "compose-field-items-error"},
		{"list", "title=Which%3F&items=&items[0].title=A&items[0].section=N&items[1].title=B&items[2].title=B", "compose-field-items-2-title-error"},
		{"list", "title=Which%3F&items=&items[0].title=A&header=" + strings.Repeat("x", 201), "compose-field-header-error"},
		{"carousel", "items=&items[0].image=https%3A%2F%2Ff.example&items[0].action=javascript%3Ax", "compose-field-items-0-action-error"},
		{"form", "message=x&fields=&fields[0].label=Size&fields[0].type=select&fields[0].is_optional=false", "compose-field-fields-0-options-error"},
		{"calendar", "title=When%3F&validation.start=2026-12-24&validation.end=2026-12-01", "compose-field-validation-end-error"},
		{"calendar", "title=When%3F&validation.datepicker_type=single&validation.skip=2026-12-08%0Asoon", "compose-field-validation-skip-error"},
		{"slider", "title=x&min=9&max=1", "compose-field-min-error"},
		{"slider", "title=x&min=many&max=", "compose-field-max-error"},
		{"file_upload", "title=x&allow_extensions=jpg", "compose-field-allow_extensions-error"},
		{"appointment_booking", "title=x&event_id=&duration.value=-1", "compose-field-duration-value-error"},
		{"javascript", "script=", "compose-field-script-error"},
	} {
		typed, err := url.ParseQuery(test.typed)
		if err != nil {
			t.Fatal(err)
		}
		resp, body := d.ask(t, d.path(test.kind), typed)
		if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, `id="`+test.id+`"`) {
			t.Errorf("%s with %s: %d, without %s in\n%s", test.kind, test.typed, resp.StatusCode, test.id, body)
		}
		if resp, _ := d.ask(t, d.path(test.kind)+"/preview", typed); resp.StatusCode != http.StatusOK {
			t.Errorf("%s with %s: the preview answers %d", test.kind, test.typed, resp.StatusCode)
		}
	}
	if d.last() != before {
		t.Error("something was sent")
	}
}

func TestWhatIsTypedStaysText(t *testing.T) {
	t.Parallel()
	d := sit(t, desk.Agent)
	typed := url.Values{"title": {desk.Script}, "buttons": {""}, "buttons[0].title": {desk.Script}, "buttons[1].title": {desk.Script}}
	for _, path := range []string{d.path("buttons"), d.path("buttons") + "/preview"} {
		if _, body := d.ask(t, path, typed); strings.Contains(body, "<img src=x") || strings.Contains(body, "<script") {
			t.Errorf("%s: %s", path, body)
		}
	}
}

func TestWhereNothingIsWritten(t *testing.T) {
	t.Parallel()
	d := sit(t, desk.Agent)
	for path, want := range map[string]int{
		d.path("text"): 404, d.path("button.response"): 404, d.path("hologram"): 404,
		"/compose/conv_01m7wv6epvfdzswts4zmbyk0t0/buttons": 404, "/compose/x/buttons": 404, d.path("buttons"): 200, d.path("upload"): 200,
	} {
		if status, _ := d.Get(t, d.client, path); status != want {
			t.Errorf("GET %s: %d, want %d", path, status, want)
		}
		if want == 404 {
			if resp, _ := d.ask(t, path, url.Values{}); resp.StatusCode != 404 {
				t.Errorf("POST %s: %d", path, resp.StatusCode)
			}
		}
	}
	// Without htmx the forms are pages.
	status, to, _ := d.Post(t, d.client, d.path("slider"), url.Values{"title": {"x"}, "min": {"1"}, "max": {"2"}})
	if status != http.StatusSeeOther || to != "/inbox/"+d.conversation {
		t.Errorf("sent from a page: %d to %s", status, to)
	}
	if status, _, body := d.Post(t, d.client, d.path("slider"), url.Values{}); status != 422 || !strings.Contains(body, "<h1") || !strings.Contains(body, "field-error") {
		t.Errorf("refused on a page: %d", status)
	}
	typed := url.Values{"title": {"x"}, "buttons": {""}, "buttons[0].title": {"A"}, "buttons[1].title": {"B"}, "more": {"true"}}
	if status, _, body := d.Post(t, d.client, d.path("buttons"), typed); status != 200 || !strings.Contains(body, `name="buttons[3].title"`) {
		t.Errorf("more rows: %d", status)
	}
}

// formFile is a form with a file.
func formFile(t *testing.T, name, content string) (body io.Reader, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(part, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b, w.FormDataContentType()
}

func TestFilesAreUploaded(t *testing.T) {
	t.Parallel()
	d := sit(t, desk.Agent)
	for name, test := range map[string]struct{ content, kind string }{
		"tiny.gif":    {"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;", "image"},
		"page.png":    {"<!doctype html><script>1</script>", "document"},
		"large.txt":   {strings.Repeat("rye and spelt\n", 150_000), "document"}, // over what other forms may have
		"../away.txt": {"text", "document"},
	} {
		body, media := formFile(t, name, test.content)
		resp, said := d.send(t, d.path("upload"), media, body)
		if resp.StatusCode != http.StatusNoContent {
			t.Errorf("%s: %d %s", name, resp.StatusCode, said)
			continue
		}
		m := d.last()
		kept := d.First("/v1/attachments?conversation_id=" + d.conversation)
		if !strings.Contains(m, `"type":"`+test.kind+`"`) || !strings.Contains(m, kept["id"].(string)) || kept["size"].(float64) != float64(len(test.content)) {
			t.Errorf("%s became %s, of %v", name, m, kept)
		}
	}
	before, files := d.last(), d.First("/v1/attachments")["id"]
	empty, media := formFile(t, "empty.txt", "")
	for what, send := range map[string]func() (answer, string){
		"an empty file": func() (answer, string) { return d.send(t, d.path("upload"), media, empty) },
		"no file":       func() (answer, string) { return d.ask(t, d.path("upload"), url.Values{}) },
		"half a form":   func() (answer, string) { return d.send(t, d.path("upload"), media, strings.NewReader("--x")) },
		"a large file": func() (answer, string) {
			b, m := formFile(t, "x", strings.Repeat("x", 27<<20))
			return d.send(t, d.path("upload"), m, b)
		},
		"another's form": func() (answer, string) {
			return d.send(t, d.path("upload"), "text/plain", strings.NewReader("x"))
		},
	} {
		if resp, body := send(); resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, `role="alert"`) {
			t.Errorf("%s: %d %s", what, resp.StatusCode, body)
		}
	}
	if d.last() != before || d.First("/v1/attachments")["id"] != files {
		t.Error("something was kept")
	}
}
