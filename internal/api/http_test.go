package api_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/internal/ratelimit"
	"parley/internal/testing/house"
)

// What every route has in common.
func TestHTTP(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	for name, test := range map[string]func(*testing.T, *house.House){
		"what is not there":                         whatIsNotThere,
		"HEAD is GET without its body":              headIsGetWithoutItsBody,
		"answers are JSON whatever is asked for":    answersAreJSONWhateverIsAskedFor,
		"answers are not kept":                      answersAreNotKept,
		"content types that are JSON":               contentTypesThatAreJSON,
		"a body of exactly the limit is read":       aBodyOfExactlyTheLimitIsRead,
		"a lost race":                               aLostRace,
		"without a rate limit there are no headers": withoutARateLimitThereAreNoHeaders,
		"paths are not tricked":                     pathsAreNotTricked,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, h.Room(t))
		})
	}
}

func whatIsNotThere(t *testing.T, h *house.House) {
	for _, path := range []string{"/v1/nothing", "/v1/contacts/", "/v1/", "/v2/contacts", "/nothing", "/v1/contacts/x/y/z"} {
		h.Do("GET", path, "").Want(404)
	}
	h.With("").Do("GET", "/v1/nothing", "").Want(401)
	for request, allow := range map[string]string{
		"PUT /v1/contacts": "GET, HEAD, POST",
		"POST /v1/contacts/con_01kaf0v3b6f3nb8h5r0z7c4q9j": "DELETE, GET, HEAD, PATCH",
		"DELETE /v1/organization":                          "GET, HEAD, PATCH",
		"OPTIONS /v1/events":                               "GET, HEAD, POST",
		"POST /openapi.json":                               "GET, HEAD",
	} {
		method, path, _ := strings.Cut(request, " ")
		if got := h.Do(method, path, "").Want(405).Header.Get("Allow"); got != allow {
			t.Errorf("%s: Allow is %q, want %q", request, got, allow)
		}
	}
}

func headIsGetWithoutItsBody(t *testing.T, h *house.House) {
	a := h.Do("HEAD", "/v1/organization", "").Want(200)
	if len(a.Body) > 0 || a.Header.Get("ETag") == "" {
		t.Errorf("HEAD: %s, ETag %q", a, a.Header.Get("ETag"))
	}
	h.Do("HEAD", streamPath, "").Want(200) // which ends at once
	if a := h.Do("HEAD", "/v1/contacts/con_01kaf0v3b6f3nb8h5r0z7c4q9j", "").Want(404); len(a.Body) > 0 {
		t.Errorf("HEAD of nothing has a body: %s", a)
	}
}

func answersAreJSONWhateverIsAskedFor(t *testing.T, h *house.House) {
	for _, accept := range []string{"text/html", "application/cbor", "*/*", "image/png;q=0.5", "nonsense"} {
		if got := h.Do("GET", "/v1/organization", "", "Accept", accept).Want(200).Header.Get("Content-Type"); got != "application/json" {
			t.Errorf("Accept %s: %s", accept, got)
		}
		h.Do("GET", "/v1/contacts?limit=0", "", "Accept", accept).Want(422) // as application/problem+json
	}
}

func answersAreNotKept(t *testing.T, h *house.House) {
	for _, path := range []string{"/v1/organization", "/v1/contacts", "/v1/nothing"} {
		a := h.Do("GET", path, "")
		if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: Cache-Control %q, X-Content-Type-Options %q", path, a.Header.Get("Cache-Control"), a.Header.Get("X-Content-Type-Options"))
		}
	}
}

func contentTypesThatAreJSON(t *testing.T, h *house.House) {
	for contentType, status := range map[string]int{
		"application/json": 201, "application/json; charset=utf-8": 201, "Application/JSON": 201, "application/vnd.api+json": 201,
		"text/json": 415, "application/xml": 415, "multipart/form-data; boundary=x": 415, "application/jsonx": 415, ";": 415,
	} {
		if a := h.Do("POST", "/v1/contacts", `{}`, "Content-Type", contentType); a.Status != status {
			t.Errorf("%s: want %d, got %s", contentType, status, a)
		}
	}
}

func aBodyOfExactlyTheLimitIsRead(t *testing.T, h *house.House) {
	frame := `{"type":"custom.big","data":{"text":""}}`
	body := strings.Replace(frame, `""`, `"`+strings.Repeat("a", 1<<20-len(frame))+`"`, 1)
	h.Do("POST", "/v1/events", body).Want(201)
	h.Do("POST", "/v1/events", body+" ").Want(413)
}

