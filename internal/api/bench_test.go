package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/internal/account"
	"parley/internal/api"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/eventlog"
	"parley/internal/help"
	"parley/internal/outbound"
	"parley/internal/ratelimit"
	"parley/internal/sales"
	"parley/internal/tally"
	"parley/internal/vault"
	"parley/internal/web"
	"parley/internal/work"
)

// connections is how many clients a benchmark has.
const connections = 64

// BenchmarkAPI compares requests with a bare net/http handler that decodes and
// answers the same JSON, in the same process with the same clients; every write is
// on the disk before it is answered.
func BenchmarkAPI(b *testing.B) {
	srv, key, inbox := benchServer(b)
	post := func(path, body string) map[string]any {
		res := request(b, "POST", srv.URL+path, key, body)
		var out map[string]any
		if err := json.Unmarshal(res, &out); err != nil {
			b.Fatal(err)
		}
		return out
	}
	contact := post("/v1/contacts", `{"name":"Ada"}`)["id"].(string)
	conv := post("/v1/conversations", fmt.Sprintf(`{"inbox_id":%q,"contact_id":%q}`, inbox, contact))["id"].(string)
	for range 60 {
		post("/v1/conversations", fmt.Sprintf(`{"inbox_id":%q,"contact_id":%q}`, inbox, contact))
	}
	message := `{"direction":"outgoing","content":{"type":"text","text":"Your order is on its way and should be there tomorrow."}}`
	events := `{"events":[` + string(bytes.Repeat([]byte(`{"type":"custom.bench","key":"k","data":{"n":1,"text":"some text to carry"}},`), 99)) + `{"type":"custom.bench","data":{}}]}`

	compare(b, "post message", srv.URL+"/v1/conversations/"+conv+"/messages", key, message, 1)
	compare(b, "post event", srv.URL+"/v1/events", key, `{"type":"custom.bench","key":"k","data":{"n":1,"text":"some text to carry"}}`, 1)
	compare(b, "post 100 events", srv.URL+"/v1/events", key, events, 100)
	compare(b, "get conversation", srv.URL+"/v1/conversations/"+conv, key, "", 1)
	compare(b, "get page of 50", srv.URL+"/v1/conversations", key, "", 1)
}

func compare(b *testing.B, name, url, key, body string, events int) {
	method := "GET"
	if body != "" {
		method = "POST"
	}
	answer := request(b, method, url, key, body)
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" {
			var into map[string]any
			if err := json.NewDecoder(r.Body).Decode(&into); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	}))
	defer bare.Close()
	b.Run(name, func(b *testing.B) {
		reference := rate(b, method, bare.URL, key, body, b.N)
		b.ResetTimer()
		ours := rate(b, method, url, key, body, b.N)
		b.ReportMetric(ours, "req/s")
		b.ReportMetric(ours*float64(events), "items/s")
		b.ReportMetric(ours/reference, "×bare")
	})
}

// rate makes n requests on all connections and gives how many were done a second.
func rate(b *testing.B, method, url, key, body string, n int) float64 {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	defer client.CloseIdleConnections()
	var next atomic.Int64
	var all sync.WaitGroup
	begun := time.Now()
	for range connections {
		all.Go(func() {
			for next.Add(1) <= int64(n) {
				if status := send(b, client, method, url, key, body, io.Discard); status >= 300 {
					b.Errorf("%s %s: %d", method, url, status)
					return
				}
			}
		})
	}
	all.Wait()
	return float64(n) / time.Since(begun).Seconds()
}

func request(b *testing.B, method, url, key, body string) []byte {
	var out bytes.Buffer
	if status := send(b, http.DefaultClient, method, url, key, body, &out); status >= 300 {
		b.Fatalf("%s %s: %d %s", method, url, status, out.Bytes())
	}
	return out.Bytes()
}

func send(b *testing.B, client *http.Client, method, url, key, body string, into io.Writer) int {
	req, err := http.NewRequest(method, url, bytes.NewBufferString(body))
	if err != nil {
		b.Error(err)
		return 999
	}
	req.Header.Set("Authorization", "Bearer "+key)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := client.Do(req)
	if err != nil {
		b.Error(err)
		return 999
	}
	defer res.Body.Close()
	_, _ = io.Copy(into, res.Body)
	return res.StatusCode
}

func benchServer(b *testing.B) (srv *httptest.Server, key string, inbox parley.InboxID) {
	db, err := database.Open(b.Context(), database.Config{Path: b.TempDir() + "/parley.db"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	quiet := slog.New(slog.DiscardHandler)
	log := eventlog.New(db, quiet)
	accounts := account.New(db, log)
	b.Cleanup(accounts.Wait)
	conversations := conversation.New(db, log)
	door := api.New(api.Parts{
		DB: db, Log: log, Account: accounts, Conversations: conversations, Contacts: contact.New(db, log, conversations),
		Help: help.New(db, log), Sales: sales.New(db, log), Work: work.New(db, log), Endpoints: endpoint.New(db, log, outbound.Policy{}, vault.Ephemeral()), Limiter: ratelimit.New(ratelimit.Limit{}), Tally: tally.New(db, quiet), Logger: quiet,
	}, nil)
	srv = httptest.NewServer(web.Handle(quiet, door.Handler()))
	b.Cleanup(srv.Close)
	made, err := accounts.Found(b.Context(), account.Founding{
		Name: "Bench", Owner: "Bench", Email: "bench@example.com", Password: "a long password", Scopes: []parley.Scope{"*"},
	})
	if err != nil {
		b.Fatal(err)
	}
	return srv, made.Key, made.Inbox.ID
}
