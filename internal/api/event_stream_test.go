package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

const streamPath = "/v1/events/stream"

// stream reads server-sent events.
type stream struct {
	t     *testing.T
	res   *http.Response
	lines *bufio.Scanner
}

func follow(t *testing.T, c *house.Client, query string, header ...string) *stream {
	t.Helper()
	res := c.In(t).Open(streamPath+query, header...) //nolint:bodyclose // the stream's close does
	s := &stream{t: t, res: res, lines: bufio.NewScanner(res.Body)}
	s.lines.Buffer(nil, 4<<20)
	t.Cleanup(s.close)
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("the stream answers %d, %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	return s
}

func (s *stream) close() { s.res.Body.Close() }

// frame is a server-sent event; a comment has none of it.
type frame struct{ id, event, data string }

// next reads the next frame that is not the one that opens the stream; ok is false
// when the stream has ended.
func (s *stream) next() (f frame, ok bool) {
	s.t.Helper()
	for s.lines.Scan() {
		name, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch name {
		case "id":
			f.id = value
		case "event":
			f.event = value
		case "data":
			f.data = value
		case "retry":
			_ = s.lines.Scan()
		case "":
			return f, true
		}
	}
	return f, false
}

// events reads as many events.
func (s *stream) events(n int) (frames []frame) {
	s.t.Helper()
	for len(frames) < n {
		f, ok := s.next()
		if !ok {
			s.t.Fatalf("the stream ended after %d of %d events: %v", len(frames), n, s.lines.Err())
		}
		if f.event != "" {
			frames = append(frames, f)
		}
	}
	return frames
}

func TestAStreamTellsWhatHappens(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		s := follow(t, h.Client, "")
		for i := range 3 {
			made := h.Make("/v1/events", fmt.Sprintf(`{"type":"custom.n","data":{"n":%d}}`, i))
			f := s.events(1)[0]
			if f.id != strconv.FormatInt(made.Int("sequence"), 10) || f.event != "custom.n" {
				t.Errorf("the frame is %v", f)
			}
			if want := h.Get("/v1/events/" + made.Text("id")); f.data != string(want.Body) {
				t.Errorf("the stream says %s, the log %s", f.data, want.Body)
			}
		}
	})
}

func TestAStreamBeginsWhereItIsAskedTo(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	head := h.Head()
	for name, s := range map[string]*stream{
		"after":                        follow(t, h.Client, "?after=0"),
		"Last-Event-ID":                follow(t, h.Client, "", "Last-Event-ID", "0"),
		"Last-Event-ID, whatever else": follow(t, h.Client, "?after=2", "Last-Event-ID", "0"),
	} {
		for i, f := range s.events(int(head)) {
			if f.id != strconv.Itoa(i+1) {
				t.Errorf("%s: frame %d is %s", name, i+1, f.id)
			}
		}
	}
	future := follow(t, h.Client, fmt.Sprintf("?after=%d", head+1))
	h.Make("/v1/events", `{"type":"custom.a"}`)
	h.Make("/v1/events", `{"type":"custom.b"}`)
	if f := future.events(1)[0]; f.event != "custom.b" {
		t.Errorf("the stream begins with %v", f)
	}
}

// A client that loses its connection again and again, and resumes where it was,
// has everything once and in order.
func TestAStreamResumesWithoutLoss(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		const writers, each = 4, 60
		start := h.Head()
		done := make(chan struct{})
		for range writers {
			go func() {
				for range each {
					h.Make("/v1/events", `{"type":"custom.n"}`)
				}
				done <- struct{}{}
			}()
		}
		last := start
		for round := 0; last < start+writers*each; round++ {
			s := follow(t, h.Client, "", "Last-Event-ID", strconv.FormatInt(last, 10))
			for range min(1+round%17, int(start+writers*each-last)) {
				id, err := strconv.ParseInt(s.events(1)[0].id, 10, 64)
				if err != nil || id != last+1 {
					t.Fatalf("after %d comes %d (%v)", last, id, err)
				}
				last = id
			}
			s.close()
		}
		for range writers {
			<-done
		}
	})
}

