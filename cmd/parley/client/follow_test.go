package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/cmd/parley/client"
	"parley/internal/testing/receiver"
)

// stream answers like the server's stream, and breaks off in various ways.
type stream struct {
	asked []string // what Last-Event-ID said, connection by connection
	// fate says how a connection ends after n events; nil: it stays open.
	fate func(connection int) func(w http.ResponseWriter, r *http.Request)
}

func (s *stream) serve(w http.ResponseWriter, r *http.Request) {
	s.asked = append(s.asked, r.Header.Get("Last-Event-ID"))
	end := s.fate(len(s.asked))
	if end == nil {
		end = stay
	}
	end(w, r)
}

// events writes the events after the place that the client asks for.
func events(w http.ResponseWriter, r *http.Request, n int) {
	after, _ := strconv.ParseInt(r.Header.Get("Last-Event-ID"), 10, 64)
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "retry: 1000\n\n")
	for seq := after + 1; seq <= after+int64(n); seq++ {
		fmt.Fprintf(w, "id: %d\nevent: custom.x\ndata: %s\n\n", seq, envelope(seq))
	}
	_ = http.NewResponseController(w).Flush()
}

func envelope(seq int64) string {
	return fmt.Sprintf(`{"id":"evt_%d","type":"custom.x","sequence":%d,"timestamp":"2026-11-20T10:30:00.000Z","data":{}}`, seq, seq)
}

func stay(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// follow follows s from a place until the handler has had want events.
func follow(t *testing.T, s *stream, after int64, want int) (got []int64, broken []string, err error) {
	t.Helper()
	r := receiver.InMemory(t)
	r.Func(s.serve)
	c, err := client.New(r.URL, "key")
	if err != nil {
		t.Fatal(err)
	}
	c.Via(r.DialContext)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	err = c.Follow(ctx, client.Following{After: after, Broken: func(cause error, again time.Duration) {
		broken = append(broken, fmt.Sprintf("%v (%v)", cause, again > 0))
	}, Missed: func(first, last int64) {
		broken = append(broken, fmt.Sprintf("missed %d to %d", first, last))
	}}, func(e client.Event) error {
		got = append(got, e.Sequence)
		if len(got) == want {
			stop()
		}
		return nil
	})
	return got, broken, err
}

func TestFollowGoesOnWhereItBroke(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &stream{fate: func(connection int) func(http.ResponseWriter, *http.Request) {
			switch connection {
			case 1: // ended by the server, as when it stops
				return func(w http.ResponseWriter, r *http.Request) { events(w, r, 2) }
			case 2: // refused for the moment
				return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }
			case 3: // broken in the middle of an event
				return func(w http.ResponseWriter, r *http.Request) {
					events(w, r, 1)
					fmt.Fprint(w, "id: 14\ndata: {\"id\":\"evt_")
					panic(http.ErrAbortHandler)
				}
			case 4: // broken before it began
				return func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
			}
			return func(w http.ResponseWriter, r *http.Request) {
				events(w, r, 3)
				stay(w, r)
			}
		}}
		got, broken, err := follow(t, s, 10, 6)
		if err != nil {
			t.Fatalf("follow: %v", err)
		}
		if want := []int64{11, 12, 13, 14, 15, 16}; !slices.Equal(got, want) {
			t.Errorf("it handed on %v, want %v", got, want)
		}
		if want := []string{"10", "12", "12", "13", "13"}; !slices.Equal(s.asked, want) {
			t.Errorf("it asked for what comes after %v, want %v", s.asked, want)
		}
		if len(broken) != 4 {
			t.Errorf("it told of %d breaks, want 4: %v", len(broken), broken)
		}
	})
}

// What the server no longer keeps is told, once, and what follows is handed on.
func TestFollowTellsWhatWasMissed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &stream{fate: func(connection int) func(http.ResponseWriter, *http.Request) {
			return func(w http.ResponseWriter, r *http.Request) {
				if connection == 1 {
					fmt.Fprint(w, "id: 20\nevent: gap\ndata: {\"first\":11,\"last\":20}\n\n")
					return
				}
				fmt.Fprint(w, "id: 20\nevent: gap\ndata: {\"first\":11,\"last\":20}\n\n") // as if it had not been heard
				events(w, r, 2)
				stay(w, r)
			}
		}}
		got, broken, err := follow(t, s, 10, 2)
		if err != nil || !slices.Equal(got, []int64{21, 22}) {
			t.Errorf("it handed on %v: %v", got, err)
		}
		if len(broken) != 2 || broken[0] != "missed 11 to 20" || !slices.Equal(s.asked, []string{"10", "20"}) {
			t.Errorf("it told %q, and asked for what comes after %q", broken, s.asked)
		}
	})
}

func TestFollowLeavesASilentStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		s := &stream{fate: func(connection int) func(http.ResponseWriter, *http.Request) {
			return func(w http.ResponseWriter, r *http.Request) {
				events(w, r, 1)
				stay(w, r)
			}
		}}
		got, broken, err := follow(t, s, 0, 2)
		if err != nil || !slices.Equal(got, []int64{1, 2}) {
			t.Errorf("it handed on %v: %v", got, err)
		}
		if len(broken) != 1 || !strings.Contains(broken[0], "silent for 45s") {
			t.Errorf("it told of %q", broken)
		}
		if took := time.Since(begun); took < 45*time.Second || took > 50*time.Second {
			t.Errorf("it waited for %v", took)
		}
	})
}

func TestFollowEndsWhenAskingAgainIsOfNoUse(t *testing.T) {
	t.Parallel()
	for status, ends := range map[int]bool{
		http.StatusUnauthorized: true, http.StatusForbidden: true, http.StatusNotFound: true, http.StatusUnprocessableEntity: true,
		http.StatusTooManyRequests: false, http.StatusInternalServerError: false, http.StatusBadGateway: false,
	} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &stream{fate: func(connection int) func(http.ResponseWriter, *http.Request) {
					if connection == 1 {
						return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
					}
					return func(w http.ResponseWriter, r *http.Request) {
						events(w, r, 1)
						stay(w, r)
					}
				}}
				_, _, err := follow(t, s, 0, 1)
				var p *client.Problem
				if ends != (errors.As(err, &p) && p.Status == status) {
					t.Errorf("after %d it ended with %v; it is to end: %v", status, err, ends)
				}
			})
		})
	}
}

func TestFollowWaitsAsLongAsItIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		s := &stream{fate: func(connection int) func(http.ResponseWriter, *http.Request) {
			if connection == 1 {
				return func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Retry-After", "30")
					w.WriteHeader(http.StatusTooManyRequests)
				}
			}
			return func(w http.ResponseWriter, r *http.Request) {
				events(w, r, 1)
				stay(w, r)
			}
		}}
		if _, _, err := follow(t, s, 0, 1); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took < 30*time.Second || took > 31*time.Second {
			t.Errorf("it waited for %v, want 30 s", took)
		}
	})
}

func TestFollowEndsWithItsHandler(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Func(func(w http.ResponseWriter, r *http.Request) { events(w, r, 3) })
		c, err := client.New(r.URL, "key")
		if err != nil {
			t.Fatal(err)
		}
		c.Via(r.DialContext)
		full := errors.New("the disk is full")
		err = c.Follow(t.Context(), client.Following{}, func(e client.Event) error {
			if e.Sequence == 2 {
				return full
			}
			return nil
		})
		if !errors.Is(err, full) {
			t.Errorf("follow: %v, want the handler's error", err)
		}
	})
}
