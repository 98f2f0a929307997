package stream_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/house"
)

func (d *door) tryAppend(c *house.Client, drafts []parley.Draft) (last int64, err error) {
	err = d.DB.Write(context.Background(), c.Organization.ID, func(ctx context.Context, tx *database.Tx) error {
		for _, draft := range drafts {
			at, err := d.Log.Next(ctx, tx)
			if err != nil {
				return err
			}
			if _, err := d.Log.Append(ctx, tx, c.Caller(), at, draft); err != nil {
				return err
			}
			last = at.Sequence
		}
		return nil
	})
	return last, err
}

func TestAPageIsToldWhatHasChanged(t *testing.T) {
	t.Parallel()
	d := newDoor(t, false)
	p := d.open(t, "grace", "")
	contact := d.Make("/v1/contacts", `{"name":"Ada"}`).Text("id")
	p.wait("contact")
	p.wait(contact)
	talk := d.Make("/v1/conversations", map[string]any{"inbox_id": d.Inbox.ID, "contact_id": contact}).Text("id")
	p.wait("conversation")
	p.wait(talk)
	p.wait(contact)
	message := d.Make("/v1/conversations/"+talk+"/messages", `{"content":{"type":"text","text":"Good morning"}}`)
	_, data := p.wait("message")
	if told := toldBy(t, data); told.Type != "message.created" || told.Sequence != d.Head() || told.Key != talk || !strings.HasPrefix(told.ID, "evt_") {
		t.Errorf("the page is told %s", data)
	}
	if strings.Contains(data, "morning") {
		t.Errorf("the page is told the content: %s", data)
	}
	for _, id := range []string{talk, message.Text("id"), contact} {
		p.wait(id)
	}
	d.Make("/v1/events", `{"type":"custom.end"}`)
	p.wait("custom")
	if want := strconv.FormatInt(d.Head()-1, 10); p.lastID != want {
		t.Errorf("the last id is %s, want %s", p.lastID, want)
	}
}

func TestAPageResumes(t *testing.T) {
	t.Parallel()
	d := newDoor(t, false)
	start := d.Head()
	a, b := string(conversation()), string(conversation())
	d.append(t, d.Client, custom("a", a))
	d.append(t, d.Client, custom("b", b))
	for name, p := range map[string]*page{
		"after":                        d.open(t, "grace", query("?after=%d", start)),
		"Last-Event-ID":                d.open(t, "grace", "", "Last-Event-ID", fmt.Sprint(start)),
		"Last-Event-ID, whatever else": d.open(t, "grace", "?after=0", "Last-Event-ID", fmt.Sprint(start)),
	} {
		if before, _ := p.wait(b); !slices.Equal(before, []string{"custom", a}) {
			t.Errorf("%s: before it is told of %q", name, before)
		}
	}
	now := d.open(t, "grace", "")
	d.append(t, d.Client, custom("c", a))
	if before, _ := now.wait(a); !slices.Equal(before, []string{"custom"}) {
		t.Errorf("a page that begins now is told of %q", before)
	}
}

// What is too long ago, or is not kept any more, is not told one by one; nor does a page
// that is ahead of the log wait for it.
func TestAPageThatIsFarBehindLoadsAnew(t *testing.T) {
	t.Parallel()
	d := newDoor(t, false)
	start := d.Head()
	for range 3 {
		d.append(t, d.Client, slices.Repeat([]parley.Draft{custom("n", "")}, 200)...)
	}
	head := d.Head()
	for _, after := range []int64{start, 0, head - 501, head + 1, head + 1000} {
		p := d.open(t, "grace", query("?after=%d", after))
		if before, _ := p.wait("reload"); len(before) > 0 || p.lastID != fmt.Sprint(head) {
			t.Errorf("after %d: told of %q, and the id is %s", after, before, p.lastID)
		}
		p.close()
	}
	p := d.open(t, "grace", query("?after=%d", head-500))
	if before, _ := p.wait("custom"); len(before) > 0 {
		t.Errorf("of 500 events a page is told by %q", before)
	}
}