func aLostRace(t *testing.T, h *house.House) {
	f := furnish(t, h.AddOrganization(t))
	for path, body := range map[string][2]string{
		"/v1/organization":                                  {`{"name":"A"}`, `{"name":"B"}`},
		"/v1/users/$agent":                                  {`{"name":"A"}`, `{"name":"B"}`},
		"/v1/inboxes/$inbox":                                {`{"name":"A"}`, `{"name":"B"}`},
		"/v1/labels/$label":                                 {`{"description":"A"}`, `{"description":"B"}`},
		"/v1/custom_fields/$field":                          {`{"name":"A"}`, `{"name":"B"}`},
		"/v1/contacts/$contact":                             {`{"name":"A"}`, `{"name":"B"}`},
		"/v1/conversations/$conversation":                   {`{"subject":"A"}`, `{"subject":"B"}`},
		"/v1/conversations/$conversation/messages/$message": {`{"content":{"type":"text","text":"A"}}`, `{"content":{"type":"text","text":"B"}}`},
		"/v1/webhooks/$webhook":                             {`{"description":"A"}`, `{"description":"B"}`},
	} {
		path = f.says(path)
		etag := f.Get(path).Header.Get("ETag")
		if _, err := strconv.Unquote(etag); err != nil {
			t.Errorf("%s: the ETag is %q", path, etag)
		}
		won := f.Do("PATCH", path, body[0], "If-Match", etag).Want(200)
		if now := won.Header.Get("ETag"); now == etag || now != f.Get(path).Header.Get("ETag") {
			t.Errorf("%s: after a change the ETag is %q, before it was %q", path, now, etag)
		}
		head := f.Head()
		f.Do("PATCH", path, body[1], "If-Match", etag).Want(412)
		f.Do("PATCH", path, body[1], "If-Match", "W/"+etag).Want(412)
		if f.Head() != head {
			t.Errorf("%s: a lost race changed something", path)
		}
		for _, wrong := range []string{"1", `"x"`, `"-1"`, `"1", "2"`, `"1`} {
			a := f.Do("PATCH", path, body[1], "If-Match", wrong)
			if a.Status != 422 {
				t.Errorf("%s: If-Match %s: %s", path, wrong, a)
				continue
			}
			checkWrong(t, a, []string{"header.If-Match"})
		}
		f.Do("PATCH", path, body[1], "If-Match", "*").Want(200)
	}
	etag := f.Get(f.says("/v1/conversations/$conversation")).Header.Get("ETag")
	f.Do("PUT", f.says("/v1/conversations/$conversation/status"), `{"status":"resolved"}`, "If-Match", etag).Want(200)
	f.Do("PUT", f.says("/v1/conversations/$conversation/assignee"), `{"assignee_id":null}`, "If-Match", etag).Want(412)
}

func TestARateLimit(t *testing.T) {
	t.Parallel()
	h := house.Plan{Limit: ratelimit.Limit{Quota: 5, Window: time.Hour}}.Build(t)
	other := h.AddOrganization(t)
	for left := 4; left >= 0; left-- {
		header := h.Get("/v1/organization").Header
		if got := header.Get("RateLimit-Policy"); got != `"default";q=5;w=3600` {
			t.Errorf("RateLimit-Policy is %s", got)
		}
		if got := header.Get("RateLimit"); !strings.HasPrefix(got, `"default";r=`+strconv.Itoa(left)+";t=") {
			t.Errorf("RateLimit is %s, want %d left", got, left)
		}
	}
	head := h.Head()
	for _, request := range []string{"GET /v1/organization", "POST /v1/contacts", "GET /v1/events/stream", "GET /v1/nothing"} {
		method, path, _ := strings.Cut(request, " ")
		a := h.Do(method, path, "").Want(429)
		if wait, err := strconv.Atoi(a.Header.Get("Retry-After")); err != nil || wait < 700 || wait > 720 {
			t.Errorf("Retry-After is %q, and a request is allowed every 720 s", a.Header.Get("Retry-After"))
		}
		if got := a.Header.Get("RateLimit"); !strings.HasPrefix(got, `"default";r=0;`) {
			t.Errorf("RateLimit is %s", got)
		}
	}
	if h.Head() != head {
		t.Error("a request over the limit changed something")
	}
	other.Get("/v1/organization")
}

func withoutARateLimitThereAreNoHeaders(t *testing.T, h *house.House) {
	if got := h.Get("/v1/organization").Header.Values("RateLimit"); len(got) > 0 {
		t.Errorf("RateLimit is %v", got)
	}
}

func pathsAreNotTricked(t *testing.T, h *house.House) {
	for _, path := range []string{"//v1/contacts", "/./v1/contacts", "/x/../v1/contacts", "/v1%2Fcontacts", "/%76%31/contacts", "/v1//contacts"} {
		a := h.With("").Do("GET", path, "")
		if a.Status == http.StatusOK || len(a.Body) > 0 && strings.Contains(string(a.Body), `"data"`) {
			t.Errorf("%s lets in whoever has no key: %s", path, a)
		}
	}
}
