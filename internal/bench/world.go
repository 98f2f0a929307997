package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"parley"
	"parley/internal/account"
	"parley/internal/server"
)

// world is a fresh database with one organization, and the server that runs on it.
type world struct {
	run *run
	dir string

	data        string
	databaseURL string
	discard     func() error // the database

	key    string
	inbox  parley.InboxID
	server *child
	api    *api
}

// newWorld makes a world whose server is not started.
func (r *run) newWorld(ctx context.Context) (w *world, err error) {
	w = &world{run: r, discard: func() error { return nil }}
	if w.dir, err = r.newFolder(); err != nil {
		return nil, err
	}
	w.data = filepath.Join(w.dir, "data")
	if r.options.DatabaseURL != "" {
		if w.databaseURL, w.discard, err = newDatabase(ctx, r.options.DatabaseURL, r.options.Keep != ""); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// startWorld makes a world with a plain organization and starts its server.
func (r *run) startWorld(ctx context.Context) (*world, error) {
	w, err := r.newWorld(ctx)
	if err != nil {
		return nil, err
	}
	made, err := w.found(ctx)
	if err == nil {
		w.key, w.inbox = made.Key, made.Inbox.ID
		err = w.start(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

// found makes a plain organization.
func (w *world) found(ctx context.Context) (account.Founded, error) {
	made, _, err := server.Found(ctx, w.config(), account.Founding{
		Name: "Bench", Email: "bench@example.com", Owner: "Bench", Password: parley.MakeID("pw"), Scopes: []parley.Scope{"*"},
	})
	return made, err
}

// plantDemo makes the demo organization in a world without one.
func (w *world) plantDemo(ctx context.Context) error {
	config := w.config()
	config.Addr = "127.0.0.1:0"
	s, err := server.New(ctx, config)
	if err != nil {
		return err
	}
	made, err := s.PlantDemo(ctx, "bench@example.com", password)
	w.key, w.inbox = made.Key, made.Inbox.ID
	return errors.Join(err, s.Close())
}

func (w *world) config() server.Config {
	return server.Config{Data: w.data, DatabaseURL: w.databaseURL, Version: w.run.options.Version}
}

// start starts the server and waits until it answers a request with a key.
func (w *world) start(ctx context.Context) error {
	if err := os.MkdirAll(w.dir, 0o700); err != nil {
		return err
	}
	c, err := startChild(w.dir, roleServer)
	if err != nil {
		return err
	}
	w.server = c
	var at childAddress
	order := serverOrder{w.data, w.databaseURL, w.run.options.Version}
	if err := c.tell(ctx, order, &at); err != nil {
		return err
	}
	w.api = newAPI(at.URL, w.key)
	return w.api.do(ctx, http.MethodGet, "/v1/organization", nil, nil)
}

// stop stops the server; the data stays.
func (w *world) stop() error {
	if w.server == nil {
		return nil
	}
	w.api.close()
	err := w.server.stop()
	w.server = nil
	return err
}

// restart stops the server and starts it on the same data.
func (w *world) restart(ctx context.Context) error {
	if err := w.stop(); err != nil {
		return err
	}
	return w.start(ctx)
}

// close stops the server and removes everything.
func (w *world) close() error {
	return errors.Join(w.stop(), w.discard(), w.run.removeFolder(w.dir))
}

// address is the host and port of the server.
func (w *world) address() string { return strings.TrimPrefix(w.api.url, "http://") }

// usage is what the server has used so far.
func (w *world) usage() (usage, error) { return usageOf(w.server.cmd.Process.Pid) }

// eventType is what the bench publishes.
const eventType = "custom.bench"

// addEndpoint adds a webhook endpoint for what the bench publishes; fields are more
// members of the request.
func (w *world) addEndpoint(ctx context.Context, url string, fields map[string]any) (id string, err error) {
	body := map[string]any{"url": url, "event_types": []string{eventType}}
	for name, value := range fields {
		body[name] = value
	}
	var made struct{ ID string }
	if err := w.api.do(ctx, http.MethodPost, "/v1/webhooks", body, &made); err != nil {
		return "", fmt.Errorf("add an endpoint: %w", err)
	}
	return made.ID, nil
}

// tellEndpoint has an endpoint paused, resumed and the like.
func (w *world) tellEndpoint(ctx context.Context, id, verb string) error {
	return w.api.do(ctx, http.MethodPost, "/v1/webhooks/"+id+"/"+verb, map[string]any{}, nil)
}

// awaitStatus waits until an endpoint has a status.
func (w *world) awaitStatus(ctx context.Context, id string, status parley.EndpointStatus, limit time.Duration) error {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("an endpoint is not %s within %v", status, limit))
	defer cancel()
	for {
		var endpoint struct{ Status parley.EndpointStatus }
		if err := w.api.do(ctx, http.MethodGet, "/v1/webhooks/"+id, nil, &endpoint); err != nil {
			return errors.Join(context.Cause(ctx), err)
		}
		if endpoint.Status == status {
			return nil
		}
		if err := sleep(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

// sleep waits, unless ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