func TestAPageLoadsAnewIfTheLogIsGone(t *testing.T) {
	virtual(t, func(t *testing.T) {
		d := newDoor(t, true)
		start := d.append(t, d.Client, custom("first", ""))
		d.append(t, d.Client, custom("second", ""))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- d.Log.RunRetention(ctx, 1) }()
		time.Sleep(49 * time.Hour)
		last := d.append(t, d.Client, custom("third", ""))
		time.Sleep(time.Hour)
		p := d.open(t, "grace", query("?after=%d", start))
		p.wait("reload")
		if p.lastID != fmt.Sprint(last) {
			t.Errorf("the id is %s, want %d", p.lastID, last)
		}
		p.close()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestAPageIsToldOfNoOtherOrganization(t *testing.T) {
	t.Parallel()
	d := newDoor(t, false)
	other := d.AddOrganization(t)
	talk := conversation()
	p := d.open(t, "grace", query("?conversation=%s", talk))
	p.wait("typing:" + string(talk))
	d.signIn("eve", other, parley.Owner)
	d.open(t, "eve", query("?conversation=%s", talk))
	d.status(t, http.MethodPost, "/live/typing", url.Values{"conversation_id": {string(talk)}}, "Cookie", "eve")
	d.append(t, other, custom("theirs", string(talk)))
	d.append(t, d.Client, custom("ours", ""))
	before, data := p.wait("custom")
	for _, name := range before {
		if !strings.HasPrefix(name, "presence") { // their own
			t.Errorf("the page is told of %s", name)
		}
	}
	if told := toldBy(t, data); told.Type != "custom.ours" {
		t.Errorf("the page is told %s", data)
	}
	if present := d.hub.Present(d.Organization.ID, talk); len(present) != 1 || present[0].Name != "grace" {
		t.Errorf("present are %v", present)
	}
}

// A key of a client's own making must not end up in the stream.
func TestNamesCannotBeForged(t *testing.T) {
	t.Parallel()
	d := newDoor(t, false)
	p := d.open(t, "grace", "")
	for _, key := range []string{"reload", "x\n\nevent: reload\ndata: {}\n\n", "close", "conv_1", "a secret", strings.Repeat("a", 10) + "_" + strings.Repeat("Z", 26)} {
		d.append(t, d.Client, custom("n", key))
	}
	d.append(t, d.Client, parley.LabelCreated.Draft(parley.MakeID("lbl"), "", parley.LabelEvent{}))
	before, _ := p.wait("label")
	for _, name := range before {
		if name != "custom" {
			t.Errorf("the page is told of %q", name)
		}
	}
}

func TestAnAgentIsNotToldWhatTheyMayNotRead(t *testing.T) {
	t.Parallel()
	d := newDoor(t, false)
	d.signIn("alan", d.Client, parley.Agent)
	agent, owner := d.open(t, "alan", ""), d.open(t, "grace", "")
	key, hook := parley.MakeID("key"), parley.MakeID("whk")
	d.append(t, d.Client,
		parley.APIKeyCreated.Draft(key, "", parley.APIKeyEvent{}), parley.WebhookCreated.Draft(hook, "", parley.WebhookEvent{}),
		parley.LabelCreated.Draft(parley.MakeID("lbl"), "", parley.LabelEvent{}))
	if before, _ := agent.wait("label"); len(before) > 0 {
		t.Errorf("the agent is told of %q", before)
	}
	before, _ := owner.wait("label")
	if want := []string{"api_key", key, "webhook", hook}; !slices.Equal(before, want) {
		t.Errorf("the owner is told of %q, want %q", before, want)
	}
}

func TestRequestsThatAreNotPossible(t *testing.T) {
	t.Parallel()
	d := newDoor(t, false)
	d.signIn("nobody", d.Client, "guest")
	d.change(func() { d.visitors["broken"] = visit{err: errors.New("no database")} })
	talk := url.Values{"conversation_id": {string(conversation())}}
	for _, test := range []struct {
		cookie, query string
		status        int
	}{
		{"", "", 401},
		{"broken", "", 500},
		{"nobody", "?conversation=" + talk.Get("conversation_id"), 403},
		{"grace", "?after=x", 422},
		{"grace", "?after=-1", 422},
		{"grace", "?after=99999999999999999999", 422},
		{"grace", "?conversation=con_1", 422},
		{"grace", "?conversation=" + strings.Repeat("x", 1000), 422},
	} {
		if got := d.status(t, http.MethodGet, "/live"+test.query, nil, "Cookie", test.cookie); got != test.status {
			t.Errorf("%s%s: %d, want %d", test.cookie, test.query, got, test.status)
		}
	}
	for _, test := range []struct {
		cookie string
		form   url.Values
		status int
	}{
		{"", talk, 401},
		{"nobody", talk, 403},
		{"grace", nil, 422},
		{"grace", url.Values{"conversation_id": {"con_1"}}, 422},
		{"grace", url.Values{"conversation_id": {strings.Repeat("x", 5000)}}, 400},
		{"grace", talk, 204},
	} {
		if got := d.status(t, http.MethodPost, "/live/typing", test.form, "Cookie", test.cookie); got != test.status {
			t.Errorf("typing, %s %v: %d, want %d", test.cookie, test.form, got, test.status)
		}
	}
}

func TestAStreamEndsWhenTheServerStops(t *testing.T) {
	t.Parallel()
	d := newDoor(t, false)
	p := d.open(t, "grace", "")
	d.append(t, d.Client, custom("last", ""))
	p.wait("custom")
	d.stop()
	if names := p.rest(); len(names) > 0 {
		t.Errorf("the stream goes on with %q", names)
	}
}

func TestAStreamEndsWithItsSession(t *testing.T) {
	for name, end := range map[string]func(d *door, other *house.Client){
		"signed out":              func(d *door, _ *house.Client) { d.signOut("grace") },
		"in another organization": func(d *door, other *house.Client) { d.signIn("grace", other, parley.Owner) },
		"cannot be told": func(d *door, _ *house.Client) {
			d.change(func() { d.visitors["grace"] = visit{err: errors.New("no database")} })
		},
	} {
		t.Run(name, func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				d := newDoor(t, true)
				other := d.AddOrganization(t)
				quiet, busy := d.open(t, "grace", ""), d.open(t, "grace", "")
				time.Sleep(time.Second)
				end(d, other)
				go func() {
					for range 20 {
						d.append(t, d.Client, custom("n", ""))
						time.Sleep(time.Second)
					}
				}()
				since := time.Now()
				busy.rest()
				if lasted := time.Since(since); lasted > 5*time.Second {
					t.Errorf("a busy stream lasted %v", lasted)
				}
				quiet.rest()
				time.Sleep(20 * time.Second)
			})
		})
	}
}

