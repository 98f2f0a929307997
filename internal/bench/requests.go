package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// requestConnections is over how many connections requests come.
const requestConnections = 64

// question is a request that Parley and the bare handler are asked in turns.
type question struct {
	method string
	paths  []string // each connection takes one
	body   []byte
	status int    // of Parley's answer
	answer []byte // Parley's, which the bare handler repeats
}

// newQuestion asks Parley once, so that the bare handler can answer the same.
func (w *world) newQuestion(ctx context.Context, method string, paths []string, body any) (q question, err error) {
	q = question{method: method, paths: paths, status: http.StatusOK}
	if body != nil {
		q.status = http.StatusCreated
		if q.body, err = json.Marshal(body); err != nil {
			return q, err
		}
	}
	q.answer, err = w.api.ask(ctx, method, paths[0], body)
	return q, err
}

// compareWithHandler has Parley and the bare handler answer a question in turns.
func (w *world) compareWithHandler(ctx context.Context, name string, q question) (parley, bare rate, err error) {
	c, err := startChild(w.dir, roleHandler)
	if err != nil {
		return parley, bare, err
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	var at childAddress
	if err := c.tell(ctx, handlerOrder{q.status, q.answer}, &at); err != nil {
		return parley, bare, err
	}
	bareOne := respondent{"asking the bare handler", strings.TrimPrefix(at.URL, "http://"), c.cmd.Process.Pid}
	realOne := respondent{"asking Parley", w.address(), w.server.cmd.Process.Pid}
	each := w.run.scale.duration / time.Duration(2*w.run.scale.rounds)
	for range w.run.scale.rounds {
		stop, err := w.profile(ctx, name)
		if err != nil {
			return parley, bare, err
		}
		if err := w.ask(ctx, realOne, q, each, &parley); err != nil {
			return parley, bare, err
		}
		if err := stop(); err != nil {
			return parley, bare, err
		}
		if err := w.ask(ctx, bareOne, q, each, &bare); err != nil {
			return parley, bare, err
		}
	}
	return parley, bare, nil
}

// respondent is a process that answers questions.
type respondent struct {
	what    string
	address string
	pid     int
}

// ask asks a question over and over for a time and adds how often it was answered.
func (w *world) ask(ctx context.Context, who respondent, q question, d time.Duration, r *rate) error {
	before, err := usageOf(who.pid)
	if err != nil {
		return err
	}
	var answered atomic.Int64
	begun := time.Now()
	tell := w.run.progress.step(who.what, int64(d))
	requests := make([][]byte, requestConnections)
	for i := range requests {
		requests[i] = appendRequest(nil, q.method, q.paths[i%len(q.paths)], w.key, q.body)
	}
	err = load{
		address: who.address, connections: requestConnections,
		next: func(connection int, buffer []byte) ([]byte, bool) {
			return append(buffer, requests[connection]...), time.Since(begun) < d
		},
		answered: func(connection int) {
			answered.Add(1)
			if connection == 0 {
				tell(int64(time.Since(begun)))
			}
		},
	}.run(ctx)
	took := time.Since(begun)
	if err != nil {
		return err
	}
	after, err := usageOf(who.pid)
	r.add(answered.Load(), took, after.cpu-before.cpu)
	return err
}

// addConversations makes a conversation for each connection and gives their paths.
func (w *world) addConversations(ctx context.Context) (paths []string, err error) {
	tell := w.run.progress.step("making conversations", requestConnections)
	for i := range requestConnections {
		var contact, conversation struct{ ID string }
		err := w.api.do(ctx, http.MethodPost, "/v1/contacts", map[string]any{"name": fmt.Sprintf("Customer %d", i)}, &contact)
		if err != nil {
			return nil, err
		}
		body := map[string]any{"inbox_id": w.inbox, "contact_id": contact.ID, "subject": "Two loaves short"}
		if err := w.api.do(ctx, http.MethodPost, "/v1/conversations", body, &conversation); err != nil {
			return nil, err
		}
		paths = append(paths, "/v1/conversations/"+conversation.ID)
		tell(int64(i))
	}
	return paths, nil
}

// measurePost measures requests that write: a message and its event each, stored
// before they are answered.
func measurePost(ctx context.Context, r *run) (_ []Figure, err error) {
	w, err := r.startWorld(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	conversations, err := w.addConversations(ctx)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, path := range conversations {
		paths = append(paths, path+"/messages")
	}
	message := written{Direction: "outgoing"}
	message.Content.Type, message.Content.Text = "text", eventText
	q, err := w.newQuestion(ctx, http.MethodPost, paths, message)
	if err != nil {
		return nil, err
	}
	return w.requestFigure(ctx, "post", "POST of a message", q, 0.3)
}

// measureGet measures requests that read one object and a page.
func measureGet(ctx context.Context, r *run) (_ []Figure, err error) {
	w, err := r.startWorld(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	conversations, err := w.addConversations(ctx)
	if err != nil {
		return nil, err
	}
	one, err := w.newQuestion(ctx, http.MethodGet, conversations, nil)
	if err != nil {
		return nil, err
	}
	page, err := w.newQuestion(ctx, http.MethodGet, []string{"/v1/conversations?limit=50"}, nil)
	if err != nil {
		return nil, err
	}
	figures, err := w.requestFigure(ctx, "get-one", "GET of one conversation", one, 0.5)
	if err != nil {
		return nil, err
	}
	more, err := w.requestFigure(ctx, "get-page", "GET of a page of 50 conversations", page, 0.3)
	return append(figures, more...), err
}

func (w *world) requestFigure(ctx context.Context, profile, name string, q question, bound float64) ([]Figure, error) {
	parley, bare, err := w.compareWithHandler(ctx, profile, q)
	if err != nil {
		return nil, err
	}
	how := fmt.Sprintf("%d connections, %s answers of %d bytes, in %s in turn with the bare handler%s",
		requestConnections, thousands(parley.count), len(q.answer), inRounds(w.run.scale.rounds), cost("an answer", parley, bare))
	return []Figure{figure(name, parley.perSecond(), PerSecond, how).against("bare handler", bare.perSecond()).atLeast(bound)}, nil
}
