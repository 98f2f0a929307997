package mirror_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"testing"

	"parley/cmd/parley/client"
	"parley/internal/mirror"
	"parley/internal/testing/house"
)

// A server that answers every sixth request with an error, or breaks the connection,
// is asked again.
func TestTroubleOfTheServerPasses(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	w := newWorld(t, h)
	for range 30 {
		w.step()
	}
	there, err := url.Parse(h.URL)
	if err != nil {
		t.Fatal(err)
	}
	pass := httputil.NewSingleHostReverseProxy(there)
	pass.FlushInterval = -1
	var asked, broken atomic.Int64
	trouble := []int{http.StatusServiceUnavailable, http.StatusTooManyRequests, http.StatusBadGateway, 0}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		if n%6 != 0 {
			pass.ServeHTTP(w, r)
			return
		}
		broken.Add(1)
		status := trouble[int(n/6)%len(trouble)]
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	c, err := client.New(server.URL, h.Secret)
	if err != nil {
		t.Fatal(err)
	}
	k := inTables(t, "sqlite:"+filepath.Join(t.TempDir(), "copy.db"))
	catchUp(t, h, k.to, func(o *mirror.Options) { o.Source = client.Source{Client: c} })
	if broken.Load() == 0 {
		t.Error("there was no trouble")
	}
	equal(t, h, k)
}