// A stream on which nothing happens is kept alive, and looks after its visitor.
func TestAQuietStream(t *testing.T) {
	virtual(t, func(t *testing.T) {
		d := newDoor(t, true)
		p := d.open(t, "grace", "")
		p.wait("presence") // their own
		var before int
		d.change(func() { before = d.looks })
		since := time.Now()
		go func() {
			time.Sleep(2*time.Minute + time.Second)
			d.signOut("grace")
		}()
		if names := p.rest(); len(names) > 0 {
			t.Errorf("a quiet stream says %q", names)
		}
		if lasted := time.Since(since); lasted > 2*time.Minute+15*time.Second {
			t.Errorf("it lasted %v", lasted)
		}
		if looks := d.looks - before; looks < 8 || looks > 10 {
			t.Errorf("the visitor was looked up %d times", looks)
		}
	})
}

// A thousand events in a second are a few frames.
func TestABurstIsToldTogether(t *testing.T) {
	virtual(t, func(t *testing.T) {
		d := newDoor(t, true)
		p := d.open(t, "grace", "")
		p.wait("presence")
		talk := string(conversation())
		since := time.Now()
		first := d.append(t, d.Client, custom("first", talk))
		p.wait("custom")
		if waited := time.Since(since); waited > 0 {
			t.Errorf("the first event comes after %v", waited)
		}
		go func() {
			for range 1000 {
				time.Sleep(time.Millisecond)
				d.append(t, d.Client, custom("n", talk))
			}
		}()
		p.closeAfter(2 * time.Second)
		names := p.rest()
		if len(names) > 30 {
			t.Errorf("the page is told by %d frames", len(names))
		}
		if want := strconv.FormatInt(first+1000, 10); p.lastID != want {
			t.Errorf("the last id is %s, want %s", p.lastID, want)
		}
		synctest.Wait()
	})
}

// A page that is not told one by one any more is not told to load itself again and again.
func TestAFloodIsAReloadNowAndThen(t *testing.T) {
	virtual(t, func(t *testing.T) {
		d := newDoor(t, true)
		p := d.open(t, "grace", "")
		p.wait("presence")
		go func() {
			for range 8 {
				d.append(t, d.Client, slices.Repeat([]parley.Draft{custom("n", "")}, 600)...)
				time.Sleep(100 * time.Millisecond)
			}
		}()
		p.closeAfter(20 * time.Second)
		if names := p.rest(); len(names) < 1 || len(names) > 3 || slices.ContainsFunc(names, func(n string) bool { return n != "reload" }) {
			t.Errorf("the page is told %q", names)
		}
		if want := strconv.FormatInt(d.Head(), 10); p.lastID != want {
			t.Errorf("the last id is %s, want %s", p.lastID, want)
		}
	})
}

// A page that does not read is dropped, and holds up nobody.
func TestAPageThatDoesNotReadIsDropped(t *testing.T) {
	virtual(t, func(t *testing.T) {
		d := newDoor(t, true)
		slow := d.openQuietly(t, "grace", "")
		p := d.open(t, "grace", "")
		for range 5 {
			var drafts []parley.Draft
			for range 400 {
				drafts = append(drafts, custom("n", string(conversation())))
			}
			d.append(t, d.Client, drafts...)
			p.wait("custom")
		}
		go p.rest()
		time.Sleep(time.Minute)
		slow.rest()
		if err := slow.lines.Err(); err == nil {
			t.Error("the stream of a page that does not read ended well")
		}
		p.close()
	})
}

func TestTheOldestStreamOfALoginGivesWay(t *testing.T) {
	t.Parallel()
	d := newDoor(t, false)
	d.signIn("alan", d.Client, parley.Agent)
	others := d.open(t, "alan", "")
	var pages []*page
	for range 6 {
		pages = append(pages, d.open(t, "grace", ""))
	}
	pages[0].wait("close")
	if names := pages[0].rest(); len(names) > 0 {
		t.Errorf("after its end it says %q", names)
	}
	d.append(t, d.Client, custom("n", ""))
	for _, p := range append(pages[1:], others) {
		p.wait("custom")
	}
}