func TestAStreamIsFiltered(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	f := furnish(t, h.AddOrganization(t)).whole()
	types := func(query string, n int) (types []string) {
		for _, f := range follow(t, f.Client, query).events(n) {
			types = append(types, f.event)
		}
		return types
	}
	if got, want := types("?after=0&types=custom.*,note.created,conversation.created", 3), []string{"conversation.created", "note.created", "custom.baked"}; !slices.Equal(got, want) {
		t.Errorf("by type: %v, want %v", got, want)
	}
	if got, want := types("?after=0&inbox_id="+f.id("widget"), 1), []string{"inbox.created"}; !slices.Equal(got, want) {
		t.Errorf("by inbox: %v, want %v", got, want)
	}
	f.do(`PATCH /v1/inboxes/$widget {"name":"Talk"}`)
	if got, want := types("?after=0&types=inbox.*&inbox_id="+f.id("widget"), 2), []string{"inbox.created", "inbox.updated"}; !slices.Equal(got, want) {
		t.Errorf("by both: %v, want %v", got, want)
	}
}

func TestAStreamTellsOfNoOtherOrganization(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	other := h.AddOrganization(t)
	s := follow(t, h.Client, "?after=0")
	s.events(int(h.Head()))
	for range 5 {
		other.Make("/v1/events", `{"type":"custom.theirs"}`)
	}
	h.Make("/v1/events", `{"type":"custom.ours"}`)
	f := s.events(1)[0]
	var e struct {
		OrganizationID string `json:"organization_id"`
	}
	if err := json.Unmarshal([]byte(f.data), &e); err != nil || e.OrganizationID != string(h.Organization.ID) || f.event != "custom.ours" {
		t.Errorf("the stream says %v (%v)", f, err)
	}
}

func TestAStreamThatCannotBeginIsAProblem(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	for query, location := range map[string]string{
		"?types=conversations.*": "query.types", "?after=-1": "query.after", "?after=x": "query.after", "?no_such=1": "query.no_such",
	} {
		checkWrong(t, h.Do("GET", streamPath+query, "").Want(422), []string{location})
	}
	for _, id := range []string{"x", "-1", "1.5", "9999999999999999"} {
		checkWrong(t, h.Do("GET", streamPath, "", "Last-Event-ID", id).Want(422), []string{"header.Last-Event-ID"})
	}
	h.With("").Do("GET", streamPath, "").Want(401)
	h.Key("contacts:read").Do("GET", streamPath, "").Want(403)
}

func TestAStreamEndsWhenTheServerStops(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	s := follow(t, h.Client, "")
	h.Make("/v1/events", `{"type":"custom.last"}`)
	s.events(1)
	h.Stop()
	if f, ok := s.next(); ok {
		t.Errorf("the stream goes on with %v", f)
	}
}

func TestAStreamEndsWithItsKey(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	made := h.Make("/v1/api_keys", `{"name":"Short","scopes":["events:read"]}`)
	s := follow(t, h.With(made.Text("key")), "")
	h.Make("/v1/events", `{"type":"custom.before"}`)
	s.events(1)
	h.Do("DELETE", "/v1/api_keys/"+made.Text("id"), "").Want(204)
	h.Make("/v1/events", `{"type":"custom.after"}`)
	for {
		f, ok := s.next()
		if !ok {
			break
		}
		if f.event == "custom.after" {
			t.Fatalf("a revoked key is told %v", f)
		}
	}
}

// A stream on which nothing happens is kept alive by a comment, and still knows of
// what happens then.
func TestAQuietStreamBeats(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := house.Plan{InMemory: true}.Build(t)
		s := follow(t, h.Client, "")
		opened := time.Now()
		for i := range 3 {
			f, ok := s.next()
			if !ok || f != (frame{}) {
				t.Fatalf("a quiet stream says %v", f)
			}
			if quiet := time.Since(opened); quiet != time.Duration(i+1)*15*time.Second {
				t.Errorf("the beat %d comes after %v", i+1, quiet)
			}
		}
		h.Make("/v1/events", `{"type":"custom.sound"}`)
		if f := s.events(1)[0]; f.event != "custom.sound" {
			t.Errorf("the stream says %v", f)
		}
		s.close()
	})
}

// A client that reads nothing is dropped, and holds up nobody.
func TestAStreamDropsWhoDoesNotRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := house.Plan{InMemory: true}.Build(t)
		s := follow(t, h.Client, "?after=0")
		big := fmt.Sprintf(`{"type":"custom.big","data":{"text":%q}}`, strings.Repeat("a", 1<<19))
		for range 5 {
			h.Make("/v1/events", big)
		}
		time.Sleep(time.Minute)
		var err error
		for err == nil {
			_, err = s.res.Body.Read(make([]byte, 1<<20))
		}
		if context.Cause(t.Context()) != nil {
			t.Fatal("the test was cancelled")
		}
		h.Get("/v1/organization")
	})
}
