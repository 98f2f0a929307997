package eventlog_test

import (
	"context"
	"encoding/json"
	"testing"

	"parley/internal/database"
)

// An event that was rewritten is given as it is now by the process that did so, and by
// others once they have looked; nobody keeps what it was, also who read it just before.
func TestARewrittenEventIsReadAnew(t *testing.T) {
	t.Parallel()
	inEachTwoProcesses(t, func(t *testing.T, a, b process) {
		org := a.found(t)
		a.append(t, org, 4)
		b.log.Poll()
		isRun(t, 0, b.read(t, org, 0, 10))

		var slow []string
		for e, err := range b.log.Tail(t.Context(), org, 0) { // it has read all four by now
			if err != nil {
				t.Fatal(err)
			}
			slow = append(slow, string(e.Data))
			if e.Sequence == 1 {
				err := a.db.Write(t.Context(), org, func(ctx context.Context, tx *database.Tx) error {
					a.log.Rewrite(ctx, tx, org, map[int64]json.RawMessage{2: json.RawMessage(`{}`)})
					return a.log.Erase(ctx, tx, org, 3)
				})
				if err != nil {
					t.Fatal(err)
				}
				if got := a.read(t, org, 1, 1); string(got[0].Data) != "{}" {
					t.Errorf("the process that rewrote it gives %s", got[0].JSON())
				}
				b.log.Poll()
			}
			if e.Sequence == 4 {
				break
			}
		}
		if len(slow) != 4 || slow[1] != "{}" {
			t.Errorf("a slow reader was given %v", slow)
		}
		for _, p := range []process{a, b} {
			if got := p.read(t, org, 0, 10); len(got) != 4 || string(got[1].Data) != "{}" || string(got[3].Data) != `{"n":4}` {
				t.Errorf("the log is %v", got)
			}
			if p.log.Erased(org) != 3 {
				t.Errorf("it is said to be erased up to %d", p.log.Erased(org))
			}
			if events, bytes, counted := p.log.Cached(); events > 1 || bytes != counted {
				t.Errorf("%d events are kept, of %d bytes, counted as %d", events, bytes, counted)
			}
		}
		a.append(t, org, 1)
		if got := a.read(t, org, 0, 10); len(got) != 5 {
			t.Errorf("then there are %d events", len(got))
		}
	})
}
